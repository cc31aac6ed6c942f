/**
 * Owns what becomes of batches when their answer ends, well, badly or by the user's hand, and when the page or its chat moves on without
 * them. It knows nothing of what is sent after that.
 */
import type { UIMessage } from 'ai';
import type { ToolCallCancelledBy } from '../core/errors.ts';
import { warnOf } from '../core/misuse.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolBatch, ToolBatchHalt, ToolBatchKey } from '../core/tool-call.ts';
import {
  batchesOf,
  callOf,
  countClosed,
  lastAnswer,
  messagesOf,
  movePhase,
  settleQuietly,
  type ChatContext,
} from './chat-context.ts';
import { isLost } from './chat-phase.ts';
import { notice, takeUp } from './call-intake.ts';
import { isAskingPart, isWaitingPart, lastStepOf, readToolParts, type ToolPartRef } from '../messages/message-parts.ts';
import { isClients, listRetried } from './next-move.ts';
import { idOf, messageWith } from '../messages/part-fields.ts';
import { passPending } from './part-results.ts';
import type { ResponseEnd } from '../sdk/response-end.ts';

function halt({ runner }: ChatContext, batchKey: ToolBatchKey, reason: ToolBatchHalt): void {
  runner.dispatch({ type: 'batch-halted', batchKey, halt: reason });
}

/** Aborts a batch, and forgets all that is known of it. */
export function drop({ runner, words, modelResults, recollections }: ChatContext, batch: ToolBatch): void {
  for (const key of batch.order) {
    words.delete(key);
    modelResults.delete(key);
    // What was known of it may be known better by now.
    recollections.delete(key);
  }
  runner.forget(batch.key);
}

/** The answer has ended: its calls may start, or are closed. After a lost connection they stay as they are. `by`: who stopped it. */
export function closeStreaming(context: ChatContext, end: ResponseEnd, by: ToolCallCancelledBy = 'stop'): void {
  const { runner } = context;
  if (end === 'lost') return;
  for (const batch of context.changed.list().filter(({ streaming }) => streaming)) {
    if (end === 'stopped') runner.abort(by, batch);
    if (end === 'unknown') askToRun(context, batch);
    if (end === 'well' || end === 'unknown') runner.endStep(batch.key);
    else {
      runner.abandonStep(batch.key);
      halt(context, batch.key, end);
    }
  }
}

/** Nobody said how the answer ended: a person decides whether the calls that waited for its end are to run. */
function askToRun({ runner, isTapped }: ChatContext, batch: ToolBatch): void {
  const unstarted = listCalls(batch).filter(({ status }) => status === 'queued');
  for (const call of unstarted) runner.requireApproval(call, 'unknown-end');
  if (unstarted.length > 0 && !isTapped()) warnOf('missing-link', [unstarted.map(({ toolName }) => toolName)]);
}

/** The follow-up itself failed before it said anything: its batch is sent, and not answered. */
export function haltUnanswered(context: ChatContext, answer: UIMessage, end: ResponseEnd): void {
  const last = readToolParts(answer).at(-1);
  const batch = last && batchesOf(context)[last.batchKey];
  if (batch?.told === undefined || last?.step !== lastStepOf(answer) || listRetried(batch).length > 0) return;
  halt(context, batch.key, end === 'stopped' ? 'stopped' : 'error');
}

/** Ends every open call, and keeps from the model what it was not told yet. */
export function closeAll(context: ChatContext, by: ToolCallCancelledBy, reason: ToolBatchHalt): void {
  const { runner, answers, asked } = context;
  endLost(context, 'stopped');
  answers.clear();
  asked.clear();
  notice(context, lastAnswer(context), 'final');
  if (reason === 'new-message') passPending(context);
  for (const batch of context.changed.list()) {
    const isOpen = !isBatchSettled(batch);
    if (isOpen) for (const call of listCalls(batch)) if (call.status === 'failed') runner.skip(call);
    // One that only waits for a call of somebody else, or for the chat, is not to be sent any more either.
    const isUnsent = batch.halt === undefined && batch.told === undefined && isClients(batch);
    if (isOpen || isUnsent || batch.streaming || listRetried(batch).length > 0) halt(context, batch.key, reason);
  }
  runner.abort(by);
}

/** Nobody waits for the replay any more: what the lost connection still owed never comes. */
export function endLost(context: ChatContext, end: 'stopped' | 'cut'): void {
  if (!isLost(context.state.phase)) return;
  takeUp(context, lastAnswer(context), 'final');
  closeStreaming(context, end);
  movePhase(context, { type: 'give-up' });
}

/** The server takes a step back: its calls are aborted and forgotten, and their parts are about to go. */
export function takeBack(context: ChatContext, step: number): void {
  for (const batch of context.changed.list().filter((each) => each.streaming && each.step === step)) {
    for (const key of batch.order) context.takenBack.add(key);
    drop(context, batch);
  }
}

/** Forgets batches with calls that the unmount ended: the next look finds them as a page load does, and applies `onReload`. */
export function dropUnmounted(context: ChatContext, fits: (batch: ToolBatch) => boolean): void {
  for (const batch of Object.values(batchesOf(context))) {
    if (fits(batch) && listCalls(batch).some((call) => call.error?.by === 'unmount')) drop(context, batch);
  }
}

/** What goes out is the history: batches that it does not have are forgotten. An answer that is made anew may come under the same id. */
export function dropUnsent(context: ChatContext, messages: readonly UIMessage[]): void {
  const { changed } = context;
  const last = messages.at(-1);
  const kept = readToolParts(last).map(({ batchKey }) => batchKey);
  changed.noteMessages(messages);
  for (const batch of changed.list()) {
    if (batch.direct !== undefined) continue;
    const message = messageWith(messages, batch.messageId);
    if (message === undefined || (idOf(message) === idOf(last!) && !kept.includes(batch.key))) drop(context, batch);
  }
}

/** Whether a call is open, or a part waits for a result that nobody here gives. */
export function hasOpenCalls(context: ChatContext): boolean {
  if (context.runner.hasOpenCalls()) return true;
  const messages = messagesOf(context);
  const rest = messages.slice(countClosed(context, messages));
  return rest.some((message) => readToolParts(message).some(({ part }) => isWaitingPart(part)));
}

/**
 * Whether an open call may still get its result; behind the other open parts stands nobody. `isStopped`: the user waits for no
 * answer of other people's any more.
 */
export function mayStillEnd(context: ChatContext, isStopped: boolean): boolean {
  if (context.runner.hasOpenCalls()) return true;
  const refs = readToolParts(lastAnswer(context));
  return refs.some((ref) => isBeingWritten(context, ref) || (!isStopped && isAwaited(context, ref)));
}

/** The call has its result, and the message that the page has rendered does not show it yet. */
function isBeingWritten(context: ChatContext, { part, key }: ToolPartRef): boolean {
  return context.handle.updateMessages !== undefined && callOf(context, key) !== undefined && isWaitingPart(part);
}

/** A person answers the server's question, or the page itself the call. */
function isAwaited(context: ChatContext, { part, key, batchKey, toolName }: ToolPartRef): boolean {
  const { runner, state } = context;
  if (callOf(context, key) !== undefined || batchesOf(context)[batchKey]?.halt !== undefined) return false;
  if (isAskingPart(part)) return true;
  const isPages = state.options.unknownTool === 'ignore' && runner.policyOf(toolName) === undefined;
  return isPages && part.state === 'input-available' && part.providerExecuted !== true;
}

// ── The page leaves its chat: it is unmounted, or stands down for another page ──

/** Aborts what runs, and what streams unless the chat is somebody else's, which tells of its end. */
export function leaveChat(context: ChatContext, stopsStream: boolean): void {
  const { runner, handle } = context;
  context.state.isLate = true;
  runner.setSuspended(true);
  if (stopsStream) {
    closeStreaming(context, 'stopped', 'unmount');
    movePhase(context, { type: 'give-up' });
  }
  runner.abort('unmount');
  dropUnmounted(context, ({ halt }) => halt === undefined);
  for (const leave of context.waiting.leaves) leave();
  if (stopsStream) void settleQuietly(handle.stop());
}

/** Leaves the chat to another page, and forgets all that is known of it: if this page acts again, it begins as after a reload. */
export function standDown(context: ChatContext): void {
  const { state, recollections, answers, asked, waiting } = context;
  leaveChat(context, true);
  for (const batch of Object.values(batchesOf(context))) drop(context, batch);
  for (const known of [recollections, answers, asked]) known.clear();
  if (state.stage === 'running') state.stage = 'mounted';
  // What waits to be sent is the other page's to send.
  for (const send of waiting.messages.splice(0)) send();
}
