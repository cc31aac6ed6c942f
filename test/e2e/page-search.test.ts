// Owns: the browser's own search of a page. Chromium reveals for a link to a text as it does for "Find in page", which cannot be driven.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startChatPage, type ChatPageServer } from './chat-page-server.ts';
import { startBrowser } from './demo-server.ts';

let browser: Browser;
let server: ChatPageServer;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), startChatPage()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(server.url);
  await page.addStyleTag({ path: 'src/styles/styles.css' });
  // Far down, so that what is found has to be scrolled to.
  await page.addStyleTag({ content: 'body { padding-block: 3000px }' });
});

afterEach(async () => {
  await page?.close();
  server.forget();
});

const huge = Array.from({ length: 50_000 }, (_, index) => ({ row: index, text: `a row among many, number ${index}` }));

/** A finished batch of three: its group has folded, and none of its cards was ever open. */
async function finishBatch(): Promise<void> {
  await page.getByRole('button', { name: 'Ask' }).click();
  const first = await server.chats.next();
  for (const id of ['a', 'b', 'c']) first.call(id, 'read', { id });
  first.finish();
  for (const output of [{ note: 'first haystack' }, { note: 'a needle is here' }, huge]) {
    (await server.executions.next()).answer(output);
  }
  (await server.chats.next()).start('m').text('All three').finish('stop');
  await page.locator('[data-slot="tool-call-group"][data-state="closed"]').waitFor();
}

const searchPage = async () => {
  await page.keyboard.press('Control+f');
  await expect.poll(() => page.locator('[hidden="until-found"] [data-slot="tool-call-value"]').count()).toBe(6);
};
const isFindable = (text: string) =>
  page.evaluate((text) => {
    getSelection()?.removeAllRanges();
    // SAFETY: `window.find`, which is in every browser and in no standard.
    const { find } = globalThis as unknown as { find(...args: [string, boolean, boolean, boolean]): boolean };
    return find(text, false, false, true);
  }, text);
const card = (id: string) => page.locator('[data-slot="tool-call-card"]').filter({ hasText: `"id": "${id}"` });
const states = () =>
  page.locator('[data-slot="tool-call-card"]').evaluateAll((cards) => cards.map((each) => each.dataset['state']));

/** Lets Chromium look for a text as it does for a person, and reveal it. */
async function goToText(text: string): Promise<void> {
  await page.evaluate((text) => {
    const link = document.createElement('a');
    link.href = `#:~:text=${encodeURIComponent(text)}`;
    link.textContent = 'Go to the text';
    link.style.cssText = 'position: fixed; inset-block-start: 0';
    document.body.append(link);
  }, text);
  await page.getByText('Go to the text').click();
}

it('renders nothing of a folded batch before a search begins', async () => {
  await finishBatch();
  expect(await page.locator('[data-slot="tool-call-card"]').count()).toBe(0);
  expect(await isFindable('needle')).toBe(false);
  await page.keyboard.press('f');
  await page.keyboard.press('Control+a');
  expect(await page.locator('[data-slot="tool-call-card"]').count()).toBe(0);
});

it('finds what a folded card holds, opens the card and its group, and scrolls there', async () => {
  await finishBatch();
  await searchPage();
  expect(await isFindable('needle')).toBe(true);
  expect(await isFindable('haystack')).toBe(true);
  expect(await states()).toEqual(['closed', 'closed', 'closed']);

  await goToText('a needle is here');
  await expect.poll(states).toEqual(['closed', 'open', 'closed']);
  await page.locator('[data-slot="tool-call-group"][data-state="open"]').waitFor();
  expect(await card('b').getByRole('button', { name: 'read', exact: true }).getAttribute('aria-expanded')).toBe('true');
  const needle = page.getByText('a needle is here');
  expect(await needle.evaluate((element) => element.closest('[hidden]'))).toBeNull();
  const { y } = (await needle.boundingBox()) ?? { y: -1 };
  expect(y).toBeGreaterThan(0);
  expect(y).toBeLessThan(page.viewportSize()!.height);
});

it('takes no room for what is folded, and none of the megabytes of an output', async () => {
  await finishBatch();
  const measure = () =>
    page.locator('[data-slot="tool-call-group"]').evaluate((group) => ({
      height: group.getBoundingClientRect().height,
      characters: group.textContent.length,
    }));
  // Drawn anew where the second answer gives the message its id.
  await expect.poll(async () => (await measure()).height).toBeGreaterThan(0);
  const before = await measure();
  await searchPage();
  const after = await measure();
  expect(after.height).toBe(before.height);
  expect(after.characters).toBeGreaterThan(1000);
  expect(after.characters).toBeLessThan(100_000);
});

it('folds again what was found, and finds it again', async () => {
  await finishBatch();
  await searchPage();
  await goToText('a needle is here');
  await expect.poll(states).toEqual(['closed', 'open', 'closed']);
  await card('b').getByRole('button', { name: 'read', exact: true }).click();
  await expect.poll(states).toEqual(['closed', 'closed', 'closed']);
  expect(await page.getByText('a needle is here').isVisible()).toBe(false);
  expect(await isFindable('needle')).toBe(true);
});
