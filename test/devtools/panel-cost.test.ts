// Proves: with a full log and five hundred calls, everything that a look at the panel reads is read within a task that nobody notices.
import { expect, it } from 'vitest';
import { createToolCallStore, type ToolCallStoreEvent } from 'use-parallel-tools/core';
import { createEventLog } from '../../src/devtools/event-log.ts';
import { listRows, NO_FILTER } from '../../src/devtools/panel/rows.ts';
import { createView } from '../../src/devtools/panel/view.ts';
import type { RecordedChat } from '../../src/devtools/record-chat.ts';
import { buildWaitGraph } from '../../src/devtools/wait-graph.ts';
import { BATCH, events, keyOf, policiesOf } from './build-call.ts';

const CALLS = 500;
const EVENTS = 10_000;

/** Calls that wait, run and report until the log is full. */
function fillChat(): RecordedChat {
  const { open, add, start, wait } = events;
  const { store, record } = createToolCallStore();
  const log = createEventLog(store.getState());
  const note = (event: ToolCallStoreEvent, at: number) => {
    record(event);
    log.add({ type: 'event', event }, at);
  };
  note(open(), 1);
  for (let index = 0; index < CALLS; index++) note(add(`c${index}`, 'read', index + 1, { id: index }), index + 1);
  for (let index = 0; index < CALLS / 2; index++) note(start(`c${index}`, CALLS), CALLS);
  for (let at = log.entries.length; at < EVENTS; at++) {
    const scope = at % 2 === 0 ? 'all' : 'tool';
    note(wait(`c${CALLS / 2 + (at % (CALLS / 2))}`, { type: 'slot', scope }), at);
  }
  const nothing = () => undefined;
  // SAFETY: reading a view asks the chat for no more than its store.
  const host = { chatId: 'chat', store, policyOf: nothing } as unknown as RecordedChat['chat']['host'];
  return {
    key: '1',
    isImported: false,
    chat: { host, details: undefined },
    log,
    exportSession: () => expect.fail('nobody exports'),
    stop: nothing,
  };
}

it('reads a full log, five hundred lines and the waits in less than 50 ms', () => {
  const record = fillChat();
  expect(record.log.entries).toHaveLength(EVENTS);
  const policyOf = policiesOf({ read: { locks: ({ id }: { id: number }) => ({ read: [`order:${id}`] }) } });
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now();
    const view = createView(record, undefined, EVENTS);
    expect(listRows(view, NO_FILTER)).toHaveLength(CALLS + 2);
    const graph = buildWaitGraph({ state: view.state, policyOf, concurrency: 10, now: EVENTS });
    expect(graph.locks.length).toBe(CALLS);
    return performance.now() - begin;
  });
  // A laden machine is not the panel's: the best of some looks.
  expect(Math.min(...times)).toBeLessThan(50);
});

it('goes back to any moment of it in less than 50 ms', () => {
  const record = fillChat();
  const times = [9000, 100, 5000, 4999, 9999].map((position) => {
    const begin = performance.now();
    expect(createView(record, position, EVENTS).state.batches[BATCH]?.calls[keyOf('c0')]).toBeDefined();
    return performance.now() - begin;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});
