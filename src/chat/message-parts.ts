/**
 * Owns the reading of AI SDK message parts: parts to batches and calls. The only room that knows what a part looks like.
 * It does not run anything and changes no part.
 */
import type { DynamicToolUIPart, ToolUIPart, UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import type { DisplayedToolCall, MessageToolBatch } from '../core/message-batch.ts';
import { createToolBatchKey, createToolCallKey, type ToolBatchKey, type ToolCallKey } from '../core/tool-call.ts';
import { approvalOf, countSteps, idOf, isStepStart, partsOf, readApproval, reasonOf } from './part-fields.ts';

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

/**
 * Whether a part is a tool call that can be read: static (`tool-NAME`) or dynamic, with an id, and in a state that we know. AI SDK 4's
 * `tool-invocation` is none, nor is a part of a version to come.
 */
export function isToolPart(part: unknown): part is ToolPart {
  if (typeof part !== 'object' || part === null) return false;
  const { type, toolName, toolCallId, state } = part as Record<string, unknown>;
  if (typeof toolCallId !== 'string' || !STATES.has(state)) return false;
  return type === 'dynamic-tool' ? typeof toolName === 'string' : typeof type === 'string' && type.startsWith('tool-');
}

const STATES: ReadonlySet<unknown> = new Set<ToolPart['state']>([
  'input-streaming',
  'input-available',
  'approval-requested',
  'approval-responded',
  'output-available',
  'output-error',
  'output-denied',
]);

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
  const messageId = idOf(message);
  let step = -1;
  partsOf(message).forEach((part: MessagePart<TMessage> | null, index) => {
    if (isStepStart(part)) step++;
    // A page that reads the type of nothing would go down.
    if (isStepStart(part) || part === null) return;
    if (!isToolPart(part)) {
      // SAFETY: tool parts and step-start were taken out just above.
      groups.push({ type: 'part', key: `${messageId}/part/${index}`, part } as unknown as MessageGroup<TMessage>);
      return;
    }
    const batchStep = Math.max(0, step);
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
    const call = toDisplayedCall(part, messageId, batchStep);
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
    case 'output-available':
      return part.preliminary === true
        ? { ...base, status: 'running', startedAt: 0, output: part.output }
        : { ...base, status: 'succeeded', settledAt: 0, output: part.output };
    case 'output-error': {
      const input = part.input ?? ('rawInput' in part ? part.rawInput : undefined);
      const error = new ToolCallError('execution', reasonOf(part) ?? '');
      return { ...base, input, status: 'failed', settledAt: 0, error };
    }
    case 'output-denied': {
      const error = new ToolCallError('denied', reasonOf(part) ?? '');
      return { ...base, status: 'denied', settledAt: 0, error };
    }
    case 'input-available':
    case 'approval-requested':
    case 'approval-responded':
      return { ...base, status: approvalOf(part) === 'asked' ? 'awaiting-approval' : 'queued' };
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
const NO_REFS: readonly ToolPartRef[] = [];

/** The tool parts of a message, in order. The answer is kept for as long as the message object lives. */
export function readToolParts(message: UIMessage): readonly ToolPartRef[] {
  const parts = partsOf(message);
  if (parts.length === 0) return NO_REFS;
  const known = readRefs.get(message);
  if (known !== undefined) return known;
  const refs: ToolPartRef[] = [];
  const messageId = idOf(message);
  let step = -1;
  for (const part of parts) {
    if (isStepStart(part)) step++;
    if (!isToolPart(part)) continue;
    const batchKey = createToolBatchKey(messageId, Math.max(0, step));
    refs.push({
      key: createToolCallKey(batchKey, part.toolCallId),
      batchKey,
      messageId,
      step: Math.max(0, step),
      toolName: getToolPartName(part),
      part,
    });
  }
  readRefs.set(message, refs);
  return refs;
}

/** How many messages at the beginning are the same objects: whatever was found in them still holds. */
export function countSame(left: readonly UIMessage[], right: readonly UIMessage[]): number {
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

/** The number of the last step of a message, from 0. */
export function lastStepOf(message: UIMessage): number {
  return Math.max(0, countSteps(partsOf(message)) - 1);
}

/** Whether a part waits for a result that the client has to give (or, for an approval, for a person). */
export function isOpenPart(part: ToolPart): boolean {
  if (part.providerExecuted === true) return false;
  const approval = approvalOf(part);
  return (
    part.state === 'input-streaming' ||
    part.state === 'input-available' ||
    approval === 'asked' ||
    approval === 'granted'
  );
}

/** Whether a provider runs a call itself, and has given no result. */
function isUnansweredByProvider(part: unknown): boolean {
  return isToolPart(part) && part.providerExecuted === true && part.state === 'input-available';
}

/**
 * The messages without the calls of a provider's own that were stopped half-way: Anthropic refuses such a call without its result, and for one
 * with an error the SDK would refer OpenAI to an item of an answer that broke off. After the last message of the user a result may still come.
 */
export function dropStoppedProviderCalls(messages: readonly UIMessage[]): UIMessage[] {
  const end = messages.findLastIndex((message) => message?.role === 'user');
  return messages.map((message, index) => {
    const parts = partsOf(message);
    if (index > end || !parts.some(isUnansweredByProvider)) return message;
    return { ...message, parts: parts.filter((part) => !isUnansweredByProvider(part)) };
  });
}

/** Whether a part holds what the follow-up will tell the model of this call: its result, its error, or that it was denied. */
export function isReportedPart(part: ToolPart): boolean {
  if (part.state === 'output-available') return part.preliminary !== true;
  return part.state === 'output-error' || part.state === 'output-denied' || approvalOf(part) === 'denied';
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
  const parts = partsOf(message).map((part) => {
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
  const asked = ref?.part.state === 'approval-requested' ? readApproval(ref.part) : undefined;
  if (asked === undefined) return message;
  const approval = { ...asked, approved, ...(reason !== undefined && { reason }) };
  const parts = partsOf(message).map((part) =>
    part === ref?.part ? { ...part, state: 'approval-responded', approval } : part,
  );
  // SAFETY: the same part in the SDK's next approval state.
  return { ...message, parts: parts as TMessage['parts'] };
}

function dropOutcome(part: ToolPart): object {
  const {
    output: _output,
    errorText: _errorText,
    preliminary: _preliminary,
    approval: _approval,
    ...rest
  } = part as ToolPart & {
    preliminary?: boolean;
  };
  const approval = readApproval(part);
  return approval?.approved === true ? { ...rest, approval } : rest;
}
