/**
 * Owns the reading of AI SDK message parts: parts to batches and calls. The only room that knows what a part looks like.
 * It does not run anything and changes no part.
 */
import type { DynamicToolUIPart, ToolUIPart, UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import { isSameJson } from '../core/identical-calls.ts';
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

const readRefs = new WeakMap<UIMessage, readonly ToolPartRef[]>();

/** The tool parts of a message, in order. The answer is kept for as long as the message object lives. */
export function readToolParts(message: UIMessage): readonly ToolPartRef[] {
  const known = readRefs.get(message);
  if (known !== undefined) return known;
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
  readRefs.set(message, refs);
  return refs;
}

/** Where the parts of `step` (from 0) end. Without step boundaries (old history): after the last tool part. */
export function findStepEnd({ parts }: UIMessage, step: number): number {
  const stepOf = createStepCounter();
  const end = parts.findIndex((part) => stepOf(part) > step);
  if (end >= 0) return end;
  return parts.some(({ type }) => type === 'step-start') ? parts.length : parts.findLastIndex(isToolPart) + 1;
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

/** The number of the last step of a message, from 0. */
export function lastStepOf(message: UIMessage): number {
  return Math.max(0, countSteps(message.parts) - 1);
}

/** Whether the server asks for a person's yes to the call, and nobody has answered. */
export function isAskingPart(part: ToolPart): part is Extract<ToolPart, { state: 'approval-requested' }> {
  return part.state === 'approval-requested';
}

/** The id of the approval that the server asked for; the empty string where it asked for none. */
export function approvalIdOf(part: ToolPart): string {
  return part.approval?.id ?? '';
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
  if (result.state === 'output-error') return part.state === 'output-error' && part.errorText === result.errorText;
  return part.state === 'output-available' && part.preliminary !== true && isSameOutput(part.output, result.output);
}

/** The final word that a part has on its call, whoever gave it. */
export type PartWord = ToolPartResult | { readonly state: 'output-denied'; readonly reason: string | undefined };

/** Reads the final word of a part; `undefined` while there is none. */
export function readWord(part: ToolPart): PartWord | undefined {
  switch (part.state) {
    case 'output-available':
      return part.preliminary === true ? undefined : { state: part.state, output: part.output };
    case 'output-error':
      return { state: part.state, errorText: part.errorText };
    case 'output-denied':
      return { state: part.state, reason: part.approval?.reason };
    case 'approval-responded':
      return part.approval.approved ? undefined : { state: 'output-denied', reason: part.approval.reason };
    default:
      return undefined;
  }
}

/** Whether a call of the last step has its final word. Asked for every chunk of an answer: it looks at no other step, and keeps nothing. */
export function hasWordInLastStep({ parts }: UIMessage): boolean {
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index]!;
    if (part.type === 'step-start') return false;
    if (isToolPart(part) && readWord(part) !== undefined) return true;
  }
  return false;
}

export function isSameWord(left: PartWord, right: PartWord): boolean {
  switch (left.state) {
    case 'output-available':
      return right.state === left.state && isSameOutput(left.output, right.output);
    case 'output-error':
      return right.state === left.state && right.errorText === left.errorText;
    default:
      return right.state === left.state;
  }
}

/** Messages are copied and stored as JSON: an output may come back as another object. */
function isSameOutput(left: unknown, right: unknown): boolean {
  return left === right || isSameJson(left, right);
}
