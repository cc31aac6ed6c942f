/**
 * Owns the reading of AI SDK message parts: parts to batches and calls. The only room that knows what a part looks like.
 * It does not run anything and changes no part.
 */
import type { DynamicToolUIPart, ToolUIPart, UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import type { DisplayedToolCall, MessageToolBatch } from '../core/message-batch.ts';
import { createToolBatchKey, createToolCallKey, type ToolBatchKey, type ToolCallKey } from '../core/tool-call.ts';

/** Any tool part of a message, static or dynamic. */
export type ToolPart = ToolUIPart | DynamicToolUIPart;

type MessagePart<TMessage extends UIMessage> = TMessage['parts'][number];

/** What {@link groupMessageParts} gives: one part as it is, or the tool calls of a step as one batch. */
export type MessageGroup<TMessage extends UIMessage = UIMessage> =
  | {
      readonly type: 'part';
      /** A React key, stable while the message streams. */
      readonly key: string;
      readonly part: Exclude<MessagePart<TMessage>, { toolCallId: string } | { type: 'step-start' }>;
    }
  | { readonly type: 'tool-calls'; readonly key: string; readonly batch: MessageToolBatch };

/** Whether a part is a tool call, static (`tool-NAME`) or dynamic. */
export function isToolPart(part: { type: string }): part is ToolPart {
  return part.type.startsWith('tool-') || part.type === 'dynamic-tool';
}

/** The name of the tool that a part calls. */
export function getToolPartName(part: ToolPart): string {
  return part.type === 'dynamic-tool' ? part.toolName : part.type.slice('tool-'.length);
}

/**
 * Groups a message's parts for rendering: all tool calls of one step become one `tool-calls` group at the place of the
 * first of them; every other part stays as it is. `step-start` parts are left out.
 */
export function groupMessageParts<TMessage extends UIMessage>(message: TMessage): MessageGroup<TMessage>[] {
  const groups: MessageGroup<TMessage>[] = [];
  const batches = new Map<number, { order: string[]; calls: Record<string, DisplayedToolCall> }>();
  const stepOf = createStepCounter();
  message.parts.forEach((part, index) => {
    const batchStep = stepOf(part);
    if (part.type === 'step-start') return;
    if (!isToolPart(part)) {
      // SAFETY: tool parts and step-start were taken out just above.
      groups.push({ type: 'part', key: `${message.id}/part/${index}`, part } as unknown as MessageGroup<TMessage>);
      return;
    }
    const key = createToolBatchKey(message.id, batchStep);
    let batch = batches.get(batchStep);
    if (batch === undefined) {
      batch = { order: [], calls: {} };
      batches.set(batchStep, batch);
      groups.push({
        type: 'tool-calls',
        key,
        batch: { key, messageId: message.id, step: batchStep, order: batch.order, calls: batch.calls },
      });
    }
    const call = toDisplayedCall(part, message.id, batchStep);
    if (batch.calls[call.key] === undefined) batch.order.push(call.key);
    batch.calls[call.key] = call;
  });
  return groups;
}

/** A tool part as a card shows it when the store has no record of the call. It has no times: the part keeps none. */
function toDisplayedCall(part: ToolPart, messageId: string, step: number): DisplayedToolCall {
  const batchKey = createToolBatchKey(messageId, step);
  const identity = {
    key: createToolCallKey(batchKey, part.toolCallId),
    batchKey,
    messageId,
    step,
    toolCallId: part.toolCallId,
    toolName: getToolPartName(part),
    input: part.input,
  };
  const base = { ...identity, generation: 0, attempts: [], destructive: false, queuedAt: 0 };
  switch (part.state) {
    case 'input-streaming':
      return { ...identity, status: 'input-streaming' };
    case 'approval-requested':
      return { ...base, status: 'awaiting-approval' };
    case 'output-available':
      return part.preliminary === true
        ? { ...base, status: 'running', startedAt: 0, output: part.output }
        : { ...base, status: 'succeeded', settledAt: 0, output: part.output };
    case 'output-error': {
      const input = part.input ?? ('rawInput' in part ? part.rawInput : undefined);
      const error = new ToolCallError('execution', part.errorText);
      return { ...base, input, status: 'failed', settledAt: 0, error };
    }
    case 'output-denied': {
      const error = new ToolCallError('denied', part.approval.reason ?? '');
      return { ...base, status: 'denied', settledAt: 0, error };
    }
    case 'input-available':
    case 'approval-responded':
      return { ...base, status: 'queued' };
    default:
      return part satisfies never;
  }
}

/** A tool part and where it stands: the identity of its call. */
export interface ToolPartRef {
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolName: string;
  readonly part: ToolPart;
}

const readRefs = new WeakMap<UIMessage, { id: string; length: number; refs: readonly ToolPartRef[] }>();

/**
 * The tool parts of a message, in order. The answer is kept for as long as the message object lives and is the same: the one that
 * streams goes on in its place, and may come to another id there.
 */
export function readToolParts(message: UIMessage): readonly ToolPartRef[] {
  const known = readRefs.get(message);
  if (known?.id === message.id && known.length === message.parts.length) return known.refs;
  const refs: ToolPartRef[] = [];
  const stepOf = createStepCounter();
  for (const part of message.parts) {
    const step = stepOf(part);
    if (!isToolPart(part)) continue;
    const batchKey = createToolBatchKey(message.id, step);
    refs.push({
      key: createToolCallKey(batchKey, part.toolCallId),
      batchKey,
      messageId: message.id,
      step,
      toolName: getToolPartName(part),
      part,
    });
  }
  readRefs.set(message, { id: message.id, length: message.parts.length, refs });
  return refs;
}

/** How many messages at the beginning are the same objects: whatever was found in them still holds. */
export function countSame(left: readonly UIMessage[], right: readonly UIMessage[]): number {
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

/**
 * Gives the function that says of each part of a message, in order, in which step it stands, from 0. A call that comes before any
 * boundary stands in a step of its own, as the SDK reads it: the first boundary after it begins the next one.
 */
export function createStepCounter(): (part: { readonly type: string }) => number {
  let begun = 0;
  return (part) => {
    if (part.type === 'step-start' || (begun === 0 && isToolPart(part))) begun++;
    return Math.max(0, begun - 1);
  };
}

/** How many steps parts have: none where nothing but text comes before the first boundary. */
export function countSteps(parts: UIMessage['parts']): number {
  const boundaries = parts.filter(({ type }) => type === 'step-start').length;
  return parts.find((part) => part.type === 'step-start' || isToolPart(part))?.type === 'step-start'
    ? boundaries
    : boundaries + (parts.some(isToolPart) ? 1 : 0);
}

/** The number of the last step of a message in which there is anything, from 0. */
export function lastStepOf({ parts }: UIMessage): number {
  const end = parts.findLastIndex(({ type }) => type !== 'step-start') + 1;
  return Math.max(0, countSteps(parts.slice(0, end)) - 1);
}

/** Whether a part waits for a result that the client has to give (or, for an approval, for a person). */
export function isOpenPart(part: ToolPart): boolean {
  if (part.providerExecuted === true) return false;
  if (part.state === 'approval-responded') return part.approval.approved;
  return part.state === 'input-streaming' || part.state === 'input-available' || part.state === 'approval-requested';
}

/** Whether a part holds what the follow-up will tell the model of this call: its result, its error, or that it was denied. */
export function isReportedPart(part: ToolPart): boolean {
  if (part.state === 'output-available') return part.preliminary !== true;
  return (
    part.state === 'output-error' ||
    part.state === 'output-denied' ||
    (part.state === 'approval-responded' && !part.approval.approved)
  );
}

/** What the model is to read of a settled call. */
export type ToolPartResult =
  | { readonly state: 'output-available'; readonly output: unknown }
  | { readonly state: 'output-error'; readonly errorText: string };

/** Whether a part already says exactly this. */
export function saysResult(part: ToolPart, result: ToolPartResult): boolean {
  if (part.state !== result.state) return false;
  return part.state === 'output-available' || part.errorText === (result as { errorText: string }).errorText;
}

/**
 * The message with results written into the exact parts: by step and id, never by id alone. Part metadata stays as it came;
 * an approval is kept only where it was granted, as the SDK requires of output states.
 */
export function writeResults<TMessage extends UIMessage>(
  message: TMessage,
  results: ReadonlyMap<ToolCallKey, ToolPartResult>,
): TMessage {
  const keys = new Map(readToolParts(message).map(({ part, key }) => [part as object, key]));
  const parts = message.parts.map((part) => {
    const key = keys.get(part);
    const result = key === undefined ? undefined : results.get(key);
    return result === undefined ? part : { ...dropOutcome(part as ToolPart), ...result };
  });
  // SAFETY: each changed part is the same tool part in one of the SDK's output states.
  return { ...message, parts: parts as TMessage['parts'] };
}

/** The message with an answer to the approval that the server asked for. */
export function writeApproval<TMessage extends UIMessage>(
  message: TMessage,
  key: ToolCallKey,
  approved: boolean,
  reason?: string,
): TMessage {
  const ref = readToolParts(message).find((candidate) => candidate.key === key);
  if (ref?.part.state !== 'approval-requested') return message;
  const approval = { ...ref.part.approval, approved, ...(reason !== undefined && { reason }) };
  const parts = message.parts.map((part) =>
    part === ref.part ? { ...part, state: 'approval-responded', approval } : part,
  );
  // SAFETY: the same part in the SDK's next approval state.
  return { ...message, parts: parts as TMessage['parts'] };
}

function dropOutcome(part: ToolPart): object {
  const {
    output: _output,
    errorText: _errorText,
    preliminary: _preliminary,
    approval,
    ...rest
  } = part as ToolPart & {
    preliminary?: boolean;
  };
  return approval?.approved === true ? { ...rest, approval } : rest;
}
