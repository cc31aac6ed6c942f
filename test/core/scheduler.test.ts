import { describe, expect, it } from 'vitest';
import { createScheduler, type ScheduleRequest } from '../../src/core/scheduler.ts';
import type { ToolCallWait } from '../../src/core/tool-call.ts';
import { createFakeClock, START } from './fake-clock.ts';

function createBench(concurrency: number) {
  const clock = createFakeClock();
  const started: string[] = [];
  const waits = new Map<string, ToolCallWait>();
  const told: string[] = [];
  const locked: string[] = [];
  let listener: ((id: string) => void) | undefined;
  const scheduler = createScheduler({
    concurrency,
    clock,
    onStart(ids) {
      started.push(ids.join(' + '));
      for (const id of ids) listener?.(id);
    },
    onLocked: (id) => locked.push(id),
    onWait(id, wait) {
      waits.set(id, wait);
      told.push(id);
    },
  });
  let sequence = 0;
  return {
    clock,
    scheduler,
    started,
    waits,
    told,
    locked,
    onStart: (next: typeof listener) => {
      listener = next;
    },
    enqueue: (id: string, request: Partial<ScheduleRequest> = {}) =>
      scheduler.enqueue({
        id,
        sequence: sequence++,
        toolName: 'tool',
        concurrency: Infinity,
        rateLimit: undefined,
        locks: new Map(),
        ...request,
      }),
  };
}

describe('createScheduler', () => {
  it('starts calls while there is room', () => {
    const { enqueue, started, scheduler, waits } = createBench(2);
    for (const id of ['a', 'b', 'c']) enqueue(id);
    expect(started).toEqual(['a', 'b']);
    expect(waits.get('c')).toEqual({ type: 'slot', scope: 'all' });
    scheduler.release(['a']);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('asks for a call that holds its locks, and starts it once it is resumed', () => {
    const { enqueue, started, locked, scheduler } = createBench(1);
    const locks = new Map([['key', 'write' as const]]);
    enqueue('a', { locks });
    enqueue('b', { locks, isAsked: true });
    expect(locked).toEqual([]);
    scheduler.release(['a']);
    expect([locked, started]).toEqual([['b'], ['a']]);
    enqueue('c', { locks });
    scheduler.resume('b');
    expect(started).toEqual(['a', 'b']);
    scheduler.release(['b']);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('asks for nobody while nothing may start', () => {
    const { enqueue, locked, scheduler } = createBench(0);
    enqueue('a', { isAsked: true });
    enqueue('b', { isAsked: true });
    scheduler.release(['b']);
    expect(locked).toEqual([]);
    scheduler.setConcurrency(1);
    expect(locked).toEqual(['a']);
  });

  it('starts none of the calls that are released together in the room that they leave', () => {
    const { enqueue, started, scheduler } = createBench(1);
    for (const id of ['a', 'b', 'c']) enqueue(id);
    scheduler.release(['a', 'b']);
    expect(started).toEqual(['a', 'c']);
  });

  it('gains no room when a waiting call is released', () => {
    const { enqueue, started, scheduler } = createBench(1);
    for (const id of ['a', 'b', 'c']) enqueue(id);
    scheduler.release(['b']);
    expect(started).toEqual(['a']);
    scheduler.pause('a');
    expect(started).toEqual(['a', 'c']);
    scheduler.release(['a']);
    enqueue('d');
    expect(started).toEqual(['a', 'c']);
  });

  it('announces before anybody takes what was given back', () => {
    const { enqueue, started, scheduler } = createBench(1);
    enqueue('a');
    enqueue('b');
    const seen: string[][] = [];
    const note = () => seen.push([...started]);
    scheduler.pause('a', note);
    scheduler.release(['b'], note);
    scheduler.resume('a', note);
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    expect(started).toEqual(['a', 'b', 'a']);
  });

  it('announces at once, and starts later, inside of a start', () => {
    const { enqueue, started, scheduler, onStart } = createBench(1);
    const order: string[] = [];
    onStart((id) => {
      if (id === 'a') {
        scheduler.release(['a'], () => order.push('released'));
        enqueue('c', { sequence: -1 });
        order.push('left');
      } else order.push(`started ${id}`);
    });
    enqueue('a');
    enqueue('b');
    expect(order).toEqual(['released', 'left', 'started c']);
    expect(started).toEqual(['a', 'c']);
  });

  it('resumes a call at its old place, before those that came later', () => {
    const { enqueue, started, scheduler } = createBench(1);
    for (const id of ['a', 'b', 'c', 'd']) enqueue(id);
    scheduler.pause('a');
    scheduler.resume('a');
    expect(started).toEqual(['a', 'b']);
    scheduler.release(['b']);
    expect(started).toEqual(['a', 'b', 'a']);
  });

  it('ignores what does not apply', () => {
    const { enqueue, started, scheduler } = createBench(1);
    scheduler.pause('nobody');
    scheduler.resume('nobody');
    scheduler.release(['nobody']);
    enqueue('a');
    enqueue('b');
    scheduler.resume('a');
    scheduler.pause('b');
    expect(started).toEqual(['a']);
  });

  it('uses new room at once, and starts nothing while there is too little', () => {
    const { enqueue, started, scheduler } = createBench(1);
    for (const id of ['a', 'b', 'c']) enqueue(id);
    scheduler.setConcurrency(2);
    expect(started).toEqual(['a', 'b']);
    scheduler.setConcurrency(1);
    scheduler.release(['a']);
    expect(started).toEqual(['a', 'b']);
    scheduler.release(['b']);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('passes a locked call by', () => {
    const { enqueue, started, waits, scheduler } = createBench(5);
    const locks = new Map([['key', 'write' as const]]);
    enqueue('a', { locks, toolName: 'first' });
    enqueue('b', { locks });
    enqueue('c');
    expect(started).toEqual(['a', 'c']);
    expect(waits.get('b')).toEqual({ type: 'lock', key: 'key', heldBy: 'a', heldByToolName: 'first' });
    scheduler.release(['b']);
    scheduler.release(['a']);
    expect(started).toEqual(['a', 'c']);
  });

  it('tells each call once what it waits for, until that changes', () => {
    const { enqueue, told, scheduler } = createBench(1);
    for (const id of ['a', 'b', 'c']) enqueue(id);
    scheduler.setConcurrency(1);
    expect(told).toEqual(['b', 'c']);
  });

  it('tells all who wait for a rate limit when it moves on, and wakes when it opens', async () => {
    const rateLimit = { key: 'api', limit: 1, interval: 10 };
    const { enqueue, waits, clock, started } = createBench(5);
    for (const id of ['a', 'b', 'c']) enqueue(id, { rateLimit });
    expect(waits.get('c')).toEqual({ type: 'rate-limit', key: 'api', until: START + 10 });
    await clock.advance(10);
    expect(started).toEqual(['a', 'b']);
    expect(waits.get('c')).toEqual({ type: 'rate-limit', key: 'api', until: START + 20 });
  });

  it('wakes for the first of several rate limits', async () => {
    const { enqueue, clock, started } = createBench(5);
    enqueue('a', { rateLimit: { key: 'slow', limit: 1, interval: 100 } });
    enqueue('b', { rateLimit: { key: 'slow', limit: 1, interval: 100 } });
    enqueue('c', { toolName: 'other', rateLimit: { key: 'quick', limit: 1, interval: 10 } });
    enqueue('d', { toolName: 'other', rateLimit: { key: 'quick', limit: 1, interval: 10 } });
    await clock.advance(10);
    expect(started).toEqual(['a', 'c', 'd']);
    await clock.advance(90);
    expect(started).toEqual(['a', 'c', 'd', 'b']);
  });

  it('tells a call far down the line what it waits for now when it has moved up', () => {
    const { enqueue, waits, scheduler } = createBench(1);
    const ids = Array.from({ length: 100 }, (_, index) => `${index}`);
    enqueue('first', { toolName: 'other' });
    for (const id of ids) enqueue(id, { concurrency: 1 });
    expect(waits.get('99')).toEqual({ type: 'slot', scope: 'all' });
    scheduler.setConcurrency(5);
    expect(waits.get('15')).toEqual({ type: 'slot', scope: 'tool' });
    expect(waits.get('17')).toEqual({ type: 'slot', scope: 'all' });
    for (const id of ids.slice(0, 98)) scheduler.release([id]);
    expect(waits.get('99')).toEqual({ type: 'slot', scope: 'tool' });
  });

  it('keeps its order over thousands of calls', () => {
    const { enqueue, started, scheduler } = createBench(1);
    const ids = Array.from({ length: 3000 }, (_, index) => `${index}`);
    for (const id of ids) enqueue(id);
    for (const id of ids) scheduler.release([id]);
    expect(started).toEqual(ids);
  });

  it('goes on after a listener that threw', () => {
    const { enqueue, started, onStart } = createBench(2);
    onStart(() => {
      throw new Error('a broken listener');
    });
    expect(() => enqueue('a')).toThrow('a broken listener');
    onStart(undefined);
    enqueue('b');
    expect(started).toEqual(['a', 'b']);
  });
});
