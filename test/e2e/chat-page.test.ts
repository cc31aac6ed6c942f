// Owns: what a page lives through, in a real Chromium and on real HTTP, counted at the server: each call once, one follow-up.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { carriedCalls, startChatPage, type ChatPageServer } from './chat-page-server.ts';
import { startBrowser } from './demo-server.ts';

let browser: Browser;
let server: ChatPageServer;
let page: Page;
let complaints: string[];

beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser?.close());

beforeEach(async () => {
  server = await startChatPage();
  const context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(server.url);
});

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  expect(complaints).toEqual([]);
  expect(server.problems).toEqual([]);
});

const card = (text: string) => page.locator('[data-slot="tool-call-card"]').filter({ hasText: text });
const statuses = (): Promise<(string | null)[]> =>
  page
    .locator('[data-slot="tool-call-card"]')
    .evaluateAll((cards) => cards.map((each) => each.getAttribute('data-status')));

/** Asks, and gives the first answer to write. */
async function ask() {
  await page.getByRole('button', { name: 'Ask' }).click();
  return server.chats.next();
}

/** Waits until nothing is at work, and a little for requests that nobody should have made. */
async function untilDone(text: string): Promise<void> {
  await page.getByText(text, { exact: true }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /^Done$/ })
    .waitFor();
}

describe('a page under StrictMode', () => {
  it('runs each call once and sends one follow-up', async () => {
    const first = await ask();
    first.start('m').call('a', 'read', { id: 'a' }).call('b', 'read', { id: 'b' }).call('w', 'write', { id: 'w' });
    const [a, b] = [await server.executions.next(), await server.executions.next()];
    first.finish();
    const w = await server.executions.next();
    for (const execution of [w, a, b]) execution.answer({ done: execution.name });
    const followUp = await server.chats.next();
    expect(carriedCalls(followUp)).toEqual(['a: output-available', 'b: output-available', 'w: output-available']);
    followUp.start('m').text('All three').finish('stop');
    await untilDone('All three');
    expect(server.executed()).toEqual(['read a', 'read b', 'write w']);
    expect(server.chats.all).toHaveLength(2);
  });
});

describe('a page that is reloaded in the middle of a batch', () => {
  it('runs its open reads again, asks for the write, and sends one follow-up with each call once', async () => {
    const first = await ask();
    first.start('m').call('a', 'read', { id: 'a' }).call('b', 'read', { id: 'b' }).call('w', 'write', { id: 'w' });
    first.finish();
    const before = [await server.executions.next(), await server.executions.next(), await server.executions.next()];
    before[0]!.answer('a');
    await expect.poll(statuses).toEqual(['succeeded', 'running', 'running']);
    // The result is in the messages that the page keeps before it goes.
    await expect.poll(() => page.evaluate(() => localStorage.getItem('messages'))).toContain('output-available');

    await page.reload();
    const again = await server.executions.next();
    expect(again.name).toBe('read b');
    await expect.poll(statuses).toEqual(['succeeded', 'running', 'interrupted']);
    expect(server.chats.all).toHaveLength(1);

    await card('write').getByRole('button', { name: 'Run' }).click();
    const write = await server.executions.next();
    expect(write).toMatchObject({ name: 'write w', idempotencyKey: before[2]!.idempotencyKey });
    write.answer('w');
    again.answer('b');
    const followUp = await server.chats.next();
    expect(carriedCalls(followUp)).toEqual(['a: output-available', 'b: output-available', 'w: output-available']);
    followUp.start('m').text('All three').finish('stop');
    await untilDone('All three');

    expect(server.executed(before.length)).toEqual(['read b', 'write w']);
    expect(server.chats.all).toHaveLength(2);
    // And nothing of it comes back with the next load.
    await page.reload();
    await page.getByText('All three', { exact: true }).waitFor();
    expect(server.chats.all).toHaveLength(2);
    expect(server.executions.all).toHaveLength(before.length + 2);
  });
});
