/** Owns what the model is to read of a call: its output, or the words of its error. */
import type { UIMessage } from 'ai';
import { createCancelledError, type ToolCallCancelledBy } from '../core/errors.ts';
import { isSettled, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import { callOf, countClosed, type ChatContext } from './chat-context.ts';
import {
  isWaitingPart,
  isSameWord,
  lastStepOf,
  readToolParts,
  readWord,
  type ToolPartRef,
  type ToolPartResult,
} from '../messages/message-parts.ts';
import { approvalOf, mapChanged, readApproval } from '../messages/part-fields.ts';
import { toModelResult } from './plugins.ts';
import { writeParts, type PartWrite } from '../messages/part-writes.ts';
import { withChange } from '../messages/changed-input.ts';

/** What the model is to be told of a settled call; `undefined` where there is nothing, or the part's denied approval says it. */
export function toResult(context: ChatContext, call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
  const { runner } = context;
  if (!isSettled(call)) return undefined;
  if (call.status === 'succeeded')
    return withChange(call, toModelResult(context, call, { state: 'output-available', output: call.output }));
  // Somebody else may have said yes before.
  const isSaid = readApproval(ref.part) !== undefined && approvalOf(ref.part) !== 'granted';
  if (call.status === 'denied' && isSaid) return undefined;
  const errorText = runner.policyOf(call.toolName)?.errorText(call.error) ?? call.error.message;
  const result = { state: 'output-error', errorText } as const;
  return withChange(call, call.status === 'failed' ? toModelResult(context, call, result) : result);
}

/** What is to be written into a part: nothing over a final word there, but for what was written before a retry. */
export function toWritten(context: ChatContext, call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
  const word = readWord(ref.part);
  const known = context.words.get(ref.key);
  const isTaken =
    word !== undefined && (call.answeredBy !== undefined || known === undefined || !isSameWord(known, word));
  return isTaken ? undefined : toResult(context, call, ref);
}

/**
 * The messages with a result in every open part: its call's, or that it was cancelled. Without `by` (who did it) they are those of a follow-up,
 * and what the last step still waits for is left open. No provider ever gets a call without a result. Changes nothing: the same array
 * where nothing is open.
 */
export function withEveryResult(
  context: ChatContext,
  messages: readonly UIMessage[],
  by?: ToolCallCancelledBy,
): readonly UIMessage[] {
  const errorText = createCancelledError(by ?? 'superseded').message;
  return mapChanged(
    messages,
    (message) => {
      const writes = new Map<ToolCallKey, PartWrite>();
      for (const ref of readToolParts(message)) {
        if (!isWaitingPart(ref.part)) continue;
        const call = callOf(context, ref.key);
        const isOver = by !== undefined || message !== messages.at(-1) || ref.step < lastStepOf(message);
        const cancelled = isOver ? ({ state: 'output-error', errorText } as const) : undefined;
        const result = (call && toResult(context, call, ref)) ?? cancelled;
        if (result !== undefined) writes.set(ref.key, { result });
      }
      return writeParts(message, writes);
    },
    countClosed(context, messages),
  );
}
