// A chat of a thousand batches: what one more costs, counted in what is read and copied, since times are a machine's.
import { describe, expect, it } from 'vitest';
import {
  createToolBatchKey,
  createToolCallStore,
  selectIsRunning,
  selectToolBatch,
  type ToolBatch,
  type ToolCallState,
  type ToolCallStoreEvent,
} from '../../src/core/index.ts';
import { moveToolBatchKey } from '../../src/core/tool-call.ts';

const opened = (messageId: string): ToolCallStoreEvent => ({
  type: 'batch-opened',
  batchKey: createToolBatchKey(messageId, 0),
  messageId,
  step: 0,
  streaming: true,
});
const keyOf = (messageId: string) => createToolBatchKey(messageId, 0);
const callOf = (messageId: string) => `${keyOf(messageId)}/call`;
const added = (messageId: string): ToolCallStoreEvent => ({
  type: 'call-added',
  batchKey: keyOf(messageId),
  at: 1,
  call: {
    key: callOf(messageId),
    toolCallId: 'call',
    toolName: 'tool',
    input: {},
    destructive: false,
    status: 'queued',
  },
});
const ended = (messageId: string): ToolCallStoreEvent => ({
  type: 'call-succeeded',
  batchKey: keyOf(messageId),
  key: callOf(messageId),
  at: 2,
  output: messageId,
});
const forgotten = (messageId: string): ToolCallStoreEvent => ({ type: 'batch-forgotten', batchKey: keyOf(messageId) });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

/** A store with so many settled batches, each of which notes when it is read. */
function createLongStore(count: number) {
  const { store, dispatch } = createToolCallStore();
  dispatch(...ids(count).flatMap((id) => [opened(id), added(id), ended(id)]));
  let reads = 0;
  const watch = (batch: ToolBatch) => {
    const get = (target: ToolBatch, field: keyof ToolBatch) => {
      reads++;
      return target[field];
    };
    return new Proxy(batch, { get: get as ProxyHandler<ToolBatch>['get'] & object });
  };
  const batches = Object.entries(store.getState().batches).map(([key, batch]) => [key, watch(batch)]);
  return {
    ...createToolCallStore({ batches: Object.fromEntries(batches) }),
    takeReads() {
      const taken = reads;
      reads = 0;
      return taken;
    },
  };
}

describe('a store with a thousand batches', () => {
  it('says whether anything runs without a look at those that were settled before', () => {
    const { store, dispatch, takeReads } = createLongStore(1000);
    expect(selectIsRunning(store.getState())).toBe(false);
    expect(takeReads()).toBeGreaterThan(0);
    const seen: boolean[] = [];
    store.subscribe((state) => seen.push(selectIsRunning(state)));
    dispatch(opened('new'), added('new'));
    dispatch(ended('new'));
    expect(seen).toEqual([true, false]);
    expect(takeReads()).toBe(0);
  });

  it('still says that an old one runs, and that it runs no more', () => {
    const { store, dispatch } = createToolCallStore();
    dispatch(opened('old'), added('old'));
    for (const id of ids(100)) {
      dispatch(opened(id), added(id), ended(id));
      expect(selectIsRunning(store.getState())).toBe(true);
    }
    dispatch(ended('old'));
    expect(selectIsRunning(store.getState())).toBe(false);
  });

  it('gives the record of all to whoever asks for it, the same one while nothing changes', () => {
    const { store, dispatch } = createLongStore(1000);
    for (const id of ids(100).map((each) => `new-${each}`)) {
      dispatch(opened(id), added(id), ended(id));
      expect(selectToolBatch(store.getState(), keyOf(id))?.order).toEqual([callOf(id)]);
    }
    expect(Object.keys(store.getState().batches)).toHaveLength(1100);
    expect(store.getState().batches).toBe(store.getState().batches);
  });
});

describe('states of a store', () => {
  it('stay as they were, whatever happens after', () => {
    const { store, dispatch, mirror } = createToolCallStore();
    const kept: { state: ToolCallState; batches: Record<string, ToolBatch>; plugins: unknown }[] = [];
    const keep = () => {
      const state = store.getState();
      // Read as a component reads, not by the record: that one is asked for at the end.
      const batches = Object.fromEntries(
        all.flatMap((id) => {
          const batch =
            selectToolBatch(state, keyOf(id)) ?? selectToolBatch(state, moveToolBatchKey(keyOf(id), `${id}-moved`));
          return batch === undefined ? [] : [[batch.key, structuredClone(batch)]];
        }),
      );
      kept.push({ state, batches, plugins: structuredClone(state.plugins) });
    };
    const all = ids(120);
    for (const [index, id] of all.entries()) {
      dispatch(opened(id));
      dispatch(added(id));
      if (index % 3 === 0) keep();
      dispatch(ended(id));
      if (index % 10 === 9) dispatch(forgotten(all[index - 5]!));
      if (index % 25 === 24) dispatch({ type: 'batch-moved', batchKey: keyOf(id), messageId: `${id}-moved` });
      if (index % 40 === 39) dispatch({ type: 'plugin-event', batchKey: '', plugin: 'notes', data: { index } });
      if (index === 60) mirror(structuredClone({ ...store.getState() }));
      keep();
    }
    expect(kept.length).toBeGreaterThan(100);
    for (const { state, batches, plugins } of kept) {
      expect(state.batches).toEqual(batches);
      expect(state.plugins).toEqual(plugins);
    }
  });

  it('list batches in the order of the conversation, those that have changed again too', () => {
    const { store, dispatch } = createToolCallStore();
    const all = ids(80);
    for (const id of all) dispatch(opened(id), added(id));
    for (const id of all.toReversed()) {
      dispatch(ended(id));
      store.getState();
    }
    dispatch({ type: 'batch-moved', batchKey: keyOf('m40'), messageId: 'other' });
    expect(Object.keys(store.getState().batches)).toEqual(all.map((id) => keyOf(id === 'm40' ? 'other' : id)));
  });
});
