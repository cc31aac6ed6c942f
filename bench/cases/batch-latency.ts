// Owns: how long a batch of tool calls takes on a real chat stream, until the server has all results.
import type { BenchCase, Figure, Goal, Probe } from '../bench-case.ts';
import { awaiting, bare, openChatPages, ours, type ChatContender, type ChatPages } from '../chat-pages.ts';
import { atLeast, atMost } from '../goals.ts';
import { bfclSizes, fixed, logNormal } from '../latencies.ts';
import { ratio, ratioToBest, type Estimate } from '../statistics.ts';

interface Shape {
  readonly name: string;
  /** One or more batches, one after another. */
  readonly batches: readonly (readonly number[])[];
  readonly renderMilliseconds?: number;
  /** What the guarded ratios usually are: the time ÷ that of one who is as quick as can be, and ÷ the best rival's. */
  readonly usually?: { readonly ofBareFetch: number; readonly ofBest: number };
}

const one: Shape = { name: '1 call', batches: [fixed(1)], usually: { ofBareFetch: 0.98, ofBest: 1 } };
const eight: Shape = { name: '8 calls', batches: [fixed(8)], usually: { ofBareFetch: 0.98, ofBest: 1 } };
const heavy: Shape = {
  name: '8 calls, heavy page',
  batches: [fixed(8)],
  renderMilliseconds: 30,
  usually: { ofBareFetch: 0.93, ofBest: 0.6 },
};

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
  rounds: { full: 8, quick: 3, guard: 9 },
  async open(bench) {
    const pages = await openChatPages(bench);
    const shapes = listShapes(bench.quick);
    // One call after another takes long, and the guard looks at it in one shape only.
    const isLeftOut = (contender: ChatContender, shape: Shape) =>
      bench.isGuard && contender === awaiting && shape === heavy;
    const rows = pages.contenders.map((contender) => ({
      contender,
      probes: new Map(
        shapes
          .filter((shape) => !isLeftOut(contender, shape))
          .map((shape) => [shape, toProbe(pages, contender, shape)]),
      ),
    }));
    return {
      probes: rows.flatMap(({ probes }) => [...probes.values()]),
      judge(figureOf) {
        const figure: FigureOf = (contender, shape) => {
          const probe = rows.find((row) => row.contender === contender)!.probes.get(shape);
          return probe && figureOf(probe);
        };
        const table = rows.map(({ contender }) => [
          contender.name,
          ...shapes.map((shape) => showBatch(figure(contender, shape), shape)),
          show(ratio(figure(contender, eight)!, figure(contender, one)!)),
        ]);
        const best = shapes.map((shape) => show(timeToBest(pages.contenders, shape, figure)));
        return {
          table: [
            ['ms · speed-up · share of limit', ...shapes.map(({ name }) => name), '8 ÷ 1'],
            ...table,
            ["useParallelTools: time ÷ best rival's", ...best, ''],
          ],
          goals: toGoals(pages.contenders, shapes, figure),
          notes: [
            'In brackets: where the ratio lies with 95 % confidence (bootstrap over the rounds; the choice of the best rival is part of it).',
            ...(bench.quick || bfclSizes(1)
              ? []
              : ['BFCL: its file is not here (set BFCL), so its sizes were left out.']),
          ],
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

type FigureOf = (contender: ChatContender, shape: Shape) => Figure | undefined;

/** Our time ÷ that of the quickest of the others, whoever that is. */
function timeToBest(contenders: readonly ChatContender[], shape: Shape, figure: FigureOf): Estimate {
  const rivals = contenders.filter((contender) => contender !== ours && contender !== bare);
  const others = rivals.flatMap((rival) => figure(rival, shape) ?? []);
  return ratioToBest(figure(ours, shape)!, others);
}

function show({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function showBatch(figure: Figure | undefined, shape: Shape): string {
  if (figure === undefined) return '';
  const { sequential, limit } = limitsOf(shape);
  const { median } = figure;
  return `${median.toFixed(1)} · ${(sequential / median).toFixed(2)} × · ${(limit / median).toFixed(3)}`;
}

/** One call after another, and what no client can beat: the slowest call of each batch. */
function limitsOf({ batches }: Shape): { sequential: number; limit: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);
  return { sequential: sum(batches.map(sum)), limit: sum(batches.map((batch) => Math.max(...batch))) };
}

function toGoals(contenders: readonly ChatContender[], shapes: readonly Shape[], figure: FigureOf): Goal[] {
  const growth = (contender: ChatContender) => ratio(figure(contender, eight)!, figure(contender, one)!);
  return [
    atMost('eight calls ÷ one call', growth(ours), 1.3, 1),
    // The measure of the measurement: a run in which the serial pattern were not serial would prove nothing.
    atLeast(`eight calls ÷ one call, ${awaiting.name}`, growth(awaiting), 6, 7.5),
    ...shapes.flatMap((shape) => [
      // Without a guard: that machine and timers are late counts in full.
      atLeast(`share of the limit, ${shape.name}`, limitsOf(shape).limit / figure(ours, shape)!.median, 0.97),
      atLeast(
        `share of what bare fetch reaches, ${shape.name}`,
        ratio(figure(bare, shape)!, figure(ours, shape)!),
        0.97,
        shape.usually?.ofBareFetch,
      ),
      atMost(`time ÷ best rival's, ${shape.name}`, timeToBest(contenders, shape, figure), 1, shape.usually?.ofBest),
    ]),
  ];
}
