import { describe, expect, it } from 'vitest';
import { START } from '../fake-clock.ts';
import { createHandRunner } from '../hand-runner.ts';

describe('rateLimit', () => {
  it('starts at most so many calls in an interval, and says until when a call waits', async () => {
    const { start, running, wait, clock } = createHandRunner({ tool: { rateLimit: { limit: 2, interval: 1000 } } });
    start('tool', 'a', 'b', 'c');
    expect(running()).toEqual(['a', 'b']);
    expect(wait('c')).toEqual({ type: 'rate-limit', key: 'tool', until: START + 1000 });
    await clock.advance(999);
    expect(running()).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(running()).toEqual(['a', 'b', 'c']);
  });

  it('counts starts, however long the calls take', async () => {
    const { start, running, succeed } = createHandRunner({ tool: { rateLimit: { limit: 1, interval: 1000 } } });
    start('tool', 'a', 'b');
    await succeed('a');
    expect(running()).toEqual([]);
  });

  it('counts every attempt', async () => {
    const { start, running, wait, fail, clock } = createHandRunner({
      tool: { rateLimit: { limit: 1, interval: 1000 }, retry: 1, retryDelay: 10 },
    });
    start('tool', 'a');
    await fail('a');
    await clock.advance(10);
    expect(wait('a')).toEqual({ type: 'rate-limit', key: 'tool', until: START + 1000 });
    await clock.advance(990);
    expect(running()).toEqual(['a']);
  });

  it('is shared by tools with the same key, and by no others', () => {
    const shared = { rateLimit: { limit: 1, interval: 1000, key: 'api' } };
    const { add, end, running, wait } = createHandRunner({
      one: shared,
      two: shared,
      three: { rateLimit: { limit: 1, interval: 1000 } },
    });
    add('a', 'one');
    add('b', 'two');
    add('c', 'three');
    end();
    expect(running()).toEqual(['a', 'c']);
    expect(wait('b')).toMatchObject({ type: 'rate-limit', key: 'api' });
  });

  it('moves on the time that the next in line waits for', async () => {
    const { start, wait, clock, running } = createHandRunner({ tool: { rateLimit: { limit: 1, interval: 100 } } });
    start('tool', 'a', 'b', 'c');
    await clock.advance(100);
    expect(running()).toEqual(['a', 'b']);
    expect(wait('c')).toMatchObject({ until: START + 200 });
  });

  it('leaves no timer behind when the waiting call is cancelled', async () => {
    const { start, runner, clock } = createHandRunner({
      tool: { rateLimit: { limit: 1, interval: 100 }, timeout: false },
    });
    start('tool', 'a', 'b');
    expect(clock.pending).toBe(1);
    runner.cancelAll();
    expect(clock.pending).toBe(0);
  });
});
