/**
 * Owns the reading of AI SDK message parts: which of them are calls, in which step they stand, and what they say. The only file that spells
 * a part's state; parts are written in `part-writes.ts`. It does not run anything and changes no part.
 */
import type { UIMessage } from 'ai';
import { isSameJson } from '../core/identical-calls.ts';
import { createToolBatchKey, createToolCallKey } from '../core/tool-call.ts';
import type { PendingCall } from '../core/plugins.ts';
import type { ToolPart, ToolPartRef } from '../core/tool-part.ts';
import { approvalOf, idOf, isStepStart, partsOf, readApproval, reasonOf } from './part-fields.ts';

export type { ToolPart, ToolPartRef } from '../core/tool-part.ts';

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

const readRefs = new WeakMap<
  UIMessage,
  { id: string; parts: UIMessage['parts']; length: number; refs: readonly ToolPartRef[] }
>();
const NO_REFS: readonly ToolPartRef[] = [];

/**
 * The tool parts of a message, in order. The answer is kept for as long as the message object lives and is the same: the one that
 * streams goes on in its place, and may come to another id there, or to other parts, where the page answers a call of it.
 */
export function readToolParts(message: UIMessage | undefined): readonly ToolPartRef[] {
  const parts = partsOf(message);
  if (!message || parts.length === 0) return NO_REFS;
  const messageId = idOf(message);
  const known = readRefs.get(message);
  if (known?.id === messageId && known.parts === parts && known.length === parts.length) return known.refs;
  const refs: ToolPartRef[] = [];
  const stepOf = createStepCounter();
  for (const part of parts) {
    const step = stepOf(part);
    if (isToolPart(part)) refs.push(toRef(messageId, step, part));
  }
  readRefs.set(message, { id: messageId, parts, length: parts.length, refs });
  return refs;
}

/**
 * The last part of a call, and the tool part before it: `[ref, before]`. Asked for each call of an answer as it comes, so it reads no other,
 * and keeps nothing.
 */
export function readLastToolParts(message: UIMessage, toolCallId: string): ToolPartRef[] {
  const found: ToolPartRef[] = [];
  const parts = partsOf(message);
  for (let index = parts.length - 1; index >= 0 && found.length < 2; index--) {
    const part = parts[index];
    if (isToolPart(part) && (found.length > 0 || part.toolCallId === toolCallId))
      found.push(toRef(idOf(message), countSteps(parts, index + 1) - 1, part));
  }
  return found;
}

function toRef(messageId: string, step: number, part: ToolPart): ToolPartRef {
  const batchKey = createToolBatchKey(messageId, step);
  const key = createToolCallKey(batchKey, part.toolCallId);
  return { key, batchKey, messageId, step, toolName: getToolPartName(part), part };
}

/** A call as a plugin is asked about it. */
export function toPendingCall({ part, ...place }: ToolPartRef): PendingCall {
  return { ...place, toolCallId: part.toolCallId, input: part.input };
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
export function createStepCounter(): (part: UIMessage['parts'][number] | null) => number {
  let begun = 0;
  return (part) => {
    if (isStepStart(part) || (begun === 0 && isToolPart(part))) begun++;
    return Math.max(0, begun - 1);
  };
}

/** How many steps parts have, up to `end`: none where nothing but text comes before the first boundary. */
export function countSteps(parts: UIMessage['parts'], end = parts.length): number {
  let count = 0;
  // By hand: it is asked for each call of an answer.
  for (let index = 0; index < end; index++) {
    const part = parts[index];
    if (part?.type === 'step-start' || (count === 0 && isToolPart(part))) count++;
  }
  return count;
}

/** The number of the last step of a message in which there is anything, from 0. */
export function lastStepOf(message: UIMessage): number {
  const parts = partsOf(message);
  const end = parts.findLastIndex((part) => !isStepStart(part)) + 1;
  return Math.max(0, countSteps(parts, end) - 1);
}

/** Where the parts of `step` (from 0) end. Without step boundaries (old history): after the last tool part. */
export function findStepEnd(parts: UIMessage['parts'], step: number): number {
  const stepOf = createStepCounter();
  const end = parts.findIndex((part) => stepOf(part) > step);
  if (end >= 0) return end;
  return parts.some(isStepStart) ? parts.length : parts.findLastIndex(isToolPart) + 1;
}

/** Whether the server asks for a person's yes to the call, and nobody has answered. */
export function isAskingPart(part: ToolPart): boolean {
  return approvalOf(part) === 'asked';
}

/** Whether a person's answer can be written into the part: the server can tell by it which approval is meant. */
export function isAnswerable(part: ToolPart): boolean {
  return part.state === 'approval-requested' && readApproval(part) !== undefined;
}

/** The id of the approval that the server asked for; the empty string where it asked for none. */
export function approvalIdOf(part: ToolPart): string {
  return readApproval(part)?.id ?? '';
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

/** Whether the input of a call has come whole. */
export function isWholeCall(part: ToolPart): boolean {
  return part.state !== 'input-streaming';
}

/** Whether a part waits for its result. Half a call never gets one. */
export function isWaitingPart(part: ToolPart): boolean {
  return isWholeCall(part) && isOpenPart(part);
}

/** Whether a part holds what the follow-up will tell the model of this call: its result, its error, or that it was denied. */
export function isReportedPart(part: ToolPart): boolean {
  if (part.state === 'output-available') return part.preliminary !== true;
  return part.state === 'output-error' || part.state === 'output-denied' || approvalOf(part) === 'denied';
}

/** What the model is to read of a settled call; `input`: the one that ran, where a person has changed it. */
export type ToolPartResult =
  | { readonly state: 'output-available'; readonly output: unknown; readonly input?: unknown }
  | { readonly state: 'output-error'; readonly errorText: string; readonly input?: unknown };

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
      return { state: part.state, errorText: reasonOf(part) ?? '' };
    case 'output-denied':
      return { state: part.state, reason: reasonOf(part) };
    case 'approval-responded':
      return approvalOf(part) === 'denied' ? { state: 'output-denied', reason: reasonOf(part) } : undefined;
    default:
      return undefined;
  }
}

/** Whether a call of the last step has its final word, or a question about it, or the answer to that. Asked for every chunk of an answer: it looks at no other step, and keeps nothing. */
export function hasNewsInLastStep(message: UIMessage | undefined): boolean {
  const parts = partsOf(message);
  for (let index = parts.length - 1; index >= 0; index--) {
    const part: { type: unknown; state?: unknown } | null | undefined = parts[index];
    if (part?.type === 'step-start') return false;
    if (part?.state === 'input-available' || part?.state === 'input-streaming') continue;
    if (isToolPart(part) && (part.state !== 'output-available' || part.preliminary !== true)) return true;
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
