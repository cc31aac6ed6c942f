/** Owns what the model reads of an undo. */
import type { ToolCallError } from '../core/errors.ts';
import type { CallUndo } from '../core/undo-facts.ts';

/** A sentence for the model; `undefined` where nobody has undone anything. `toText`: what it may read of an error. */
export function describeUndo(undo: CallUndo | undefined, toText: (error: ToolCallError) => string): string | undefined {
  switch (undo?.status) {
    case 'undoing':
      return 'The user wants this call undone. It is not known yet whether it was.';
    case 'undone':
      return 'The user has undone this call. What it did is no longer in effect.';
    case 'failed':
      return `The user wanted this call undone, and that failed, so it may still be in effect: ${toText(undo.error)}`;
    default:
      return undefined;
  }
}
