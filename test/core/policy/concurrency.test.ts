import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

describe('concurrency of the runner', () => {
  it('runs ten calls at once by default', () => {
    const { start, running, wait } = createHandRunner({ read: {} });
    const ids = Array.from({ length: 11 }, (_, index) => `${index}`);
    start('read', ...ids);
    expect(running()).toEqual(ids.slice(0, 10));
    expect(wait('10')).toEqual({ type: 'slot', scope: 'all' });
  });

  it('starts the fourth call only after one of three settles', async () => {
    const { start, running, succeed } = createHandRunner({ read: {} }, { concurrency: 3 });
    start('read', 'a', 'b', 'c', 'd');
    expect(running()).toEqual(['a', 'b', 'c']);
    await succeed('b');
    expect(running()).toEqual(['a', 'c', 'd']);
  });

  it('gives a slot back whatever the tool does', async () => {
    const { start, running, fail, status } = createHandRunner({ read: {} }, { concurrency: 1 });
    start('read', 'a', 'b');
    await fail('a');
    expect(status('a')).toBe('failed');
    expect(running()).toEqual(['b']);
  });

  it('counts all batches together', () => {
    const { runner, start, running } = createHandRunner({ read: {} }, { concurrency: 1 });
    start('read', 'a');
    const other = runner.openBatch('later message', 0);
    const key = runner.addCall(other, { toolCallId: 'b', toolName: 'read', input: {} });
    runner.endStep(other);
    expect(running()).toEqual(['a']);
    expect(runner.store.getState().batches[other]?.calls[key]?.status).toBe('queued');
  });

  it('has no limit with Infinity', () => {
    const { start, running } = createHandRunner({ read: {} }, { concurrency: Infinity });
    const ids = Array.from({ length: 50 }, (_, index) => `${index}`);
    start('read', ...ids);
    expect(running()).toHaveLength(50);
  });

  it('is none while the runner is suspended, whatever is set meanwhile', async () => {
    const { runner, build, start, running, fail, status } = createHandRunner({ read: {} }, { concurrency: 1 });
    start('read', 'a', 'b', 'c');
    runner.setSuspended(true);
    await fail('a');
    runner.setOptions({ tools: build({ read: {} }), concurrency: 2 });
    expect(running()).toEqual([]);
    expect(status('b')).toBe('queued');
    runner.setSuspended(false);
    expect(running()).toEqual(['b', 'c']);
  });
});

describe('concurrency of a tool', () => {
  it('bounds its own calls and leaves the other slots to others', () => {
    const { add, end, running, wait } = createHandRunner({ slow: { concurrency: 1 }, quick: {} });
    add('a', 'slow');
    add('b', 'slow');
    add('c', 'quick');
    end();
    expect(running()).toEqual(['a', 'c']);
    expect(wait('b')).toEqual({ type: 'slot', scope: 'tool' });
  });

  it('starts calls in call order, whichever tool they are of', async () => {
    const { add, end, running, succeed } = createHandRunner({ one: { concurrency: 1 }, two: {} }, { concurrency: 2 });
    add('a', 'one');
    add('b', 'two');
    add('c', 'one');
    add('d', 'two');
    end();
    await succeed('a');
    expect(running()).toEqual(['b', 'c']);
    await succeed('b');
    expect(running()).toEqual(['c', 'd']);
  });

  it('tells a call anew when it waits for something else', async () => {
    const { add, end, wait, succeed } = createHandRunner({ one: { concurrency: 1 }, two: {} }, { concurrency: 2 });
    add('a', 'one');
    add('b', 'one');
    add('c', 'two');
    add('d', 'two');
    end();
    expect(wait('b')).toEqual({ type: 'slot', scope: 'tool' });
    expect(wait('d')).toEqual({ type: 'slot', scope: 'all' });
    await succeed('c');
    expect(wait('b')).toEqual({ type: 'slot', scope: 'tool' });
  });

  it('does not hold back a call of another tool that stands behind its own', async () => {
    const { add, end, running } = createHandRunner({ one: { concurrency: 1 }, two: {} }, { concurrency: 2 });
    add('a', 'one');
    add('b', 'one');
    add('c', 'two');
    end();
    expect(running()).toEqual(['a', 'c']);
  });
});
