// Owns: what a journal in the browser's own storage costs a batch.
import type { BenchCase, Probe } from '../bench-case.ts';
import type { JournalPage } from '../browser/pages/journal.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';
import { ratio } from '../statistics.ts';
import { showFigure } from '../table.ts';

declare const bench: JournalPage;

/** Batches of one sample: a hiccup of the disk is one of many. */
const BATCHES = 10;

export const journal: BenchCase = {
  name: 'journal',
  title:
    'A batch of 8 calls of 100 ms with a journal and without, in Chromium: from the request that they answer to the follow-up',
  rounds: { full: 8, quick: 2 },
  async open({ browser, page: buildPage }) {
    const server = await startChatServer(await buildPage());
    const tab = await (await browser()).newPage();
    await tab.goto(`${server.url}?page=./pages/journal`);
    await tab.waitForFunction('window.bench');

    const probe = (isWrite: boolean, hasJournal: boolean): Probe => ({
      contender: hasJournal ? 'with a journal' : 'without',
      what: isWrite ? '8 writes' : '8 reads',
      unit: 'ms',
      sample: () =>
        tab.evaluate(
          async ([isWriting, hasOne, batches]) => {
            await bench.mount({ journal: hasOne }, { isWrite: isWriting });
            // The code is compiled, and the database is open.
            await bench.run();
            let sum = 0;
            for (let batch = 0; batch < batches; batch++) sum += await bench.run();
            bench.unmount();
            return sum / batches;
          },
          [isWrite, hasJournal, BATCHES] as const,
        ),
    });
    const reads = { without: probe(false, false), with: probe(false, true) };
    const writes = { without: probe(true, false), with: probe(true, true) };
    return {
      probes: [...Object.values(reads), ...Object.values(writes)],
      judge(figureOf) {
        const row = (name: string, probes: typeof reads) => {
          const [without, withOne] = [figureOf(probes.without), figureOf(probes.with)];
          const added = withOne.median - without.median;
          return [name, showFigure(without, 'ms'), showFigure(withOne, 'ms'), `${added.toFixed(1)} ms`];
        };
        const slowdown = ratio(figureOf(reads.with), figureOf(reads.without));
        return {
          table: [['', 'without', 'with a journal', 'added'], row('8 reads', reads), row('8 writes', writes)],
          goals: [atMost('8 reads, with a journal ÷ without', slowdown, 1.05, 1.15)],
        };
      },
      async close() {
        await tab.close();
        server.close();
      },
    };
  },
};
