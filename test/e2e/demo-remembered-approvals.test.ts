// Owns: the demo's story of remembered answers, in a real Chromium: what an answer covers is seen before it is given, later calls pass by it, over a reload and in
// every tab, until it is forgotten.
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { openDemo } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

const open = () => openDemo(served.browser, served.built.url, { latency: 0.25 });
const cards = (page: Page, status: string) => page.locator(`[data-slot="tool-call-card"][data-status="${status}"]`);
const waiting = (page: Page) => cards(page, 'awaiting-approval');
const idle = (page: Page) => page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });

/** The model wants to send two cards to Mia, one to Ben, and a large one to Mia. */
async function ask(page: Page, left: number): Promise<void> {
  await page.getByRole('button', { name: /^Send gift cards/ }).click();
  await expect.poll(() => waiting(page).count()).toBe(left);
}

/** Opens the choice on the first card that waits. */
async function openChoice(page: Page) {
  await waiting(page).first().getByText('Remember your answer').click();
  return page.getByRole('group', { name: 'Remember your answer to Send gift card' }).first();
}

async function approve(page: Page, where: 'In this chat' | 'In every chat'): Promise<void> {
  const choice = await openChoice(page);
  await choice.getByRole('combobox', { name: 'Where' }).selectOption(where);
  await choice.getByRole('button', { name: 'Approve and remember' }).click();
}

/** What is not remembered is denied. */
async function denyRest(page: Page, left: number): Promise<void> {
  await expect.poll(() => waiting(page).count()).toBe(left);
  for (let n = left; n > 0; n--) {
    await waiting(page).first().getByRole('button', { name: /^Deny/ }).first().click();
    await expect.poll(() => waiting(page).count()).toBe(n - 1);
  }
  await idle(page);
}

/** What the settings list, line by line. */
async function listed(page: Page): Promise<string[]> {
  const list = page.getByRole('group', { name: 'Remembered answers' });
  if (!(await list.isVisible())) await page.getByRole('button', { name: 'Settings' }).click();
  const rows = await list.getByRole('listitem').allInnerTexts();
  return rows.map((row) => row.replaceAll(/\s+/g, ' ').replace(/ Until .* Forget$/, ''));
}

it('says what an answer covers, lets later calls pass by it over a reload, and asks again once it is forgotten', async () => {
  const { page, complaints, close } = await open();
  await ask(page, 4);
  // The large card is asked about each time.
  expect(await page.getByText('Remember your answer').count()).toBe(3);
  const choice = await openChoice(page);
  const words = await choice.innerText();
  expect(words).toContain('Covers every call of Send gift card for Mia Huber, up to €50');
  expect(words).toContain('Also answers 1 call waiting in this chat.');
  expect(words).toContain('Remembered for at most 30 days.');
  await choice.getByRole('combobox').selectOption('In every chat');
  await choice.getByRole('button', { name: 'Approve and remember' }).click();
  await expect.poll(() => cards(page, 'succeeded').count()).toBe(2);
  await denyRest(page, 2);
  await page.getByRole('article').getByText('I sent gift cards: €20.00 and €30.00 to Mia Huber.').waitFor();
  expect(await listed(page)).toEqual(['Approved Send gift card Mia Huber, up to €50 In every chat']);

  await page.reload();
  await idle(page);
  await ask(page, 2);
  await expect.poll(() => cards(page, 'succeeded').count()).toBe(4);
  await cards(page, 'succeeded').last().getByRole('button').first().click();
  await cards(page, 'succeeded')
    .last()
    .getByText(/^Approved by the answer you gave on/)
    .waitFor();
  await denyRest(page, 2);

  expect(await listed(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Forget the answer to Send gift card: Mia Huber, up to €50' }).click();
  await page.getByText('No answers are remembered.').waitFor();
  await page.keyboard.press('Escape');
  await ask(page, 4);
  await page.reload();
  expect(await listed(page)).toEqual([]);
  await page.getByText('No answers are remembered.').waitFor();
  await close();
  expect(complaints).toEqual([]);
});

it('forgets what holds in one chat with the conversation', async () => {
  const { page, complaints, close } = await open();
  await ask(page, 4);
  await approve(page, 'In this chat');
  await denyRest(page, 2);
  expect(await listed(page)).toEqual(['Approved Send gift card Mia Huber, up to €50 In one chat']);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByText('How can we help?').waitFor();
  expect(await listed(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await ask(page, 4);
  await close();
  expect(complaints).toEqual([]);
});

it('takes, lists and forgets an answer in any tab', async () => {
  const { page, complaints, close } = await open();
  await ask(page, 4);
  const other = await page.context().newPage();
  await other.goto(served.built.url);
  await expect.poll(() => waiting(other).count()).toBe(4);
  await approve(other, 'In every chat');
  await expect.poll(() => cards(page, 'succeeded').count()).toBe(2);
  for (const tab of [page, other])
    await expect.poll(() => listed(tab)).toEqual(['Approved Send gift card Mia Huber, up to €50 In every chat']);
  await other.getByRole('button', { name: /^Forget the answer/ }).click();
  await expect.poll(() => listed(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await denyRest(page, 2);
  await ask(page, 4);
  await close();
  expect(complaints).toEqual([]);
});
