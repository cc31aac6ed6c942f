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
  /**
   * Calls back once, before the next frame; without a screen, after 16 ms. `wait`: so many milliseconds may pass before that. A clock on which frames
   * take no time need not wait.
   */
  setFrame(callback: () => void, wait?: number): CancelTimer;
  /** A number from 0 up to but not including 1. */
  random(): number;
}

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const LONGEST_DELAY = 2_147_483_647;

/** How long a frame may keep a page waiting that was seen when it asked (ms). */
const LATEST_FRAME = 250;

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
  setFrame(callback, wait = 0) {
    if (wait > 0) {
      let cancelNext = systemClock.setTimer(() => (cancelNext = systemClock.setFrame(callback)), wait);
      return () => cancelNext();
    }
    let frame: number | undefined;
    const cancel = () => {
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
    const run = () => {
      cancel();
      callback();
    };
    // A tab in the background draws no frames, and one may go there while it waits for one.
    const isSeen = typeof requestAnimationFrame === 'function' && globalThis.document?.visibilityState === 'visible';
    const timer = setTimeout(run, isSeen ? LATEST_FRAME : 16);
    if (isSeen) frame = requestAnimationFrame(run);
    return cancel;
  },
  random: () => Math.random(),
};
