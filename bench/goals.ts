// Owns: the two kinds of goal, and the guard beside each: a wide bound on the same ratio, for a noisy machine.
import type { Goal } from './bench-case.ts';

/** `value` is to be at most `limit`; above `guard` it is a regression. */
export function atMost(name: string, value: number, limit: number, guard?: number): Goal {
  return { name, value, target: `at most ${limit}`, met: value <= limit, ...guarded(guard, (bound) => value <= bound) };
}

/** `value` is to be at least `limit`; below `guard` it is a regression. */
export function atLeast(name: string, value: number, limit: number, guard?: number): Goal {
  return {
    name,
    value,
    target: `at least ${limit}`,
    met: value >= limit,
    ...guarded(guard, (bound) => value >= bound),
  };
}

function guarded(guard: number | undefined, isKept: (bound: number) => boolean): Pick<Goal, 'guard'> {
  return guard === undefined ? {} : { guard: isKept(guard) ? 'kept' : 'broken' };
}
