/** Owns what a record says of an undo. It is noted by `use-parallel-tools/undo`, and read by the components without it. */
import type { ToolCallError } from './errors.ts';

/** Where the undo of a call stands. Times are epoch milliseconds. */
export type CallUndo =
  /** A person can undo it until then. */
  | { readonly status: 'offered'; readonly until: number }
  | { readonly status: 'undoing' }
  | { readonly status: 'undone'; readonly at: number }
  /** It may still be in effect. A person can try again until then. */
  | { readonly status: 'failed'; readonly error: ToolCallError; readonly until: number }
  /** Nobody has undone it in time. Noted when the next calls come. */
  | { readonly status: 'expired' };

/** Names the plugin, and its facts on calls. */
export const UNDO_NAME = 'undo';

/** Where the undo of a call stands; `undefined` for one that cannot be undone. */
export function selectUndo(call: object): CallUndo | undefined {
  // SAFETY: plugins keep facts of their own; these are what `undo()` has noted.
  const { plugins } = call as { readonly plugins?: { readonly [UNDO_NAME]?: CallUndo } };
  return plugins?.[UNDO_NAME];
}

/** Until when a person is offered to undo a call; 0 where they are not. */
export function readUndoEnd(call: object): number {
  const undo = selectUndo(call);
  return undo !== undefined && 'until' in undo ? (undo.until ?? 0) : 0;
}
