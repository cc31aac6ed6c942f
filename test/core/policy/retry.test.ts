import { describe, expect, it, vi } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

const atOnce = { retryDelay: 0 };

async function failUntilSettled({ fail, clock, status }: ReturnType<typeof createHandRunner>, id: string) {
  while (status(id) !== 'failed') {
    await fail(id);
    await clock.advance(0);
  }
}

describe('retry', () => {
  it.each([
    ['nothing said', {}, 1],
    ['destructive', { destructive: true }, 1],
    ['readOnly', { readOnly: true }, 3],
    ['idempotent', { idempotent: true }, 3],
    ['retry: 0', { readOnly: true, retry: 0 }, 1],
    ['retry: 1', { retry: 1 }, 2],
    ['retry: false', { readOnly: true, retry: false }, 1],
  ])('with %s makes as many attempts as are harmless', async (_, policy, attempts) => {
    const hand = createHandRunner({ tool: { ...policy, ...atOnce } });
    hand.start('tool', 'a');
    await failUntilSettled(hand, 'a');
    expect(hand.runs('a')).toBe(attempts);
    expect(hand.record('a').attempts).toHaveLength(attempts);
  });

  it('repeats for ever with true, until the call is cancelled', async () => {
    const { start, fail, clock, runs, runner, keyOf, status } = createHandRunner({ tool: { retry: true, ...atOnce } });
    start('tool', 'a');
    for (let index = 0; index < 20; index++) {
      await fail('a');
      await clock.advance(0);
    }
    expect(runs('a')).toBe(21);
    runner.cancel(keyOf('a'));
    expect(status('a')).toBe('cancelled');
  });

  it('asks a function, with the number of earlier failures and the error', async () => {
    const retry = vi.fn((failureCount: number) => failureCount < 1);
    const hand = createHandRunner({ tool: { retry, ...atOnce } });
    hand.start('tool', 'a');
    await failUntilSettled(hand, 'a');
    expect(retry.mock.calls).toEqual([
      [0, expect.objectContaining({ kind: 'execution', message: 'broken' })],
      [1, expect.objectContaining({ kind: 'execution' })],
    ]);
    expect(hand.runs('a')).toBe(2);
  });

  it('repeats after a timeout too', async () => {
    const { start, clock, running, runs } = createHandRunner({ tool: { retry: 1, timeout: 100, ...atOnce } });
    start('tool', 'a');
    await clock.advance(100);
    expect(running()).toEqual(['a']);
    expect(runs('a')).toBe(2);
  });

  it('does not repeat what could only fail again: an output that does not fit', async () => {
    const { start, succeed, status, runs } = createHandRunner({ tool: { retry: 5, ...atOnce } });
    start('tool', 'a');
    await succeed('a', 1n);
    expect(status('a')).toBe('failed');
    expect(runs('a')).toBe(1);
  });

  it('keeps what each attempt came to', async () => {
    const { start, record, fail, succeed, clock } = createHandRunner({ tool: { retry: 1, retryDelay: 50 } });
    start('tool', 'a');
    await clock.advance(10);
    await fail('a');
    const failedAt = clock.now();
    expect(record('a')).toMatchObject({
      status: 'retrying',
      retryAt: failedAt + 50,
      error: { message: 'broken' },
      startedAt: failedAt - 10,
    });
    await clock.advance(50);
    await succeed('a');
    expect(record('a').attempts).toMatchObject([
      { startedAt: failedAt - 10, endedAt: failedAt, error: { message: 'broken' } },
      { startedAt: failedAt + 50, endedAt: failedAt + 50 },
    ]);
    expect(record('a').startedAt).toBe(failedAt - 10);
  });

  it('says how many attempts there will be at most, where that is known', async () => {
    const { add, end, record, fail } = createHandRunner({ counted: { retry: 1 }, asked: { retry: () => true } });
    add('a', 'counted');
    add('b', 'asked');
    end();
    await fail('a');
    await fail('b');
    expect(record('a').maxAttempts).toBe(2);
    expect('maxAttempts' in record('b')).toBe(false);
  });

  it('gives every attempt its number and the same idempotency key', async () => {
    const { start, fail, clock, invocations } = createHandRunner({ tool: { retry: 1, ...atOnce } });
    start('tool', 'a');
    await fail('a');
    await clock.advance(0);
    expect(invocations.map(({ options }) => options.attempt)).toEqual([1, 2]);
    expect(new Set(invocations.map(({ options }) => options.idempotencyKey)).size).toBe(1);
  });

  it('drops what an attempt says after it failed', async () => {
    const { start, fail, clock, invocations, record } = createHandRunner({
      tool: { retry: 1, timeout: 10, ...atOnce },
    });
    start('tool', 'a');
    await clock.advance(10);
    invocations[0]!.options.reportProgress({ fraction: 0.9 });
    invocations[0]!.resolve('late');
    await clock.advance(5);
    expect(record('a')).toMatchObject({ status: 'running' });
    expect(record('a').progress).toBeUndefined();
    await fail('a');
  });

  it('fails the call, with both errors told, when the function throws', async () => {
    const { start, fail, error } = createHandRunner({
      tool: {
        retry: () => {
          throw new Error('no idea');
        },
      },
    });
    start('tool', 'a');
    await fail('a');
    expect(error('a')).toMatchObject({ kind: 'execution', cause: new Error('no idea') });
    expect(error('a')?.message).toBe('`retry` or `retryDelay` of tool, asked about "broken", threw: no idea');
  });

  it('takes only `true` for a yes: an async function would repeat for ever', async () => {
    const { start, fail, status } = createHandRunner({ tool: { retry: (async () => true) as never } });
    start('tool', 'a');
    await fail('a');
    expect(status('a')).toBe('failed');
  });

  it('does nothing more when the function itself cancels the call', async () => {
    const hand = createHandRunner({
      tool: {
        retry: () => {
          hand.runner.cancelAll();
          return true;
        },
      },
    });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.clock.pending).toBe(0);
  });
});
