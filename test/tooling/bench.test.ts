// Owns: what the bench says without a run: how far a ratio can be trusted, when a guard is broken, how many rounds are taken, the times that a recorded answer gets, the pictures,
// and that the docs have the crash matrix as the tests have it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crashTable } from '../../bench/crash-table.ts';
import { atLeast, atMost } from '../../bench/goals.ts';
import { drawHeadline, type Bar } from '../../bench/headline/draw.ts';
import {
  callWork,
  drawLatencies,
  idealOf,
  pace,
  PACE,
  type ProviderEvent,
  type Turn,
} from '../../bench/headline/turn.ts';
import { interleave } from '../../bench/interleave.ts';
import type { Timed } from '../../bench/order.ts';
import { createRandom, estimate, ratio, ratioToBest, toFigure } from '../../bench/statistics.ts';

describe('a ratio of two figures', () => {
  const steady = toFigure([100, 101, 99, 100, 102, 98, 100, 101]);
  const slower = toFigure([130, 131, 129, 130, 133, 127, 130, 131]);

  it('has a range that is narrow where the samples are', () => {
    const { value, low, high } = ratio(slower, steady);
    expect(value).toBeCloseTo(1.3, 2);
    expect(low).toBeGreaterThan(1.25);
    expect(high).toBeLessThan(1.35);
  });

  it('takes the same rounds of both, so that what slows a whole round down does not count', () => {
    const hiccups = [1, 1, 5, 1, 3, 1, 9, 1];
    const [own, other] = [slower, steady].map(({ samples }) =>
      toFigure(samples.map((sample, round) => sample * hiccups[round]!)),
    );
    const { low, high } = ratio(own!, other!);
    expect(low).toBeGreaterThan(1.2);
    expect(high).toBeLessThan(1.4);
  });

  it('is wide where the samples are far apart', () => {
    const { low, high } = ratio(toFigure([50, 200, 70, 150, 90, 120]), toFigure([100, 100, 100, 100, 100, 100]));
    expect(high / low).toBeGreaterThan(1.5);
  });

  it('is the same in each run', () => expect(ratio(slower, steady)).toEqual(ratio(slower, steady)));

  it('to the best of several counts the choice of the best as noise', () => {
    const twins = [steady, toFigure(steady.samples.toReversed())];
    const { value, low, high } = ratioToBest(steady, twins);
    expect(value).toBe(1);
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(1);
  });

  it('lies in its range', () => {
    const { value, low, high } = estimate([steady, slower], ([a = 0, b = 0]) => b - a);
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
  });
});

describe('a guard', () => {
  /** How many of 40 runs of nine rounds break a guard, on a machine whose samples vary by so much, when the ratio is so much worse than usual. */
  function brokenRuns(noise: number, slowdown: number): number {
    const random = createRandom(42);
    const sample = () =>
      100 * Math.exp(noise * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    const figure = (factor: number) => toFigure(Array.from({ length: 9 }, () => factor * sample()));
    const runs = Array.from({ length: 40 }, () => atMost('time', ratio(figure(slowdown), figure(1)), 1, 1));
    return runs.filter(({ guard }) => guard?.isKept === false).length;
  }

  it.each([0.01, 0.05, 0.1, 0.3])('is kept by a ratio that is as usual, with noise of %d', (noise) => {
    expect(brokenRuns(noise, 1)).toBe(0);
  });

  it('finds a slowdown of 1.3 × where a machine is as steady as one for tests', () => {
    expect(brokenRuns(0.03, 1.3)).toBe(40);
    expect(brokenRuns(0.05, 1.3)).toBeGreaterThanOrEqual(38);
  });

  it('is not broken by what a busy machine may have done', () => {
    expect(brokenRuns(0.3, 1.3)).toBeLessThan(12);
  });

  it('says whether a slowdown of 1.3 × could be told from noise', () => {
    expect(atMost('time', { value: 1, low: 0.9, high: 1.3 }, 1, 1).guard?.isSharp).toBe(true);
    expect(atMost('time', { value: 1, low: 0.85, high: 1 }, 1, 1).guard?.isSharp).toBe(false);
    expect(atLeast('share', { value: 1, low: 0.7, high: 1.1 }, 1, 1).guard?.isSharp).toBe(true);
    expect(atLeast('share', { value: 1, low: 1, high: 1.2 }, 1, 1).guard?.isSharp).toBe(false);
    expect(atMost('harm', 0, 0, 0).guard?.isSharp).toBe(true);
  });

  it('lets through what is usual, and breaks when it is 1.3 times slower', () => {
    expect(atMost('time', 0.7, 1, 0.7).guard?.isKept).toBe(true);
    expect(atMost('time', 0.7 * 1.1, 1, 0.7).guard?.isKept).toBe(true);
    expect(atMost('time', 0.7 * 1.3, 1, 0.7).guard?.isKept).toBe(false);
    expect(atLeast('share', 0.9, 1, 0.9).guard?.isKept).toBe(true);
    expect(atLeast('share', 0.9 / 1.3, 1, 0.9).guard?.isKept).toBe(false);
  });

  it('is not there where nobody says what is usual', () => expect(atMost('time', 5, 1)).not.toHaveProperty('guard'));
});

it.each([
  [0.98, 0.95, 1.01, 'met'],
  [1.01, 0.99, 1.03, 'met within noise'],
  [1.05, 1.02, 1.08, 'not met'],
])('a goal of at most 1 with %d (%d to %d) is %s', (value, low, high, outcome) => {
  expect(atMost('time', { value, low, high }, 1).outcome).toBe(outcome);
  expect(atLeast('share', { value: 1 / value, low: 1 / high, high: 1 / low }, 1).outcome).toBe(outcome);
});

it('takes as many rounds more as are wanted, each begun by another probe', async () => {
  const order: string[] = [];
  const probes = ['a', 'b'].map((contender) => ({
    contender,
    what: '',
    unit: '',
    sample: () => order.push(contender),
  }));
  const asked: number[] = [];
  const figures = await interleave(probes, 2, (known) => asked.push(known.get(probes[0]!)!.samples.length) < 3);
  expect(asked).toEqual([2, 4, 6]);
  expect(figures.get(probes[1]!)!.samples).toHaveLength(6);
  expect(order.join('')).toBe('ababbaabbaabba');
});

describe('an answer that was recorded without times', () => {
  const events: ProviderEvent[] = [
    { pieces: [{ type: 'text', delta: '12345678' }] },
    { pieces: [{ type: 'call-start', index: 0 }] },
    { pieces: [{ type: 'call-delta', index: 0, delta: '{"a":' }] },
    { pieces: [], hiddenCharacters: 4 },
    { pieces: [{ type: 'call-delta', index: 0, delta: '2}' }] },
    { pieces: [{ type: 'call-end', index: 0, input: { index: 0, milliseconds: 0 } }] },
  ];
  const token = 1_000 / PACE.tokensPerSecond;

  it('has a delta when all its tokens are written, those that nobody is shown too', () => {
    const times = pace(events).map(({ at }) => (at - PACE.firstToken) / token);
    expect(times).toEqual([2, 2, 4, 6, 6]);
  });

  it('has its input within that of `work`, in deltas that come to it', () => {
    const pieces = callWork(pace(events), [250]);
    const input = { index: 0, milliseconds: 250, arguments: { a: 2 } };
    expect(JSON.parse(pieces.map((piece) => (piece.type === 'call-delta' ? piece.delta : '')).join(''))).toEqual(input);
    expect(pieces.at(-1)).toMatchObject({ type: 'call-end', input });
  });

  it('cannot be over before its slowest tool and the answer in words', () => {
    const calls = callWork(pace(events), [250]);
    const text = pace([{ pieces: [{ type: 'text', delta: 'four' }] }]);
    const written = PACE.firstToken + 6 * token;
    const turn: Turn = { name: '', set: 'recorded', latencies: [250], script: { calls, text } };
    expect(idealOf(turn, 'when-complete')).toEqual({
      firstResult: written + 250,
      results: written + 250,
      lastWord: written + 250 + PACE.firstToken + token,
    });
  });
});

describe('two calls of 300 ms, complete at 800 ms only, of which the first was written at 700 ms', () => {
  const calls: Timed[] = [
    { type: 'call-delta', index: 0, delta: '{}', at: 700 },
    { type: 'call-delta', index: 1, delta: '{}', at: 790 },
    { type: 'call-end', index: 0, input: { index: 0, milliseconds: 300 }, at: 800 },
    { type: 'call-end', index: 1, input: { index: 1, milliseconds: 300 }, at: 800 },
  ];
  const text: Timed[] = [{ type: 'text', delta: 'Both', at: 600 }];
  const turn: Turn = { name: '', set: 'BFCL', latencies: [300, 300], script: { calls, text } };

  it.each([
    ['one-by-one', 1_100, 1_400],
    ['after-the-answer', 1_100, 1_100],
    ['when-complete', 1_100, 1_100],
    ['when-closed', 1_000, 1_090],
    ['known', 800, 800],
  ] as const)('%s: the first result at %d ms, all at %d', (way, firstResult, results) => {
    expect(idealOf(turn, way)).toEqual({ firstResult, results, lastWord: results + 600 });
  });
});

it('the tools of the headline have the same latencies in each run, around the median that is stated', () => {
  const latencies = drawLatencies(4_001, 7);
  expect(latencies).toEqual(drawLatencies(4_001, 7));
  const sorted = latencies.toSorted((left, right) => left - right);
  expect(sorted[2_000]).toBeGreaterThan(280);
  expect(sorted[2_000]).toBeLessThan(320);
  expect(sorted[3_800]).toBeGreaterThan(1_350);
  expect(sorted[3_800]).toBeLessThan(1_650);
});

it('the picture has a bar for each contender, the quickest first, and names without markup', () => {
  const bar = (name: string, lastWord: number): Bar => ({
    name,
    isOurs: false,
    written: 1_000,
    results: 2_000,
    firstResult: 1_500,
    lastWord,
  });
  const drawings = drawHeadline([bar('`await` <in> it', 4_000), bar('quick', 3_000)], [bar('part', 3_500)]);
  expect(Object.keys(drawings)).toEqual(['headline-light.svg', 'headline-dark.svg']);
  for (const drawing of Object.values(drawings)) {
    expect(drawing).toContain('await &lt;in&gt; it');
    expect(drawing.indexOf('>quick<')).toBeLessThan(drawing.indexOf('>await'));
    expect(drawing.match(/<circle/g)).toHaveLength(3 + 1);
    expect(drawing).not.toContain('NaN');
  }
});

it('the docs have the crash matrix of the tests: `node bench/write-docs.ts` writes it', () => {
  const docs = readFileSync('docs/contributing/benchmarks.md', 'utf8');
  const block = /<!-- bench crashes -->\n([^]*?)<!-- \/bench -->/.exec(docs)![1]!;
  const written = block
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.includes('---'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  expect(written).toEqual(crashTable());
});
