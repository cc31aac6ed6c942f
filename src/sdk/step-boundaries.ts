/**
 * Owns the beginnings of steps that a server does not send. Without one the SDK puts the calls of a follow-up into the step that was
 * sent, and makes one part of two calls where an id comes again. SDK servers send `start-step`; for others it is put in here.
 */
import type { UIMessageChunk } from 'ai';

export interface StepBoundariesOptions {
  /** The response goes on with a message: what it says belongs to a step after those that are there. */
  readonly continues: boolean;
  /** The response is a resumed one: it may go on in the middle of a step, unless it begins from the start. */
  readonly resumed: boolean;
}

/** Gives the function through which the chunks of one response pass. */
export function createStepBoundaries({ continues, resumed }: StepBoundariesOptions) {
  let begun = resumed;
  let isFirst = true;
  /** A call came before any step: a step that begins after it is the one in which it stands. */
  let implied = false;

  return function pass(chunk: UIMessageChunk): readonly UIMessageChunk[] {
    const { type } = chunk;
    if (isFirst && type === 'start') begun = false;
    isFirst = false;
    if (type === 'start-step') {
      const isImplied = implied;
      begun = true;
      implied = false;
      return isImplied ? [] : [chunk];
    }
    if (type === 'finish-step') implied = false;
    // The rest of a call that was there already: its step goes on.
    if (type === 'tool-input-delta') begun = true;
    const isCall = CALLS.has(type);
    if (begun || !(isCall || (continues && TEXTS.has(type)))) return [chunk];
    begun = true;
    implied = isCall;
    // Of a message that begins, what comes before any boundary is the first step.
    return continues ? [{ type: 'start-step' }, chunk] : [chunk];
  };
}

type ChunkTypes = ReadonlySet<UIMessageChunk['type']>;
const CALLS: ChunkTypes = new Set(['tool-input-start', 'tool-input-available', 'tool-input-error'] as const);
const TEXTS: ChunkTypes = new Set(['text-start', 'reasoning-start'] as const);
