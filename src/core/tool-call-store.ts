/**
 * Owns the state that the UI reads: batches and calls, in one Zustand store. Only `dispatch` writes it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createToolBatch, reduceToolBatch } from './tool-call-reducer.ts';
import {
  createToolBatchKey,
  type ToolBatch,
  type ToolBatchEvent,
  type ToolBatchKey,
  type ToolCallEvent,
} from './tool-call.ts';

/** The store's state: every batch of the chat, by key, in the order in which they were opened. */
export interface ToolCallState {
  readonly batches: Readonly<Record<ToolBatchKey, ToolBatch>>;
}

/** What happened, and to which batch. */
export type ToolCallStoreEvent = { readonly batchKey: ToolBatchKey } & (
  | ToolCallEvent
  | ToolBatchEvent
  | { readonly type: 'batch-forgotten' }
);

/** A listener for single events, for logging; it runs after the store has changed. */
export type ToolCallEventListener = (event: ToolCallStoreEvent) => void;

export interface ToolCallStore {
  /** A Zustand store: `useStore(store, selector)` and `store.subscribe` work. Read only. */
  readonly store: StoreApi<ToolCallState>;
  /** Applies events in one store update. Events that change nothing notify nobody. */
  dispatch(...events: readonly ToolCallStoreEvent[]): void;
  /** Calls `listener` for every event that was dispatched, in order. Returns the unsubscribe function. */
  subscribe(listener: ToolCallEventListener): () => void;
}

/** Creates an empty store, or one that starts from `initialState` (for stories and tests). */
export function createToolCallStore(initialState: ToolCallState = { batches: {} }): ToolCallStore {
  const store = createStore<ToolCallState>(() => initialState);
  const listeners = new Set<ToolCallEventListener>();
  /** Events that listeners have yet to hear: a listener that dispatches is heard after what it heard itself. */
  const unheard: ToolCallStoreEvent[] = [];
  let notifying = false;

  function notify(): void {
    if (notifying) return;
    notifying = true;
    for (let event = unheard.shift(); event !== undefined; event = unheard.shift()) {
      for (const listener of listeners) shield(listener, event);
    }
    notifying = false;
  }

  return {
    store,
    dispatch(...events) {
      const state = store.getState();
      const next = events.reduce(reduceState, state);
      unheard.push(...events);
      if (next !== state) shield((changed) => store.setState(changed, true), next);
      notify();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A subscriber of the page that throws must not keep a call from settling: its error surfaces by itself, as an uncaught one. */
function shield<TValue>(listener: (value: TValue) => void, value: TValue): void {
  try {
    listener(value);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}

function reduceState(state: ToolCallState, event: ToolCallStoreEvent): ToolCallState {
  const batch = state.batches[event.batchKey];
  if (event.type === 'batch-opened') {
    if (batch !== undefined) return state;
    const opened = createToolBatch(event.messageId, event.step, event.streaming);
    return { batches: { ...state.batches, [createToolBatchKey(event.messageId, event.step)]: opened } };
  }
  if (batch === undefined) return state;
  if (event.type === 'batch-forgotten') {
    const { [event.batchKey]: _, ...batches } = state.batches;
    return { batches };
  }
  const next = reduceToolBatch(batch, event);
  return next === batch ? state : { batches: { ...state.batches, [event.batchKey]: next } };
}
