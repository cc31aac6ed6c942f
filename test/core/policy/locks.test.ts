import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

interface Keys {
  read?: string[];
  write?: string[];
}
const locking = { locks: (keys: Keys) => keys };

describe('locks', () => {
  it('lets readers share a key', () => {
    const { add, end, running } = createHandRunner({ tool: locking });
    add('a', 'tool', { read: ['order'] });
    add('b', 'tool', { read: ['order'] });
    end();
    expect(running()).toEqual(['a', 'b']);
  });

  it('keeps a writer alone, and says whom the others wait for', async () => {
    const { add, end, running, wait, succeed, keyOf } = createHandRunner({ tool: locking });
    add('a', 'tool', { write: ['order'] });
    add('b', 'tool', { write: ['order'] });
    add('c', 'tool', { read: ['order'] });
    end();
    expect(running()).toEqual(['a']);
    expect(wait('b')).toEqual({ type: 'lock', key: 'order', heldBy: keyOf('a'), heldByToolName: 'tool' });
    expect(wait('c')).toEqual({ type: 'lock', key: 'order', heldBy: keyOf('a'), heldByToolName: 'tool' });
    await succeed('a');
    expect(running()).toEqual(['b']);
    expect(wait('c')).toEqual({ type: 'lock', key: 'order', heldBy: keyOf('b'), heldByToolName: 'tool' });
  });

  it('does not hold back calls of other keys', () => {
    const { add, end, running } = createHandRunner({ tool: locking });
    add('a', 'tool', { write: ['order 1'] });
    add('b', 'tool', { write: ['order 2'] });
    end();
    expect(running()).toEqual(['a', 'b']);
  });

  it('takes no slot while it waits for a lock', () => {
    const { add, end, running } = createHandRunner({ tool: locking, free: {} }, { concurrency: 2 });
    add('a', 'tool', { write: ['order'] });
    add('b', 'tool', { write: ['order'] });
    add('c', 'free');
    end();
    expect(running()).toEqual(['a', 'c']);
  });

  it('keeps the lock over backoff, and gives the slot away meanwhile', async () => {
    const { add, end, running, status, fail, succeed, clock } = createHandRunner(
      { tool: { ...locking, retry: 1, retryDelay: 100 }, free: {} },
      { concurrency: 1 },
    );
    add('a', 'tool', { write: ['order'] });
    add('b', 'tool', { write: ['order'] });
    add('c', 'free');
    end();
    await fail('a');
    expect(status('a')).toBe('retrying');
    expect(running()).toEqual(['c']);
    await succeed('c');
    expect(running()).toEqual([]);
    await clock.advance(100);
    expect(running()).toEqual(['a']);
    await succeed('a');
    expect(running()).toEqual(['b']);
  });

  it.each(['succeed', 'fail'] as const)('gives the lock back when the call %ss', async (outcome) => {
    const hand = createHandRunner({ tool: locking });
    hand.add('a', 'tool', { write: ['order'] });
    hand.add('b', 'tool', { write: ['order'] });
    hand.end();
    await hand[outcome]('a');
    expect(hand.running()).toEqual(['b']);
  });

  it('gives the lock back when the call is cancelled, in backoff too', async () => {
    const { add, end, running, fail, runner, keyOf } = createHandRunner({ tool: { ...locking, retry: 1 } });
    for (const id of ['a', 'b', 'c']) add(id, 'tool', { write: ['order'] });
    end();
    runner.cancel(keyOf('a'));
    expect(running()).toEqual(['b']);
    await fail('b');
    runner.cancel(keyOf('b'));
    expect(running()).toEqual(['c']);
  });

  it('gives the lock back at a timeout, to a tool that ignores its signal as well', async () => {
    const { add, end, running, clock } = createHandRunner({ tool: { ...locking, timeout: 50 } });
    add('a', 'tool', { write: ['order'] });
    add('b', 'tool', { write: ['order'] });
    end();
    await clock.advance(50);
    expect(running()).toEqual(['b']);
  });

  it('joins the line at its place in call order when it is approved late', () => {
    const { add, end, running, runner, keyOf, wait } = createHandRunner({
      tool: locking,
      asked: { ...locking, approval: true },
    });
    add('a', 'tool', { write: ['order'] });
    add('b', 'asked', { write: ['order'] });
    add('c', 'tool', { write: ['order'] });
    end();
    expect(wait('c')).toMatchObject({ heldBy: keyOf('a') });
    runner.approve(keyOf('b'));
    runner.cancel(keyOf('a'));
    expect(running()).toEqual(['b']);
    expect(wait('c')).toMatchObject({ heldBy: keyOf('b') });
  });

  it('holds no place before it is approved', () => {
    const { add, end, running } = createHandRunner({ tool: locking, asked: { ...locking, approval: true } });
    add('a', 'asked', { write: ['order'] });
    add('b', 'tool', { write: ['order'] });
    end();
    expect(running()).toEqual(['b']);
  });

  it('gets its input parsed', () => {
    const seen: unknown[] = [];
    const { add, end } = createHandRunner({
      tool: {
        inputSchema: { '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { id: 7 } }) } },
        locks: (input: unknown) => {
          seen.push(input);
          return {};
        },
      },
    });
    add('a', 'tool', { id: '7' });
    end();
    expect(seen).toEqual([{ id: 7 }]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no order');
      },
      'threw: no order',
    ],
    ['gives a promise', async () => ({ write: ['order'] }), 'at once, got a promise'],
    ['gives nothing', () => undefined, 'at once, got `undefined`'],
    ['misspells a field', () => ({ writes: ['order'] }), 'at once, got an object'],
    ['gives an array', () => ['order'], 'at once, got an array'],
    ['gives keys that are no strings', () => ({ write: [7] }), 'at once, got an object'],
    ['gives keys some of which are none', () => ({ write: ['order', 7] }), 'at once, got an object'],
    ['gives a string for the keys', () => ({ read: 'order' }), 'at once, got an object'],
  ])('fails the call, and does not run it, when the function %s', (_, locks, message) => {
    const { start, error, status, invocations } = createHandRunner({ tool: { locks: locks as never } });
    start('tool', 'a');
    expect(status('a')).toBe('failed');
    expect(error('a')?.kind).toBe('execution');
    expect(error('a')?.message).toContain('`locks` of tool threw');
    expect(error('a')?.message).toContain(message);
    expect(invocations).toEqual([]);
  });
});
