// Owns: one figure from many samples. Medians, because a machine's hiccups are never on the quick side.
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
