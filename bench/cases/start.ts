// Owns: how soon a call runs once its last byte is there, while the model goes on streaming.
import type { BenchCase } from '../bench-case.ts';
import { bare, byHand, openChatPages, ours, type ChatContender, type ChatPages } from '../chat-pages.ts';
import { atMost } from '../goals.ts';
import { showFigure } from '../table.ts';
import { toProbes } from '../shared-run.ts';
import { ratio, ratioToBest, toFigure } from '../statistics.ts';

const order = { latencies: Array.from({ length: 8 }, () => 1), gap: 25 };

export const start: BenchCase = {
  name: 'start',
  title:
    'Start, in Chromium: 8 calls, 25 ms apart: from a call’s last byte to `execute`, and from there to the end of the stream',
  rounds: { full: 8, quick: 4, guard: 12 },
  async open(bench) {
    const pages = await openChatPages(bench);
    const rows = pages.contenders.map((contender) => ({
      contender,
      ...toProbes(contender.name, ['delay', 'ahead'], () => measure(pages, contender)),
    }));
    return {
      probes: rows.flatMap(({ delay, ahead }) => [delay, ahead]),
      judge(figureOf) {
        const rivals = rows.filter(({ contender }) => contender !== ours && contender !== bare);
        const own = figureOf(rows.find(({ contender }) => contender === ours)!.delay);
        const toBest = ratioToBest(
          own,
          rivals.map(({ delay }) => figureOf(delay)),
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
            atMost('start: ms from last byte to execute', own.median, 1),
            atMost(
              'start ÷ by hand’s',
              ratio(own, figureOf(rows.find(({ contender }) => contender === byHand)!.delay)),
              1.1,
              1.4,
            ),
            atMost("start ÷ best rival's", toBest, 1),
          ],
        };
      },
      close: () => pages.close(),
    };
  },
};

/** Of one batch: the medians over its calls. */
async function measure(pages: ChatPages, contender: ChatContender): Promise<Record<'delay' | 'ahead', number>> {
  await pages.runBatch(contender, order);
  const starts = await pages.takeStarts(contender);
  return {
    delay: toFigure(starts.map(({ delay }) => delay)).median,
    ahead: toFigure(starts.map(({ ahead }) => ahead)).median,
  };
}
