// Owns: the list of cases, in the order in which they run.
import type { BenchCase } from '../bench-case.ts';
import { batchLatency } from './batch-latency.ts';
import { coalesce } from './coalesce.ts';
import { headline } from './headline.ts';
import { journal } from './journal.ts';
import { largeInput } from './large-input.ts';
import { longChat } from './long-chat.ts';
import { rendering } from './rendering.ts';
import { scheduler } from './scheduler.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import { torture } from './torture.ts';
import { workers } from './workers.ts';

export const cases: readonly BenchCase[] = [
  headline,
  batchLatency,
  start,
  scheduler,
  coalesce,
  largeInput,
  rendering,
  longChat,
  workers,
  torture,
  journal,
  size,
];
