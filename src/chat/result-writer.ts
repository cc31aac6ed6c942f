/**
 * Owns the way from calls to message parts: results as the model will read them, written while the chat is idle.
 */
import type { UIMessage } from 'ai';
import { createCancelledError, type ToolCallCancelledBy } from '../core/errors.ts';
import { isBatchSettled } from '../core/selectors.ts';
import { isSettled, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import { settleQuietly, type BridgeContext } from './bridge-context.ts';
import {
  isOpenPart,
  readToolParts,
  saysResult,
  writeApproval,
  writeResults,
  type ToolPartRef,
  type ToolPartResult,
} from './message-parts.ts';
import { idOf, readApproval } from './part-fields.ts';

/** Results by call, of one message. */
type MessageResults = Map<ToolCallKey, ToolPartResult>;

interface ApprovalAnswer {
  readonly key: ToolCallKey;
  readonly messageId: string;
  readonly approved: boolean;
  readonly reason: string | undefined;
}

export interface ResultWriter {
  /** Writes what has settled since the last time. */
  write(): void;
  /** What the model is told of a settled call; `undefined` where there is nothing, or the part's denied approval says it. */
  toResult(call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined;
  /** Closes open parts that no call stands behind: no provider ever gets a call without a result. */
  closeOrphans(by: ToolCallCancelledBy): void;
  /** The messages with a result in every open part: the call's, or that it was cancelled. Changes nothing. */
  withEveryResult(messages: readonly UIMessage[], by: ToolCallCancelledBy): readonly UIMessage[];
}

export function createResultWriter(context: BridgeContext): ResultWriter {
  const { handle, retries, runner, unwritten } = context;

  /** Successes as they settle, the rest when the batch closes, so that a failed call can be retried while its siblings run. */
  function write(): void {
    const results = new Map<string, MessageResults>();
    const answers: ApprovalAnswer[] = [];
    for (const batchKey of unwritten) {
      const batch = context.batches()[batchKey];
      if (batch === undefined) unwritten.delete(batchKey);
      if (batch === undefined || retries.has(batchKey)) continue;
      const closing = !batch.streaming && isBatchSettled(batch);
      const message = context.findMessage(batch.messageId);
      for (const ref of message === undefined ? [] : readToolParts(message)) {
        const call = batch.calls[ref.key];
        if (call === undefined) continue;
        if (ref.part.state === 'approval-requested' && isAnswered(call)) {
          answers.push({
            key: ref.key,
            messageId: batch.messageId,
            approved: call.status !== 'denied',
            reason: call.error?.message,
          });
        }
        const result = closing || call.status === 'succeeded' ? toResult(call, ref) : undefined;
        if (result === undefined || saysResult(ref.part, result)) continue;
        const ofMessage = results.get(batch.messageId) ?? new Map<ToolCallKey, ToolPartResult>();
        results.set(batch.messageId, ofMessage.set(ref.key, result));
      }
      if (closing) unwritten.delete(batchKey);
    }
    if (results.size > 0 || answers.length > 0) applyToMessages(results, answers);
  }

  function applyToMessages(
    results: ReadonlyMap<string, ReadonlyMap<ToolCallKey, ToolPartResult>>,
    answers: readonly ApprovalAnswer[],
  ): void {
    if (handle.updateMessages === undefined) {
      for (const ofMessage of results.values()) {
        for (const [key, result] of ofMessage) {
          const call = context.callOf(key);
          if (call !== undefined) void settleQuietly(handle.addToolOutput?.(call.toolName, call.toolCallId, result));
        }
      }
      return;
    }
    handle.updateMessages((messages) =>
      messages.map((message) => {
        let next = message;
        for (const answer of answers) {
          if (answer.messageId === idOf(message))
            next = writeApproval(next, answer.key, answer.approved, answer.reason);
        }
        const ofMessage = results.get(idOf(message));
        return ofMessage === undefined ? next : writeResults(next, ofMessage);
      }),
    );
  }

  /** What the model is told of a settled call; `undefined` where the part's denied approval says it. */
  function toResult(call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
    if (call.status === 'succeeded') return { state: 'output-available', output: call.output };
    if (!isSettled(call) || context.answeredByPage.has(call.key)) return undefined;
    if (call.status === 'denied' && readApproval(ref.part) !== undefined) return undefined;
    return {
      state: 'output-error',
      errorText: runner.policyOf(call.toolName)?.errorText(call.error) ?? call.error.message,
    };
  }

  function findOpen(message: UIMessage): ToolPartRef[] {
    return readToolParts(message).filter(({ part }) => part.state !== 'input-streaming' && isOpenPart(part));
  }

  function closeOrphans(by: ToolCallCancelledBy): void {
    const { message: errorText } = createCancelledError(by);
    const results = new Map<string, MessageResults>();
    for (const message of handle.getMessages()) {
      const open = findOpen(message);
      if (open.length > 0)
        results.set(idOf(message), new Map(open.map(({ key }) => [key, { state: 'output-error', errorText }])));
    }
    if (results.size > 0) applyToMessages(results, []);
  }

  function withEveryResult(messages: readonly UIMessage[], by: ToolCallCancelledBy): readonly UIMessage[] {
    const { message: errorText } = createCancelledError(by);
    const cancelled: ToolPartResult = { state: 'output-error', errorText };
    return messages.map((message) => {
      const open = findOpen(message);
      if (open.length === 0) return message;
      const results = open.map((ref): [ToolCallKey, ToolPartResult] => {
        const call = context.callOf(ref.key);
        return [ref.key, (call && toResult(call, ref)) ?? cancelled];
      });
      return writeResults(message, new Map(results));
    });
  }

  return { write, toResult, closeOrphans, withEveryResult };
}

/** Whether a person has answered the approval that the server asked for. A cancelled call's part says so by its result. */
function isAnswered(call: ToolCall): boolean {
  return call.status !== 'awaiting-approval' && call.status !== 'cancelled' && call.status !== 'interrupted';
}
