/** Owns when the page hears of results: once for each call and each batch that settles, and again after a retry. */
import { isBatchSettled, listCalls, selectToolBatch } from './selectors.ts';
import {
  isSettled,
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from './tool-call.ts';
import type { ToolCallsPlugin } from './plugins.ts';
import type { ToolCallStoreEvent } from './tool-call-store.ts';
import type { ChatRunner } from './runner-interface.ts';

/** A call with its final result. */
export type SettledToolCall = Extract<ToolCall, { status: 'succeeded' | 'failed' | 'denied' | 'cancelled' }>;

export interface ToolCallsCallbacks {
  /** A call has its final result: its output, its error, or that it was denied or cancelled. Not called for a failure that is held. */
  onToolResult?: ((call: SettledToolCall) => void) | undefined;
  /** Every call of a batch has its final result, and the model adds no more. */
  onBatchSettled?: ((batch: ToolBatch) => void) | undefined;
}

/** A plugin that calls the page. What settled before it was connected is told then. */
export function settledCallbacks(
  { peek, store }: Pick<ChatRunner, 'peek' | 'store'>,
  callbacks: () => ToolCallsCallbacks,
): ToolCallsPlugin {
  const toldCalls = new Map<ToolCallKey, number>();
  const toldBatches = new Map<ToolBatchKey, number>();

  function tellCall(call: ToolCall | undefined): void {
    if (call === undefined || !isSettled(call) || call.held === true || toldCalls.get(call.key) === call.generation)
      return;
    toldCalls.set(call.key, call.generation);
    callPage('onToolResult', () => callbacks().onToolResult?.(call));
  }

  function tellBatch(batch: ToolBatch): void {
    if (batch.streaming || batch.order.length === 0 || !isBatchSettled(batch)) return;
    const runs = listCalls(batch).reduce((sum, { generation }) => sum + generation + 1, 0);
    if (toldBatches.get(batch.key) === runs) return;
    toldBatches.set(batch.key, runs);
    const settled = selectToolBatch(store.getState(), batch.key);
    if (settled !== undefined) callPage('onBatchSettled', () => callbacks().onBatchSettled?.(settled));
  }

  function forget(batchKey: ToolBatchKey): void {
    toldBatches.delete(batchKey);
    for (const key of toldCalls.keys()) if (toolBatchKeyOf(key) === batchKey) toldCalls.delete(key);
  }

  /** What was told of a batch is told under its new key too. */
  function move(from: ToolBatchKey, to: ToolBatchKey): void {
    const runs = toldBatches.get(from);
    if (runs !== undefined) toldBatches.set(to, runs);
    for (const [key, generation] of toldCalls)
      if (toolBatchKeyOf(key) === from) toldCalls.set(moveToolCallKey(key, to), generation);
    forget(from);
  }

  function hear(event: ToolCallStoreEvent): void {
    const { type, batchKey } = event;
    if (type === 'batch-moved') return move(batchKey, moveToolBatchKey(batchKey, event.messageId));
    if (type === 'batch-forgotten') return forget(batchKey);
    // A call that comes or starts ends nothing, and is in a hurry.
    const batch = ENDING.has(type) ? peek().batches[batchKey] : undefined;
    if (batch === undefined) return;
    if ('key' in event) tellCall(batch.calls[event.key]);
    tellBatch(batch);
  }

  return {
    name: 'settled-callbacks',
    connect({ subscribe }) {
      for (const batch of Object.values(peek().batches)) {
        for (const call of listCalls(batch)) tellCall(call);
        tellBatch(batch);
      }
      return subscribe(hear);
    },
  };
}

const ENDING: ReadonlySet<ToolCallStoreEvent['type']> = new Set([
  'approval-denied',
  'call-succeeded',
  'call-failed',
  'call-cancelled',
  'call-overruled',
  'call-skipped',
  'stream-ended',
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
