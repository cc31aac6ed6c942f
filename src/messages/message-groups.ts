/** Owns the grouping of a message's parts for rendering: the calls of a step as one batch, and how a card shows a call without a record. */
import type { UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import type { DisplayedToolCall, MessageToolBatch } from '../core/message-batch.ts';
import { readTitle } from '../core/read-field.ts';
import { createToolBatchKey, createToolCallKey } from '../core/tool-call.ts';
import { createStepCounter, getToolPartName, isToolPart, lastStepOf, type ToolPart } from './message-parts.ts';
import { approvalOf, idOf, isStepStart, partsOf, reasonOf } from './part-fields.ts';

/** What {@link groupMessageParts} gives: one part as it is, or the tool calls of a step as one batch. */
export type MessageGroup<TMessage extends UIMessage = UIMessage> =
  | {
      readonly type: 'part';
      /** A React key, stable while the message streams. */
      readonly key: string;
      readonly part: Exclude<TMessage['parts'][number], { toolCallId: string } | { type: 'step-start' }>;
    }
  | { readonly type: 'tool-calls'; readonly key: string; readonly batch: MessageToolBatch };

/**
 * Groups a message's parts for rendering: all tool calls of one step become one `tool-calls` group at the place of the
 * first of them; every other part stays as it is. `step-start` parts are left out.
 */
export function groupMessageParts<TMessage extends UIMessage>(message: TMessage): MessageGroup<TMessage>[] {
  const groups: MessageGroup<TMessage>[] = [];
  const batches = new Map<number, { order: string[]; calls: Record<string, DisplayedToolCall> }>();
  const messageId = idOf(message);
  const stepOf = createStepCounter();
  const lastStep = lastStepOf(message);
  partsOf(message).forEach((part: TMessage['parts'][number] | null, index) => {
    const batchStep = stepOf(part);
    // A page that reads the type of nothing would go down.
    if (isStepStart(part) || part === null) return;
    if (!isToolPart(part)) {
      // SAFETY: tool parts and step-start were taken out just above.
      groups.push({ type: 'part', key: `${messageId}/part/${index}`, part } as unknown as MessageGroup<TMessage>);
      return;
    }
    const key = createToolBatchKey(messageId, batchStep);
    let batch = batches.get(batchStep);
    if (batch === undefined) {
      batch = { order: [], calls: {} };
      batches.set(batchStep, batch);
      groups.push({
        type: 'tool-calls',
        key,
        batch: { key, messageId, step: batchStep, order: batch.order, calls: batch.calls },
      });
    }
    const call = toDisplayedCall(part, messageId, batchStep, batchStep === lastStep);
    if (batch.calls[call.key] === undefined) batch.order.push(call.key);
    batch.calls[call.key] = call;
  });
  return groups;
}

/** A tool part as a card shows it when the store has no record of the call. It has no times: the part keeps none. */
function toDisplayedCall(part: ToolPart, messageId: string, step: number, isLastStep: boolean): DisplayedToolCall {
  const batchKey = createToolBatchKey(messageId, step);
  const title = readTitle(part);
  const identity = {
    key: createToolCallKey(batchKey, part.toolCallId),
    batchKey,
    messageId,
    step,
    toolCallId: part.toolCallId,
    toolName: getToolPartName(part),
    ...(title !== undefined && { title }),
    input: part.input,
  };
  const base = { ...identity, generation: 0, attempts: [], destructive: false, queuedAt: 0 };
  switch (part.state) {
    case 'input-streaming':
      return { ...identity, status: 'input-streaming' };
    case 'output-available':
      return part.preliminary === true
        ? { ...base, status: 'running', startedAt: 0, output: part.output }
        : { ...base, status: 'succeeded', settledAt: 0, output: part.output };
    case 'output-error': {
      const input = part.input ?? ('rawInput' in part ? part.rawInput : undefined);
      const error = new ToolCallError('execution', reasonOf(part) ?? '');
      return { ...base, input, status: 'failed', settledAt: 0, error };
    }
    case 'output-denied':
      return { ...base, status: 'denied', settledAt: 0, error: new ToolCallError('denied', reasonOf(part) ?? '') };
    case 'input-available':
    case 'approval-requested':
    case 'approval-responded': {
      const approval = approvalOf(part);
      if (approval === 'asked') return { ...base, status: 'awaiting-approval' };
      if (approval === 'denied')
        return { ...base, status: 'denied', settledAt: 0, error: new ToolCallError('denied', reasonOf(part) ?? '') };
      // A call of this page has a record: what has none is the server's, which is at work on it unless the answer has gone on.
      return isLastStep ? { ...base, status: 'running', startedAt: 0 } : { ...base, status: 'queued' };
    }
    default:
      return part satisfies never;
  }
}
