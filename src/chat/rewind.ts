/**
 * Owns the trimming of a message to the end of one of its steps, so that the model answers again from there. Pure.
 */
import type { UIMessage } from 'ai';
import { isToolPart } from './message-parts.ts';
import { isStepStart, partsOf } from './part-fields.ts';

/**
 * The message up to the end of `step` (from 0): what the model wrote after it is gone, what it wrote in it stays. A message
 * without step boundaries (old history) is cut after its last tool part.
 */
export function trimToStepEnd<TMessage extends UIMessage>(message: TMessage, step: number): TMessage {
  const parts = partsOf(message);
  const end = findStepEnd(parts, step);
  return end === parts.length ? message : { ...message, parts: parts.slice(0, end) };
}

function findStepEnd(parts: UIMessage['parts'], step: number): number {
  let boundaries = 0;
  for (const [index, part] of parts.entries()) {
    if (isStepStart(part) && boundaries++ > step) return index;
  }
  return boundaries === 0 ? parts.findLastIndex(isToolPart) + 1 : parts.length;
}
