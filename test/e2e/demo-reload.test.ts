// Owns: the demo, reloaded in every state that its calls can have, and in two tabs, in a real Chromium: its messages and results are there,
// and no refund is made twice.
import type { Locator, Page, Request } from 'playwright';
import { beforeEach, expect, it } from 'vitest';
import { openDemo, type DemoPage } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

let demo: DemoPage;
let page: Page;
/** What the page has asked the shop for, as `GET orders/1042`. */
let asked: string[];
/** The idempotency keys of the refunds that it asked for. */
let refundKeys: string[];

async function openShop(latency: number): Promise<void> {
  demo = await openDemo(served.browser, served.built.url, { latency });
  page = demo.page;
  page.on('request', noteRequest);
}

beforeEach(() => {
  asked = [];
  refundKeys = [];
  return async () => {
    await demo.close();
    expect(demo.complaints).toEqual([]);
  };
});

function noteRequest(request: Request): void {
  const { pathname, search } = new URL(request.url());
  if (!pathname.startsWith('/api/shop/')) return;
  asked.push(`${request.method()} ${pathname.slice('/api/shop/'.length)}${search}`);
  if (request.method() === 'POST' && pathname.endsWith('/refunds'))
    refundKeys.push(request.headers()['idempotency-key'] ?? '');
}

const cards = (status?: string): Locator =>
  page.locator(`[data-slot="tool-call-card"]${status ? `[data-status="${status}"]` : ''}`);
const count = (status: string) => () => cards(status).count();
const ask = (prompt: string) => page.getByRole('button', { name: prompt }).click();
const untilAnswered = (text: string) => page.getByRole('article').getByText(text).first().waitFor();
const untilIdle = () => page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });

/** What the tools of a whole case ask of the shop that ask once. */
const ASKS: Record<string, string> = {
  getOrderStatus: 'orders/',
  getReturnPolicy: 'return-policy',
  verifyShippingAddress: 'addresses',
};

it('keeps what is done, and goes on with what runs, backs off and waits', async () => {
  await openShop(3);
  await ask('Settle a whole case');
  await expect.poll(count('retrying')).toBe(1);
  await expect.poll(count('succeeded')).toBeGreaterThan(0);
  const done = await cards('succeeded').locator('[data-slot="tool-call-card-name"]').allTextContents();
  const before = asked.length;
  const chats = demo.chatRequests();
  await page.reload();
  await expect.poll(count('succeeded')).toBeGreaterThanOrEqual(done.length);
  await untilAnswered('You can return it until');
  await untilIdle();
  expect(demo.chatRequests()).toBe(chats + 1);
  // A conversion is what ran again, and what was done was not asked for again.
  const again = asked.slice(before);
  expect(again.some((each) => each.startsWith('GET exchange-rates'))).toBe(true);
  const asksOfDone = done.flatMap((toolName) => ASKS[toolName] ?? []);
  expect(again.filter((each) => asksOfDone.some((path) => each.includes(path)))).toEqual([]);
});

it('asks again what it had asked, and leaves a refund that ran to the person, who may run it with its key', async () => {
  await openShop(1);
  await ask('Refund an order');
  await expect.poll(count('awaiting-approval')).toBe(2);
  await page.reload();
  await expect.poll(count('awaiting-approval')).toBe(2);
  expect(refundKeys).toEqual([]);

  const approve = page.getByRole('button', { name: 'Approve refundOrder' });
  await approve.first().click();
  await approve.first().click();
  await expect.poll(() => refundKeys).toHaveLength(1);
  await page.getByText('Waiting for order:1042, held by refundOrder').waitFor();
  const chats = demo.chatRequests();
  await page.reload();
  // The one that waited for its lock goes on; the other one had started.
  await page.getByText(/^Started .+, no answer seen: it may have run$/).waitFor();
  await expect.poll(() => refundKeys).toHaveLength(2);
  await page.getByRole('button', { name: 'Run refundOrder' }).click();
  await untilAnswered('I refunded €129.00 for order 1042');
  await untilIdle();
  expect(refundKeys).toHaveLength(3);
  expect(refundKeys[2]).toBe(refundKeys[0]);
  expect(refundKeys[1]).not.toBe(refundKeys[0]);
  expect(demo.chatRequests()).toBe(chats + 1);
});

it('shows a settled case as it was, and a new one when the person wants one', async () => {
  await openShop(0.25);
  await ask('Compare sizes');
  await untilAnswered('Trail Runner');
  await page.locator('[data-slot="tool-call-group"]').waitFor();
  await untilIdle();
  const before = [...asked, demo.chatRequests()];
  const said = await page.getByRole('article', { name: 'Larkfield' }).last().locator('.text').last().textContent();
  await page.reload();
  await untilAnswered(String(said).slice(0, 40));
  expect(await page.getByRole('article').count()).toBe(2);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect.poll(() => page.getByRole('article').count()).toBe(0);
  await page.reload();
  await page.getByText('How can we help?').waitFor();
  expect([...asked, demo.chatRequests()]).toEqual(before);
});

it('shows one case in two tabs, whose refund is approved in the second and made once', async () => {
  await openShop(1);
  await ask('Refund an order');
  await expect.poll(count('awaiting-approval')).toBe(2);
  const second = await page.context().newPage();
  second.on('request', noteRequest);
  await second.goto(served.built.url);
  const approve = second.getByRole('button', { name: 'Approve refundOrder' });
  await expect.poll(() => approve.count()).toBe(2);
  await approve.first().click();
  await approve.first().click();
  await second.getByText('Running in another tab').first().waitFor();
  await second.getByRole('article').getByText('I refunded €129.00 for order 1042').first().waitFor();
  await untilAnswered('I refunded €129.00 for order 1042');
  expect(refundKeys).toHaveLength(2);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect.poll(() => second.getByRole('article').count()).toBe(0);
});
