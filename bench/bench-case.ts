// Owns: what a case is to the runner. A case knows its contenders and its goals; it measures one sample at a time.
import type { Browser } from 'playwright';

export interface BenchCase {
  /** Short; the key of the case in the JSON, and what `--case` takes. */
  readonly name: string;
  /** What is measured, from when to when. */
  readonly title: string;
  /** Samples of each figure: usually, and with `--quick`. */
  readonly rounds: { readonly full: number; readonly quick: number };
  open(bench: Bench): Promise<OpenCase>;
}

/** What the cases share. */
export interface Bench {
  readonly quick: boolean;
  /** Whether the packages of the rivals are there; without them a case leaves them out. */
  readonly hasRivals: boolean;
  browser(): Promise<Browser>;
  /** The folder of the built page. */
  page(): Promise<string>;
}

export interface OpenCase {
  /** The runner takes one sample of each in turn, round by round. */
  readonly probes: readonly Probe[];
  /** What the figures say; called once, after the last round. */
  judge(figureOf: (probe: Probe) => Figure): Verdict;
  close(): Promise<void> | void;
}

export interface Probe {
  readonly contender: string;
  readonly what: string;
  readonly unit: string;
  sample(): Promise<number> | number;
}

export interface Figure {
  readonly median: number;
  /** A quarter of the samples lies below. */
  readonly low: number;
  /** A quarter of the samples lies above. */
  readonly high: number;
  readonly samples: readonly number[];
}

export interface Verdict {
  readonly table: readonly (readonly string[])[];
  readonly goals: readonly Goal[];
  /** Said below the table: who cannot do the case, and why. */
  readonly notes?: readonly string[];
}

export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
  /** A bound so wide that only a regression crosses it; with `--guard` crossing it fails. Ratios only, no times. */
  readonly guard?: 'kept' | 'broken';
}
