// Owns: the list of cases, in the order in which they run.
import type { BenchCase } from '../bench-case.ts';
import { batchLatency } from './batch-latency.ts';
import { start } from './start.ts';

export const cases: readonly BenchCase[] = [batchLatency, start];
