/**
 * Owns the attempts of one call: run `execute` once with a timeout and an abort signal, and decide after a failure whether and
 * when to try again. Exactly one of the callbacks of an attempt fires, once; what comes later is dropped.
 */
import type { CancelTimer, Clock } from './clock.ts';
import { createCancelledError, isResponse, ToolCallError, toToolCallError } from './errors.ts';
import { closeOutputStream, isOutputStream, openOutputStream, readOutputStream } from './output-stream.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import { readBody } from './response-body.ts';
import { whenChecked, type SchemaResult } from './schema.ts';

export interface AttemptOptions {
  /** Calls the tool. May throw, and give a value or a stream of preliminary outputs, at once or by a promise. */
  readonly execute: (abortSignal: AbortSignal) => unknown;
  /** The error of an output that says that the tool failed; it is not checked then. */
  readonly findFailure: (output: unknown) => ToolCallError | undefined;
  /** Checks the output; its time counts as the attempt's. */
  readonly check: (output: unknown) => SchemaResult | Promise<SchemaResult>;
  readonly timeout: number | false;
  readonly clock: Clock;
  /** The tool gave an output; whether it fits is in the result. */
  readonly onOutput: (result: SchemaResult) => void;
  readonly onFailure: (error: ToolCallError) => void;
  /** A value of a stream; the last one is also the output. */
  readonly onPreliminary: (output: unknown) => void;
}

export interface Attempt {
  /** Calls the tool. */
  run(): void;
  /** Ends the attempt without a callback: its signal is aborted with `error` as the reason. */
  cancel(error: ToolCallError): void;
}

/** A timer that comes this late was held up by a sleeping laptop or a background tab: the tool was held up as well. */
const LATE = 1_000;
/** What the tool gets then, once, to bring the result that it may have had in time. */
const GRACE = 5_000;

export function createAttempt(options: AttemptOptions): Attempt {
  const { timeout, clock } = options;
  const controller = new AbortController();
  let ended = false;
  let cancelTimer: CancelTimer | undefined;
  let source: AsyncIterator<unknown> | undefined;

  function end(): boolean {
    if (ended) return false;
    ended = true;
    cancelTimer?.();
    return true;
  }

  function succeed(output: unknown): void {
    if (ended) return;
    const failure = options.findFailure(output);
    if (failure !== undefined) return fail(failure);
    whenChecked(options.check(output), (result) => {
      if (end()) options.onOutput(result);
    });
  }

  function fail(thrown: unknown): void {
    if (ended) return;
    if (!isResponse(thrown)) return conclude(toToolCallError(thrown, clock.now()));
    // The service has answered: from here on only the reading of its words takes time.
    cancelTimer?.();
    cancelTimer = readBody(thrown, clock, (body) => conclude(toToolCallError(thrown, clock.now(), body)));
  }

  function conclude(error: ToolCallError): void {
    if (end()) options.onFailure(error);
  }

  function armTimeout(limit: number, startedAt: number): void {
    const deadline = startedAt + limit;
    cancelTimer = clock.setTimer(() => {
      const isLate = clock.now() - deadline > LATE;
      // A result that came in time may stand in the queue behind this timer: let it through before judging.
      cancelTimer = clock.setTimer(() => expire(limit), isLate ? Math.min(limit, GRACE) : 0);
    }, deadline - clock.now());
  }

  /** Takes what the tool gave: the output itself, or a stream of which the last value is the output. */
  function take(given: unknown): void {
    try {
      if (!isOutputStream(given)) return succeed(given);
      source = openOutputStream(given);
      if (ended) void closeOutputStream(source);
      else readOutputStream(source, options.onPreliminary, () => ended).then(succeed, fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  /** Tells the tool that nobody waits for it any more. */
  function abort(error: ToolCallError): void {
    controller.abort(error);
    if (source !== undefined) void closeOutputStream(source);
  }

  function expire(limit: number): void {
    end();
    abort(createCancelledError('timeout'));
    options.onFailure(new ToolCallError('timeout', `Timed out after ${formatSeconds(limit)}`));
  }

  return {
    run() {
      const startedAt = clock.now();
      try {
        const result = options.execute(controller.signal);
        // Only now: a timer takes time, and none can fire before this task ends.
        if (timeout !== false && !ended) armTimeout(timeout, startedAt);
        if (isOutputStream(result)) take(result);
        else Promise.resolve(result).then(take, fail);
      } catch (thrown) {
        fail(thrown);
      }
    },
    cancel(error) {
      if (end()) abort(error);
    },
  };
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
  clock: Pick<Clock, 'random'>,
): number | undefined {
  const { retry, retryDelay } = policy;
  const again =
    typeof retry === 'function' ? retry(failureCount, error) : typeof retry === 'number' ? failureCount < retry : retry;
  // Only a plain `true`: an async function's promise would repeat for ever.
  if (again !== true) return undefined;
  if (error.retryAfter !== undefined) return error.retryAfter;
  const delay = typeof retryDelay === 'function' ? retryDelay(failureCount, error) : retryDelay;
  // A function that gives no time (`NaN`, `undefined`) must neither stall the call nor make it hammer the service.
  if (delay !== undefined && Number.isFinite(delay) && delay >= 0) return delay;
  return clock.random() * Math.min(LONGEST_BACKOFF, FIRST_DELAY * 2 ** failureCount);
}
