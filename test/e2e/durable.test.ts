// Owns: a page that ends at a named moment, reloaded or with its renderer killed, in a real Chromium, with real storage, counted at a real
// server: each write reaches it once without a person's word, and each result that was seen is there.
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamRequest } from '../harness/stream-server.ts';
import { carriedCalls, startChatPage, type ChatPageServer, type ToolRequest } from './chat-page-server.ts';
import { startBrowser } from './demo-server.ts';
import { MOMENTS, type Moment, type MomentName } from './durable-moments.ts';

let browser: Browser;
let server: ChatPageServer;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), startChatPage()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage(): Promise<Page> {
  const opened = await context.newPage();
  opened.on('pageerror', (error) => complaints.push(String(error)));
  opened.on('console', (message) => {
    if (message.type() === 'warning') complaints.push(message.text());
  });
  await opened.goto(`${server.url}durable/`);
  return opened;
}

beforeEach(async () => {
  context = await browser.newContext();
  complaints = [];
  page = await openPage();
});

afterEach(async () => {
  await context?.close();
  server.forget();
  expect(complaints).toEqual([]);
  expect(server.problems).toEqual([]);
});

/** The ways in which a page ends. */
const ENDS = {
  'is reloaded': async () => void (await page.reload()),
  'is killed': async () => {
    const crashed = page.waitForEvent('crash');
    await killRenderers();
    await crashed;
    await page.close();
    page = await openPage();
  },
};

/** `kill -9` for the processes of pages: the browser is this test's own. They are gone when it returns, the spare one for the next page too. */
async function killRenderers(): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const list = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.flatMap(({ type, id }) => (type === 'renderer' ? id : []));
  };
  const killed = await list();
  for (const id of killed) process.kill(id, 'SIGKILL');
  await expect.poll(async () => (await list()).filter((id) => killed.includes(id))).toEqual([]);
  await session.detach();
}

/** The status of each call, as its card shows it: the store's, or that of its part. (A finished group is folded, and has no cards.) */
const statuses = (): Promise<string[]> =>
  page.evaluate(() => {
    const { messages = [], toolCalls } = globalThis.controls;
    const calls = Object.values(toolCalls?.store.getState().batches ?? {}).flatMap((batch) =>
      Object.values(batch.calls),
    );
    const words: Record<string, string> = { 'output-available': 'succeeded', 'output-error': 'failed' };
    return messages.flatMap(({ parts }) =>
      parts.flatMap((part) => {
        if (!('toolCallId' in part)) return [];
        const call = calls.find(({ toolCallId }) => toolCallId === part.toolCallId);
        return call?.status ?? words[String(part.state)] ?? String(part.state);
      }),
    );
  });
/** What a call waits for. */
const waits = (): Promise<unknown[]> =>
  page.evaluate(() =>
    Object.values(globalThis.controls.toolCalls?.store.getState().batches ?? {}).flatMap((batch) =>
      Object.values(batch.calls).map(({ waitingFor }) => waitingFor?.type),
    ),
  );

interface StoredCall {
  toolCallId: string;
  state: string;
  approved?: boolean;
}

/** What the page has stored of its calls, whatever it is held up by. */
const storedCalls = (): Promise<StoredCall[]> =>
  page.evaluate(async () => {
    const rows = (await globalThis.controls.disk?.read()) ?? [];
    return rows.flatMap(({ data }) => (data === null ? [] : (data as StoredCall)));
  });
const stored = async () => (await storedCalls()).map(({ toolCallId, state }) => `${toolCallId}: ${state}`).sort();
const keptMessages = () => page.evaluate(() => localStorage.getItem('messages') ?? '');
const set = (controls: object) => page.evaluate((next) => void Object.assign(globalThis.controls, next), controls);
const press = (name: string) => page.getByRole('button', { name }).first().click();

/** Asks, and gives the answer to write. */
async function ask(): Promise<StreamRequest> {
  await press('Ask');
  return (await server.chats.next()).start('m');
}

/** The model makes these calls, `write w` for example. */
async function makeCalls(...calls: string[]): Promise<void> {
  const answer = await ask();
  for (const call of calls) answer.call(call.split(' ')[1]!, call.split(' ')[0]!, { id: call.split(' ')[1] });
  answer.finish();
}

/** The tools at work by their names, once all of them have reached the server, in whatever order. */
async function runs(...names: string[]): Promise<Record<string, ToolRequest>> {
  const found: Record<string, ToolRequest> = {};
  for (const _ of names) {
    const request = await server.executions.next();
    found[request.name] = request;
  }
  expect(Object.keys(found).sort()).toEqual(names.sort());
  return found;
}

/** Brings the page to a moment. */
const REACH: Record<MomentName, () => Promise<void>> = {
  async 'while the answer that makes the write still streams'() {
    (await ask()).call('w', 'write', { id: 'w' });
    await expect.poll(stored).toEqual(['w: waiting']);
    await expect.poll(keptMessages).toContain('input-available');
  },
  async 'before the intent is stored'() {
    await set({ hold: 'before-strict' });
    await makeCalls('write w');
    await expect.poll(waits).toEqual(['plugin']);
    await expect.poll(stored).toEqual(['w: waiting']);
  },
  async 'while a write waits for its turn'() {
    await makeCalls('single w', 'single v');
    await server.executions.next();
    await expect.poll(stored).toEqual(['v: waiting', 'w: started']);
  },
  async 'after the intent, before the tool'() {
    await set({ hold: 'after-strict' });
    await makeCalls('write w');
    await expect.poll(stored).toEqual(['w: started']);
  },
  async 'in the tool'() {
    await makeCalls('write w');
    await server.executions.next();
    await expect.poll(keptMessages).toContain('input-available');
  },
  async 'after the outcome is stored, before it is in the messages'() {
    await makeCalls('write w', 'write v');
    const { 'write w': first } = await runs('write w', 'write v');
    await expect.poll(keptMessages).toContain('input-available');
    await set({ isForgetful: true });
    first!.answer({ done: 'w' });
    await expect.poll(stored).toEqual(['v: started', 'w: settled']);
  },
  async 'before the outcome is stored'() {
    await makeCalls('write w');
    const write = await server.executions.next();
    await set({ hold: 'before' });
    write.answer({ done: 'w' });
    await expect.poll(statuses).toEqual(['succeeded']);
    await expect.poll(keptMessages).toContain('output-available');
  },
  async 'between two results'() {
    await makeCalls('read r', 'write w', 'write v');
    const { 'write w': w } = await runs('read r', 'write w', 'write v');
    w!.answer({ done: 'w' });
    await expect.poll(stored).toContain('w: settled');
  },
  async 'before the follow-up is sent'() {
    await makeCalls('write w', 'read r');
    const { 'read r': r, 'write w': w } = await runs('read r', 'write w');
    w!.answer({ done: 'w' });
    await expect.poll(stored).toEqual(['w: settled']);
    await set({ hold: 'before' });
    r!.answer({ done: 'r' });
    await expect.poll(statuses).toEqual(['succeeded', 'succeeded']);
    await expect.poll(keptMessages).toMatch(/output-available.*output-available/);
  },
  async 'after it is noted that the follow-up is sent, before it leaves'() {
    await makeCalls('write w');
    const write = await server.executions.next();
    await set({ hold: 'after-closed' });
    write.answer({ done: 'w' });
    await expect.poll(keptMessages).toContain('output-available');
    await expect.poll(stored).toEqual(['w: settled']);
  },
  async 'in the stream of a follow-up whose results were not kept'() {
    await makeCalls('write w');
    const write = await server.executions.next();
    await expect.poll(keptMessages).toContain('input-available');
    await set({ isForgetful: true });
    write.answer({ done: 'w' });
    (await server.chats.next()).start('m').text('The refund');
    await page.getByText('The refund').waitFor();
  },
  async 'in the stream of the follow-up'() {
    await makeCalls('write w');
    (await server.executions.next()).answer({ done: 'w' });
    (await server.chats.next()).start('m').text('The refund');
    await page.getByText('The refund').waitFor();
    await expect.poll(keptMessages).toContain('The refund');
  },
  async 'during an approval'() {
    await makeCalls('refund w');
    await expect.poll(statuses).toEqual(['awaiting-approval']);
    await expect.poll(stored).toEqual(['w: waiting']);
  },
  async 'after an approval, while a write waits for its turn'() {
    await makeCalls('refund w', 'refund v');
    await expect.poll(statuses).toEqual(['awaiting-approval', 'awaiting-approval']);
    await page.evaluate(() => globalThis.controls.toolCalls?.approve('m/0'));
    await server.executions.next();
    await expect.poll(async () => (await storedCalls()).map(({ approved }) => approved)).toEqual([true, true]);
    await expect.poll(stored).toEqual(['v: waiting', 'w: started']);
  },
  async 'in the backoff between two attempts'() {
    await makeCalls('flaky w');
    (await server.executions.next()).answer({ error: 'busy' });
    await expect.poll(statuses).toEqual(['retrying']);
  },
  async 'while a failure is held'() {
    await makeCalls('careful w');
    (await server.executions.next()).answer({ error: 'No such order' });
    await expect.poll(statuses).toEqual(['failed']);
    await expect.poll(stored).toEqual(['w: settled']);
  },
  async 'in a retry after the batch was sent'() {
    await makeCalls('write w');
    (await server.executions.next()).answer({ error: 'busy' });
    (await server.chats.next()).start('m').text('It failed').finish('stop');
    await page.getByText('It failed').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.evaluate(() => globalThis.controls.toolCalls?.retryFailed('m/0'));
    await server.executions.next();
  },
  async 'while a person fills in a form'() {
    await makeCalls('form f', 'write w');
    (await server.executions.next()).answer({ done: 'w' });
    await expect.poll(stored).toEqual(['f: waiting', 'w: settled']);
  },
};

describe.each(Object.entries(ENDS))('a page that %s', (_, end) => {
  it.each(Object.entries(MOMENTS) as [MomentName, Moment][])(
    '%s',
    async (name, { shown, runs: again = [], writes, sends }) => {
      await REACH[name]();
      const before = server.executions.all.length;
      const chats = server.chats.all.length;
      await end();
      await expect.poll(statuses).toEqual(shown);
      await expect.poll(() => server.executed(before)).toEqual(again);
      await expect
        .poll(() => server.chats.all.slice(chats).map(carriedCalls))
        .toEqual(sends === undefined ? [] : [sends]);
      // A little, for requests that nobody should have made.
      await page.waitForTimeout(150);
      expect(server.executed(before)).toEqual(again);
      expect(
        server
          .executed()
          .filter((name) => !name.startsWith('read'))
          .sort(),
      ).toEqual([...writes].sort());
      expect(server.chats.all).toHaveLength(chats + (sends === undefined ? 0 : 1));
    },
  );
});

it('says what is known of a write, runs it on a person’s word with the same key, and sends one follow-up', async () => {
  await makeCalls('write w', 'write v');
  const { 'write w': first, 'write v': second } = await runs('write w', 'write v');
  first!.answer({ done: 'w' });
  await expect.poll(stored).toEqual(['v: started', 'w: settled']);
  await ENDS['is killed']();
  await expect.poll(statuses).toEqual(['succeeded', 'interrupted']);
  await press('Run');
  const again = await server.executions.next();
  expect(again).toMatchObject({ name: 'write v', idempotencyKey: second!.idempotencyKey });
  again.answer({ done: 'v' });
  const followUp = await server.chats.next();
  expect(carriedCalls(followUp)).toEqual(['w: output-available', 'v: output-available']);
  followUp.start('m').text('Both').finish('stop');
  await page.getByText('Both').waitFor();
  await page.reload();
  await page.getByText('Both').waitFor();
  expect(server.executed().sort()).toEqual(['write v', 'write v', 'write w']);
  expect(server.chats.all).toHaveLength(2);
});
