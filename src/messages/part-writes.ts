/**
 * Owns the writing of AI SDK message parts: results, answers to approvals, and the trimming of a message to the end of a step. Pure; what
 * a part says is read in `message-parts.ts`.
 */
import type { UIMessage } from 'ai';
import { DENIED_WITHOUT_REASON } from '../core/errors.ts';
import type { ToolCallKey } from '../core/tool-call.ts';
import { findStepEnd, isToolPart, readToolParts, type ToolPart, type ToolPartResult } from './message-parts.ts';
import { mapChanged, partsOf, readApproval, reasonOf } from './part-fields.ts';

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
  const parts = partsOf(message).map((part) => {
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
  const asked = part.state === 'approval-requested' ? readApproval(part) : undefined;
  if (asked === undefined) return part;
  const approval = { ...asked, approved, ...(reason !== undefined && { reason }) };
  return { ...part, state: 'approval-responded', approval };
}

function dropOutcome(part: object): object {
  const {
    output: _output,
    errorText: _errorText,
    preliminary: _preliminary,
    approval: _approval,
    ...rest
  } = part as ToolPart & { preliminary?: boolean };
  const approval = readApproval(part as ToolPart);
  // A call without arguments may have come without an input, which the SDK refuses in a part with a result.
  const whole = { ...rest, input: rest.input ?? {} };
  return approval?.approved === true ? { ...whole, approval } : whole;
}

/**
 * The message up to the end of `step` (from 0): what the model wrote after it is gone, what it wrote in it stays. A message
 * without step boundaries (old history) is cut after its last tool part.
 */
export function trimToStepEnd<TMessage extends UIMessage>(message: TMessage, step: number): TMessage {
  const parts = partsOf(message);
  const end = findStepEnd(parts, step);
  return end === parts.length ? message : { ...message, parts: parts.slice(0, end) };
}

/**
 * The messages as a server and its provider accept them. Anthropic refuses a call of a provider's own that was stopped half-way, without its
 * result, and for one with an error the SDK would refer OpenAI to an item of an answer that broke off: it is left out. (After the last message of
 * the user a result may still come.) `validateUIMessages` refuses a denial without the approval that it answers, and an error without words:
 * both go out as an error that has some. It refuses too what is left of an answer that the page gave before the server denied the call, or asked.
 * The first `start` are known to be so.
 */
export function toSendable(messages: readonly UIMessage[], start = 0): readonly UIMessage[] {
  const end = messages.findLastIndex((message) => message?.role === 'user');
  return mapChanged(
    messages,
    (message, index) => {
      const parts = partsOf(message);
      const left = parts.filter((part) => index > end || !isUnansweredByProvider(part)).map(toSendablePart);
      const isSame = left.length === parts.length && left.every((part, place) => part === parts[place]);
      return isSame ? message : { ...message, parts: left };
    },
    start,
  );
}

/** Whether a provider runs a call itself, and has given no result. */
function isUnansweredByProvider(part: unknown): boolean {
  return isToolPart(part) && part.providerExecuted === true && part.state === 'input-available';
}

function toSendablePart(part: UIMessage['parts'][number]): UIMessage['parts'][number] {
  if (!isToolPart(part)) return part;
  const isBareDenial = part.state === 'output-denied' && readApproval(part) === undefined;
  const isBareError = part.state === 'output-error' && reasonOf(part) === undefined;
  if (!isBareDenial && !isBareError) return withoutRest(part);
  const errorText = reasonOf(part) ?? (isBareDenial ? DENIED_WITHOUT_REASON : '');
  // SAFETY: the same tool part in another of the SDK's states.
  return { ...dropOutcome(part), state: 'output-error', errorText } as UIMessage['parts'][number];
}

function withoutRest(part: ToolPart): ToolPart {
  const { output, errorText, ...rest } = part;
  const isRest = part.state !== 'output-available' && part.state !== 'output-error';
  // SAFETY: the same part, without fields that its state does not have.
  return isRest && (output !== undefined || errorText !== undefined) ? (rest as ToolPart) : part;
}
