// Owns: one chat in two tabs of which one is really in the background, or frozen there, as Chromium does it without Playwright.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTab, type Tab } from './background-tab.ts';
import { carriedCalls, startChatPage, type ChatPageServer } from './chat-page-server.ts';

let server: ChatPageServer;
let leader: Tab;
/** In front of the other one. */
let follower: Tab;

beforeEach(async () => {
  server = await startChatPage();
  leader = await openTab(`${server.url}tabs/`);
  await expect.poll(() => roleOf(leader)).toBe('leading');
  follower = await leader.openBeside(`${server.url}tabs/`);
  await expect.poll(() => roleOf(follower)).toBe('following');
  await expect.poll(() => leader.evaluate('document.visibilityState')).toBe('hidden');
});

afterEach(async () => {
  await leader?.close();
  await server?.close();
  expect(server.problems).toEqual([]);
});

const roleOf = (tab: Tab) => tab.evaluate<string>('document.querySelector("[role=status]")?.textContent ?? ""');
const calls = 'Object.values(shared.toolCalls.store.getState().batches).flatMap((batch) => Object.values(batch.calls))';
const statuses = (tab: Tab) => tab.evaluate<string[]>(`${calls}.map(({ status }) => status)`);
const messagesOf = (tab: Tab) => tab.evaluate<string>('JSON.stringify(shared.messages)');

/** The model makes these calls, asked in the tab in front. */
async function makeCalls(tool: string, ...ids: string[]): Promise<void> {
  await follower.evaluate('document.querySelector("button").click()');
  const answer = (await server.chats.next()).start('m');
  for (const id of ids) answer.call(id, tool, { id });
  answer.finish();
}

it('does what is asked in the tab in front soon, though the one that leads is in the background', async () => {
  await makeCalls('refund', 'a', 'b', 'c');
  await expect.poll(() => statuses(follower)).toEqual(Array(3).fill('awaiting-approval'));
  const times: number[] = [];
  for (const id of ['a', 'b', 'c']) {
    times.push(
      await follower.evaluate<number>(`new Promise((resolve) => {
        const from = performance.now();
        const stop = shared.toolCalls.store.subscribe(({ batches }) => {
          if (batches['m/0'].calls['m/0/${id}'].status === 'awaiting-approval') return;
          stop();
          resolve(performance.now() - from);
        });
        shared.toolCalls.approve('m/0/${id}');
      })`),
    );
  }
  for (const _ of times) (await server.executions.next()).answer({ paid: true });
  const followUp = await server.chats.next();
  expect(carriedCalls(followUp)).toEqual(['a: output-available', 'b: output-available', 'c: output-available']);
  followUp.start('m').text('All is done').finish('stop');
  await expect.poll(() => messagesOf(follower)).toContain('All is done');
  if (process.env['SHOW_TIMES']) console.log('from approval to its effect, ms:', times.map(Math.round));
  expect(Math.max(...times)).toBeLessThan(1_000);
});

/** A write begins, and in this moment the tab in the background leads no more. */
async function endLeaderInWrite(end: () => Promise<void>): Promise<void> {
  await makeCalls('write', 'w');
  await server.executions.next();
  await end();
  await expect.poll(() => roleOf(follower)).toBe('leading');
  await expect.poll(() => statuses(follower)).toEqual(['interrupted']);
}

it('leads in the tab in front once the other one is closed, and asks about the write that had begun', async () => {
  await endLeaderInWrite(leader.leave);
});

it('leads in the tab in front once the other one is frozen, which wakes as a follower and shows what has happened', async () => {
  await endLeaderInWrite(leader.freeze);
  await follower.evaluate('shared.toolCalls.skip("m/0/w")');
  const followUp = await server.chats.next();
  expect(carriedCalls(followUp)).toEqual(['w: output-error']);
  followUp.start('m').text('All is done').finish('stop');
  await expect.poll(() => messagesOf(follower)).toContain('All is done');
  await leader.thaw();
  await expect.poll(() => roleOf(leader)).toBe('following');
  await expect.poll(() => messagesOf(leader)).toBe(await messagesOf(follower));
  expect(server.executed()).toEqual(['write w']);
  expect(server.chats.all).toHaveLength(2);
});
