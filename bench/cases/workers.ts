// Owns: what tools in workers give a page, and what a call there costs.
import type { BenchCase, Probe } from '../bench-case.ts';
import type { WorkersPage } from '../browser/pages/workers.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';

declare const bench: WorkersPage;

const CALLS = 8;
const MILLISECONDS = 200;

export const workers: BenchCase = {
  name: 'workers',
  title: `${CALLS} calls that compute for ${MILLISECONDS} ms each, in Chromium: on the page's thread and in workers; and calls that do nothing`,
  rounds: { full: 5, quick: 2 },
  async open({ browser, page: buildPage }) {
    const server = await startChatServer(await buildPage());
    const tab = await (await browser()).newPage();
    await tab.goto(`${server.url}?page=./pages/workers`);
    await tab.waitForFunction('window.bench');
    const run = (where: 'page' | 'workers', calls: number, milliseconds: number) =>
      tab.evaluate(([place, count, time]) => bench.run(place, count, time), [where, calls, milliseconds] as const);
    // The workers are there, and the code is compiled.
    for (const where of ['page', 'workers'] as const) await run(where, CALLS, 1);

    const probesOf = (where: 'page' | 'workers') => {
      let latest: Awaited<ReturnType<typeof run>> | undefined;
      const probe = (what: string, sample: () => Promise<number>): Probe => ({
        contender: where,
        what,
        unit: 'ms',
        sample,
      });
      return {
        together: probe('together', async () => (latest = await run(where, CALLS, MILLISECONDS)).together),
        longest: probe('longest task', async () => latest!.longest),
        empty: probe('one empty call', async () => {
          let sum = 0;
          for (let call = 0; call < 100; call++) sum += (await run(where, 1, 0)).together;
          return sum / 100;
        }),
      };
    };
    const [onPage, inWorkers] = [probesOf('page'), probesOf('workers')];
    return {
      probes: [...Object.values(onPage), ...Object.values(inWorkers)],
      judge(figureOf) {
        const median = (probe: Probe) => figureOf(probe).median;
        const row = (name: string, probes: typeof onPage) => [
          name,
          `${median(probes.together).toFixed(0)} ms`,
          `${median(probes.longest).toFixed(0)} ms`,
          `${median(probes.empty).toFixed(2)} ms`,
        ];
        return {
          table: [
            ['', 'all calls', 'the page does nothing else for', 'one empty call'],
            row('on the page', onPage),
            row('in workers', inWorkers),
          ],
          goals: [
            atMost('workers ÷ page, all calls', median(inWorkers.together) / median(onPage.together), 0.7, 0.6),
            atMost('workers ÷ page, longest task', median(inWorkers.longest) / median(onPage.longest), 0.1, 0.06),
          ],
          notes: [
            'The machine has two processors, and the page needs one of them.',
            'The rivals have no tools in workers: theirs run on the page.',
          ],
        };
      },
      async close() {
        await tab.close();
        server.close();
      },
    };
  },
};
