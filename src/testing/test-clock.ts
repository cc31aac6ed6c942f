/**
 * Owns time in a test: a clock that stands still until it is moved. Timers fire in order of time, then of arming, and what one sets free runs before the next.
 */
import type { CancelTimer, Clock } from '../core/clock.ts';
import { nextTurn } from './event-loop.ts';

export interface TestClock extends Clock {
  /** Moves time on, and fires what falls due. */
  advance(milliseconds: number): Promise<void>;
  /** Moves time to the next timer and fires it; `false` where none is armed. */
  advanceToNext(): Promise<boolean>;
  /** Moves time without firing: a laptop that slept, a clock that was set. */
  jump(milliseconds: number): void;
  /** What `random` gives from now on. */
  setRandom(value: number): void;
  /** Takes this much of the clock's time: for tools and scripts. Rejects with the signal's reason once it is aborted. */
  sleep(milliseconds: number, options?: { readonly abortSignal?: AbortSignal | undefined }): Promise<void>;
  /** How many timers are armed, sleeps included. */
  readonly pending: number;
  /** How many sleeps have yet to end. */
  readonly sleeping: number;
}

export interface TestClockOptions {
  /** The time at the beginning (epoch milliseconds). @default 2026-01-01T00:00:00Z */
  now?: number | undefined;
  /** What `random` gives, from 0 up to but not including 1. @default 0.5 */
  random?: number | undefined;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Makes a clock. A frame passes by itself, as on a page; everything else waits until time is moved. */
export function createTestClock({ now = Date.UTC(2026), random = 0.5 }: TestClockOptions = {}): TestClock {
  const timers = new Set<Timer>();
  let sleeping = 0;

  function takeDue(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    if (first !== undefined) timers.delete(first);
    return first;
  }

  async function fire(timer: Timer): Promise<void> {
    now = Math.max(now, timer.at);
    timer.callback();
    await nextTurn();
  }

  function setTimer(callback: () => void, delay: number): CancelTimer {
    const timer = { at: now + Math.max(0, delay), callback };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  return {
    now: () => now,
    random: () => random,
    setTimer,
    setFrame(callback) {
      const frame = { isCancelled: false };
      const pass = async () => {
        await nextTurn();
        if (!frame.isCancelled) callback();
      };
      void pass();
      return () => void (frame.isCancelled = true);
    },
    async advance(milliseconds) {
      await nextTurn();
      const until = now + milliseconds;
      for (let timer = takeDue(until); timer !== undefined; timer = takeDue(until)) await fire(timer);
      now = Math.max(now, until);
    },
    async advanceToNext() {
      await nextTurn();
      const timer = takeDue(Infinity);
      if (timer !== undefined) await fire(timer);
      return timer !== undefined;
    },
    jump(milliseconds) {
      now += milliseconds;
    },
    setRandom(value) {
      random = value;
    },
    sleep(milliseconds, { abortSignal } = {}) {
      return new Promise((resolve, reject) => {
        if (abortSignal?.aborted === true) return reject(abortSignal.reason as Error);
        sleeping++;
        const end = () => {
          sleeping--;
          abortSignal?.removeEventListener('abort', abort);
        };
        const cancel = setTimer(() => {
          end();
          resolve();
        }, milliseconds);
        const abort = () => {
          cancel();
          end();
          reject(abortSignal?.reason as Error);
        };
        abortSignal?.addEventListener('abort', abort);
      });
    },
    get pending() {
      return timers.size;
    },
    get sleeping() {
      return sleeping;
    },
  };
}
