// Owns: what a case is to the runner. A case knows its contenders and its goals; it measures one sample at a time.
import type { Browser } from 'playwright';

export interface BenchCase {
  /** Short; the key of the case in the JSON, and what `--case` takes. */
  readonly name: string;
  /** What is measured, from when to when. */
  readonly title: string;
  /** Samples of each figure: usually, with `--quick`, and with `--guard` if that is another number. */
  readonly rounds: { readonly full: number; readonly quick: number; readonly guard?: number };
  /** Gives the reason instead, where this machine lacks what the case needs. */
  open(bench: Bench): Promise<OpenCase | string>;
}

/** What the cases share. */
export interface Bench {
  readonly quick: boolean;
  /** Only what the guard looks at, often enough for its bounds. */
  readonly isGuard: boolean;
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
  /** Pictures for the docs: SVG, by the name of their file. */
  readonly drawings?: Readonly<Record<string, string>>;
}

export interface Goal {
  readonly name: string;
  readonly value: number;
  /** Where the value lies with 95 % confidence, of a ratio whose samples were interleaved. */
  readonly range?: readonly [low: number, high: number];
  readonly target: string;
  /** Within noise: the value is beyond the target, and the range is not. */
  readonly outcome: 'met' | 'met within noise' | 'not met';
  /**
   * A bound that only a regression crosses with its whole range; with `--guard` crossing it twice fails. Ratios only, no times. `isSharp`: the range is
   * so narrow that a slowdown of 1.3 × would have crossed it.
   */
  readonly guard?: { readonly bound: number; readonly isKept: boolean; readonly isSharp: boolean };
}
