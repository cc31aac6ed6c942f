/**
 * Owns what the model is sent: one follow-up a batch and generation, and the way back when a call is retried after that.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { isBatchSettled, selectRetryBlock } from '../core/selectors.ts';
import {
  isSettled,
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchHalt,
  type ToolBatchKey,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { settleQuietly, type BridgeContext } from './bridge-context.ts';
import { decideFollowUp } from './follow-up.ts';
import {
  isReportedPart,
  lastStepOf,
  readToolParts,
  saysResult,
  writeResults,
  type ToolPartRef,
  type ToolPartResult,
} from './message-parts.ts';
import { idOf, withParts } from './part-fields.ts';
import { mergeRequestOptions } from './request-options.ts';
import type { ResultWriter } from './result-writer.ts';
import { trimToStepEnd } from './rewind.ts';
import type { ServerApprovals } from './server-approvals.ts';

export interface SentBatches {
  /** Sends the last batch if everything is there and nothing speaks against it. */
  followUp(): void;
  /** Goes back to a sent batch whose retried calls have settled, if one of them succeeded. Says whether it did. */
  rewind(): boolean;
  retry(key: ToolCallKey): void;
  /** Sends the last settled batch again, without running a tool; one that was halted while its calls run, when they are done. */
  resend(): void;
  /** Marks the last batch as sent: the page continues the conversation by itself. */
  markSent(): void;
  /** A request of the user's: follow-ups carry its options, and count from it. */
  noteRequest(options: ChatRequestOptions | undefined): void;
  /** Looks for a new message of the user, and says which calls can no longer be retried. */
  noteMessages(messages: readonly UIMessage[]): void;
  halt(batchKey: ToolBatchKey, reason: ToolBatchHalt): void;
}

export function createSentBatches(
  context: BridgeContext,
  { toResult }: ResultWriter,
  approvals: Pick<ServerApprovals, 'isAnswered'>,
  forgetGone: () => void,
): SentBatches {
  const { handle, retries, runner, sent, stoppedRetries, unwritten } = context;
  let requestOptions: ChatRequestOptions | undefined;
  let followUps = 0;
  let lastUserMessage: string | undefined;

  function followUp(): void {
    const message = context.lastAnswer(handle.getMessages());
    if (message === undefined) return;
    const step = lastStepOf(message);
    // A call whose input never came whole is no call: the model is not told of it either.
    const refs = readToolParts(message).filter(
      ({ step: at, part }) => at === step && part.providerExecuted !== true && part.state !== 'input-streaming',
    );
    const batchKey = refs[0]?.batchKey;
    if (batchKey === undefined) return;
    const batch = context.batches()[batchKey];
    const generation = batch?.generation ?? 0;
    const decision = decideFollowUp({
      idle: context.isIdle(),
      streaming: batch?.streaming === true,
      complete:
        (batch === undefined || isBatchSettled(batch)) &&
        refs.every((ref) => isReportedPart(ref.part) || approvals.isAnswered(ref)),
      ours: (batch !== undefined && batch.order.length > 0) || refs.some((ref) => approvals.isAnswered(ref)),
      retrying: retries.has(batchKey),
      halt: batch?.halt,
      sent: sent.get(batchKey) === generation,
      followUps,
      maxFollowUps: context.options().maxFollowUps ?? 25,
    });
    if (decision === 'send') send({ key: batchKey, generation });
    if (decision === 'limit') halt(batchKey, 'follow-up-limit');
  }

  function send(batch: Pick<ToolBatch, 'key' | 'generation'>): void {
    sent.set(batch.key, batch.generation);
    followUps++;
    if (handle.getMessages().some((message) => withParts(message) !== message))
      handle.updateMessages?.((messages) => messages.map(withParts));
    void settleQuietly(handle.send(mergeRequestOptions(requestOptions, context.options().followUpOptions)));
  }

  function halt(batchKey: ToolBatchKey, reason: ToolBatchHalt): void {
    runner.dispatch({ type: 'batch-halted', batchKey, halt: reason });
  }

  function reopen(batchKey: ToolBatchKey): void {
    runner.dispatch({ type: 'batch-reopened', batchKey });
  }

  /** Once every retried call of a sent batch has settled: if one succeeded, the conversation goes back to the end of its step. */
  function rewind(): boolean {
    for (const [batchKey, keys] of retries) {
      const batch = context.batches()[batchKey];
      const calls = [...keys].flatMap((key) => batch?.calls[key] ?? []);
      if (batch !== undefined && !(calls.every(isSettled) && isBatchSettled(batch))) continue;
      const hasSuccess = calls.some(({ status }) => status === 'succeeded');
      if (hasSuccess && batch?.retryBlock === undefined && stoppedRetries.has(batchKey)) continue;
      retries.delete(batchKey);
      if (
        batch === undefined ||
        batch.retryBlock !== undefined ||
        !calls.some(({ status }) => status === 'succeeded')
      ) {
        // The conversation stays as it is.
        unwritten.delete(batchKey);
        continue;
      }
      goBackTo(batch);
      return true;
    }
    return false;
  }

  function goBackTo(batch: Pick<ToolBatch, 'key' | 'messageId' | 'step'>): void {
    const { messageId, step } = batch;
    const results = new Map<ToolCallKey, ToolPartResult>();
    for (const ref of readToolParts(context.findMessage(messageId) ?? NO_MESSAGE)) {
      const call = context.batches()[batch.key]?.calls[ref.key];
      const result = call && toResult(call, ref);
      if (result !== undefined && !saysResult(ref.part, result)) results.set(ref.key, result);
    }
    handle.updateMessages?.((messages) => {
      const index = messages.findLastIndex((message) => idOf(message) === messageId);
      return messages
        .slice(0, index + 1)
        .map((message, at) => (at === index ? writeResults(trimToStepEnd(message, step), results) : message));
    });
    unwritten.delete(batch.key);
    forgetGone();
    const known = context.batches()[batch.key];
    if (known !== undefined) reopen(batch.key);
    send({ key: batch.key, generation: context.batches()[batch.key]?.generation ?? 0 });
  }

  function retry(key: ToolCallKey): void {
    const batchKey = toolBatchKeyOf(key);
    const batch = context.batches()[batchKey];
    if (batch === undefined || selectRetryBlock(batch, batch.calls[key]) !== undefined) return;
    stoppedRetries.delete(batchKey);
    if (isSent(batch)) {
      const keys = retries.get(batchKey) ?? new Set<ToolCallKey>();
      retries.set(batchKey, keys.add(key));
    } else if (batch.halt !== undefined) reopen(batchKey);
    runner.retry(key);
  }

  /** The model has this batch's results: they were sent, or it went on after them. */
  function isSent(batch: ToolBatch): boolean {
    const message = context.findMessage(batch.messageId);
    return sent.get(batch.key) === batch.generation || (message !== undefined && lastStepOf(message) > batch.step);
  }

  /** A retry after sending would lose what came later: a message of the user, or a write by a later step. */
  function blockRetries(answer: UIMessage | undefined): void {
    if (answer === undefined) return;
    const refs = readToolParts(answer);
    for (const batch of Object.values(context.batches())) {
      if (batch.messageId !== idOf(answer) || batch.retryBlock === 'new-message') continue;
      const block = refs.some((ref) => ref.step > batch.step && hasWritten(ref)) ? 'later-write' : undefined;
      if (batch.retryBlock !== block) runner.dispatch({ type: 'retry-blocked', batchKey: batch.key, block });
    }
  }

  function hasWritten({ part, key, toolName }: ToolPartRef): boolean {
    const policy = runner.policyOf(toolName);
    if (policy !== undefined) {
      const call = context.callOf(key);
      const ran = call === undefined ? part.state === 'output-available' : call.attempts.length > 0;
      return ran && !policy.readOnly && !policy.idempotent;
    }
    return part.providerExecuted !== true && part.state === 'output-available';
  }

  function noteUserMessage(messages: readonly UIMessage[]): void {
    const index = messages.findLastIndex((message) => message?.role === 'user');
    const id = messages[index]?.id;
    if (id === lastUserMessage) return;
    lastUserMessage = id;
    followUps = 0;
    const later = new Set(messages.slice(index + 1).map(idOf));
    for (const batch of Object.values(context.batches())) {
      // A long chat has many that know already.
      if (batch.retryBlock !== 'new-message' && !later.has(batch.messageId))
        runner.dispatch({ type: 'retry-blocked', batchKey: batch.key, block: 'new-message' });
    }
  }

  return {
    followUp,
    rewind,
    retry,
    halt,
    resend() {
      const message = context.lastAnswer(handle.getMessages());
      if (message === undefined || !context.isIdle()) return;
      // A person wants it to go on.
      followUps = 0;
      if (stoppedRetries.size > 0) {
        stoppedRetries.clear();
        if (rewind()) return;
      }
      const refs = readToolParts(message).filter(({ part }) => part.providerExecuted !== true);
      const unfinished = context.batches()[refs.at(-1)?.batchKey ?? ''];
      // An answer that broke off while its calls run: it goes on when they are done.
      if (unfinished?.halt !== undefined && !isBatchSettled(unfinished)) return reopen(unfinished.key);
      const last = refs.findLast(({ step, batchKey }) => {
        const batch = context.batches()[batchKey];
        return batch === undefined
          ? refs.every((ref) => ref.step !== step || isReportedPart(ref.part))
          : isBatchSettled(batch);
      });
      if (last !== undefined) goBackTo({ key: last.batchKey, messageId: last.messageId, step: last.step });
    },
    markSent() {
      const message = context.lastAnswer();
      const batch = message && context.batches()[readToolParts(message).at(-1)?.batchKey ?? ''];
      if (batch !== undefined) sent.set(batch.key, batch.generation);
    },
    noteRequest(options) {
      requestOptions = options;
      followUps = 0;
    },
    noteMessages(messages) {
      noteUserMessage(messages);
      blockRetries(context.lastAnswer(messages));
    },
  };
}

const NO_MESSAGE: UIMessage = { id: '', role: 'assistant', parts: [] };
