// Owns: how soon a call runs once its last byte is there, while the model goes on streaming.
import type { BenchCase, Probe } from '../bench-case.ts';
import { bare, openChatPages, ours, type ChatContender, type ChatPages } from '../chat-pages.ts';
import { atMost } from '../goals.ts';
import { showFigure } from '../table.ts';
import { quantile } from '../statistics.ts';

const order = { latencies: Array.from({ length: 8 }, () => 1), gap: 25 };

export const start: BenchCase = {
  name: 'start',
  title:
    'Start, in Chromium: 8 calls, 25 ms apart: from a call’s last byte to `execute`, and from there to the end of the stream',
  rounds: { full: 8, quick: 4 },
  async open(bench) {
    const pages = await openChatPages(bench);
    const rows = pages.contenders.map((contender) => ({
      contender,
      delay: toProbe(pages, contender, 'delay'),
      ahead: toProbe(pages, contender, 'ahead'),
    }));
    return {
      probes: rows.flatMap(({ delay, ahead }) => [delay, ahead]),
      judge(figureOf) {
        const delays = rows.map(({ contender, delay }) => ({ contender, median: figureOf(delay).median }));
        const own = delays.find(({ contender }) => contender === ours)!.median;
        const best = Math.min(
          ...delays.filter(({ contender }) => contender !== ours && contender !== bare).map(({ median }) => median),
        );
        return {
          table: [
            ['', 'last byte → execute', 'before the end of the stream'],
            ...rows.map(({ contender, delay, ahead }) => [
              contender.name,
              showFigure(figureOf(delay), 'ms', 2),
              showFigure(figureOf(ahead), 'ms'),
            ]),
          ],
          goals: [
            atMost('start: ms from last byte to execute', own, 1),
            atMost("start ÷ best rival's", own / best, 1, 10),
          ],
        };
      },
      close: () => pages.close(),
    };
  },
};

function toProbe(pages: ChatPages, contender: ChatContender, what: 'delay' | 'ahead'): Probe {
  return {
    contender: contender.name,
    what: what === 'delay' ? 'last byte to execute' : 'execute to end of stream',
    unit: 'ms',
    async sample() {
      await pages.runBatch(contender, order);
      const starts = await pages.takeStarts(contender);
      const sorted = starts.map((each) => each[what]).sort((left, right) => left - right);
      return quantile(sorted, 0.5);
    },
  };
}
