// Owns: what live cards cost the page: 100 calls that report 20 times each, in a chat of 200 messages.
import type { BenchCase } from '../bench-case.ts';
import type { RenderingCounts, RenderingPage } from '../browser/rendering.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';
import { toProbes } from '../shared-run.ts';
import { ratioToBest } from '../statistics.ts';

declare const bench: RenderingPage;

const timed = ['scripting, ms', 'longest task, ms', 'dropped frames'] as const;
const counted = ['commits', 'renders per card', 'renders of the header', 'card renders ÷ changes of calls'] as const;
const whats = [...timed, ...counted];
/** As many as the page makes. */
const callCount = 100;
type What = (typeof whats)[number];

export const rendering: BenchCase = {
  name: 'rendering',
  title: 'Rendering, in Chromium: 100 calls with 20 reports each, within about a second, in a chat of 200 messages',
  rounds: { full: 5, quick: 1 },
  async open({ browser, page: buildPage, hasRivals }) {
    const server = await startChatServer(await buildPage());
    const context = await (await browser()).newContext();

    async function run(file: string, counting: '' | '&count'): Promise<RenderingCounts & { scripting: number }> {
      const tab = await context.newPage();
      const session = await context.newCDPSession(tab);
      // The thread's own time: how busy the rest of the machine is does not show in it.
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await tab.goto(`${server.url}?page=${file}${counting}`);
      await tab.waitForFunction('window.bench');
      const readScripting = async () => {
        const { metrics } = await session.send('Performance.getMetrics');
        return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
      };
      const before = await readScripting();
      const counts = await tab.evaluate(() => bench.run());
      const scripting = (await readScripting()) - before;
      await tab.close();
      return { ...counts, scripting };
    }

    /** Once for the times, with the React DOM of production, and once for the counts, with the one that counts. */
    async function measure(file: string): Promise<Record<What, number>> {
      const { scripting, longestTask, droppedFrames } = await run(file, '');
      const { commits, rendersPerCard, headerRenders, callChanges } = await run(file, '&count');
      return {
        'scripting, ms': scripting,
        'longest task, ms': longestTask,
        'dropped frames': droppedFrames,
        commits,
        'renders per card': rendersPerCard,
        'renders of the header': headerRenders,
        'card renders ÷ changes of calls': callChanges === 0 ? 0 : (rendersPerCard * callCount) / callChanges,
      };
    }

    const rows = [
      { name: 'useParallelTools', file: './pages/rendering-ours' },
      { name: 'cards driven by parts (AI Elements’ way)', file: './pages/rendering-plain' },
      ...(hasRivals ? [{ name: 'assistant-ui', file: '../rivals/rendering-assistant-ui' }] : []),
    ].map(({ name, file }) => ({ name, probes: toProbes(name, whats, () => measure(file)) }));
    return {
      probes: rows.flatMap(({ probes }) => whats.map((what) => probes[what])),
      judge(figureOf) {
        const median = (index: number, what: What) => figureOf(rows[index]!.probes[what]).median;
        const [own, ...rivals] = rows.map(({ probes }) => figureOf(probes['scripting, ms']));
        return {
          table: [
            ['', ...whats],
            ...rows.map(({ name }, index) => [
              name,
              ...whats.map((what) => median(index, what).toFixed(what === 'card renders ÷ changes of calls' ? 2 : 1)),
            ]),
          ],
          goals: [
            atMost('scripting time ÷ best rival’s', ratioToBest(own!, rivals), 0.5),
            atMost('longest task, ms (0: none of 50 ms)', median(0, 'longest task, ms'), 50),
            // One a report, and those of its status.
            atMost('renders of a card', median(0, 'renders per card'), 25),
            // An update is a commit: it renders the header once at most, and the cards of the calls that changed.
            atMost('renders of the header ÷ commits', median(0, 'renders of the header') / median(0, 'commits'), 1),
          ],
          notes: [
            'Times: the React DOM that users get. Counts: a run of its own with the profiling build, which is much slower.',
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
