import { describe, expect, it } from 'vitest';
import { createHandRunner, flush } from '../hand-runner.ts';

describe('timeout', () => {
  it('is a minute by default', async () => {
    const { start, status, clock } = createHandRunner({ tool: {} });
    start('tool', 'a');
    await clock.advance(59_999);
    expect(status('a')).toBe('running');
    await clock.advance(1);
    expect(status('a')).toBe('failed');
  });

  it('fails the attempt and aborts its signal, saying why', async () => {
    const { start, error, clock, invocation } = createHandRunner({ tool: { timeout: 1500 } });
    start('tool', 'a');
    await clock.advance(1500);
    expect(error('a')).toMatchObject({ kind: 'timeout', message: 'Timed out after 1.5 s' });
    expect(invocation('a').options.abortSignal.aborted).toBe(true);
    expect(invocation('a').options.abortSignal.reason).toMatchObject({ kind: 'cancelled', by: 'timeout' });
  });

  it('drops a result that comes late', async () => {
    const { start, status, clock, succeed } = createHandRunner({ tool: { timeout: 100 } });
    start('tool', 'a');
    await clock.advance(100);
    await succeed('a');
    expect(status('a')).toBe('failed');
  });

  it('does not run while a call waits for a person, a slot or a lock', async () => {
    const { add, end, running, clock, runner, keyOf, succeed } = createHandRunner(
      { tool: { timeout: 100, locks: () => ({ write: ['key'] }) }, asked: { timeout: 100, approval: true } },
      { concurrency: 1 },
    );
    add('a', 'tool');
    add('b', 'tool');
    add('c', 'asked');
    end();
    await clock.advance(90);
    await succeed('a');
    await clock.advance(90);
    expect(running()).toEqual(['b']);
    await succeed('b');
    await clock.advance(1000);
    runner.approve(keyOf('c'));
    expect(running()).toEqual(['c']);
  });

  it('counts anew for each attempt', async () => {
    const { start, status, clock, fail } = createHandRunner({ tool: { timeout: 100, retry: 1, retryDelay: 0 } });
    start('tool', 'a');
    await clock.advance(90);
    await fail('a');
    await clock.advance(90);
    expect(status('a')).toBe('running');
    await clock.advance(10);
    expect(status('a')).toBe('failed');
  });

  it('is none with false', async () => {
    const { start, status, clock } = createHandRunner({ tool: { timeout: false } });
    start('tool', 'a');
    expect(clock.pending).toBe(0);
    await clock.advance(10_000_000);
    expect(status('a')).toBe('running');
  });

  it('lets a result through that stands in the queue behind the timer', async () => {
    const { start, status, clock, invocation } = createHandRunner({ tool: { timeout: 100 } });
    start('tool', 'a');
    clock.setTimer(() => invocation('a').resolve('in time'), 100);
    await clock.advance(100);
    expect(status('a')).toBe('succeeded');
  });

  it('gives a tool that slept with its laptop a moment to bring its result', async () => {
    const { start, status, clock, succeed } = createHandRunner({ tool: { timeout: 10_000 } });
    start('tool', 'a');
    clock.jump(3_600_000);
    await clock.advance(0);
    expect(status('a')).toBe('running');
    await clock.advance(4_000);
    await succeed('a');
    expect(status('a')).toBe('succeeded');
  });

  it('gives no longer a moment than the timeout itself', async () => {
    const { start, status, clock } = createHandRunner({ tool: { timeout: 100 } });
    start('tool', 'a');
    clock.jump(60_000);
    await clock.advance(99);
    expect(status('a')).toBe('running');
    await clock.advance(1);
    expect(status('a')).toBe('failed');
  });

  it('gives that moment once, however late its timers are', async () => {
    const { start, status, clock } = createHandRunner({ tool: { timeout: 10_000 } });
    start('tool', 'a');
    clock.jump(60_000);
    await clock.advance(0);
    clock.jump(60_000);
    await clock.advance(0);
    expect(status('a')).toBe('failed');
  });

  it('includes the check of the output, which may hang', async () => {
    const { start, error, clock, succeed } = createHandRunner({
      tool: {
        timeout: 100,
        outputSchema: { '~standard': { version: 1, vendor: 'test', validate: () => new Promise(() => {}) } },
      },
    });
    start('tool', 'a');
    await succeed('a');
    await clock.advance(100);
    expect(error('a')?.kind).toBe('timeout');
  });

  it('says milliseconds for a short one', async () => {
    const { start, error, clock } = createHandRunner({ tool: { timeout: 999 } });
    start('tool', 'a');
    await clock.advance(999);
    await flush();
    expect(error('a')?.message).toBe('Timed out after 999 ms');
  });
});
