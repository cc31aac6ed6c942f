// Owns: a tab and a server for each row of the headline. All of them play at the same time: what slows the machine down slows all of them, and a turn is
// nearly all waiting.
import type { BrowserContext, Page } from 'playwright';
import type { Bench } from '../bench-case.ts';
import type { BenchPage, TurnTimes } from '../browser/main.tsx';
import { startChatServer, type ChatServer } from '../chat-server.ts';
import type { Timed } from '../order.ts';
import type { Row } from './rows.ts';
import type { Turn } from './turn.ts';

declare const bench: BenchPage;

/** How much quicker the model is in a turn that nobody measures. */
const HURRY = 20;

export interface HeadlinePage {
  readonly row: Row;
  /** One turn in a new chat. */
  play(turn: Turn): Promise<TurnOutcome>;
  /** The same, of which nothing is measured, and the model writes as quickly as it can. */
  rehearse(turn: Turn): Promise<void>;
}

export interface TurnOutcome extends TurnTimes {
  /** Milliseconds from the person's message, both as the server has them, until the results are there. */
  readonly results: number;
}

export interface HeadlinePages {
  readonly pages: readonly HeadlinePage[];
  close(): Promise<void>;
}

export async function openHeadlinePages({ browser, page }: Bench, rows: readonly Row[]): Promise<HeadlinePages> {
  const folder = await page();
  const context = await (await browser()).newContext();
  const servers = await Promise.all(rows.map(() => startChatServer(folder)));
  const pages: HeadlinePage[] = [];
  for (const [index, row] of rows.entries()) pages.push(await openRow(context, servers[index]!, row));
  return {
    pages,
    async close() {
      await context.close();
      for (const server of servers) server.close();
    },
  };
}

async function openRow(context: BrowserContext, server: ChatServer, row: Row): Promise<HeadlinePage> {
  const tab = await context.newPage();
  tab.on('pageerror', (error) => console.error(`${row.name}: ${error.message}`));
  await tab.goto(`${server.url}?contender=${row.query}`);
  await tab.waitForFunction('window.bench');

  /** In the chat that is mounted, which then has so many answers. */
  async function ask({ script, latencies, name }: Turn, answers: number): Promise<TurnOutcome> {
    const batch = server.serve({ script, latencies });
    const times = await tab.evaluate((count) => bench.time(count), answers);
    const { milliseconds, results } = await batch;
    if (results !== latencies.length) {
      throw new Error(`Expected ${row.name} to send ${latencies.length} results at once in ${name}, got ${results}.`);
    }
    return { ...times, results: milliseconds };
  }

  return {
    row,
    async play(turn) {
      await mount(tab);
      if (row.isAskedAgain) await ask(hurry(turn), 1);
      const outcome = await ask(turn, row.isAskedAgain ? 2 : 1);
      await tab.evaluate(() => bench.unmount());
      return outcome;
    },
    async rehearse(turn) {
      await mount(tab);
      await ask(hurry(turn), 1);
      await tab.evaluate(() => bench.unmount());
    },
  };
}

const mount = (tab: Page) => tab.evaluate(() => bench.mount(0));

function hurry(turn: Turn): Turn {
  const quicker = (pieces: readonly Timed[]) => pieces.map((piece) => ({ ...piece, at: piece.at / HURRY }));
  return { ...turn, script: { calls: quicker(turn.script.calls), text: quicker(turn.script.text) } };
}
