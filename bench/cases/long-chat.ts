// Owns: what a long chat costs: time a batch, memory a call, and what is left when the page goes.
import type { CDPSession } from 'playwright';
import type { BenchCase, Probe } from '../bench-case.ts';
import type { LongChatPage } from '../browser/pages/long-chat.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';
import { toProbes } from '../shared-run.ts';
import { ratio } from '../statistics.ts';

declare const bench: LongChatPage;

const whats = [
  'last ÷ first',
  'ms, first',
  'ms, last',
  'bytes a call',
  'heap after ÷ before',
  'timers',
  'listeners',
] as const;
type LongChat = Record<(typeof whats)[number], number>;

/** Batches of a chat, and the calls of each. */
const shapes = [
  { full: 1_000, quick: 300, calls: 2 },
  { full: 200, quick: 100, calls: 20 },
];

export const longChat: BenchCase = {
  name: 'long-chat',
  title:
    'A long chat, in Chromium: one batch after another, the first tenth of them against the last; what is left after unmount',
  rounds: { full: 4, quick: 1, guard: 3 },
  async open({ quick, browser, page: buildPage }) {
    const server = await startChatServer(await buildPage());
    const context = await (await browser()).newContext();
    await context.addInitScript(countTimers);

    async function measure(isPlain: boolean, batches: number, calls: number): Promise<LongChat> {
      const part = batches / 10;
      const tab = await context.newPage();
      const session = await context.newCDPSession(tab);
      // The thread's own time: how busy the rest of the machine is does not show in it.
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await tab.goto(`${server.url}?page=./pages/long-chat`);
      await tab.waitForFunction('window.bench');
      /** Milliseconds of the page's thread for each of so many batches. */
      const time = async (count: number) => {
        const before = await readMetric(session, 'TaskDuration');
        await tab.evaluate((number) => bench.run(number), count);
        return (1_000 * ((await readMetric(session, 'TaskDuration')) - before)) / count;
      };
      const run = async () => {
        await tab.evaluate(([plain, size]) => bench.mount(plain, size), [isPlain, calls] as const);
        const first = await time(part);
        await time(batches - 2 * part);
        const last = await time(part);
        const mounted = await readHeap(session);
        await tab.evaluate(() => bench.unmount());
        await tab.waitForTimeout(200);
        return { first, last, mounted, after: await readHeap(session) };
      };
      // As long as what is measured: code is compiled and caches are filled, and what a batch leaves behind shows as growth.
      const { after: before } = await run();
      const { first, last, mounted, after } = await run();
      const timers = await tab.evaluate<number>('window.pendingTimers()');
      await tab.close();
      return {
        'last ÷ first': last / first,
        'ms, first': first,
        'ms, last': last,
        'bytes a call': (mounted.heap - before.heap) / (batches * calls),
        'heap after ÷ before': after.heap / before.heap,
        timers,
        listeners: after.listeners - before.listeners,
      };
    }

    const pairs = shapes.map(({ full, quick: few, calls }) => {
      const batches = quick ? few : full;
      const name = `${batches} batches of ${calls}`;
      const toRow = (contender: string, isPlain: boolean) => ({
        name: `${contender}, ${name}`,
        probes: toProbes(`${contender}, ${name}`, whats, () => measure(isPlain, batches, calls)),
      });
      return { name, own: toRow('useParallelTools', false), plain: toRow('AI SDK by hand, no `await`', true) };
    });
    const rows = pairs.flatMap(({ own, plain }) => [own, plain]);
    return {
      probes: rows.flatMap(({ probes }) => whats.map((what) => probes[what])),
      judge(figureOf) {
        const median = (probe: Probe) => figureOf(probe).median;
        return {
          table: [
            ['', ...whats],
            ...rows.map(({ name, probes }) => [
              name,
              ...whats.map((what) => median(probes[what]).toFixed(what === 'bytes a call' ? 0 : 2)),
            ]),
          ],
          goals: pairs.flatMap(({ name, own, plain }) => [
            atMost(`time of a batch, last ÷ first, ${name}`, median(own.probes['last ÷ first']), 1.2),
            atMost(
              `the same, ÷ the AI SDK’s own, ${name}`,
              ratio(figureOf(own.probes['last ÷ first']), figureOf(plain.probes['last ÷ first'])),
              1.1,
              1.1,
            ),
            atMost(`heap after unmount ÷ before, ${name}`, median(own.probes['heap after ÷ before']), 1.05, 1),
            atMost(`timers left after unmount, ${name}`, median(own.probes.timers), 0),
            atMost(`listeners left after unmount, ${name}`, median(own.probes.listeners), 0),
          ]),
          notes: [
            'ms: the time of the page’s thread for one batch, the mean.',
            'Bytes a call include what the AI SDK keeps: its messages.',
            'The rivals: not driven here; they keep no record of a call beside their messages.',
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

async function readHeap(session: CDPSession): Promise<{ heap: number; listeners: number }> {
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  return {
    heap: await readMetric(session, 'JSHeapUsedSize'),
    listeners: await readMetric(session, 'JSEventListeners'),
  };
}

async function readMetric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

/** Runs in the page before anything else. */
function countTimers(): void {
  const pending = new Set<number>();
  const { setTimeout: set, clearTimeout: clear, setInterval: repeat, clearInterval: stop } = window;
  Object.assign(window, {
    setTimeout(run: () => void, milliseconds?: number) {
      const id = set(() => {
        pending.delete(id);
        run();
      }, milliseconds);
      pending.add(id);
      return id;
    },
    clearTimeout(id: number) {
      pending.delete(id);
      clear(id);
    },
    setInterval(run: () => void, milliseconds?: number) {
      const id = repeat(run, milliseconds);
      pending.add(id);
      return id;
    },
    clearInterval(id: number) {
      pending.delete(id);
      stop(id);
    },
    pendingTimers: () => pending.size,
  });
}
