// Owns: what live cards cost the page: 100 calls that report 20 times each, in a chat of 200 messages.
import type { BenchCase, Probe } from '../bench-case.ts';
import type { RenderingPage } from '../browser/rendering.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';

declare const bench: RenderingPage;

const whats = ['scripting, ms', 'commits', 'renders per card', 'longest task, ms', 'dropped frames'] as const;
type What = (typeof whats)[number];

export const rendering: BenchCase = {
  name: 'rendering',
  title: 'Rendering, in Chromium: 100 calls with 20 reports each, within about a second, in a chat of 200 messages',
  rounds: { full: 3, quick: 1 },
  async open({ browser, page: buildPage, hasRivals }) {
    const server = await startChatServer(await buildPage());
    const context = await (await browser()).newContext();

    async function measure(file: string): Promise<Record<What, number>> {
      const tab = await context.newPage();
      const session = await context.newCDPSession(tab);
      await session.send('Performance.enable');
      await tab.goto(`${server.url}?page=${file}`);
      await tab.waitForFunction('window.bench');
      const readScripting = async () => {
        const { metrics } = await session.send('Performance.getMetrics');
        return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
      };
      const before = await readScripting();
      const { commits, rendersPerCard, longestTask, droppedFrames } = await tab.evaluate(() => bench.run());
      const scripting = (await readScripting()) - before;
      await tab.close();
      return {
        'scripting, ms': scripting,
        commits,
        'renders per card': rendersPerCard,
        'longest task, ms': longestTask,
        'dropped frames': droppedFrames,
      };
    }

    const rows = [
      { name: 'useParallelTools', file: './pages/rendering-ours' },
      { name: 'cards driven by parts (AI Elements’ way)', file: './pages/rendering-plain' },
      ...(hasRivals ? [{ name: 'assistant-ui', file: '../rivals/rendering-assistant-ui' }] : []),
    ].map(({ name, file }) => ({ name, probes: toProbes(name, () => measure(file)) }));
    return {
      probes: rows.flatMap(({ probes }) => whats.map((what) => probes[what])),
      judge(figureOf) {
        const median = (index: number, what: What) => figureOf(rows[index]!.probes[what]).median;
        const best = Math.min(...rows.slice(1).map((_, index) => median(index + 1, 'scripting, ms')));
        return {
          table: [
            ['', ...whats],
            ...rows.map(({ name }, index) => [name, ...whats.map((what) => median(index, what).toFixed(1))]),
          ],
          goals: [
            atMost('scripting time ÷ best rival’s', median(0, 'scripting, ms') / best, 0.5),
            atMost('longest task, ms (0: none of 50 ms)', median(0, 'longest task, ms'), 50),
            // One a report, and those of its status.
            atMost('renders of a card', median(0, 'renders per card'), 25),
          ],
          notes: [
            'TanStack AI and CopilotKit v2: their tools cannot report progress, and the packages here bring no cards.',
          ],
        };
      },
      async close() {
        await context.close();
        server.close();
      },
    };
  },
};

/** One run gives all the figures: whoever asks for one again begins the next run. */
function toProbes(contender: string, measure: () => Promise<Record<What, number>>): Record<What, Probe> {
  let result: Promise<Record<What, number>> | undefined;
  const read = new Set<What>();
  const toProbe = (what: What): Probe => ({
    contender,
    what,
    unit: '',
    async sample() {
      if (result === undefined || read.has(what)) {
        result = measure();
        read.clear();
      }
      read.add(what);
      return (await result)[what];
    },
  });
  return Object.fromEntries(whats.map((what) => [what, toProbe(what)])) as Record<What, Probe>;
}
