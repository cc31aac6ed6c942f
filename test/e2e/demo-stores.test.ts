// Owns: the demo's scenario of the stores in a real Chromium: one request for twelve checks, none when they are asked again, and a worker.
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { openDemo } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

/** Asks, and waits until the answer says this and nothing is at work any more. */
async function ask(page: Page, prompt: string, text: string): Promise<void> {
  await page.getByRole('button', { name: prompt }).click();
  const answers = page.getByRole('article', { name: 'Larkfield' });
  await answers.last().locator('.text').last().filter({ hasText: text }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
}

it('checks twelve stores with one request and plans a tour in a worker; asked again it needs no request', async () => {
  const { page, complaints, close } = await openDemo(served.browser, served.built.url, { latency: 0.25 });
  let requests = 0;
  page.on('request', (request) => (requests += request.url().endsWith('/store-stock') ? 1 : 0));
  await ask(page, 'Ask every store', 'It is in stock in');
  expect(requests).toBe(1);
  expect(await page.locator('[data-slot="tool-call-card"][data-status="succeeded"]').count()).toBe(14);
  await ask(page, 'Ask every store', 'It is in stock in');
  expect(requests).toBe(1);
  const details = page.locator('[data-slot="tool-call-card-detail"]', { hasText: /Result from|Shared with/ });
  expect(await details.count()).toBe(12);
  await close();
  expect(complaints).toEqual([]);
});
