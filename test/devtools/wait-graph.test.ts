// Proves: what the panel says of slots, locks, rate limits and of why the next call does not start.
import { describe, expect, it } from 'vitest';
import { buildWaitGraph } from '../../src/devtools/wait-graph.ts';
import type { ToolCall, ToolCallState } from 'use-parallel-tools/core';
import { events, keyOf, policiesOf, stateOf } from './build-call.ts';

const { add, ask, start, succeed, wait } = events;
const names = (calls: readonly Pick<ToolCall, 'toolCallId'>[]) => calls.map(({ toolCallId }) => toolCallId);
const noSlot = { type: 'slot', scope: 'all' } as const;
const heldBy = (id: string, key: string) =>
  ({ type: 'lock', key, heldBy: keyOf(id), heldByToolName: 'write' }) as const;

function graphOf(
  state: ToolCallState,
  tools: Record<string, object> = {},
  now = 1000,
  concurrency: number | undefined = 10,
) {
  return buildWaitGraph({ state, policyOf: policiesOf({ read: {}, write: {}, ...tools }), concurrency, now });
}

describe('slots', () => {
  it.each<[what: string, state: ToolCallState, used: number, waiting: string[]]>([
    ['an empty chat', stateOf(), 0, []],
    ['a call that runs', stateOf(add('a', 'read', 1), start('a', 2)), 1, []],
    ['a call that has ended', stateOf(add('a', 'read', 1), start('a', 2), succeed('a', 3)), 0, []],
    ['a full hook', stateOf(add('a', 'read', 1), start('a', 2), add('b', 'read', 3), wait('b', noSlot)), 1, ['b']],
    [
      'a call that a plugin prepares: it has its slot',
      stateOf(add('a', 'read', 1), wait('a', { type: 'plugin', name: 'journal' })),
      1,
      [],
    ],
  ])('%s', (_what, state, used, waiting) => {
    const { slots } = graphOf(state);
    expect(slots.used).toBe(used);
    expect(slots.limit).toBe(10);
    expect(names(slots.waiting)).toEqual(waiting);
  });

  it('counts calls that run as one request once, and names them', () => {
    const tools = { many: { executeMany: () => [], coalesce: {} } };
    const graph = graphOf(stateOf(add('a', 'many', 1), add('b', 'many', 1), start('a', 5), start('b', 5)), tools);
    expect(graph.slots.used).toBe(1);
    expect(graph.groups.map(({ calls }) => names(calls))).toEqual([['a', 'b']]);
  });

  it('shows the limit of a tool only where it has one and is in use', () => {
    const full = { type: 'slot', scope: 'tool' } as const;
    const state = stateOf(add('a', 'few', 1), start('a', 2), add('b', 'few', 3), wait('b', full), add('c', 'read', 4));
    const { tools } = graphOf(state, { few: { concurrency: 1 } });
    expect(tools.map(({ toolName, used, limit, waiting }) => [toolName, used, limit, names(waiting)])).toEqual([
      ['few', 1, 1, ['b']],
    ]);
  });
});

describe('locks', () => {
  const tools = {
    write: { locks: ({ id }: { id: string }) => ({ write: [`order:${id}`] }) },
    read: { locks: ({ id }: { id: string }) => ({ read: [`order:${id}`] }) },
  };
  const input = { id: '42' };

  it.each<[what: string, state: ToolCallState, holders: string[], line: string[]]>([
    ['a writer that runs', stateOf(add('a', 'write', 1, input), start('a', 2)), ['a write'], []],
    [
      'a writer and a reader behind it',
      stateOf(
        add('a', 'write', 1, input),
        start('a', 2),
        add('b', 'read', 3, input),
        wait('b', heldBy('a', 'order:42')),
      ),
      ['a write'],
      ['b read'],
    ],
    [
      'readers side by side',
      stateOf(add('a', 'read', 1, input), start('a', 2), add('b', 'read', 3, input), start('b', 4)),
      ['a read', 'b read'],
      [],
    ],
    [
      'a call that waits for a slot: it has its locks',
      stateOf(add('a', 'write', 1, input), wait('a', noSlot)),
      ['a write'],
      [],
    ],
  ])('%s', (_what, state, holders, line) => {
    const [lock, ...others] = graphOf(state, tools).locks;
    expect(others).toEqual([]);
    expect(lock?.key).toBe('order:42');
    expect(lock?.holders.map(({ call, mode }) => `${call.toolCallId} ${mode}`)).toEqual(holders);
    expect(lock?.line.map(({ call, mode }) => `${call.toolCallId} ${mode}`)).toEqual(line);
  });

  it.each(['step-end', 'order'] as const)('gives a call no place in line while it waits for %s', (type) => {
    const waiting = type === 'order' ? { type, call: keyOf('x'), toolName: 'x' } : { type };
    expect(graphOf(stateOf(add('a', 'write', 1, input), wait('a', waiting)), tools).locks).toEqual([]);
  });

  it("goes on where an author's function fails: what a call waits for is known without it", () => {
    const broken = {
      write: {
        locks: () => {
          throw new Error('no input yet');
        },
      },
    };
    const state = stateOf(add('b', 'write', 3), wait('b', heldBy('a', 'order:42')));
    expect(graphOf(state, broken).locks.map(({ key, line }) => [key, line.length])).toEqual([['order:42', 1]]);
  });
});

describe('rate limits', () => {
  const tools = { mail: { rateLimit: { limit: 2, interval: 1000, key: 'mail' } } };
  const started = (...times: number[]) =>
    times.flatMap((at, index) => [add(`c${index}`, 'mail', at), start(`c${index}`, at)]);

  it.each<[what: string, times: number[], used: number, opensAt: number | undefined]>([
    ['nothing has started', [], 0, undefined],
    ['there is room', [500], 1, undefined],
    ['it is full', [500, 800], 2, 1500],
    ['a start is too old to count', [0, 800], 1, undefined],
  ])('%s', (_what, times, used, opensAt) => {
    const [window] = graphOf(stateOf(...started(...times)), tools).rates;
    expect([window?.used ?? 0, window?.opensAt]).toEqual([used, opensAt]);
  });

  it('names the calls that wait for it', () => {
    const full = { type: 'rate-limit', key: 'mail', until: 1500 } as const;
    const state = stateOf(...started(500, 800), add('w', 'mail', 900), wait('w', full));
    expect(names(graphOf(state, tools).rates[0]?.waiting ?? [])).toEqual(['w']);
  });
});

describe('why the next call does not start', () => {
  const causesOf = (state: ToolCallState) =>
    graphOf(state).next?.causes.map(({ wait: { type }, by }) => (by ? `${type} by ${by.toolCallId}` : type));

  it.each<[what: string, state: ToolCallState, causes: string[] | undefined]>([
    ['nothing waits', stateOf(add('a', 'read', 1), start('a', 2)), undefined],
    ['it waits for a slot', stateOf(add('a', 'read', 1), wait('a', noSlot)), ['slot']],
    [
      'it waits for a lock of a call that runs',
      stateOf(add('a', 'write', 1), start('a', 2), add('b', 'write', 3), wait('b', heldBy('a', 'k'))),
      ['lock by a', 'running'],
    ],
    [
      'it waits for a call that waits for a person',
      stateOf(
        add('a', 'write', 1),
        ask('a'),
        add('b', 'write', 3),
        wait('b', { type: 'order', call: keyOf('a'), toolName: 'write' }),
      ),
      ['order by a', 'person'],
    ],
    [
      'two wait for each other in the records of a follower: the chain ends',
      stateOf(add('a', 'write', 1), wait('a', heldBy('b', 'k')), add('b', 'write', 3), wait('b', heldBy('a', 'k'))),
      ['lock by b', 'lock by a'],
    ],
  ])('%s', (_what, state, causes) => {
    expect(causesOf(state)).toEqual(causes);
  });
});
