/** Owns when the page hears of results: once for each call and each batch that settles, and again after a retry. */
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import {
  isSettled,
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
  type ToolBatch,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { ToolRunner } from '../core/tool-runner.ts';

/** A call with its final result. */
export type SettledToolCall = Extract<ToolCall, { status: 'succeeded' | 'failed' | 'denied' | 'cancelled' }>;

export interface ToolCallsCallbacks {
  /** A call has its final result: its output, its error, or that it was denied or cancelled. Not called for a failure that is held. */
  onToolResult?: ((call: SettledToolCall) => void) | undefined;
  /** Every call of a batch has its final result, and the model adds no more. */
  onBatchSettled?: ((batch: ToolBatch) => void) | undefined;
}

export function tellSettled(runner: ToolRunner, callbacks: () => ToolCallsCallbacks): void {
  const toldCalls = new Map<ToolCallKey, number>();
  const toldBatches = new Map<string, number>();
  runner.subscribe((event) => {
    if (event.type === 'batch-moved') return move(event.batchKey, moveToolBatchKey(event.batchKey, event.messageId));
    // A call that comes or starts ends nothing, and is in a hurry.
    if (!ENDING.has(event.type)) return;
    const batch = runner.peek().batches[event.batchKey];
    if (batch === undefined) {
      toldBatches.delete(event.batchKey);
      for (const key of toldCalls.keys()) if (key.startsWith(`${event.batchKey}/`)) toldCalls.delete(key);
      return;
    }
    const call = 'key' in event ? batch.calls[event.key] : undefined;
    if (call !== undefined && isSettled(call) && call.held !== true && toldCalls.get(call.key) !== call.generation) {
      toldCalls.set(call.key, call.generation);
      callPage('onToolResult', () => callbacks().onToolResult?.(call));
    }
    if (batch.streaming || batch.order.length === 0 || !isBatchSettled(batch)) return;
    const runs = listCalls(batch).reduce((sum, { generation }) => sum + generation + 1, 0);
    if (toldBatches.get(batch.key) === runs) return;
    toldBatches.set(batch.key, runs);
    const settled = runner.store.getState().batches[batch.key];
    if (settled !== undefined) callPage('onBatchSettled', () => callbacks().onBatchSettled?.(settled));
  });

  /** What was told of a batch is told under its new key too. */
  function move(from: string, to: string): void {
    const runs = toldBatches.get(from);
    if (runs !== undefined) toldBatches.set(to, runs);
    toldBatches.delete(from);
    for (const [key, generation] of toldCalls) {
      if (toolBatchKeyOf(key) !== from) continue;
      toldCalls.delete(key);
      toldCalls.set(moveToolCallKey(key, to), generation);
    }
  }
}

const ENDING: ReadonlySet<ToolCallStoreEvent['type']> = new Set([
  'approval-denied',
  'call-succeeded',
  'call-failed',
  'call-cancelled',
  'call-overruled',
  'call-skipped',
  'stream-ended',
  'batch-forgotten',
] as const);

/** What the page throws harms no call. */
function callPage(name: string, callback: () => unknown): void {
  try {
    callback();
  } catch (error) {
    // oxlint-disable-next-line no-console -- the page's author is to see it, and nothing else can tell them
    console.error(`${name} threw; the calls go on.`, error);
  }
}
