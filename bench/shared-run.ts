// Owns: figures that one run gives all at once, to a runner that takes them one sample at a time.
import type { Probe } from './bench-case.ts';

/** One run gives all the figures: whoever asks for one again begins the next run. */
export function toProbes<TWhat extends string>(
  contender: string,
  whats: readonly TWhat[],
  measure: () => Promise<Record<TWhat, number>>,
): Record<TWhat, Probe> {
  let result: Promise<Record<TWhat, number>> | undefined;
  const read = new Set<TWhat>();
  const toProbe = (what: TWhat): Probe => ({
    contender,
    what,
    unit: '',
    async sample() {
      if (result === undefined || read.has(what)) {
        result = measure();
        read.clear();
      }
      read.add(what);
      return (await result)[what];
    },
  });
  // SAFETY: one entry for each of the names, which are all that the type has.
  return Object.fromEntries(whats.map((what) => [what, toProbe(what)])) as Record<TWhat, Probe>;
}
