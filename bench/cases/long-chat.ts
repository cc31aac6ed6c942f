// Owns: what a chat of 1,000 batches costs: time a batch, memory a call, and what is left when the page goes.
import type { CDPSession } from 'playwright';
import type { BenchCase, Probe } from '../bench-case.ts';
import type { LongChatPage } from '../browser/pages/long-chat.tsx';
import { startChatServer } from '../chat-server.ts';
import { atMost } from '../goals.ts';
import { toProbes } from '../shared-run.ts';
import { ratio, toFigure } from '../statistics.ts';

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

export const longChat: BenchCase = {
  name: 'long-chat',
  title: 'A long chat, in Chromium: batches of two calls, one after another; what is left after unmount',
  rounds: { full: 2, quick: 1, guard: 3 },
  async open({ quick, browser, page: buildPage }) {
    const batches = quick ? 300 : 1_000;
    const part = batches / 10;
    const server = await startChatServer(await buildPage());
    const context = await (await browser()).newContext();
    await context.addInitScript(countTimers);

    async function measure(isPlain: boolean): Promise<LongChat> {
      const tab = await context.newPage();
      const session = await context.newCDPSession(tab);
      await session.send('Performance.enable');
      await tab.goto(`${server.url}?page=./pages/long-chat`);
      await tab.waitForFunction('window.bench');
      const run = async (count: number) => {
        await tab.evaluate((plain) => bench.mount(plain), isPlain);
        const times = await tab.evaluate((number) => bench.run(number), count);
        const mounted = await readHeap(session);
        await tab.evaluate(() => bench.unmount());
        await tab.waitForTimeout(200);
        return { times, mounted, after: await readHeap(session) };
      };
      // As long as what is measured: code is compiled and caches are filled, and what a batch leaves behind shows as growth.
      const { after: before } = await run(batches);
      const { times, mounted, after } = await run(batches);
      const timers = await tab.evaluate<number>('window.pendingTimers()');
      await tab.close();
      const first = toFigure(times.slice(0, part)).median;
      const last = toFigure(times.slice(-part)).median;
      return {
        'last ÷ first': last / first,
        'ms, first': first,
        'ms, last': last,
        'bytes a call': (mounted.heap - before.heap) / (batches * 2),
        'heap after ÷ before': after.heap / before.heap,
        timers,
        listeners: after.listeners - before.listeners,
      };
    }

    const rows = [
      { name: 'useParallelTools', isPlain: false },
      { name: 'AI SDK by hand, no `await`', isPlain: true },
    ].map(({ name, isPlain }) => ({ name, probes: toProbes(name, whats, () => measure(isPlain)) }));
    const own = rows[0]!.probes;
    const plain = rows[1]!.probes;
    return {
      probes: rows.flatMap(({ probes }) => whats.map((what) => probes[what])),
      judge(figureOf) {
        const median = (probe: Probe) => figureOf(probe).median;
        return {
          table: [
            [`${batches} batches; the first ${part} against the last ${part}`, ...whats],
            ...rows.map(({ name, probes }) => [
              name,
              ...whats.map((what) => median(probes[what]).toFixed(what === 'bytes a call' ? 0 : 2)),
            ]),
          ],
          goals: [
            atMost('time of a batch, last ÷ first', median(own['last ÷ first']), 1.2),
            atMost(
              'the same, ÷ the AI SDK’s own',
              ratio(figureOf(own['last ÷ first']), figureOf(plain['last ÷ first'])),
              1.2,
              2.5,
            ),
            atMost('heap after unmount ÷ before', median(own['heap after ÷ before']), 1.05, 1),
            atMost('timers left after unmount', median(own.timers), 0),
            atMost('listeners left after unmount', median(own.listeners), 0),
          ],
          notes: [
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
  const { metrics } = await session.send('Performance.getMetrics');
  const valueOf = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heap: valueOf('JSHeapUsedSize'), listeners: valueOf('JSEventListeners') };
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
