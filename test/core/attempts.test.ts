import { describe, expect, it, vi } from 'vitest';
import { createAttempt, type AttemptOptions } from '../../src/core/attempts.ts';
import { createCancelledError } from '../../src/core/errors.ts';
import { createDeferred } from '../harness/deferred.ts';
import { createFakeClock, flush } from './fake-clock.ts';

function start(execute: AttemptOptions['execute'], options: Partial<AttemptOptions> = {}) {
  const clock = createFakeClock();
  const callbacks = { onOutput: vi.fn(), onFailure: vi.fn(), onPreliminary: vi.fn() };
  const check = (value: unknown) => ({ success: true as const, value });
  const findFailure = () => undefined;
  const attempt = createAttempt({ execute, findFailure, check, timeout: 100, clock, ...callbacks, ...options });
  attempt.run();
  return { clock, attempt, ...callbacks };
}

describe('createAttempt', () => {
  it.each([
    ['a value', () => 'done'],
    ['a promise', async () => 'done'],
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
    ['a thenable', () => ({ then: (resolve: (value: string) => void) => resolve('done') })],
  ])('hands on %s', async (_, execute) => {
    const { onOutput, onFailure, clock } = start(execute);
    await flush();
    expect(onOutput.mock.calls).toEqual([[{ success: true, value: 'done' }]]);
    expect(onFailure).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken');
      },
    ],
    [
      'gives a thenable whose getter throws',
      () => ({
        // oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
        get then() {
          throw new Error('broken');
        },
      }),
    ],
    [
      'gives an iterable that cannot be iterated',
      () => ({
        get [Symbol.asyncIterator]() {
          throw new Error('broken');
        },
      }),
    ],
    [
      'resolves to an iterable that cannot be iterated',
      async () => ({
        [Symbol.asyncIterator]() {
          throw new Error('broken');
        },
      }),
    ],
    [
      'resolves to what cannot be asked whether it is an iterable',
      async () => ({
        get [Symbol.asyncIterator]() {
          throw new Error('broken');
        },
      }),
    ],
    [
      'gives an iterator that gives nothing',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next() {
            throw new Error('broken');
          },
        }),
      }),
    ],
  ])('fails once when the tool %s', async (_, execute) => {
    const { onOutput, onFailure, clock } = start(execute);
    await flush();
    expect(onFailure.mock.calls).toEqual([[expect.objectContaining({ kind: 'execution', message: 'broken' })]]);
    expect(onOutput).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  async function* count() {
    yield 1;
    yield 2;
  }
  const readable = () =>
    new ReadableStream<number>({
      start(controller) {
        controller.enqueue(1);
        controller.enqueue(2);
        controller.close();
      },
    });

  it.each<[string, AttemptOptions['execute']]>([
    ['an AsyncIterable', count],
    ['a promise of an AsyncIterable', async () => count()],
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
    ['a thenable of an AsyncIterable', () => ({ then: (resolve: (value: unknown) => void) => resolve(count()) })],
    // oxlint-disable-next-line unicorn/no-thenable -- a query that is not sent before it is read, as the SDK reads it
    ['an AsyncIterable that is a thenable too', () => Object.assign(count(), { then: () => {} })],
    ['a ReadableStream', readable],
    ['a promise of a ReadableStream', async () => readable()],
    [
      'a ReadableStream where it has no iterator',
      () => Object.assign(readable(), { [Symbol.asyncIterator]: undefined }),
    ],
  ])('hands on every value of %s, and the last as the output', async (_, execute) => {
    const { onOutput, onFailure, onPreliminary } = start(execute);
    await flush();
    expect(onPreliminary.mock.calls).toEqual([[1], [2]]);
    expect(onOutput.mock.calls).toEqual([[{ success: true, value: 2 }]]);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it.each<[string, unknown]>([
    ['a list', [1, 2]],
    ['a generator', [1, 2].values()],
  ])('takes %s as the output itself', async (_, value) => {
    const { onOutput, onPreliminary } = start(() => value);
    await flush();
    expect(onPreliminary).not.toHaveBeenCalled();
    expect(onOutput.mock.calls).toEqual([[{ success: true, value: expect.anything() }]]);
    expect(onOutput.mock.calls[0]?.[0].value).toBe(value);
  });

  it('has no output from an empty AsyncIterable', async () => {
    const { onOutput } = start(async function* stream() {});
    await flush();
    expect(onOutput.mock.calls).toEqual([[{ success: true, value: undefined }]]);
  });

  it('fails with what an AsyncIterable throws', async () => {
    const { onFailure, onPreliminary } = start(async function* stream() {
      yield 1;
      throw new Error('broken');
    });
    await flush();
    expect(onPreliminary).toHaveBeenCalledTimes(1);
    expect(onFailure).toHaveBeenCalledWith(expect.objectContaining({ message: 'broken' }));
  });

  it('leaves an AsyncIterable that goes on after its end, and lets it tidy up', async () => {
    const next = createDeferred<number>();
    const tidied = vi.fn();
    const { attempt, onPreliminary, onOutput, onFailure } = start(async function* stream() {
      try {
        yield await next.promise;
        yield 2;
      } finally {
        tidied();
      }
    });
    attempt.cancel(createCancelledError('user'));
    next.resolve(1);
    await flush();
    expect(tidied).toHaveBeenCalledTimes(1);
    expect(onPreliminary).not.toHaveBeenCalled();
    expect(onOutput).not.toHaveBeenCalled();
    expect(onFailure).not.toHaveBeenCalled();
  });

  describe('that reads a stream which waits', () => {
    const given = {
      AsyncIterable: (onReturn: () => void) => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            onReturn();
            throw new Error('tidying up failed');
          },
        }),
      }),
      ReadableStream: (onReturn: () => void) => new ReadableStream({ cancel: onReturn }),
    };

    it.each(['AsyncIterable', 'ReadableStream'] as const)('closes it at a cancel: %s', async (kind) => {
      const onReturn = vi.fn();
      const { attempt, onOutput, onFailure, clock } = start(() => given[kind](onReturn));
      await flush();
      expect(onReturn).not.toHaveBeenCalled();
      attempt.cancel(createCancelledError('user'));
      await flush();
      expect(onReturn).toHaveBeenCalledTimes(1);
      expect(onOutput).not.toHaveBeenCalled();
      expect(onFailure).not.toHaveBeenCalled();
      expect(clock.pending).toBe(0);
    });

    it.each(['AsyncIterable', 'ReadableStream'] as const)('closes it at the timeout: %s', async (kind) => {
      const onReturn = vi.fn();
      const { clock, onFailure, onOutput } = start(async () => given[kind](onReturn));
      await clock.advance(100);
      expect(onReturn).toHaveBeenCalledTimes(1);
      expect(onFailure.mock.calls).toEqual([[expect.objectContaining({ kind: 'timeout' })]]);
      expect(onOutput).not.toHaveBeenCalled();
    });

    it.each(['AsyncIterable', 'ReadableStream'] as const)('closes one that comes too late unread: %s', async (kind) => {
      const onReturn = vi.fn();
      const late = createDeferred();
      const { attempt, onPreliminary, onFailure } = start(() => late.promise);
      attempt.cancel(createCancelledError('stop'));
      late.resolve(given[kind](onReturn));
      await flush();
      expect(onReturn).toHaveBeenCalledTimes(1);
      expect(onPreliminary).not.toHaveBeenCalled();
      expect(onFailure).not.toHaveBeenCalled();
    });
  });

  it('says nothing after it was cancelled, and tells the tool who did', async () => {
    const signals: AbortSignal[] = [];
    const result = createDeferred();
    const { attempt, onOutput, onFailure, clock } = start((signal) => {
      signals.push(signal);
      return result.promise;
    });
    const reason = createCancelledError('user');
    attempt.cancel(reason);
    attempt.cancel(createCancelledError('stop'));
    result.resolve('late');
    await flush();
    expect(signals[0]?.reason).toBe(reason);
    expect(onOutput).not.toHaveBeenCalled();
    expect(onFailure).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it('drops a rejection that comes after the timeout', async () => {
    const result = createDeferred();
    const { clock, onFailure } = start(() => result.promise);
    await clock.advance(100);
    result.reject(new Error('late'));
    await flush();
    expect(onFailure.mock.calls).toEqual([[expect.objectContaining({ kind: 'timeout' })]]);
  });

  it('does not check an output that comes late, and drops a check that comes late', async () => {
    const checked = createDeferred<{ success: true; value: unknown }>();
    const check = vi.fn(() => checked.promise);
    const { clock, onOutput } = start(() => 'done', { check });
    await clock.advance(100);
    checked.resolve({ success: true, value: 1 });
    const late = start(() => new Promise((resolve) => queueMicrotask(() => resolve(1))), { check });
    late.attempt.cancel(createCancelledError('user'));
    await flush();
    expect(check).toHaveBeenCalledTimes(1);
    expect(onOutput).not.toHaveBeenCalled();
  });

  it('hands on why an output does not fit', async () => {
    const { onOutput } = start(() => 1, { check: async () => ({ success: false, message: 'no' }) });
    await flush();
    expect(onOutput.mock.calls).toEqual([[{ success: false, message: 'no' }]]);
  });
});
