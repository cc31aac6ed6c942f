/** Owns what a queued call may wait for, and when two waits say the same. */
import type { ToolCallKey } from './tool-call-key.ts';

/** What a queued call waits for. */
export type ToolCallWait =
  /** A free slot: `scope` says whether the hook's limit or the tool's own is full. */
  | { readonly type: 'slot'; readonly scope: 'all' | 'tool' }
  /** A lock on `key`: `heldBy` holds it, or, for a call far down the line, is the one to get it before this call. */
  | { readonly type: 'lock'; readonly key: string; readonly heldBy: ToolCallKey; readonly heldByToolName: string }
  /** The rate limit `key`; `until` is the epoch millisecond at which the next start is allowed. */
  | { readonly type: 'rate-limit'; readonly key: string; readonly until: number }
  /** Another call of the batch: `after`, `sequential`, or the identical call of `dedupe`. */
  | { readonly type: 'order'; readonly call: ToolCallKey; readonly toolName: string }
  /** More calls of this tool, to run together with them (`coalesce`); `until` is the epoch millisecond at which it starts without. */
  | { readonly type: 'coalesce'; readonly until: number }
  /** The end of the model's answer: this tool's `start` is `'step-end'`, or its calls run together then. */
  | { readonly type: 'step-end' }
  /** A plugin that has something to do before the attempt. */
  | { readonly type: 'plugin'; readonly name: string };

/** A wait of any kind. */
interface AnyWait {
  readonly type: ToolCallWait['type'];
  readonly scope?: string;
  readonly key?: string;
  readonly heldBy?: string;
  readonly until?: number;
  readonly call?: string;
  readonly name?: string;
}

/** Whether two waits say the same. */
export function isSameWait(left: AnyWait | undefined, right: AnyWait | undefined): boolean {
  // By hand: the scheduler asks this for every call that waits, at every start and end.
  if (left === undefined || right === undefined || left === right) return left === right;
  return (
    left.type === right.type &&
    left.scope === right.scope &&
    left.key === right.key &&
    left.heldBy === right.heldBy &&
    left.until === right.until &&
    left.call === right.call &&
    left.name === right.name
  );
}
