// Owns: one chat in two and three tabs of a real Chromium, with its locks, channels and storage, counted at a real server: whatever becomes of
// the tab that leads, each write reaches the server once without a person's word, and the chat goes on in another tab.
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { carriedCalls, startChatPage, type ChatPageServer, type ToolRequest } from './chat-page-server.ts';
import { startBrowser } from './demo-server.ts';

let browser: Browser;
let server: ChatPageServer;
let context: BrowserContext;
let complaints: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), startChatPage()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  complaints = [];
});
afterEach(async () => {
  await context?.close();
  server.forget();
  expect(complaints).toEqual([]);
  expect(server.problems).toEqual([]);
});

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(`${server.url}tabs/`);
  await page
    .getByRole('status')
    .getByText(/leading|following/)
    .waitFor();
  return page;
}

async function openTabs(count: number): Promise<[leader: Page, follower: Page, ...others: Page[]]> {
  const pages: Page[] = [];
  for (let opened = 0; opened < count; opened++) pages.push(await openTab());
  return pages as [Page, Page];
}

const roleOf = (page: Page) => page.getByRole('status').first().innerText();

/** The status of each call, as its card shows it. */
const statuses = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { messages = [], toolCalls } = globalThis.shared;
    const batches = Object.values(toolCalls?.store.getState().batches ?? {});
    const calls = batches.flatMap((batch) => Object.values(batch.calls));
    const words: Record<string, string> = { 'output-available': 'succeeded', 'output-error': 'failed' };
    return messages.flatMap(({ parts }) =>
      parts.flatMap((part) => {
        if (!('toolCallId' in part)) return [];
        const status = calls.find(({ toolCallId }) => toolCallId === part.toolCallId)?.status;
        return `${part.toolCallId}: ${status ?? words[String(part.state)] ?? String(part.state)}`;
      }),
    );
  });
const messagesOf = (page: Page) => page.evaluate(() => JSON.stringify(globalThis.shared.messages));

/** The model makes these calls, `write w` for example, asked in this tab. */
async function makeCalls(page: Page, ...calls: string[]): Promise<void> {
  await page.getByRole('button', { name: 'Ask' }).click();
  const answer = (await server.chats.next()).start('m');
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

async function answerFollowUp(...calls: string[]): Promise<void> {
  const followUp = await server.chats.next();
  expect(carriedCalls(followUp)).toEqual(calls);
  followUp.start('m').text('All is done').finish('stop');
}

async function expectSame(...pages: Page[]): Promise<void> {
  for (const page of pages) await page.getByText('All is done').waitFor();
  await expect.poll(async () => new Set(await Promise.all(pages.map(messagesOf))).size).toBe(1);
}

it('runs calls in one of three tabs, shows them in all, and does what a person wants in any, once', async () => {
  const [leader, follower, third] = await openTabs(3);
  expect(await Promise.all([leader, follower, third!].map(roleOf))).toEqual(['leading', 'following', 'following']);
  await makeCalls(third!, 'refund a', 'read r');
  (await server.executions.next()).answer({ found: 'r' });
  for (const page of [leader, follower, third!])
    await expect.poll(() => statuses(page)).toEqual(['a: awaiting-approval', 'r: succeeded']);
  await follower.getByRole('button', { name: 'Approve' }).first().click();
  (await server.executions.next()).answer({ paid: 'a' });
  await answerFollowUp('a: output-available', 'r: output-available');
  await expectSame(leader, follower, third!);
  expect(server.executed().sort()).toEqual(['read r', 'refund a']);
  expect(server.chats.all).toHaveLength(2);
});

it('shows the effect of a command where it was given, soon', async () => {
  const [leader, follower] = await openTabs(2);
  await makeCalls(leader, 'refund a', 'refund b', 'refund c', 'refund d', 'refund e');
  await expect.poll(async () => (await statuses(follower)).length).toBe(5);
  await follower.bringToFront();
  const times: number[] = [];
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    times.push(
      await follower.evaluate(
        (key) =>
          new Promise<number>((resolve) => {
            const { toolCalls } = globalThis.shared;
            const startedAt = performance.now();
            const stop = toolCalls!.store.subscribe(({ batches }) => {
              if (batches['m/0']?.calls[key]?.status === 'awaiting-approval') return;
              stop();
              resolve(performance.now() - startedAt);
            });
            toolCalls!.approve(key);
          }),
        `m/0/${id}`,
      ),
    );
  }
  await runs('refund a', 'refund b', 'refund c', 'refund d', 'refund e');
  if (process.env['SHOW_TIMES']) console.log('from approval to its effect, ms:', times.map(Math.round));
  // A laden machine; an idle one needs a few milliseconds.
  expect(Math.max(...times)).toBeLessThan(1_000);
});

/** The ways in which a tab leads no more. */
const ENDS: Record<string, (page: Page, follower: Page) => Promise<void>> = {
  'is closed': (page) => page.close(),
  'is reloaded': async (page) => void (await page.reload()),
  async 'loses its renderer'(page) {
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    // It has nobody left to answer.
    session.send('Page.crash').catch(() => {});
    await crashed;
  },
  'is relieved by a person': (_, follower) => follower.evaluate(() => globalThis.shared.takeOver?.()),
};

describe.each([2, 3])('with %i tabs, a leader', (count) => {
  it.each(Object.entries(ENDS))('that %s leaves the chat to another tab, which goes on', async (_, end) => {
    const [leader, follower, third] = await openTabs(count);
    await makeCalls(leader, 'write done', 'single begun', 'single new', 'read r');
    const { 'write done': done } = await runs('write done', 'single begun', 'read r');
    done!.answer({ paid: 'done' });
    await expect.poll(async () => (await statuses(follower))[0]).toBe('done: succeeded');
    await end(leader, follower);
    const startedAt = performance.now();
    await follower.getByText('leading').waitFor();
    const took = performance.now() - startedAt;
    if (process.env['SHOW_TIMES']) console.log('the next tab leads after, ms:', Math.round(took));
    expect(took).toBeLessThan(5_000);
    const { 'single new': next, 'read r': read } = await runs('single new', 'read r');
    const shown = ['done: succeeded', 'begun: interrupted', 'new: running', 'r: running'];
    for (const page of third === undefined ? [follower] : [follower, third])
      await expect.poll(() => statuses(page)).toEqual(shown);
    next!.answer({ paid: 'new' });
    read!.answer({ found: 'r' });
    await follower.getByRole('button', { name: 'Skip' }).first().click();
    await answerFollowUp(
      'done: output-available',
      'begun: output-error',
      'new: output-available',
      'r: output-available',
    );
    await expectSame(follower, ...(third === undefined ? [] : [third]));
    expect(server.executed().sort()).toEqual(['read r', 'read r', 'single begun', 'single new', 'write done']);
    expect(server.chats.all).toHaveLength(2);
  });
});

it('a leader that slept wakes, and changes nothing', async () => {
  const [leader, follower] = await openTabs(2);
  await makeCalls(leader, 'write w', 'single s', 'single t');
  const { 'write w': w, 'single s': s } = await runs('write w', 'single s');
  await expect.poll(() => statuses(follower)).toEqual(['w: running', 's: running', 't: queued']);
  // Nothing of the page runs, and nobody has told it: as on a laptop that was shut.
  const asleep = leader.evaluate(() => {
    const until = Date.now() + 3_000;
    while (Date.now() < until);
  });
  await follower.evaluate(() => globalThis.shared.takeOver?.());
  w!.answer({ paid: 'late' });
  s!.answer({ paid: 'late' });
  await follower.getByText('leading').waitFor();
  (await server.executions.next()).answer({ paid: 't' });
  await asleep;
  await leader.getByText('following').waitFor();
  for (const page of [leader, follower])
    await expect.poll(() => statuses(page)).toEqual(['w: interrupted', 's: interrupted', 't: succeeded']);
  await leader.waitForTimeout(150);
  expect(server.executed().sort()).toEqual(['single s', 'single t', 'write w']);
  expect(server.chats.all).toHaveLength(1);
});
