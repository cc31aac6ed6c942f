/**
 * Owns the way from message parts to calls: which part is a call for the runner, and what somebody beside the runner made of a known one.
 */
import type { UIMessage } from 'ai';
import { createInterruptedError, createUnknownToolError, DENIED_WITHOUT_REASON, ToolCallError } from '../core/errors.ts';
import { isSettled, type ToolBatchKey, type ToolCall, type ToolCallAnswer } from '../core/tool-call.ts';
import { callOf, isIdle, lastAnswer, messagesOf, type ChatContext } from './chat-context.ts';
import { recordOf } from './chat-phase.ts';
import {
  isAskingPart,
  isOpenPart,
  isSameWord,
  lastStepOf,
  readToolParts,
  readWord,
  type PartWord,
  type ToolPart,
  type ToolPartRef,
} from './message-parts.ts';
import { toModelMessages } from './model-messages.ts';
import { trimToStepEnd } from './part-writes.ts';
import { toResult } from './part-results.ts';
import type { ResponseRecord } from './response-tap.ts';

/** Where a message comes from: it streams, its stream has just ended, or it was there without a stream of ours. */
export type IntakeMode = 'live' | 'final' | 'loaded';

/** What is known of an open part without a call. */
export interface PendingPart {
  readonly mode: IntakeMode;
  /** Its stream belongs to a request of another page load: its call may have run there. */
  readonly isFromEarlierLoad: boolean;
  /** Whether its tool is one of this page's; then whether that has an `execute`, and what it says of reloads. */
  readonly tool: { readonly isRunnable: boolean; readonly onReload: 'run' | 'ask' | 'fail' } | undefined;
  /** Whether the server asks for a person's yes, or has got it. */
  readonly approval: 'asked' | 'given' | undefined;
  /** Whether a call of the same step has a tool of this page: then one that nobody answers holds it up. */
  readonly isBesideOurs: boolean;
}

/**
 * What becomes of an open part without a call: a call that runs, one that asks a person first because it may have run before
 * (`interrupt`), one that fails because it may have (`fail`), one of a tool that nobody has (`refuse`), or nothing yet.
 */
export function judgePart({ mode, isFromEarlierLoad, tool, approval, isBesideOurs }: PendingPart) {
  if (tool === undefined) {
    // A tool whose approval the server asks for is the server's.
    if (approval !== undefined) return 'leave';
    return mode === 'final' || (mode === 'loaded' && isBesideOurs) ? 'refuse' : 'leave';
  }
  if (mode !== 'loaded' && !isFromEarlierLoad) return 'run';
  if (tool.onReload === 'fail') return 'fail';
  // A call that still waits for a yes, or for a person's answer, cannot have run before the reload.
  return tool.onReload === 'ask' && approval !== 'asked' && tool.isRunnable ? 'interrupt' : 'run';
}

/** Takes up the calls of a message, and notices what the page or the server did to known ones. */
export function takeUp(context: ChatContext, message: UIMessage, mode: IntakeMode): void {
  const opened = new Set<ToolBatchKey>();
  const refs = readToolParts(message);
  for (const ref of refs) {
    if (ref.part.providerExecuted === true || ref.part.state === 'input-streaming') continue;
    const call = callOf(context, ref.key);
    if (call !== undefined) notice(context, ref, call);
    else if (isOpenPart(ref.part)) {
      const batchKey = adopt(context, ref, refs, mode);
      if (batchKey !== undefined) opened.add(batchKey);
    }
  }
  // The step of loaded calls is over once all of them are known, or `after` could not hold. An answer that streams on has no end yet.
  if (mode === 'loaded' && isIdle(context)) for (const batchKey of opened) context.runner.endStep(batchKey);
}

/** Makes a call of an open part. Gives its batch. */
function adopt(
  context: ChatContext,
  ref: ToolPartRef,
  siblings: readonly ToolPartRef[],
  mode: IntakeMode,
): ToolBatchKey | undefined {
  const { runner, resumed, state } = context;
  const { part, toolName, messageId, step } = ref;
  const isOurs = (name: string) => runner.policyOf(name) !== undefined;
  const policy = runner.policyOf(toolName);
  const isRunnable = state.options.tools[toolName]?.execute !== undefined;
  const approvalAsked = isAskingPart(part);
  const approved = part.state === 'approval-responded';
  const verdict = judgePart({
    mode,
    isFromEarlierLoad: resumed.isFromEarlierLoad(),
    tool: policy && { isRunnable, onReload: policy.onReload },
    approval: approvalAsked ? 'asked' : approved ? 'given' : undefined,
    isBesideOurs: siblings.some((other) => other.step === step && isOurs(other.toolName)),
  });
  if (verdict === 'leave' || (verdict === 'refuse' && state.options.unknownTool === 'ignore')) return undefined;
  const call = { toolCallId: part.toolCallId, toolName, input: part.input };
  const batchKey = runner.openBatch(messageId, step);
  if (verdict === 'refuse') runner.addFailedCall(batchKey, call, createUnknownToolError(toolName));
  else if (verdict === 'fail') runner.addFailedCall(batchKey, call, createInterruptedError());
  else {
    const messages = () => conversationBefore(context, messageId, step);
    const interrupted = verdict === 'interrupt' && ({ status: 'interrupted' } as const);
    runner.addCall(batchKey, call, { approved, approvalAsked, messages, ...interrupted });
  }
  return batchKey;
}

/** Somebody beside the runner may have changed the part of a known call. */
function notice(context: ChatContext, ref: ToolPartRef, call: ToolCall): void {
  const { runner } = context;
  const word = readWord(ref.part);
  if (word !== undefined) hear(context, ref, call, word);
  else if (isAskingPart(ref.part) && (call.status === 'queued' || call.status === 'awaiting-input'))
    runner.requireApproval(ref.key);
  else if (ref.part.state === 'approval-responded' && call.status === 'awaiting-approval') runner.approve(ref.key);
}

/** Parts whose word is known to be heard. They never change: another word is another object. */
const heardParts = new WeakSet<ToolPart>();

/** The first final word that is not ours ends the call with it, whatever its status. */
function hear(context: ChatContext, ref: ToolPartRef, call: ToolCall, word: PartWord): void {
  if (heardParts.has(ref.part)) return;
  heardParts.add(ref.part);
  const { words, runner, state } = context;
  const known = words.get(ref.key);
  words.set(ref.key, word);
  if (known !== undefined && isSameWord(known, word)) return;
  if (known === undefined && isSettled(call) && isSameWord(wordOf(context, call, ref), word)) return;
  const by = recordOf(state.phase)?.answeredCalls.has(ref.part.toolCallId) === true ? 'server' : 'page';
  runner.conclude(ref.key, toAnswer(word), by);
}

function wordOf(context: ChatContext, call: ToolCall, ref: ToolPartRef): PartWord {
  return toResult(context, call, ref) ?? { state: 'output-denied', reason: undefined };
}

function toAnswer(word: PartWord): ToolCallAnswer {
  switch (word.state) {
    case 'output-available':
      return { status: 'succeeded', output: word.output };
    case 'output-error':
      return { status: 'failed', error: new ToolCallError('execution', word.errorText) };
    default:
      return { status: 'denied', error: new ToolCallError('denied', word.reason || DENIED_WITHOUT_REASON) };
  }
}

/** What the tool of a call reads as the conversation: everything before the step that made the call. */
function conversationBefore(context: ChatContext, messageId: string, step: number) {
  const messages = messagesOf(context);
  const index = messages.findIndex(({ id }) => id === messageId);
  const message = messages[index];
  if (message === undefined) return [];
  const before = messages.slice(0, index);
  return toModelMessages(step === 0 ? before : [...before, trimToStepEnd(message, step - 1)]);
}

/** Takes up calls that the server refused (its schema, or a tool it does not know): they never reach `onToolCall`, and the model must still hear. */
export function takeUpRejected(
  { runner, words }: ChatContext,
  message: UIMessage,
  rejected: ResponseRecord['rejectedCalls'],
): void {
  for (const ref of readToolParts(message)) {
    const rejection = rejected.get(ref.part.toolCallId);
    const word = readWord(ref.part);
    if (rejection === undefined || word?.state !== 'output-error' || ref.step !== lastStepOf(message)) continue;
    const kind = runner.policyOf(ref.toolName) === undefined ? 'unknown-tool' : 'invalid-input';
    const call = { toolCallId: ref.part.toolCallId, toolName: ref.toolName, input: rejection.input };
    words.set(ref.key, word);
    runner.addFailedCall(
      runner.openBatch(ref.messageId, ref.step),
      call,
      new ToolCallError(kind, rejection.errorText),
    );
  }
}

/** The chat's `onToolCall`: starts what may start. */
export function takeUpCall(
  context: ChatContext,
  call: { readonly toolCallId: string; readonly toolName: string; readonly input: unknown },
): void {
  const message = lastAnswer(context);
  if (message === undefined) return;
  const ref = readToolParts(message).findLast(({ part }) => part.toolCallId === call.toolCallId);
  if (ref !== undefined && callOf(context, ref.key) !== undefined) context.runner.addCall(ref.batchKey, call);
  else takeUp(context, message, 'live');
}
