// Owns: a clock that a test moves by hand. Timers fire in order of time, then of arming; what they set free runs before the next one.
import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface FakeClock extends Clock {
  /** Moves time on, and fires what falls due. */
  advance(milliseconds: number): Promise<void>;
  /** Moves time to the next timer and fires it; `false` where none is armed. */
  advanceToNext(): Promise<boolean>;
  /** Moves time without firing: a laptop that slept, a clock that was set. */
  jump(milliseconds: number): void;
  /** What `random` gives from now on. */
  setRandom(value: number): void;
  /** How many timers are armed. */
  readonly pending: number;
}

export const START = 1_000_000;

/** Lets everything that is ready to go on go on. */
export const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createFakeClock(): FakeClock {
  const timers = new Set<Timer>();
  let now = START;
  let random = 0.5;

  function takeDue(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    if (first !== undefined) timers.delete(first);
    return first;
  }

  async function fire(timer: Timer): Promise<void> {
    now = Math.max(now, timer.at);
    timer.callback();
    await flush();
  }

  const clock: FakeClock = {
    now: () => now,
    random: () => random,
    setTimer(callback, delay) {
      const timer = { at: now + Math.max(0, delay), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    setFrame: (callback) => clock.setTimer(callback, 16),
    async advance(milliseconds) {
      await flush();
      const until = now + milliseconds;
      for (let timer = takeDue(until); timer !== undefined; timer = takeDue(until)) await fire(timer);
      now = Math.max(now, until);
    },
    async advanceToNext() {
      await flush();
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
    get pending() {
      return timers.size;
    },
  };
  return clock;
}
