/**
 * Owns what stands beside one chat: it reads each question, answers it by a rule where there is one, and takes note of a person's answer that is to be
 * remembered, once that has gone through. The rules are the page's (`remembered-approvals.ts`).
 */
import { warnOf } from '../core/misuse.ts';
import { expectOneOf } from '../core/expect.ts';
import { reportFault, type ChatCommand, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { isPromiseLike } from '../core/schema.ts';
import { listCalls, selectToolBatch, selectToolCall, selectToolCalls, wantsOwnYes } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { ToolCall, ToolCallKey } from '../core/tool-call.ts';
import { keyOf, type ApproveOptions, type RememberFor, type ToolCallRef } from '../core/tool-calls.ts';
import { readQuestion, when } from './questions.ts';
import {
  createRuleId,
  factsOf,
  isAnswerable,
  NAME,
  NO_RULES,
  readSharedRules,
  type AppliedRule,
  type ApprovalOffer,
  type ApprovalQuestion,
  type RememberedApproval,
  type SharedRules,
} from './rules.ts';

/** What the chats of a page share. */
export interface ApprovalRules {
  readonly now: () => number;
  readonly limits: Pick<ApprovalOffer, 'ttl' | 'maxUses'>;
  /** Whether what covers calls of a tool may be stored. */
  isStored(persist: unknown): boolean;
  /** The rule that answers a question. Drops those that hold no more. */
  find(question: ApprovalQuestion, chatId: string): RememberedApproval | undefined;
  /** Keeps a rule: every waiting call of the page that it covers is answered at once. */
  keep(rule: RememberedApproval): void;
  countUse(rule: RememberedApproval): void;
  /** Those that are in no storage, and hold in a chat. */
  listUnstored(chatId: string): readonly RememberedApproval[];
  /** Takes over such rules from the tab that leads a chat; `before`: those that it had. */
  adopt(before: readonly RememberedApproval[], now: readonly RememberedApproval[]): void;
  /** Calls `listener` when there are other rules. */
  subscribe(listener: () => void): () => void;
  /** A chat is mounted. Gives what is to be done when it is unmounted. */
  join(askAgain: () => void): () => void;
}

/** A person's answer that is on its way, and is to be remembered. */
interface Wish {
  readonly remember: RememberFor;
  readonly reason?: string | undefined;
}

export function createChatApprovals(rules: ApprovalRules, chatId: string): ToolCallsPlugin {
  let host: PluginHost | undefined;
  const wishes = new Map<ToolCallKey, Wish>();

  const callOf = (key: ToolCallKey) => host && selectToolCall(host.store.getState(), key);

  /** Reads what a call asks, and goes on with it. */
  function withQuestion(call: ToolCall, goOn: (question: ApprovalQuestion | undefined) => void): void {
    const fail = (thrown: unknown) => {
      reportFault(self, 'command', thrown);
      goOn(undefined);
    };
    const tool = host?.commands.getTools()[call.toolName];
    const policy = host?.policyOf(call.toolName);
    if (tool === undefined || policy === undefined) return;
    try {
      const question = when(readQuestion(tool, policy, call), goOn);
      if (isPromiseLike(question)) question.then(undefined, fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  /** A call waits for a person: says what an answer would cover, or answers by a rule. */
  function consider(call: ToolCall): void {
    if (!isAnswerable(call) || isOthers(call)) return note(call, undefined);
    withQuestion(call, (question) => {
      const now = callOf(call.key);
      if (!isAnswerable(now) || now.input !== call.input) return;
      const rule = question && rules.find(question, chatId);
      if (rule !== undefined) return apply(now, rule);
      const isStored = rules.isStored(host?.policyOf(call.toolName)?.persist);
      note(now, question && { ...question.coverage, ...rules.limits, isStored });
    });
  }

  /** A call of the browser's own agent, or one whose input means another value in the next turn: a person looks at each. */
  function isOthers(call: ToolCall): boolean {
    return host?.store.getState().batches[call.batchKey]?.direct !== undefined || call.plugins?.['refs'] !== undefined;
  }

  /** What a rule has said of it before does not answer this question. */
  function note(call: ToolCall, offer: ApprovalOffer | undefined): void {
    const known = factsOf(call);
    if (known.rule === undefined && JSON.stringify(known.offer) === JSON.stringify(offer)) return;
    host?.record({ offer, rule: undefined }, call.key);
  }

  function apply(call: ToolCall, rule: RememberedApproval): void {
    if (host === undefined) return;
    const { key, generation } = call;
    const before = factsOf(call).rule;
    // The server asks about a call that the policy had asked about before.
    if (before?.id !== rule.id || before.generation !== generation) rules.countUse(rule);
    const { id, answer, toolName, key: covered, input, at } = rule;
    const applied: AppliedRule = {
      id,
      answer,
      toolName,
      at,
      usedAt: rules.now(),
      generation,
      ...(covered !== undefined && { key: covered }),
      ...(input !== undefined && { input }),
      remember: rule.chatId === undefined ? 'always' : 'chat',
    };
    wishes.delete(key);
    host.record({ rule: applied, offer: undefined }, key);
    host.answerByRule(key, answer === 'deny' ? (rule.reason ?? '') : undefined);
  }

  /** A person's answer has gone through. */
  function keep(call: ToolCall, answer: RememberedApproval['answer'], { remember, reason }: Wish): void {
    withQuestion(call, (question) => {
      if (host === undefined) return;
      if (question === undefined) return warnOf('not-remembered', [call.toolName]);
      const { coverage, definition } = question;
      const { limits, isStored } = rules;
      const at = rules.now();
      const scope = remember === 'chat' ? chatId : undefined;
      rules.keep({
        ...coverage,
        id: createRuleId(coverage, scope),
        title: call.title,
        answer,
        reason,
        chatId: scope,
        at,
        expiresAt: limits.ttl && at + limits.ttl,
        uses: 0,
        maxUses: limits.maxUses,
        definition,
        isStored: isStored(host.policyOf(call.toolName)?.persist),
      });
    });
  }

  function hear(event: ToolCallStoreEvent): void {
    const { type } = event;
    const isAnswer = type === 'approval-granted' || type === 'approval-denied';
    if (!isAnswer && type !== 'approval-required' && type !== 'input-rejected') return;
    const call = callOf(event.key);
    const wish = wishes.get(event.key);
    wishes.delete(event.key);
    if (call === undefined) return;
    if (type === 'approval-required') consider(call);
    else if (isAnswer && wish !== undefined) keep(call, type === 'approval-granted' ? 'approve' : 'deny', wish);
  }

  /** Rules of the chat that are in no storage, as the tab that leads has noted them last. */
  let shared = NO_RULES;

  /** The tab that leads notes such rules, and those that follow take them over: the person sees one chat. */
  function share(): void {
    if (host === undefined) return;
    const before = shared;
    shared = readSharedRules(host.store.getState());
    if (!host.mayAct()) {
      if (shared !== before) rules.adopt(before, shared);
      return;
    }
    const own = rules.listUnstored(chatId);
    if (JSON.stringify(own) !== JSON.stringify(shared)) host.record({ rules: own } satisfies SharedRules);
  }

  /** A person gives an answer: what they want to have remembered is kept when it has gone through, by the tab that carries it out. */
  function noteWish({ name, args }: ChatCommand): void {
    if (host?.mayAct() !== true || (name !== 'approve' && name !== 'deny')) return;
    // SAFETY: the arguments of the two commands, as a page gave them.
    const [ref, first, second] = args as [ToolCallRef, unknown, unknown];
    const { remember } = ((name === 'approve' ? first : second) ?? {}) as ApproveOptions;
    const reason = name === 'deny' && typeof first === 'string' ? first : undefined;
    const key = keyOf(ref);
    const batch = selectToolBatch(host.store.getState(), key);
    const meant = batch === undefined ? [callOf(key)] : listCalls(batch).filter((call) => !wantsOwnYes(call));
    for (const call of meant) {
      if (call !== undefined) wishes.delete(call.key);
      if (remember === undefined || !isAnswerable(call)) continue;
      expectOneOf('`remember`', remember, ['chat', 'always']);
      wishes.set(call.key, { remember, reason });
    }
  }

  const self: ToolCallsPlugin = {
    name: NAME,
    // It says nothing against it: so it stands beside a chat that this tab only follows, too.
    mayAct: () => true,
    connect(given) {
      host = given;
      const askAgain = () => {
        if (!given.mayAct()) return;
        for (const call of selectToolCalls(given.store.getState())) if (isAnswerable(call)) consider(call);
      };
      const stops = [given.subscribe(hear), rules.join(askAgain), rules.subscribe(share), given.store.subscribe(share)];
      share();
      askAgain();
      return () => {
        host = undefined;
        wishes.clear();
        for (const stop of stops) stop();
      };
    },
    command(command) {
      noteWish(command);
      return undefined;
    },
  };
  return self;
}
