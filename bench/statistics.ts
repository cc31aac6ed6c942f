// Owns: one figure from many samples, and how far it can be trusted. Medians, because a machine's hiccups are never on the quick side.
import type { Figure } from './bench-case.ts';

export function toFigure(samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75), samples };
}

/** Between two samples, in proportion. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('Expected at least one sample, got none.');
  return below + (above - below) * (place % 1);
}

/** A value made of medians, and the range in which it lies with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/**
 * What `combine` makes of the medians of figures that were sampled together, round by round, and its range by the bootstrap: rounds are drawn with
 * replacement, the same rounds for every figure, since what slowed a round down slowed all of them. The draws are the same in each run.
 */
export function estimate(figures: readonly Figure[], combine: (medians: readonly number[]) => number): Estimate {
  const rounds = Math.min(...figures.map(({ samples }) => samples.length));
  const random = createRandom(1);
  const values = Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: rounds }, () => Math.floor(random() * rounds));
    return combine(figures.map(({ samples }) => medianOf(drawn.map((round) => samples[round]!))));
  }).sort((left, right) => left - right);
  return {
    value: combine(figures.map(({ median }) => median)),
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
  };
}

/** One figure ÷ another of the same rounds. */
export const ratio = (over: Figure, under: Figure): Estimate => estimate([over, under], ([a = 0, b = 0]) => a / b);

/** One figure ÷ the smallest of the others. Which of them that is, is drawn anew each time: the choice is part of the noise. */
export const ratioToBest = (own: Figure, rivals: readonly Figure[]): Estimate =>
  estimate([own, ...rivals], ([value = 0, ...others]) => value / Math.min(...others));

const medianOf = (samples: readonly number[]): number =>
  quantile(
    samples.toSorted((left, right) => left - right),
    0.5,
  );

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
