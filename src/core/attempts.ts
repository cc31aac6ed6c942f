/**
 * Owns the attempts of one call: run `execute` once with a timeout and an abort signal, and decide after a failure whether and
 * when to try again. Exactly one of the callbacks of an attempt fires, once; what comes later is dropped.
 */
import type { Clock } from './clock.ts';
import { ToolCallError, toToolCallError } from './errors.ts';
import type { ResolvedToolPolicy } from './policy.ts';

export interface AttemptOptions {
  /** Calls the tool. May throw, return a value, a promise, or an `AsyncIterable` of preliminary outputs. */
  readonly execute: (abortSignal: AbortSignal) => unknown;
  readonly timeout: number | false;
  readonly clock: Clock;
  readonly onSuccess: (output: unknown) => void;
  readonly onFailure: (error: ToolCallError) => void;
  /** A value of an `AsyncIterable`; the last one is also the output. */
  readonly onPreliminary: (output: unknown) => void;
}

export interface Attempt {
  /** Ends the attempt without a callback: its signal is aborted with `error` as the reason. */
  cancel(error: ToolCallError): void;
}

/** A timer that comes this late was held up by a sleeping laptop or a background tab: the tool was held up as well. */
const LATE = 1_000;

export function startAttempt({ execute, timeout, clock, onSuccess, onFailure, onPreliminary }: AttemptOptions): Attempt {
  const controller = new AbortController();
  let ended = false;
  let cancelTimer = timeout === false ? undefined : armTimeout(timeout, timeout);

  function end(): boolean {
    if (ended) return false;
    ended = true;
    cancelTimer?.();
    return true;
  }

  function succeed(output: unknown): void {
    if (end()) onSuccess(output);
  }

  function fail(thrown: unknown): void {
    if (end()) onFailure(toToolCallError(thrown, clock.now()));
  }

  function armTimeout(delay: number, limit: number) {
    const deadline = clock.now() + delay;
    return clock.setTimer(() => {
      const late = clock.now() - deadline > LATE;
      // A result that came in time may stand in the queue behind this timer: let it through before judging.
      cancelTimer = late ? armTimeout(Math.min(limit, LATE), limit) : clock.setTimer(() => expire(limit), 0);
    }, delay);
  }

  function expire(limit: number): void {
    if (!end()) return;
    controller.abort(new ToolCallError('cancelled', `Timed out after ${limit} ms`, { by: 'timeout' }));
    onFailure(new ToolCallError('timeout', `Timed out after ${formatSeconds(limit)}`));
  }

  try {
    const result = execute(controller.signal);
    if (isAsyncIterable(result)) {
      consume(result, onPreliminary, () => ended).then(succeed, fail);
    } else {
      Promise.resolve(result).then(succeed, fail);
    }
  } catch (thrown) {
    fail(thrown);
  }

  return {
    cancel(error) {
      if (end()) controller.abort(error);
    },
  };
}

async function consume(source: AsyncIterable<unknown>, onValue: (value: unknown) => void, isEnded: () => boolean): Promise<unknown> {
  let last: unknown;
  for await (const value of source) {
    // Leaving the loop calls the source's `return`, so that a generator's `finally` runs.
    if (isEnded()) break;
    last = value;
    onValue(value);
  }
  return last;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function formatSeconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Number((milliseconds / 1000).toFixed(1))} s`;
}

/** Backoff before attempt `failureCount + 2`: from 1 s, doubling, at most 30 s, with full jitter (AWS, "Exponential backoff and jitter"). */
const FIRST_DELAY = 1_000;
const LONGEST_BACKOFF = 30_000;

/**
 * The delay before the next attempt in milliseconds, or `undefined` when the error is final. `failureCount` is the number of
 * attempts that failed before this one, so 0 after the first failure (TanStack Query counts the same way).
 */
export function nextDelay(
  policy: Pick<ResolvedToolPolicy, 'retry' | 'retryDelay'>,
  failureCount: number,
  error: ToolCallError,
  clock: Clock,
): number | undefined {
  if (error.kind !== 'execution' && error.kind !== 'timeout') return undefined;
  const { retry, retryDelay } = policy;
  const again = typeof retry === 'function' ? retry(failureCount, error) : typeof retry === 'number' ? failureCount < retry : retry;
  if (!again) return undefined;
  if (error.retryAfter !== undefined) return error.retryAfter;
  if (typeof retryDelay === 'function') return Math.max(0, Number(retryDelay(failureCount, error)) || 0);
  if (typeof retryDelay === 'number') return retryDelay;
  return clock.random() * Math.min(LONGEST_BACKOFF, FIRST_DELAY * 2 ** failureCount);
}
