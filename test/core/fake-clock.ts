// Owns: the clock of the engine's own tests. It is the test kit's, but its frames wait for the test, too.
import type { Clock } from '../../src/core/clock.ts';
import { nextTurn } from '../../src/testing/event-loop.ts';
import { createTestClock, type TestClock } from '../../src/testing/test-clock.ts';

export type FakeClock = TestClock;

export const START = 1_000_000;

/** Lets everything that is ready to go on go on. */
export const flush = nextTurn;

export function createFakeClock(): FakeClock {
  const clock = createTestClock({ now: START });
  const setFrame: Clock['setFrame'] = (callback, wait = 0) => clock.setTimer(callback, Math.max(0, wait) + 16);
  return Object.assign(clock, { setFrame });
}
