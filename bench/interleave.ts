// Owns: the order of samples. Each round takes one of every probe, each round begins with another one: what slows the machine down for a
// while slows all of them, and none has the first place for itself.
import type { Figure, Probe } from './bench-case.ts';
import { toFigure } from './statistics.ts';

/** Samples every probe `rounds` times, after one round that does not count, and so many times more as long as that `wantsMore`. */
export async function interleave(
  probes: readonly Probe[],
  rounds: number,
  wantsMore: (figures: ReadonlyMap<Probe, Figure>) => boolean = () => false,
): Promise<ReadonlyMap<Probe, Figure>> {
  const samples = new Map(probes.map((probe) => [probe, [] as number[]]));
  const toFigures = () => new Map([...samples].map(([probe, values]) => [probe, toFigure(values)]));
  let taken = -1;
  do {
    for (const end = Math.max(taken, 0) + rounds; taken < end; taken++) {
      const first = Math.max(taken, 0) % probes.length;
      for (const probe of [...probes.slice(first), ...probes.slice(0, first)]) {
        const sample = await probe.sample();
        if (taken >= 0) samples.get(probe)?.push(sample);
      }
    }
  } while (wantsMore(toFigures()));
  return toFigures();
}
