// Owns: how long the tools of a batch take. Nothing is drawn anew: every contender and every run has the same.
import { existsSync, readFileSync } from 'node:fs';

/** So many calls of 100 ms. */
export function fixed(calls: number): number[] {
  return Array.from({ length: calls }, () => 100);
}

/** Log-normal around 100 ms: the quantiles of the distribution, the slowest neither first nor last. */
export function logNormal(calls: number): number[] {
  const quantiles = Array.from({ length: calls }, (_, index) => Math.exp(0.5 * toNormal((index + 0.5) / calls)) * 100);
  const middle = Math.floor(calls / 2);
  return [...quantiles.slice(middle), ...quantiles.slice(0, middle)].map(Math.round);
}

/** Batch sizes of the Berkeley Function Calling Leaderboard's parallel cases, at so many quantiles; `undefined` without its file. */
export function bfclSizes(count: number): number[] | undefined {
  const path = process.env['BFCL'] ?? new URL('../../shared/bfcl/cases.json', import.meta.url);
  if (!existsSync(path)) return undefined;
  const cases: { n: number }[] = JSON.parse(readFileSync(path, 'utf8'));
  const sizes = cases.map(({ n }) => n).sort((left, right) => left - right);
  return Array.from({ length: count }, (_, index) => sizes[Math.floor(((index + 0.5) / count) * sizes.length)]!);
}

/** The normal distribution's quantile (Acklam's central approximation, good to 1e-4 where it is used here). */
function toNormal(share: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const value =
    t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  return share < 0.5 ? -value : value;
}
