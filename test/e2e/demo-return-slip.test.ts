// Owns: the demo's screen with its own tools in a real Chromium: a form that the model fills in while it writes, a pickup that is undone, a screen that goes.
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { openDemo } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();
/** CI machines are slow. */
const PATIENCE = 60_000;

async function open() {
  const opened = await openDemo(served.browser, served.built.url, { latency: 0.25 });
  opened.page.setDefaultTimeout(PATIENCE);
  return opened;
}

const slipOf = (page: Page) => page.getByRole('complementary', { name: 'Return slip' });

/** Says something, by the field. */
async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** Waits for an answer that says this, and for the end of it. */
async function expectAnswer(page: Page, text: string): Promise<void> {
  const answers = page.getByRole('article', { name: 'Larkfield' });
  await answers.last().locator('.text').last().filter({ hasText: text }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
}

it('fills in the slip as the model writes, books the pickup once it is approved, and takes it back', { timeout: 3 * PATIENCE }, async () => {
  const { page, complaints, close } = await open();
  await page.getByRole('button', { name: 'Fill in the return slip' }).click();
  const slip = slipOf(page);
  await slip.locator('form[aria-busy="true"] [data-written]').first().waitFor();
  await page.getByRole('button', { name: /^Approve Book the pickup/ }).click();
  await expectAnswer(page, 'Pickup PU-1042 is booked');
  expect(await slip.getByLabel('Order').inputValue()).toBe('1042');
  expect(await slip.getByLabel('Reason').inputValue()).toBe('too small');
  expect(await slip.getByLabel('Address').inputValue()).toBe('Torstraße 12, 10119 Berlin');
  await slip.getByRole('button', { name: 'Cancel the pickup' }).waitFor();
  await page.getByRole('button', { name: /^Undo Book the pickup/ }).click();
  await slip.getByRole('button', { name: 'Book the pickup' }).waitFor();
  await page.locator('[data-undo="undone"]').waitFor();
  await say(page, 'Is the pickup still booked?');
  await expectAnswer(page, 'No pickup is booked: you have taken it back.');
  await close();
  expect(complaints).toEqual([]);
}); // prettier-ignore

it('shows on the card what was filled in, and gives the form back what it had', { timeout: 2 * PATIENCE }, async () => {
  const { page, complaints, close } = await open();
  await page.getByRole('button', { name: 'Return slip', exact: true }).click();
  await slipOf(page).getByLabel('Note').fill('Mine');
  await say(page, 'Fill in the return slip for order 1057, it came damaged.');
  await expectAnswer(page, 'The return slip is filled in.');
  expect(await slipOf(page).getByLabel('Note').inputValue()).not.toBe('Mine');
  await page.getByRole('button', { name: 'Fill in the return slip', exact: true }).first().click();
  await page.locator('.slip-filled', { hasText: 'damaged' }).waitFor();
  await page.getByRole('button', { name: /^Undo Fill in the return slip/ }).click();
  await expect.poll(() => slipOf(page).getByLabel('Note').inputValue(), { timeout: PATIENCE }).toBe('Mine');
  await close();
  expect(complaints).toEqual([]);
});

it('has no tools while it is not there, and a question that it leaves open is cancelled', { timeout: 2 * PATIENCE }, async () => {
  const { page, complaints, close } = await open();
  await say(page, 'Fill in the return slip for order 1042.');
  await expectAnswer(page, 'Please open the return slip');
  await page.getByRole('button', { name: 'Return slip', exact: true }).click();
  await say(page, 'Fill in the return slip for order 1042, and book the pickup.');
  await page.getByRole('button', { name: /^Approve Book the pickup/ }).waitFor();
  await page.getByRole('button', { name: 'Close the return slip' }).click();
  await expectAnswer(page, 'I did not book the pickup.');
  await close();
  expect(complaints).toEqual([]);
}); // prettier-ignore
