// Owns: a tab that nobody looks at. Its calls finish, what came in time is no timeout, and the model hears of it once.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTab, type Tab } from './background-tab.ts';
import { carriedCalls, startChatPage, type ChatPageServer } from './chat-page-server.ts';

let server: ChatPageServer;
let tab: Tab;

beforeEach(async () => {
  server = await startChatPage();
  tab = await openTab(server.url);
});

afterEach(async () => {
  await tab?.close();
  await server?.close();
  expect(server.problems).toEqual([]);
});

const visibility = () => tab.evaluate<string>('document.visibilityState');
const statuses = () =>
  tab.evaluate<string[]>(
    '[...document.querySelectorAll("[data-slot=tool-call-card]")].map((card) => card.dataset.status)',
  );

/** Milliseconds for two timers of 20. */
const timeOfTwoTimers = () =>
  tab.evaluate<number>(`(async () => {
    const from = performance.now();
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setTimeout(resolve, 20));
    return performance.now() - from;
  })()`);

/** Keeps in `window.longestSleep` for how many milliseconds nothing of the page ran. */
const watchSleep = `
  window.longestSleep = 0;
  let last = Date.now();
  setInterval(() => {
    window.longestSleep = Math.max(window.longestSleep, Date.now() - last);
    last = Date.now();
  }, 50);
`;

/** Asks, and gives the answer to write, while the tab is still seen. */
async function ask() {
  await expect.poll(() => tab.evaluate('document.querySelector("button") !== null')).toBe(true);
  await tab.evaluate('document.querySelector("button").click()');
  return server.chats.next();
}

/** What `quick` has: long enough that a laden machine freezes the tab before it is over. */
const timeout = 3_000;

describe('a tab in the background', () => {
  it('runs its calls to their end and sends one follow-up', async () => {
    const first = await ask();
    await tab.hide();
    await expect.poll(visibility).toBe('hidden');
    // Its timers fire once a second.
    await expect.poll(timeOfTwoTimers).toBeGreaterThan(900);

    first.start('m').call('q', 'quick', { id: 'q' }).call('r', 'read', { id: 'r' }).call('w', 'write', { id: 'w' });
    const [quick, read] = [await server.executions.next(), await server.executions.next()];
    first.finish();
    const write = await server.executions.next();
    quick.answer('in time');
    read.answer('read');
    await expect.poll(() => server.chats.all.length).toBe(1);
    write.answer('written');
    const followUp = await server.chats.next();
    expect(carriedCalls(followUp)).toEqual(['q: output-available', 'r: output-available', 'w: output-available']);
    followUp.start('m').text('All three').finish('stop');

    expect(await visibility()).toBe('hidden');
    await tab.show();
    await expect.poll(statuses).toEqual(['succeeded', 'succeeded', 'succeeded']);
    await expect.poll(() => tab.evaluate('document.body.innerText')).toContain('All three');
    expect(server.executed()).toEqual(['quick q', 'read r', 'write w']);
    expect(server.chats.all).toHaveLength(2);
  });

  it('that was frozen takes what came meanwhile: a call that finished in time is no timeout', async () => {
    const first = await ask();
    first.start('m').call('q', 'quick', { id: 'q' }).call('late', 'quick', { id: 'late' }).finish();
    const [quick, late] = [await server.executions.next(), await server.executions.next()];
    await tab.evaluate(watchSleep);
    await tab.hide();
    await tab.freeze();
    quick.answer('in time');
    // Both deadlines pass while nothing of the page runs, and long enough for it to see that it slept.
    await wait(timeout + 1_500);
    expect(server.chats.all).toHaveLength(1);
    await tab.thaw();
    await tab.show();
    await expect.poll(() => tab.evaluate('window.longestSleep')).toBeGreaterThan(timeout + 1_000);

    const followUp = await server.chats.next();
    expect(carriedCalls(followUp)).toEqual(['q: output-available', 'late: output-error']);
    expect(followUp.messages.at(-1)?.parts[2]).toMatchObject({ errorText: 'Timed out after 3 s' });
    followUp.start('m').text('One of two').finish('stop');
    late.answer('too late');
    await expect.poll(() => tab.evaluate('document.body.innerText')).toContain('One of two');
    expect(await statuses()).toEqual(['succeeded', 'failed']);
    expect(server.chats.all).toHaveLength(2);
  });
});
