/** Owns what the model is to read of a call: its output, or the words of its error. */
import type { UIMessage } from 'ai';
import { createCancelledError, type ToolCallCancelledBy } from '../core/errors.ts';
import { isSettled, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import { callOf, type ChatContext } from './chat-context.ts';
import { isOpenPart, readToolParts, type ToolPartRef, type ToolPartResult } from './message-parts.ts';
import { writeParts, type PartWrite } from './part-writes.ts';

/** What the model is told of a settled call; `undefined` where there is nothing, or the part's denied approval says it. */
export function toResult({ runner }: ChatContext, call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
  if (call.status === 'succeeded') return { state: 'output-available', output: call.output };
  if (!isSettled(call)) return undefined;
  if (call.status === 'denied' && (call.answeredBy !== undefined || ('approval' in ref.part && ref.part.approval)))
    return undefined;
  // What somebody else said of a failure stands as they said it.
  const errorText = call.answeredBy === undefined ? runner.policyOf(call.toolName)?.errorText(call.error) : undefined;
  return { state: 'output-error', errorText: errorText ?? call.error.message };
}

/** The messages with a result in every open part: its call's, or that it was cancelled. No provider ever gets a call without a result. */
export function withEveryResult(
  context: ChatContext,
  messages: readonly UIMessage[],
  by: ToolCallCancelledBy,
): readonly UIMessage[] {
  const { message: errorText } = createCancelledError(by);
  const cancelled: ToolPartResult = { state: 'output-error', errorText };
  return messages.map((message) => {
    const open = readToolParts(message).filter(({ part }) => part.state !== 'input-streaming' && isOpenPart(part));
    if (open.length === 0) return message;
    const writes = open.map((ref): [ToolCallKey, PartWrite] => {
      const call = callOf(context, ref.key);
      return [ref.key, { result: (call && toResult(context, call, ref)) ?? cancelled }];
    });
    return writeParts(message, new Map(writes));
  });
}
