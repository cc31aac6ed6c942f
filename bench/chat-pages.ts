// Owns: one tab of Chromium a contender, and how it is driven.
import type { Page } from 'playwright';
import type { Bench } from './bench-case.ts';
import type { BenchPage } from './browser/main.tsx';
import { startChatServer, type Batch } from './chat-server.ts';
import type { Order } from './order.ts';

declare const bench: BenchPage;

export interface ChatContender {
  readonly name: string;
  readonly file: string;
}

/** This library, and those that it is measured against. */
export const ours: ChatContender = { name: 'useParallelTools', file: 'contenders/use-parallel-tools' };
export const awaiting: ChatContender = {
  name: 'AI SDK, `await` in `onToolCall` (its docs)',
  file: 'contenders/ai-sdk-await',
};
/** Not a rival: what nobody can be below. */
export const bare: ChatContender = { name: 'no library, bare `fetch`: the floor', file: 'contenders/bare-fetch' };
export const byHand: ChatContender = { name: 'AI SDK by hand, no `await`', file: 'contenders/ai-sdk-by-hand' };
const rivals: ChatContender[] = [
  { name: 'assistant-ui', file: 'rivals/assistant-ui' },
  { name: 'TanStack AI', file: 'rivals/tanstack-ai' },
  { name: 'CopilotKit v2', file: 'rivals/copilotkit' },
];

export const listContenders = (hasRivals: boolean): readonly ChatContender[] => [
  ours,
  awaiting,
  byHand,
  ...(hasRivals ? rivals : []),
];

export interface ChatPages {
  readonly contenders: readonly ChatContender[];
  /** One batch in a new chat, from the arrival of the user's message at the server to that of all results. */
  runBatch(contender: ChatContender, order: Order, renderMilliseconds?: number): Promise<Batch>;
  /** The starts of the last batch's calls. */
  takeStarts(contender: ChatContender): Promise<{ delay: number; ahead: number }[]>;
  close(): Promise<void>;
}

export async function openChatPages({ browser, page: buildPage, hasRivals }: Bench): Promise<ChatPages> {
  const contenders = [...listContenders(hasRivals), bare];
  const server = await startChatServer(await buildPage());
  const context = await (await browser()).newContext();
  const tabs = new Map<ChatContender, Page>();
  for (const contender of contenders) {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => console.error(`${contender.name}: ${error.message}`));
    await tab.goto(`${server.url}?contender=${contender.file}`);
    await tab.waitForFunction('window.bench');
    tabs.set(contender, tab);
  }
  return {
    contenders,
    async runBatch(contender, order, renderMilliseconds = 0) {
      const tab = tabs.get(contender)!;
      await tab.evaluate((milliseconds) => bench.mount(milliseconds), renderMilliseconds);
      const batch = server.serve(order);
      await tab.evaluate(() => bench.send());
      const { milliseconds, results } = await batch;
      await tab.evaluate(() => bench.answered(1));
      await tab.evaluate(() => bench.unmount());
      if (results !== order.latencies.length) {
        throw new Error(
          `Expected ${contender.name} to send ${order.latencies.length} results at once, got ${results}.`,
        );
      }
      return { milliseconds, results };
    },
    takeStarts: (contender) => tabs.get(contender)!.evaluate(() => bench.takeStarts()),
    async close() {
      await context.close();
      server.close();
    },
  };
}
