/**
 * Owns the state that the UI reads: batches and calls, in one Zustand store. Only `dispatch` writes it.
 */
import type { ToolBatchEvent } from './tool-batch-event.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createSharedState } from './shared-batches.ts';
import {
  copyToolBatch,
  createToolBatch,
  reduceToolBatch,
  withFacts,
  type MutableToolBatch,
} from './tool-call-reducer.ts';
import type { ToolBatch, PluginFacts, ToolBatchKey, ToolCallEvent } from './tool-call.ts';

/** The store's state: every batch of the chat, by key, in the order in which they were opened. */
export interface ToolCallState {
  readonly batches: Readonly<Record<ToolBatchKey, ToolBatch>>;
  /** What plugins have noted of the chat as a whole, by their names. */
  readonly plugins?: PluginFacts;
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
  /** Applies events and tells the store's subscribers, once. Events that change nothing notify nobody. */
  dispatch(...events: readonly ToolCallStoreEvent[]): void;
  /** Applies events without telling the store's subscribers: `publish` does. Who reads the store sees them at once. */
  record(...events: readonly ToolCallStoreEvent[]): void;
  /**
   * Takes over records that were made elsewhere: applies events, or puts a whole state in the place of what is there. Subscribers of the
   * store see them; listeners for single events heard them where they happened.
   */
  mirror(records: readonly ToolCallStoreEvent[] | ToolCallState): void;
  /** Tells the store's subscribers what was recorded. */
  publish(): void;
  /** Whether the store has subscribers that have yet to hear of a change. */
  isUnheard(): boolean;
  /** The state to look at but not to keep: the next event may change it in place. `store.getState()` never does. */
  peek(): ToolCallState;
  /** Calls `listener` for every event, in order. Returns the unsubscribe function. */
  subscribe(listener: ToolCallEventListener): () => void;
}

type Batches = Record<ToolBatchKey, ToolBatch>;

/** So many batches may have changed before all are shared anew. */
const RECENT = 32;

/** Creates an empty store, or one that starts from `initialState` (for stories and tests). */
export function createToolCallStore(initialState: ToolCallState = { batches: {} }): ToolCallStore {
  const inner = createStore<ToolCallState>(() => initialState);
  const subscriptions = new Set<object>();
  const listeners = new Set<ToolCallEventListener>();
  let state = initialState;
  /** All batches as they are now: to look at, and never given away. */
  let live: Batches;
  let old: Readonly<Batches>;
  let recent: Batches;
  takeOver(initialState);
  /** What was made since anybody looked. It is changed in place: a thousand events that nobody sees cost one copy of their batch. */
  const unseen = new Set<object>();
  let isPublished = true;
  /** Events that listeners have yet to hear: a listener that dispatches is heard after what it heard itself. */
  const unheard: ToolCallStoreEvent[] = [];
  let notifying = false;

  const store: StoreApi<ToolCallState> = {
    ...inner,
    getState() {
      unseen.clear();
      return state;
    },
    subscribe(subscriber) {
      const subscription = {};
      subscriptions.add(subscription);
      const stop = inner.subscribe(subscriber);
      return () => {
        subscriptions.delete(subscription);
        stop();
      };
    },
  };

  function notify(): void {
    if (notifying) return;
    notifying = true;
    for (let event = unheard.shift(); event !== undefined; event = unheard.shift()) {
      for (const listener of listeners) shield(listener, event);
    }
    notifying = false;
  }

  /** Another state begins: with its batches, of which all are shared. */
  function takeOver(next: ToolCallState): void {
    state = next;
    old = next.batches;
    live = { ...old };
    recent = {};
  }

  /** The state of `old` and `recent`, which nobody has seen yet. */
  function renew(plugins = state.plugins): void {
    isPublished = false;
    state = createSharedState({ old, recent }, plugins);
    unseen.add(state);
  }

  /** All of the batches have changed, or their order has. */
  function share(batches: Batches): void {
    live = batches;
    old = { ...batches };
    recent = {};
    renew();
  }

  /** Puts a batch that nobody has seen yet. */
  function put(batch: ToolBatch): void {
    unseen.add(batch);
    live[batch.key] = batch;
    if (unseen.has(state)) recent[batch.key] = batch;
    else if (Object.keys(recent).length >= RECENT) share(live);
    else {
      recent = { ...recent, [batch.key]: batch };
      renew();
    }
    isPublished = false;
  }

  /** A batch, to be changed. */
  function thaw(batch: ToolBatch): MutableToolBatch {
    // SAFETY: made by `copyToolBatch`, and nobody has it yet.
    if (unseen.has(batch)) return batch as MutableToolBatch;
    const copy = copyToolBatch(batch);
    put(copy);
    return copy;
  }

  /** Puts a batch that has another key now at the place of the old one: the order of batches is that of the conversation. */
  function replaceBatch(batch: ToolBatch, next: ToolBatch): void {
    if (live[next.key] !== undefined) return;
    const batches = Object.values(live).map((each) => (each === batch ? next : each));
    share(Object.fromEntries(batches.map((each) => [each.key, each])));
  }

  function apply(event: ToolCallStoreEvent): void {
    const { batchKey } = event;
    const batch = live[batchKey];
    if (event.type === 'batch-opened') {
      if (batch === undefined) {
        const { messageId, step, streaming, direct } = event;
        const opened = createToolBatch(messageId, step, streaming);
        put(direct === undefined ? opened : { ...opened, direct });
      }
    } else if (event.type === 'plugin-event' && batchKey === '') {
      recent = { ...recent };
      renew(withFacts(state.plugins, event));
    } else if (batch !== undefined) {
      if (event.type === 'batch-forgotten') {
        delete live[batchKey];
        share(live);
      } else if (event.type === 'batch-moved') replaceBatch(batch, reduceToolBatch(batch, event));
      else reduceToolBatch(batch, event, thaw);
    }
  }

  function publish(): void {
    if (isPublished) return;
    isPublished = true;
    shield((next) => inner.setState(next, true), store.getState());
  }

  return {
    store,
    publish,
    mirror(records) {
      if ('batches' in records) takeOver(records);
      else records.forEach(apply);
      isPublished = false;
      publish();
    },
    peek: () => ({ batches: live }),
    isUnheard: () => !isPublished && subscriptions.size > 0,
    record(...events) {
      events.forEach(apply);
      unheard.push(...events);
      notify();
    },
    dispatch(...events) {
      events.forEach(apply);
      unheard.push(...events);
      publish();
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
