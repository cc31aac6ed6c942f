/**
 * Owns time and randomness: the only file of core that touches them, so that tests can replace both.
 * Borrowed from TanStack Query's `timeoutManager`.
 */

/** Stops a timer or a frame request. Safe to call twice. */
export type CancelTimer = () => void;

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, `delay` milliseconds from now or later. */
  setTimer(callback: () => void, delay: number): CancelTimer;
  /** Calls back once, before the next frame; without a screen, after 16 ms. */
  setFrame(callback: () => void): CancelTimer;
  /** A number from 0 up to but not including 1. */
  random(): number;
}

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const LONGEST_DELAY = 2_147_483_647;

/** The real clock. Functions are looked up at each call, so that fake timers work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delay) {
    let handle: ReturnType<typeof setTimeout>;
    const arm = (left: number) => {
      handle = setTimeout(
        () => (left > LONGEST_DELAY ? arm(left - LONGEST_DELAY) : callback()),
        Math.min(left, LONGEST_DELAY),
      );
    };
    arm(Math.max(0, delay));
    return () => clearTimeout(handle);
  },
  setFrame(callback) {
    // A background tab draws no frames: there a timer must do.
    if (typeof requestAnimationFrame === 'function' && globalThis.document?.visibilityState === 'visible') {
      const handle = requestAnimationFrame(callback);
      return () => cancelAnimationFrame(handle);
    }
    const handle = setTimeout(callback, 16);
    return () => clearTimeout(handle);
  },
  random: () => Math.random(),
};
