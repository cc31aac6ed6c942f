/**
 * Owns the trimming of a message to the end of one of its steps, so that the model answers again from there. Pure.
 */
import type { UIMessage } from 'ai';
import { createStepCounter, isToolPart } from './message-parts.ts';

/**
 * The message up to the end of `step` (from 0): what the model wrote after it is gone, what it wrote in it stays. A message
 * without step boundaries (old history) is cut after its last tool part.
 */
export function trimToStepEnd<TMessage extends UIMessage>(message: TMessage, step: number): TMessage {
  const end = findStepEnd(message, step);
  return end === message.parts.length ? message : { ...message, parts: message.parts.slice(0, end) };
}

function findStepEnd(message: UIMessage, step: number): number {
  const stepOf = createStepCounter();
  const end = message.parts.findIndex((part) => stepOf(part) > step);
  if (end >= 0) return end;
  const hasBoundaries = message.parts.some(({ type }) => type === 'step-start');
  return hasBoundaries ? message.parts.length : message.parts.findLastIndex(isToolPart) + 1;
}
