// Owns: what the scheduler alone costs, in Node: calls that do nothing, under limits and under locks.
import { createScheduler } from '../../src/core/scheduler.ts';
import { createToolRunner } from '../../src/core/standalone-runner.ts';
import { systemClock } from '../../src/core/clock.ts';
import { clientTool } from '../../src/core/tool.ts';
import { z } from 'zod';
import type { BenchCase, Probe } from '../bench-case.ts';
import { atLeast, atMost } from '../goals.ts';
import { ratio } from '../statistics.ts';
import { showFigure } from '../table.ts';

const concurrency = 10;
const RUNNER = 'runner: checks, events, store';
type Run = (calls: number) => Promise<void>;

export const scheduler: BenchCase = {
  name: 'scheduler',
  title: `Scheduler, in Node: calls that do nothing in a second of processor time, ${concurrency} at once; locks: a write lock each on one of 100 keys`,
  rounds: { full: 7, quick: 7, guard: 15 },
  async open({ quick, hasRivals }) {
    const many = quick ? 20_000 : 100_000;
    const rows: { name: string; few: Probe; many: Probe }[] = [
      toRow('scheduler, limit', (calls) => runScheduler(calls, false), many),
      toRow('scheduler, limit and locks', (calls) => runScheduler(calls, true), many),
      toRow(RUNNER, (calls) => runBatches(calls, calls === 1_000 ? 100 : calls), quick ? 2_000 : 10_000),
      ...(hasRivals ? await listRivals(many) : []),
    ];
    const [limit, locks, batches] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
    return {
      probes: rows.flatMap((row) => [row.few, row.many]),
      judge(figureOf) {
        const growth = (row: typeof limit) => ratio(figureOf(row.few), figureOf(row.many));
        const queue = rows.find(({ name }) => name === 'p-queue, limit');
        return {
          table: [
            [
              'thousand calls a second',
              '1,000 calls',
              `${many.toLocaleString('en')} calls`,
              'cost of one call, many ÷ few',
            ],
            ...rows.map((row) => [
              row.name,
              showFigure(figureOf(row.few), '', 0),
              showFigure(figureOf(row.many), '', 0),
              growth(row).value.toFixed(2),
            ]),
          ],
          goals: [
            atMost('cost of a call among many ÷ among 1,000, limit', growth(limit), 1.2, 1.5),
            atMost('cost of a call among many ÷ among 1,000, limit and locks', growth(locks), 1.2, 1.5),
            atMost('cost of a call in one large batch ÷ in batches of 100', growth(batches), 1.2, 1.2),
            ...(queue
              ? [
                  atLeast(
                    'calls a second with locks ÷ p-queue without',
                    ratio(figureOf(locks.many), figureOf(queue.many)),
                    0.5,
                  ),
                ]
              : [
                  atLeast(
                    'calls a second with locks ÷ without',
                    ratio(figureOf(locks.many), figureOf(limit.many)),
                    0.2,
                    0.4,
                  ),
                ]),
          ],
          notes: [
            `The runner’s columns: 1,000 calls in batches of 100, and one batch of ${quick ? '2,000' : '10,000'}.`,
            'p-queue and p-limit have no locks, no reasons for waiting and no call order by lock.',
          ],
        };
      },
      close() {},
    };
  },
};

/** Thousands of calls in a second of processor time, which other programs take nothing of; for few calls (run often enough to be as many) and for many. */
function toRow(name: string, run: Run, most: number): { name: string; few: Probe; many: Probe } {
  const probe = (calls: number): Probe => ({
    contender: name,
    what: `${calls} calls`,
    unit: 'thousand calls/s',
    async sample() {
      // As many calls in a sample of few: one that is over in a moment is at the mercy of whatever else runs.
      const times = Math.max(1, Math.floor(20_000 / calls));
      const before = process.cpuUsage();
      for (let time = 0; time < times; time++) await run(calls);
      const { user, system } = process.cpuUsage(before);
      return (calls * times) / ((user + system) / 1_000);
    },
  });
  return { name, few: probe(1_000), many: probe(most) };
}

const noLocks = new Map<string, 'read' | 'write'>();
const someLocks = Array.from({ length: 100 }, (_, key) => new Map([[`key:${key}`, 'write' as const]]));

function runScheduler(calls: number, isLocked: boolean): Promise<void> {
  return new Promise((resolve) => {
    let open = calls;
    const line = createScheduler({
      concurrency,
      clock: systemClock,
      async onStart([id = '']) {
        await nothing();
        line.release([id]);
        if (--open === 0) resolve();
      },
      onLocked() {},
      onWait() {},
    });
    for (let sequence = 0; sequence < calls; sequence++) {
      const locks = isLocked ? someLocks[sequence % someLocks.length]! : noLocks;
      line.enqueue({ id: String(sequence), sequence, toolName: 'work', concurrency, rateLimit: undefined, locks });
    }
  });
}

async function runBatches(calls: number, size: number): Promise<void> {
  const tools = { work: clientTool({ inputSchema: z.object({}), execute: nothing }) };
  const runner = createToolRunner({ tools, concurrency });
  const batch = Array.from({ length: size }, (_, index) => ({
    toolCallId: String(index),
    toolName: 'work',
    input: {},
  }));
  for (let done = 0; done < calls; done += batch.length) await runner.runCalls(batch);
}

async function listRivals(many: number) {
  const load = async (name: string) => (await import(new URL(`../rivals/${name}.ts`, import.meta.url).href)).run;
  const [queue, limit]: Run[] = await Promise.all([load('p-queue'), load('p-limit')]);
  return [toRow('p-queue, limit', queue!, many), toRow('p-limit, limit', limit!, many)];
}

async function nothing(): Promise<string> {
  return 'done';
}
