import { describe, expect, it } from 'vitest';
import { createToolCallStore, type ToolCallState, type ToolCallStoreEvent } from '../../src/core/index.ts';

const opened = { type: 'batch-opened', batchKey: 'm/0', messageId: 'm', step: 0, streaming: true } as const;
const added = (id: string): ToolCallStoreEvent => ({
  type: 'call-added',
  batchKey: 'm/0',
  at: 5,
  call: { key: `m/0/${id}`, toolCallId: id, toolName: 'tool', input: {}, destructive: false, status: 'queued' },
});

async function nextUncaught(act: () => void): Promise<unknown> {
  const kept = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    return await new Promise((resolve) => {
      process.once('uncaughtException', resolve);
      act();
    });
  } finally {
    for (const listener of kept) process.on('uncaughtException', listener);
  }
}

describe('createToolCallStore', () => {
  it('applies several events in one update', () => {
    const { store, dispatch } = createToolCallStore();
    let updates = 0;
    store.subscribe(() => updates++);
    dispatch(opened, added('a'), added('b'));
    expect(updates).toBe(1);
    expect(store.getState().batches['m/0']?.order).toEqual(['m/0/a', 'm/0/b']);
  });

  it('notifies nobody of an event that changes nothing', () => {
    const { store, dispatch } = createToolCallStore();
    dispatch(opened);
    const before = store.getState();
    dispatch(opened);
    dispatch({ type: 'stream-started', batchKey: 'm/0' });
    dispatch({ type: 'stream-started', batchKey: 'no batch' });
    dispatch({ type: 'batch-forgotten', batchKey: 'no batch' });
    dispatch();
    expect(store.getState()).toBe(before);
  });

  it('keeps the other batches as they are', () => {
    const { store, dispatch } = createToolCallStore();
    dispatch(opened, { ...opened, batchKey: 'm/1', step: 1 });
    const { 'm/0': first } = store.getState().batches;
    dispatch({ type: 'stream-ended', batchKey: 'm/1' });
    expect(store.getState().batches['m/0']).toBe(first);
    dispatch({ type: 'batch-forgotten', batchKey: 'm/1' });
    expect(Object.keys(store.getState().batches)).toEqual(['m/0']);
  });

  it('starts from a given state', () => {
    const { store } = createToolCallStore({ batches: {} });
    expect(store.getState()).toEqual({ batches: {} });
  });

  it('tells listeners every event in order, after the store has changed', () => {
    const { store, dispatch, subscribe } = createToolCallStore();
    const heard: string[] = [];
    const stop = subscribe(({ type }) => heard.push(`${type} ${Object.keys(store.getState().batches).length}`));
    dispatch(opened, added('a'));
    stop();
    dispatch(added('b'));
    expect(heard).toEqual(['batch-opened 1', 'call-added 1']);
  });

  it('keeps the order for all listeners when one of them dispatches', () => {
    const { dispatch, subscribe } = createToolCallStore();
    const heard: string[] = [];
    subscribe(({ type }) => {
      if (type === 'batch-opened') dispatch({ type: 'stream-ended', batchKey: 'm/0' });
    });
    subscribe(({ type }) => heard.push(type));
    dispatch(opened, added('a'));
    expect(heard).toEqual(['batch-opened', 'call-added', 'stream-ended']);
  });

  it('keeps what was recorded for the next time that subscribers are told', () => {
    const { store, record, publish, isUnheard } = createToolCallStore();
    record(opened);
    expect(isUnheard()).toBe(false);
    let updates = 0;
    const stop = store.subscribe(() => updates++);
    record(added('a'), added('b'));
    expect(store.getState().batches['m/0']?.order).toEqual(['m/0/a', 'm/0/b']);
    expect([updates, isUnheard()]).toEqual([0, true]);
    publish();
    publish();
    expect([updates, isUnheard()]).toEqual([1, false]);
    stop();
    stop();
    record(added('c'));
    expect(isUnheard()).toBe(false);
  });

  it('never changes a state that somebody was given', () => {
    const { store, record, publish, peek } = createToolCallStore();
    const given: ToolCallState[] = [];
    const copies: ToolCallState[] = [];
    const take = (state: ToolCallState) => {
      given.push(state);
      copies.push(structuredClone(state));
    };
    take(store.getState());
    store.subscribe(take);
    const started = (id: string) => ({ type: 'attempt-started', batchKey: 'm/0', key: `m/0/${id}`, at: 6 }) as const;
    record(opened, added('a'), added('b'));
    take(store.getState());
    record(started('a'));
    publish();
    record(started('b'), { type: 'stream-ended', batchKey: 'm/0' });
    take(store.getState());
    record({ type: 'batch-halted', batchKey: 'm/0', halt: 'error' }, { type: 'batch-reopened', batchKey: 'm/0' });
    expect(peek().batches['m/0']).toMatchObject({ order: ['m/0/a', 'm/0/b'], generation: 1 });
    take(store.getState());
    record({ type: 'batch-forgotten', batchKey: 'm/0' });
    publish();
    expect(given).toEqual(copies);
    expect(new Set(given).size).toBe(given.length);
  });

  it('goes on when a listener throws, whose error surfaces by itself', async () => {
    const { dispatch, subscribe } = createToolCallStore();
    const heard: string[] = [];
    subscribe(() => {
      throw new Error('a broken listener');
    });
    subscribe(({ type }) => heard.push(type));
    const thrown = await nextUncaught(() => dispatch(opened));
    expect(heard).toEqual(['batch-opened']);
    expect(thrown).toEqual(new Error('a broken listener'));
  });

  it('goes on when a subscriber of the store throws', async () => {
    const { store, dispatch, subscribe } = createToolCallStore();
    const heard: string[] = [];
    store.subscribe(() => {
      throw new Error('a broken subscriber');
    });
    subscribe(({ type }) => heard.push(type));
    expect(await nextUncaught(() => dispatch(opened))).toEqual(new Error('a broken subscriber'));
    expect(heard).toEqual(['batch-opened']);
  });
});
