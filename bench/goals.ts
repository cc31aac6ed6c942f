// Owns: the two kinds of goal, and the guard beside each: a bound on the same ratio that a slowdown of 1.3 × crosses, and noise does not.
import type { Goal } from './bench-case.ts';
import type { Estimate } from './statistics.ts';

/**
 * A guard is broken when the whole range of its ratio is so many times worse than usual: not by a value whose range says that it may be the machine.
 * A slowdown of 1.3 × is found as long as the range reaches no further than some 11 % to the better side.
 */
const SLACK = 1.15;
/** What the guard is to find. */
const SLOWDOWN = 1.3;

/** `measured` is to be at most `limit`; `usually` is what a guarded ratio is on a machine that is busy with nothing else. */
export function atMost(name: string, measured: number | Estimate, limit: number, usually?: number): Goal {
  const { value, low, high } = toEstimate(measured);
  return {
    name,
    value,
    ...rangeOf(low, high),
    target: `at most ${limit}`,
    outcome: value <= limit ? 'met' : low <= limit ? 'met within noise' : 'not met',
    ...(usually !== undefined && {
      guard: {
        bound: usually * SLACK,
        isKept: low <= usually * SLACK,
        isSharp: low * SLOWDOWN >= value * SLACK,
      },
    }),
  };
}

/** `measured` is to be at least `limit`; `usually` is what a guarded ratio is on a machine that is busy with nothing else. */
export function atLeast(name: string, measured: number | Estimate, limit: number, usually?: number): Goal {
  const { value, low, high } = toEstimate(measured);
  return {
    name,
    value,
    ...rangeOf(low, high),
    target: `at least ${limit}`,
    outcome: value >= limit ? 'met' : high >= limit ? 'met within noise' : 'not met',
    ...(usually !== undefined && {
      guard: {
        bound: usually / SLACK,
        isKept: high >= usually / SLACK,
        isSharp: high * SLACK <= value * SLOWDOWN,
      },
    }),
  };
}

const toEstimate = (measured: number | Estimate): Estimate =>
  typeof measured === 'number' ? { value: measured, low: measured, high: measured } : measured;

const rangeOf = (low: number, high: number): Pick<Goal, 'range'> => (low === high ? {} : { range: [low, high] });

/** `1.004 (0.992 to 1.013)`: the value and the range in which it lies with 95 % confidence. */
export function showValue({ value, range }: Pick<Goal, 'value' | 'range'>): string {
  return range === undefined
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${range[0].toFixed(3)} to ${range[1].toFixed(3)})`;
}
