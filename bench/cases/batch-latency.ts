// Owns: how long a batch of tool calls takes on a real chat stream, until the server has all results.
import type { BenchCase, Figure, Goal, Probe } from '../bench-case.ts';
import { awaiting, bare, openChatPages, ours, type ChatContender, type ChatPages } from '../chat-pages.ts';
import { atLeast, atMost } from '../goals.ts';
import { bfclSizes, fixed, logNormal } from '../latencies.ts';

interface Shape {
  readonly name: string;
  /** One or more batches, one after another. */
  readonly batches: readonly (readonly number[])[];
  readonly renderMilliseconds?: number;
}

const one: Shape = { name: '1 call', batches: [fixed(1)] };
const eight: Shape = { name: '8 calls', batches: [fixed(8)] };
const heavy: Shape = { name: '8 calls, heavy page', batches: [fixed(8)], renderMilliseconds: 30 };

function listShapes(quick: boolean): Shape[] {
  const sizes = bfclSizes(6);
  if (quick) return [one, eight, heavy];
  return [
    one,
    { name: '2 calls', batches: [fixed(2)] },
    eight,
    { name: '8 log-normal', batches: [logNormal(8)] },
    ...(sizes ? [{ name: `BFCL ${sizes.join(' ')}, log-normal`, batches: sizes.map(logNormal) }] : []),
    { name: '32 calls', batches: [fixed(32)] },
    heavy,
  ];
}

export const batchLatency: BenchCase = {
  name: 'batch-latency',
  title: 'Batch latency, in Chromium: from the arrival of the message at the server until all results are there',
  rounds: { full: 4, quick: 3 },
  async open(bench) {
    const pages = await openChatPages(bench);
    const shapes = listShapes(bench.quick);
    const rows = pages.contenders.map((contender) => ({
      contender,
      probes: new Map(shapes.map((shape) => [shape, toProbe(pages, contender, shape)])),
    }));
    return {
      probes: rows.flatMap(({ probes }) => [...probes.values()]),
      judge(figureOf) {
        const figure = (contender: ChatContender, shape: Shape): Figure =>
          figureOf(rows.find((row) => row.contender === contender)!.probes.get(shape)!);
        const table = rows.map(({ contender }) => [
          contender.name,
          ...shapes.map((shape) => showBatch(figure(contender, shape), shape)),
          (figure(contender, eight).median / figure(contender, one).median).toFixed(2),
        ]);
        return {
          table: [['ms · speed-up · share of limit', ...shapes.map(({ name }) => name), '8 ÷ 1'], ...table],
          goals: toGoals(pages.contenders, shapes, (contender, shape) => figure(contender, shape).median),
          notes:
            bench.quick || bfclSizes(1) ? [] : ['BFCL: its file is not here (set BFCL), so its sizes were left out.'],
        };
      },
      close: () => pages.close(),
    };
  },
};

function toProbe(pages: ChatPages, contender: ChatContender, { name, batches, renderMilliseconds }: Shape): Probe {
  return {
    contender: contender.name,
    what: name,
    unit: 'ms',
    async sample() {
      let total = 0;
      for (const latencies of batches) {
        total += (await pages.runBatch(contender, { latencies }, renderMilliseconds)).milliseconds;
      }
      return total;
    },
  };
}

function showBatch({ median }: Figure, shape: Shape): string {
  const { sequential, limit } = limitsOf(shape);
  return `${median.toFixed(1)} · ${(sequential / median).toFixed(2)} × · ${(limit / median).toFixed(3)}`;
}

/** One call after another, and what no client can beat: the slowest call of each batch. */
function limitsOf({ batches }: Shape): { sequential: number; limit: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);
  return { sequential: sum(batches.map(sum)), limit: sum(batches.map((batch) => Math.max(...batch))) };
}

function toGoals(
  contenders: readonly ChatContender[],
  shapes: readonly Shape[],
  median: (contender: ChatContender, shape: Shape) => number,
): Goal[] {
  const rivals = contenders.filter((contender) => contender !== ours && contender !== bare);
  const best = (shape: Shape) => Math.min(...rivals.map((rival) => median(rival, shape)));
  const ratio = (contender: ChatContender) => median(contender, eight) / median(contender, one);
  return [
    atMost('eight calls ÷ one call', ratio(ours), 1.3, 1.8),
    // The measure of the measurement: a run in which the serial pattern were not serial would prove nothing.
    atLeast(`eight calls ÷ one call, ${awaiting.name}`, ratio(awaiting), 6, 4),
    ...shapes.flatMap((shape) => [
      atLeast(
        `share of the limit, ${shape.name}`,
        limitsOf(shape).limit / median(ours, shape),
        0.97,
        shape === heavy ? 0.1 : 0.4,
      ),
      atLeast(
        `share of what bare fetch reaches, ${shape.name}`,
        median(bare, shape) / median(ours, shape),
        0.97,
        shape === heavy ? 0.15 : 0.5,
      ),
      atMost(`time ÷ best rival's, ${shape.name}`, median(ours, shape) / best(shape), 1, 2.5),
    ]),
  ];
}
