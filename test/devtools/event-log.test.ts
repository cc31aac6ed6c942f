// Proves: the log is bounded, and gives the state at any of its entries; its turns say when the model was asked and what calls waited for.
import { describe, expect, it } from 'vitest';
import { createToolCallStore, selectToolCalls, type ToolCallStoreEvent } from 'use-parallel-tools/core';
import { createEventLog } from '../../src/devtools/event-log.ts';
import { readLog } from '../../src/devtools/turns.ts';
import { BATCH, events, keyOf, stateOf } from './build-call.ts';

const { add, ask, open, start, succeed, wait } = events;
const EMPTY = { batches: {} };

function logOf(happened: readonly ToolCallStoreEvent[], most?: number) {
  const log = createEventLog(EMPTY, most);
  happened.forEach((event, index) => log.add({ type: 'event', event }, index));
  return log;
}
const statuses = (state: ReturnType<typeof stateOf>) => selectToolCalls(state).map(({ status }) => status);

describe('the event log', () => {
  const life = [open(), add('a', 'read', 1), start('a', 2), add('b', 'read', 3), succeed('a', 4)];

  it.each([
    [0, []],
    [2, ['queued']],
    [3, ['running']],
    [5, ['succeeded', 'queued']],
  ])('gives the state after %d entries', (count, expected) => {
    expect(statuses(logOf(life).stateAfter(count))).toEqual(expected);
  });

  it('can be scrubbed back and forth, and no state that it gave changes after', () => {
    const log = logOf(life);
    const early = log.stateAfter(3);
    const late = log.stateAfter(5);
    expect(statuses(log.stateAfter(2))).toEqual(['queued']);
    expect(statuses(early)).toEqual(['running']);
    expect(statuses(late)).toEqual(['succeeded', 'queued']);
  });

  it('keeps so many entries, and folds what goes into the state before them', () => {
    const many = Array.from({ length: 50 }, (_, index) => add(`c${index}`, 'read', index));
    const log = logOf([open(), ...many], 20);
    expect(log.entries.length).toBeLessThanOrEqual(20);
    expect(statuses(log.stateAfter(log.entries.length))).toHaveLength(50);
    expect(statuses(log.stateAfter(0)).length).toBe(50 - log.entries.length);
  });

  it('keeps only the last of the reports that a tool makes in a row', () => {
    const report = (fraction: number): ToolCallStoreEvent => ({
      type: 'progress-reported',
      batchKey: BATCH,
      key: keyOf('a'),
      progress: { fraction },
    });
    const log = logOf([open(), add('a', 'read', 1), start('a', 2), report(0.1), report(0.2), report(0.3)]);
    expect(log.entries).toHaveLength(4);
    expect(selectToolCalls(log.stateAfter(4))[0]?.progress).toEqual({ fraction: 0.3 });
  });

  it('replays ten thousand events in well under a second', () => {
    const many = Array.from({ length: 2500 }, (_, index) => [
      add(`c${index}`, 'read', index),
      wait(`c${index}`, { type: 'slot', scope: 'all' }),
      start(`c${index}`, index),
      succeed(`c${index}`, index),
    ]).flat();
    const log = logOf([open(), ...many.slice(0, 9_999)]);
    const begin = performance.now();
    log.stateAfter(9_000);
    readLog(log.entries, createToolCallStore().store.getState());
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe('the turns of a log', () => {
  const request = (question: string | undefined) => ({
    type: 'request' as const,
    request: { messages: [], body: undefined, question },
  });

  it('begin with a question, and say when the model was asked and answered', () => {
    const log = createEventLog(EMPTY);
    log.add({ type: 'status', status: 'submitted' }, 9);
    log.add(request('Where is my order?'), 10);
    log.add({ type: 'status', status: 'streaming' }, 20);
    log.add({ type: 'event', event: open() }, 25);
    log.add({ type: 'status', status: 'ready' }, 30);
    log.add(request(undefined), 50);
    log.add({ type: 'status', status: 'streaming' }, 60);
    const { turns } = readLog(log.entries, stateOf());
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({
      question: 'Where is my order?',
      requests: [{ at: 10 }, { at: 50 }],
      model: [
        { phase: 'asked', from: 10, to: 20 },
        { phase: 'answering', from: 20, to: 30 },
        { phase: 'asked', from: 50, to: 60 },
        { phase: 'answering', from: 60 },
      ],
      batchKeys: [BATCH],
    });
  });

  it('put what was there before the log first', () => {
    expect(readLog([], stateOf(add('a', 'read', 1))).turns).toMatchObject([
      { question: undefined, batchKeys: [BATCH] },
    ]);
  });

  it('know a batch again whose message has another id', () => {
    const log = logOf([open(), add('a', 'read', 1), { type: 'batch-moved', batchKey: BATCH, messageId: 'm2' }]);
    const { turns, waits } = readLog(log.entries, log.stateAfter(3));
    expect(turns.map(({ batchKeys }) => batchKeys)).toEqual([['m2/0']]);
    expect([...waits.keys()]).toEqual(['m2/0/a']);
  });

  it('say what a call waited for, and for how long', () => {
    const granted = { type: 'approval-granted', batchKey: BATCH, key: keyOf('a'), at: 3 } as const;
    const log = logOf([open(), add('a', 'read', 1), ask('a'), granted, wait('a', { type: 'step-end' }), start('a', 5)]);
    expect(readLog(log.entries, log.stateAfter(6)).waits.get(keyOf('a'))).toEqual([
      { wait: { type: 'person' }, from: 2, to: 3 },
      { wait: { type: 'step-end' }, from: 4, to: 5 },
    ]);
  });
});
