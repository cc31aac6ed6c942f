// Owns: the demo, driven in a real Chromium from the first click to the last word of the answer.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it as base, vi } from 'vitest';
import { openDemo, type DemoPage, type DemoPageOptions } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

/** `open`: a page of its own, so that tests can run side by side. Nothing may complain in it. */
const it = base.extend<{ open: (options?: DemoPageOptions & { url?: string }) => Promise<DemoPage> }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads here which other fixtures this one needs
  open: async ({}, provide) => {
    const opened: DemoPage[] = [];
    await provide(async ({ url = served.built.url, ...options } = {}) => {
      const demo = await openDemo(served.browser, url, options);
      opened.push(demo);
      return demo;
    });
    for (const demo of opened) await demo.close();
    expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
});

const cards = (page: Page, status?: string): Locator =>
  page.locator(`[data-slot="tool-call-card"]${status ? `[data-status="${status}"]` : ''}`);
const answer = (page: Page): Locator => page.getByRole('article', { name: 'Larkfield' }).last().locator('.text').last();
const stopButton = (page: Page): Locator => page.getByRole('button', { name: 'Stop', exact: true });

/** Waits until the answer says this and nothing is at work any more, and gives all of it. */
async function untilAnswered(page: Page, text: string): Promise<string> {
  await answer(page).filter({ hasText: text }).waitFor();
  await stopButton(page).waitFor({ state: 'detached' });
  return (await answer(page).textContent()) ?? '';
}

/** What a person without a mouse knows and does. */
function keyboardOf(page: Page) {
  const focused = (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  return {
    focused,
    /** The tool and the status of the card that has the focus. */
    focusedCard: (): Promise<string> =>
      page.evaluate(() => {
        const card = document.activeElement?.closest<HTMLElement>('[data-slot="tool-call-card"]');
        return `${card?.querySelector('[data-slot="tool-call-card-name"]')?.textContent} ${card?.dataset['status']}`;
      }),
    async pressUntil(key: string, name: RegExp): Promise<void> {
      for (let presses = 0; presses < 40; presses++) {
        if (name.test(await focused())) return;
        await page.keyboard.press(key);
      }
      throw new Error(`${key} never reached ${String(name)}; focus is on ${await focused()}.`);
    },
  };
}

// Most of their time is the model's and the shop's.
describe.concurrent('the demo', () => {
  it('shows six tools at once on one click, one failure, its cure by Retry, and the whole answer', async ({
    open,
    expect,
  }) => {
    const { page, chatRequests, mostRunning } = await open();
    await page.getByRole('button', { name: 'Settle a whole case' }).click();
    await untilAnswered(page, 'I could not convert €129.00 to US dollars');

    expect(await page.locator('[data-slot="tool-call-group"]').count()).toBe(1);
    expect(await cards(page).count()).toBe(6);
    expect(await mostRunning()).toBeGreaterThanOrEqual(4);
    expect(await cards(page, 'succeeded').count()).toBe(5);
    expect(await cards(page, 'failed').textContent()).toContain('convertCurrency');
    expect(chatRequests()).toBe(2);

    await page.getByRole('button', { name: 'Retry convertCurrency' }).click();
    const said = await untilAnswered(page, '€129.00 is $150.05');

    expect(await cards(page, 'succeeded').count()).toBe(6);
    for (const fact of [
      'Order 1042',
      'You can return it until',
      'in stock in 43',
      'Torstraße 12, 10119 Berlin',
      '$150.05',
    ]) {
      expect(said).toContain(fact);
    }
    expect(said).not.toContain('could not');
    expect(chatRequests()).toBe(3);
  });

  it('cures several failures together with one request', async ({ open, expect }) => {
    const { page, chatRequests } = await open({ latency: 0.25 });
    await page.getByRole('button', { name: 'Price it abroad' }).click();
    await untilAnswered(page, 'I could not convert €189.00 to US dollars, pounds, Swiss francs and yen');
    expect(await cards(page, 'failed').count()).toBe(4);
    await page.getByRole('button', { name: 'Retry failed' }).click();
    await untilAnswered(page, '€189.00 is');
    expect(await cards(page, 'succeeded').count()).toBe(4);
    expect(chatRequests()).toBe(3);
  });

  it('stops everything, asks no more, and goes on with the next question', async ({ open, expect }) => {
    const { page, chatRequests } = await open({ latency: 3 });
    await page.getByRole('button', { name: 'Settle a whole case' }).click();
    await cards(page, 'running').nth(3).waitFor();
    await stopButton(page).click();
    await stopButton(page).waitFor({ state: 'detached' });
    expect(await cards(page, 'cancelled').count()).toBeGreaterThanOrEqual(4);
    expect(await cards(page, 'running').count()).toBe(0);

    await page.getByRole('textbox', { name: 'Message' }).fill('How long can I return shoes?');
    await page.keyboard.press('Enter');
    await untilAnswered(page, 'Footwear can be returned for 30 days in Germany');
    expect(chatRequests()).toBe(3);
  });

  it('refunds nothing before a yes, and one item of an order at a time', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25 });
    await page.getByRole('button', { name: 'Refund an order' }).click();
    const approve = page.getByRole('button', { name: 'Approve refundOrder' });
    await approve.nth(1).waitFor();
    expect(await cards(page, 'awaiting-approval').count()).toBe(2);
    await approve.first().click();
    await approve.first().click();
    await page.getByText('Waiting for order:1042, held by refundOrder').waitFor();
    await untilAnswered(page, 'I refunded €129.00 for order 1042');
  });

  it('is usable by keyboard alone', async ({ open, expect }) => {
    const { page, chatRequests } = await open({ latency: 0.25 });
    const { focused, pressUntil } = keyboardOf(page);

    await expect.poll(focused).toBe('Message');
    await pressUntil('Shift+Tab', /^Settle a whole case/);
    await page.keyboard.press('Enter');
    await untilAnswered(page, 'I could not convert');
    expect(await focused()).toBe('Message');

    await pressUntil('Shift+Tab', /^Settings$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'hidden' });
    expect(await focused()).toBe('Settings');
    expect(chatRequests()).toBe(2);
  });

  it('lets a failed call be retried by keyboard: the focus stays with its card', async ({ open, expect }) => {
    const { page, chatRequests } = await open({ latency: 0.25 });
    const { focused, focusedCard, pressUntil } = keyboardOf(page);
    await expect.poll(focused).toBe('Message');
    await page.keyboard.type('What is €129 in US dollars?');
    await page.keyboard.press('Enter');
    await untilAnswered(page, 'I could not convert');
    expect(await focused()).toBe('Message');

    await pressUntil('Shift+Tab', /^Retry convertCurrency/);
    expect(await focusedCard()).toBe('convertCurrency failed');
    await page.keyboard.press('Enter');
    await expect.poll(focusedCard).toMatch(/^convertCurrency (queued|running)$/);
    await untilAnswered(page, '€129.00 is $150.05');
    expect(await focusedCard()).toBe('convertCurrency succeeded');
    // From there it is as far to the field as it was before.
    await pressUntil('Tab', /^Message$/);
    expect(chatRequests()).toBe(3);
  });

  it('lets calls be approved by keyboard, one by one: the focus stays among their cards', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25 });
    const { focused, focusedCard, pressUntil } = keyboardOf(page);
    await expect.poll(focused).toBe('Message');
    await page.keyboard.type('Please refund both items of order 1042, the shoes came in the wrong size.');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve refundOrder' }).nth(1).waitFor();

    await pressUntil('Shift+Tab', /^Approve refundOrder/);
    expect(await focusedCard()).toBe('refundOrder awaiting-approval');
    await page.keyboard.press('Enter');
    await expect.poll(() => cards(page, 'awaiting-approval').count()).toBe(1);
    expect(await focusedCard()).toMatch(/^refundOrder /);
    await pressUntil('Shift+Tab', /^Approve refundOrder/);
    await page.keyboard.press('Enter');
    await expect.poll(() => cards(page, 'awaiting-approval').count()).toBe(0);
    expect(await focusedCard()).toMatch(/^refundOrder /);
    await untilAnswered(page, 'I refunded €129.00 for order 1042');
    expect(await focusedCard()).toBe('refundOrder succeeded');
  });

  it('refunds nothing after a no, and says so', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25 });
    await page.getByRole('button', { name: 'Refund an order' }).click();
    const deny = page.getByRole('button', { name: 'Deny refundOrder' });
    await deny.nth(1).waitFor();
    await deny.first().click();
    await deny.first().click();
    await untilAnswered(page, 'I did not refund €129.00 and €18.00 for order 1042, as you declined.');
    expect(await cards(page, 'denied').count()).toBe(2);
  });

  it('fits a narrow screen', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25 });
    await page.setViewportSize({ width: 375, height: 667 });
    await page.getByRole('button', { name: 'Settle a whole case' }).click();
    await untilAnswered(page, 'I could not convert');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.body.offsetWidth)).toBe(0);
  });

  it('stays at the end of what is said, until the reader scrolls up', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25 });
    await page.setViewportSize({ width: 800, height: 600 });
    const fromEnd = (): Promise<number> =>
      page.evaluate(() => {
        const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
        return scrollHeight - clientHeight - scrollTop;
      });
    await page.getByRole('button', { name: 'Settle a whole case' }).click();
    await untilAnswered(page, 'I could not convert');
    await expect.poll(fromEnd).toBeLessThan(2);

    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, -300);
    const latest = page.getByRole('button', { name: 'Latest' });
    await latest.waitFor();
    await page.getByRole('button', { name: 'Retry convertCurrency' }).click();
    await untilAnswered(page, '€129.00 is $150.05');
    expect(await fromEnd()).toBeGreaterThan(48);
    await latest.click();
    await expect.poll(fromEnd).toBeLessThan(2);
  });

  it('keeps the chosen theme', async ({ open, expect }) => {
    const { page } = await open();
    const surface = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByTitle('Light').click();
    const light = await surface();
    await page.getByTitle('Dark').click();
    expect(await surface()).not.toBe(light);
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    expect(
      await page.evaluate(() => JSON.parse(localStorage.getItem('larkfield-settings') ?? '{}') as unknown),
    ).toMatchObject({ theme: 'dark' });
  });

  it('starts a new conversation with fresh orders', async ({ open, expect }) => {
    const { page } = await open({ latency: 0.25, fault: 'none' });
    await page.getByRole('button', { name: 'Compare sizes' }).click();
    await untilAnswered(page, 'The Trail Runner is in stock in');
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('heading', { name: 'How can we help?' }).waitFor();
    expect(await cards(page).count()).toBe(0);
  });

  it('runs from its source too, as `npm run demo` starts it', async ({ open }) => {
    const { page } = await open({ url: served.source.url, latency: 0.25 });
    await page.getByRole('button', { name: 'Compare sizes' }).click();
    await untilAnswered(page, 'The Trail Runner is in stock in');
  });

  it('says which model answers', async ({ open }) => {
    const { page } = await open();
    await page.getByText('Scripted model. Set OPENAI_API_KEY').waitFor();
  });
});

describe('with a wrong key', () => {
  let provider: Server;

  beforeAll(async () => {
    provider = createServer((request, response) => {
      request.resume();
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: 'Incorrect API key provided.', type: 'invalid_request_error' } }),
      );
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    // SAFETY: a server that listens on a port has an address of this form.
    const { port } = provider.address() as AddressInfo;
    vi.stubEnv('OPENAI_API_KEY', 'wrong');
    vi.stubEnv('OPENAI_BASE_URL', `http://127.0.0.1:${port}/v1`);
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });

  afterAll(() => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.restoreAllMocks();
    provider.close();
  });

  it('shows what is wrong and what to do, and can be tried again or dismissed', async ({ open, expect }) => {
    const { page, chatRequests } = await open();
    await page.getByText('gpt-5-mini · OpenAI').waitFor();
    await page.getByRole('button', { name: 'Compare sizes' }).click();
    const problem = page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('OpenAI refused the key in OPENAI_API_KEY (401).');
    await problem.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(chatRequests).toBe(2);
    await problem.getByRole('button', { name: 'Dismiss' }).click();
    await problem.waitFor({ state: 'detached' });
  });
});
