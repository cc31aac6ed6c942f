/** Owns what is remembered of a person's answers, and which of it answers a call. Pure. */
import type { RememberFor } from '../core/tool-calls.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import { selectToolCalls } from '../core/selectors.ts';
import type { AwaitingApprovalToolCall, ToolCall } from '../core/tool-call.ts';

/** Which calls of a tool an answer covers: those with the same key, or without one those with an equal input. */
export interface ApprovalCoverage {
  readonly toolName: string;
  /** What the tool's `approvalKey` gave. */
  readonly key?: string;
  /** The input as JSON with its keys in order. */
  readonly input?: string;
}

/** An answer that a person wants to have given to later calls too. Times are epoch milliseconds. */
export interface RememberedApproval extends ApprovalCoverage {
  readonly id: string;
  /** What people call the tool. */
  readonly title?: string | undefined;
  readonly answer: 'approve' | 'deny';
  /** What the model reads of a denial. */
  readonly reason?: string | undefined;
  /** The one chat that it holds for; absent where it holds for all. */
  readonly chatId?: string | undefined;
  readonly at: number;
  readonly expiresAt?: number | undefined;
  /** How many calls it has answered, and may answer. */
  readonly uses: number;
  readonly maxUses?: number | undefined;
  /** The tool and its policy when the person said it: it holds for no other. */
  readonly definition: string;
  /** It is in the storage, and outlives the page. */
  readonly isStored: boolean;
}

/** What a call asks, as far as a remembered answer has to fit. */
export interface ApprovalQuestion {
  readonly coverage: ApprovalCoverage;
  readonly definition: string;
}

/** The remembered answer of a call, where one answered it. */
export interface AppliedRule extends ApprovalCoverage {
  readonly id: string;
  readonly answer: RememberedApproval['answer'];
  readonly remember: RememberFor;
  /** When the person said it, and when it answered the call. */
  readonly at: number;
  readonly usedAt: number;
  /** The generation of the call that it answered. */
  readonly generation: number;
}

/** What a person can have remembered of the answer to a call. */
export interface ApprovalOffer extends ApprovalCoverage {
  readonly ttl?: number | undefined;
  readonly maxUses?: number | undefined;
  /** It would outlive the page. */
  readonly isStored: boolean;
}

/** What the plugin keeps on a call. */
export interface ApprovalFacts {
  readonly offer?: ApprovalOffer | undefined;
  readonly rule?: AppliedRule | undefined;
}

export const NAME = 'approvals';

export function factsOf(call: Pick<ToolCall, 'plugins'> | undefined): ApprovalFacts {
  return call?.plugins?.[NAME] ?? {};
}

/** What a person can have remembered of their answer to a call; `undefined` where it would be for this call only. */
export function readApprovalOffer(call: Pick<ToolCall, 'plugins'> | undefined): ApprovalOffer | undefined {
  return factsOf(call).offer;
}

/** The remembered answer that answered a call, where none of a person did. */
export function readAppliedRule(call: Pick<ToolCall, 'plugins'> | undefined): AppliedRule | undefined {
  return factsOf(call).rule;
}

/** What a chat notes of the rules that hold for it and are in no storage: the tabs that follow it know them by that, and one that leads next goes by them. */
export interface SharedRules {
  readonly rules?: readonly RememberedApproval[];
}

export const NO_RULES: readonly RememberedApproval[] = [];

export function readSharedRules({ plugins }: ToolCallState): readonly RememberedApproval[] {
  return (plugins?.[NAME] as SharedRules | undefined)?.rules ?? NO_RULES;
}

/** Whether a rule may answer: not what a plugin asks, nor what the server has signed, nor whether a model's answer is complete. */
export function isAnswerable(call: ToolCall | undefined): call is AwaitingApprovalToolCall {
  return (
    call?.status === 'awaiting-approval' &&
    call.reasons === undefined &&
    call.unknownEnd !== true &&
    call.inputSigned !== true
  );
}

/** The other calls of the chat that wait, and that a remembered answer to this one would answer at once. */
export function selectCoveredCalls(state: ToolCallState, call: Pick<ToolCall, 'key' | 'plugins'>): ToolCall[] {
  const { offer } = factsOf(call);
  if (offer === undefined) return [];
  const covered = selectToolCalls(state).filter((other) => {
    const theirs = factsOf(other).offer;
    return other.key !== call.key && isAnswerable(other) && theirs !== undefined && isSameCoverage(theirs, offer);
  });
  return covered.slice(0, offer.maxUses);
}

function isSameCoverage(left: ApprovalCoverage, right: ApprovalCoverage): boolean {
  return left.toolName === right.toolName && left.key === right.key && left.input === right.input;
}

/** The same answer for the same calls is one rule, however often it is given; another answer takes its place. */
export function createRuleId({ toolName, key, input }: ApprovalCoverage, chatId: string | undefined): string {
  return JSON.stringify([toolName, key, input, chatId]);
}

export interface RuleVerdict {
  /** The rule that answers; a denial before a yes. */
  readonly rule: RememberedApproval | undefined;
  /** Rules that hold no more: their time is over, or the tool is another one. */
  readonly voided: readonly RememberedApproval[];
}

/** Which rule answers a question in a chat, if one does. */
export function judgeQuestion(
  rules: readonly RememberedApproval[],
  { coverage, definition }: ApprovalQuestion,
  chatId: string,
  now: number,
): RuleVerdict {
  const near = rules.filter(
    (rule) => rule.toolName === coverage.toolName && (rule.chatId === undefined || rule.chatId === chatId),
  );
  const holds = (rule: RememberedApproval) => rule.definition === definition && isLive(rule, now);
  const fitting = near.filter((rule) => holds(rule) && isSameCoverage(rule, coverage));
  const rule = fitting.find(({ answer }) => answer === 'deny') ?? fitting[0];
  return { rule, voided: near.filter((each) => !holds(each)) };
}

export function isLive({ expiresAt, uses, maxUses }: RememberedApproval, now: number): boolean {
  return (expiresAt === undefined || now < expiresAt) && (maxUses === undefined || uses < maxUses);
}
