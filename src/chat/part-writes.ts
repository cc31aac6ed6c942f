/**
 * Owns the writing of AI SDK message parts: results, answers to approvals, and the trimming of a message to the end of a step. Pure; what
 * a part says is read in `message-parts.ts`.
 */
import type { UIMessage } from 'ai';
import type { ToolCallKey } from '../core/tool-call.ts';
import { findStepEnd, isAskingPart, readToolParts, type ToolPart, type ToolPartResult } from './message-parts.ts';

/** A person's answer to an approval that the server asked for. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly reason?: string | undefined;
}

/** What is written into one part: first the answer to its approval, then its result. */
export interface PartWrite {
  readonly approval?: ApprovalAnswer;
  readonly result?: ToolPartResult;
}

/**
 * The message with `writes` in its exact parts: by step and id, never by id alone. Part metadata stays as it came;
 * an approval is kept only where it was granted, as the SDK requires of output states.
 */
export function writeParts<TMessage extends UIMessage>(
  message: TMessage,
  writes: ReadonlyMap<ToolCallKey, PartWrite>,
): TMessage {
  const found = new Map<object, PartWrite>();
  for (const { key, part } of readToolParts(message)) {
    const write = writes.get(key);
    if (write !== undefined) found.set(part, write);
  }
  if (found.size === 0) return message;
  const parts = message.parts.map((part) => {
    const write = found.get(part);
    // SAFETY: only tool parts were found.
    return write === undefined ? part : writePart(part as ToolPart, write);
  });
  // SAFETY: each changed part is the same tool part in one of the SDK's next states.
  return { ...message, parts: parts as TMessage['parts'] };
}

function writePart(part: ToolPart, { approval, result }: PartWrite): object {
  const answered = approval === undefined ? part : answer(part, approval);
  return result === undefined ? answered : { ...dropOutcome(answered), ...result };
}

function answer(part: ToolPart, { approved, reason }: ApprovalAnswer): object {
  if (!isAskingPart(part)) return part;
  const approval = { ...part.approval, approved, ...(reason !== undefined && { reason }) };
  return { ...part, state: 'approval-responded', approval };
}

function dropOutcome(part: object): object {
  const {
    output: _output,
    errorText: _errorText,
    preliminary: _preliminary,
    approval,
    ...rest
  } = part as { output?: unknown; errorText?: unknown; preliminary?: unknown; approval?: { approved?: boolean } };
  return approval?.approved === true ? { ...rest, approval } : rest;
}

/**
 * The message up to the end of `step` (from 0): what the model wrote after it is gone, what it wrote in it stays. A message
 * without step boundaries (old history) is cut after its last tool part.
 */
export function trimToStepEnd<TMessage extends UIMessage>(message: TMessage, step: number): TMessage {
  const end = findStepEnd(message, step);
  return end === message.parts.length ? message : { ...message, parts: message.parts.slice(0, end) };
}
