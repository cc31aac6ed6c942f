/**
 * Owns the fields of messages and parts, read as far as they go. Messages come from servers, stores and other versions of the SDK: they are
 * anything, whatever their type says. What cannot be read is left alone, and nothing throws. `isToolPart` says which tool parts can be read.
 */
import type { UIMessage } from 'ai';
import type { ToolPart } from './message-parts.ts';

/** Whether a part begins a step. */
export function isStepStart(part: { type: string } | null): boolean {
  return part?.type === 'step-start';
}

/** The parts of a message: none where it has none. */
export function partsOf<TMessage extends UIMessage>(message: TMessage | null | undefined): TMessage['parts'] {
  return Array.isArray(message?.parts) ? message.parts : [];
}

/**
 * The message with a list of parts that all have a type; itself where it is so already. The SDK looks through the parts of every message
 * before it continues a conversation, and gives up at the first one that has none.
 */
export function withParts<TMessage extends UIMessage>(message: TMessage): TMessage {
  if (typeof message !== 'object' || message === null) return message;
  const parts = partsOf(message).filter((part: { type: unknown } | null) => typeof part?.type === 'string');
  return Array.isArray(message.parts) && message.parts.length === parts.length ? message : { ...message, parts };
}

/** The messages as `change` makes them, but for the first `start`: the same array where it changes none. */
export function mapChanged<TMessage extends UIMessage>(
  messages: readonly TMessage[],
  change: (message: TMessage, index: number) => TMessage,
  start = 0,
): readonly TMessage[] {
  const changed = messages.slice(start).map((message, index) => change(message, start + index));
  const isSame = changed.every((message, index) => message === messages[start + index]);
  return isSame ? messages : [...messages.slice(0, start), ...changed];
}

/** The id of a message, as its batches are known by it. */
export function idOf(message: { id: string } | null): string {
  const id: unknown = message?.id;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

/** The last message with an id. */
export function messageWith<TMessage extends UIMessage>(
  messages: readonly TMessage[],
  id: string,
): TMessage | undefined {
  return messages.findLast((message) => idOf(message) === id);
}

/** The answer to a part's approval. One that was lost on the way is asked for again: without a yes nothing may run. */
export function approvalOf(part: ToolPart): 'asked' | 'granted' | 'denied' | undefined {
  if (part.state === 'approval-requested') return 'asked';
  if (part.state !== 'approval-responded') return undefined;
  const approved: unknown = part.approval?.approved;
  return typeof approved !== 'boolean' ? 'asked' : approved ? 'granted' : 'denied';
}

/** The approval of a part, if the server can tell by it which one is meant. */
export function readApproval(part: ToolPart): ToolPart['approval'] {
  const id: unknown = part.approval?.id;
  return typeof id === 'string' ? part.approval : undefined;
}

/** Whether the server's question binds the input: with another one it would refuse the answer. */
export function isInputSigned(part: ToolPart): boolean {
  const approval = readApproval(part);
  return approval !== undefined && ('signature' in approval || 'inputSchemaInput' in approval);
}

/** Whether the server itself answers the question that it asks. */
export function isAutomatic(part: ToolPart): boolean {
  return readApproval(part)?.isAutomatic === true;
}

/** Why a person, or the server, said no; what a tool failed with. */
export function reasonOf(part: ToolPart): string | undefined {
  const reason: unknown = part.state === 'output-error' ? part.errorText : part.approval?.reason;
  return typeof reason === 'string' ? reason : undefined;
}
