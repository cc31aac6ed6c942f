// Owns: the case of the headline: a person's message, real answers of models at a real pace, tools that take as long as tools take, the last word.
import type { BenchCase, Goal, Probe } from '../bench-case.ts';
import { atMost } from '../goals.ts';
import { readBfclTurns } from '../headline/bfcl-turns.ts';
import { computeBars, drawHeadline, type Bar } from '../headline/draw.ts';
import { openHeadlinePages, type TurnOutcome } from '../headline/headline-pages.ts';
import { readRecordedTurns } from '../headline/recorded-turns.ts';
import { early, listRows, type Row } from '../headline/rows.ts';
import { endOf, idealOf, LATENCY, PACE, WAYS, type Turn, type TurnSet, type Way } from '../headline/turn.ts';
import { toProbes } from '../shared-run.ts';
import { ratio, toFigure, type Estimate } from '../statistics.ts';

type What = keyof TurnOutcome;
const WHATS: readonly What[] = ['lastWord', 'firstResult', 'results'];
const ways = Object.entries(WAYS) as [Way, string][];

export const headline: BenchCase = {
  name: 'headline',
  title: `A whole turn, in Chromium: from a person’s message to the last word of the answer to its calls, ${PACE.tokensPerSecond} tokens a second`,
  rounds: { full: 3, quick: 1 },
  async open(bench) {
    const count = bench.quick ? 4 : 12;
    const recorded = await readRecordedTurns(count);
    if (recorded === undefined) return 'the recorded answers are not here (set RECORDINGS).';
    const bfcl = readBfclTurns(count, recorded);
    const turns = [...recorded, ...(bfcl ?? [])];
    const sets: readonly TurnSet[] = bfcl ? ['recorded', 'BFCL'] : ['recorded'];
    const rows = listRows(bench.hasRivals);
    const { pages, close } = await openHeadlinePages(bench, rows);
    await Promise.all(pages.map((page) => page.rehearse(turns.at(-1)!)));

    const turnsOf = (set: TurnSet) => turns.filter((turn) => turn.set === set);
    const keys = rows.flatMap((row) => sets.flatMap((set) => WHATS.map((what) => ({ row, set, what }))));

    /** Of each row and turn, in every round that counts. */
    const outcomes = new Map(rows.map((row) => [row, new Map(turns.map((turn) => [turn, [] as TurnOutcome[]]))]));
    let round = 0;
    async function playRound(): Promise<Record<string, number>> {
      // The first round of a case does not count: one turn is enough for it.
      const played = round++ === 0 ? turns.slice(0, 1) : turns;
      for (const turn of played) {
        const each = await Promise.all(pages.map(async (page) => ({ row: page.row, outcome: await page.play(turn) })));
        if (played === turns) for (const { row, outcome } of each) outcomes.get(row)!.get(turn)!.push(outcome);
      }
      const latest = (row: Row, set: TurnSet, what: What) =>
        mean(turnsOf(set).flatMap((turn) => outcomes.get(row)!.get(turn)!.at(-1)?.[what] ?? []));
      return Object.fromEntries(keys.map(({ row, set, what }) => [keyOf(row, set, what), latest(row, set, what)]));
    }
    const shared = toProbes(
      '',
      keys.map(({ row, set, what }) => keyOf(row, set, what)),
      playRound,
    );
    const probes = new Map(
      keys.map(({ row, set, what }): [string, Probe] => {
        const key = keyOf(row, set, what);
        return [key, { ...shared[key]!, contender: row.name, what: `${set}: ${what}`, unit: 'ms' }];
      }),
    );

    /** A row's time for a turn: the median of its rounds. */
    const timeOf = (row: Row, turn: Turn, what: What): number =>
      toFigure(
        outcomes
          .get(row)!
          .get(turn)!
          .map((outcome) => outcome[what]),
      ).median;
    const documented = rows.find(({ kind }) => kind === 'documented')!;
    const own = rows.find(({ kind }) => kind === 'ours')!;
    return {
      probes: [...probes.values()],
      judge(figureOf) {
        const cells = (set: TurnSet, time: (turn: Turn, what: 'lastWord' | 'firstResult') => number) => {
          const faster = turnsOf(set).map((turn) => timeOf(documented, turn, 'lastWord') / time(turn, 'lastWord'));
          return [
            seconds(mean(turnsOf(set).map((turn) => time(turn, 'lastWord')))),
            showSpread(faster),
            seconds(mean(turnsOf(set).map((turn) => time(turn, 'firstResult')))),
          ];
        };
        const compare = (left: Row, right: Row, set: TurnSet, what: What): Estimate =>
          ratio(figureOf(probes.get(keyOf(left, set, what))!), figureOf(probes.get(keyOf(right, set, what))!));
        const goals: Goal[] = sets.flatMap((set) => {
          const words = describeSet(set, turns);
          return [
            atMost(`a whole turn ÷ the documented pattern’s, ${words}`, compare(own, documented, set, 'lastWord'), 1),
            atMost(`a whole turn, with early start ÷ without, ${words}`, compare(early, own, set, 'lastWord'), 1),
            atMost(
              `the first result, with early start ÷ without, ${words}`,
              compare(early, own, set, 'firstResult'),
              1,
            ),
          ];
        });
        return {
          table: [
            ['', ...sets.flatMap((set) => [`${describeSet(set, turns)}: last word`, 'times faster', 'first result'])],
            ...rows.map((row) => [
              row.name,
              ...sets.flatMap((set) => cells(set, (turn, what) => timeOf(row, turn, what))),
            ]),
            ...ways.map(([way, words]) => [
              `computed: ${words}`,
              ...sets.flatMap((set) => {
                const [lastWord, , firstResult] = cells(set, (turn, what) => idealOf(turn, way)[what]);
                return [lastWord!, showSpread(turnsOf(set).map((turn) => gainOf(turn, way))), firstResult!];
              }),
            ]),
          ],
          goals,
          notes: [
            'Last word, first result: mean seconds from the person’s message until a frame that shows it has been painted. Times faster: than the documented pattern, the median of the turns (the least to the most).',
            `Recorded: what ${count} models sent, two calls each, with the answer that followed. BFCL: ${count} prompts at the quantiles of the number of calls, every second with all calls complete at the end only; their answers are the recorded ones.`,
            `The recordings hold no times. They get ${PACE.tokensPerSecond} tokens a second by their deltas (four characters a token, a delta comes when it is written) after ${PACE.firstToken} ms for each answer. A tool takes a time that is log-normal, median ${LATENCY.median} ms, 95th percentile ${LATENCY.p95} ms, drawn once, the same for all.`,
            'Computed: a client, a network and a page that take no time; times faster than one call after another of the same kind.',
            'Known results: the question is asked a second time in the same chat.',
            ...(bfcl ? [] : ['BFCL: its file is not here (set BFCL), so it was left out.']),
          ],
          drawings: drawHeadline(rows.filter(({ kind }) => kind !== 'part').map(toBar), computeBars(turns)),
        };
        function toBar(row: Row): Bar {
          const meanOf = (what: What) => mean(turns.map((turn) => timeOf(row, turn, what)));
          return {
            name: row.name,
            isOurs: row.kind === 'ours',
            written: mean(turns.map(({ script }) => endOf(script.calls))),
            results: meanOf('results'),
            firstResult: meanOf('firstResult'),
            lastWord: meanOf('lastWord'),
          };
        }
      },
      close,
    };
  },
};

const keyOf = ({ name }: Row, set: TurnSet, what: What): string => `${name}, ${set}, ${what}`;

function describeSet(set: TurnSet, turns: readonly Turn[]): string {
  const calls = turns.flatMap((turn) => (turn.set === set ? turn.latencies.length : []));
  return `${calls.length} ${set === 'BFCL' ? 'BFCL' : 'recorded'} turns of ${[...new Set(calls)].join(', ')} calls`;
}

/** How many times faster than one call after another. */
const gainOf = (turn: Turn, way: Way): number => idealOf(turn, 'one-by-one').lastWord / idealOf(turn, way).lastWord;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;

function showSpread(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${toFigure(numbers).median.toFixed(2)} × (${least.toFixed(2)} to ${most.toFixed(2)})`;
}
