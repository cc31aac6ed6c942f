// Owns: what a case is to the runner. A case knows its contenders and its goals; it measures one sample at a time.

export interface BenchCase {
  /** Short; the key of the case in the JSON. */
  readonly name: string;
  /** What is measured, from when to when. */
  readonly title: string;
  /** Samples of each figure: usually, and with `--quick`. */
  readonly rounds: { readonly full: number; readonly quick: number };
  open(): Promise<OpenCase>;
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
  readonly unit: 'ms';
  sample(): Promise<number>;
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
}

export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}
