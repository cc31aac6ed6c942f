// Owns: the order of samples. Each round takes one of every probe, each round begins with another one: what slows the machine down for a
// while slows all of them, and none has the first place for itself.
import type { Figure, Probe } from './bench-case.ts';
import { toFigure } from './statistics.ts';

/** Samples every probe `rounds` times, after one round that does not count. */
export async function interleave(probes: readonly Probe[], rounds: number): Promise<Map<Probe, Figure>> {
  const samples = new Map(probes.map((probe) => [probe, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    const first = Math.max(round, 0) % probes.length;
    for (const probe of [...probes.slice(first), ...probes.slice(0, first)]) {
      const sample = await probe.sample();
      if (round >= 0) samples.get(probe)?.push(sample);
    }
  }
  return new Map([...samples].map(([probe, values]) => [probe, toFigure(values)]));
}
