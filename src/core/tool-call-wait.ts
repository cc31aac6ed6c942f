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

/** Whether two waits say the same. */
export function isSameWait(left: ToolCallWait | undefined, right: ToolCallWait | undefined): boolean {
  // By hand: the scheduler asks this for every call that waits, at every start and end.
  if (left === right) return true;
  switch (right?.type) {
    case 'slot':
      return left?.type === 'slot' && left.scope === right.scope;
    case 'lock':
      return left?.type === 'lock' && left.key === right.key && left.heldBy === right.heldBy;
    case 'rate-limit':
      return left?.type === 'rate-limit' && left.key === right.key && left.until === right.until;
    case 'coalesce':
      return left?.type === 'coalesce' && left.until === right.until;
    case 'order':
      return left?.type === 'order' && left.call === right.call;
    case 'plugin':
      return left?.type === 'plugin' && left.name === right.name;
    default:
      return left?.type === right?.type;
  }
}
