// Proves: whatever the panel can do to a call, a tool or the page is done by mouse and by keyboard alone, on React 19 and 18, under a strict CSP.
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it as base } from 'vitest';
import { startBrowser } from './demo-server.ts';
import { keyboard, mouse, startDevtoolsPage, type DevtoolsPage, type Hand } from './devtools-page-server.ts';

const pages = {} as Record<18 | 19, DevtoolsPage>;
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
  for (const reactVersion of [19, 18] as const)
    pages[reactVersion] = await startDevtoolsPage('index.html', { reactVersion });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  for (const page of Object.values(pages)) await page.close();
});

/** `open`: a page of its own with the panel open, in which nothing may complain. */
const it = base.extend<{ open: (version: 18 | 19) => Promise<Page> }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads here which other fixtures this one needs
  open: async ({}, provide) => {
    const complaints: string[] = [];
    const opened: Page[] = [];
    await provide(async (version) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      // Five pages at once on two processors take their time.
      page.setDefaultTimeout(90_000);
      opened.push(page);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(pages[version].url);
      await page.getByRole('heading', { name: 'Tool calls', exact: true }).waitFor();
      expect(await page.evaluate(() => globalThis.reactVersion)).toMatch(new RegExp(`^${version}\\.`));
      return page;
    });
    for (const page of opened) await page.close();
    expect(complaints).toEqual([]);
  },
});

/** A call in the list. */
const row = (page: Page, name: string): Locator =>
  page.getByRole('option').filter({ has: page.locator('[data-type="call"]'), hasText: name });
const act = (page: Page, name: string): Locator =>
  page.getByRole('group', { name: 'Acts' }).getByRole('button', { name, exact: true });
const view = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name, exact: true });
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const banner = (page: Page): Locator => page.getByText('Faults are simulated');
const countRuns = (page: Page, tool: string): Promise<number> =>
  page.evaluate((tool) => globalThis.runs[tool] ?? 0, tool);

/** Asks in the chat that the panel shows first, the one that was mounted last. */
async function ask(page: Page, tools: string, chat = 'returns'): Promise<void> {
  await page.getByRole('textbox', { name: `Message to ${chat}` }).fill(tools);
  await page.keyboard.press('Enter');
}

/** Waits until the model has said that it was told this. */
const untilTold = (page: Page, text: string, chat = 'returns'): Promise<void> =>
  page
    .getByRole('status', { name: `Answer of ${chat}` })
    .filter({ hasText: text })
    .waitFor();

interface FaultOrder {
  tool?: string;
  isEach?: boolean;
  fault: string;
  field?: [name: string, text: string];
}

/** Asks for a fault, and goes back to the calls. */
async function addFault(page: Page, hand: Hand, { tool, isEach = false, fault, field }: FaultOrder): Promise<void> {
  await hand.press(view(page, 'Simulate'));
  if (tool !== undefined) await hand.choose(page.getByRole('combobox', { name: 'Tool', exact: true }), tool);
  if (isEach) await hand.choose(page.getByRole('combobox', { name: 'Which calls' }), 'Each call');
  await hand.choose(page.getByRole('combobox', { name: 'Fault' }), fault);
  if (field !== undefined) await hand.write(page.getByLabel(field[0]), field[1]);
  await hand.press(button(page, 'Add fault'));
  await banner(page).waitFor();
  await hand.press(view(page, 'Calls'));
}

/** What the log says was simulated, in order. */
async function readSimulations(page: Page, hand: Hand): Promise<string[]> {
  await hand.press(view(page, 'Events'));
  await hand.write(page.getByRole('searchbox', { name: 'Search events' }), 'simulated');
  await page.getByText(/^\d+ of \d+ events$/).waitFor();
  return page.locator('.event[data-type="simulation"] .event-detail').allTextContents();
}

const FAULTS: [fault: string, field: FaultOrder['field'], told: string, status: string, runs: number][] = [
  ['Fail: an error', undefined, 'Simulated: the tool threw an error', 'Failed', 0],
  ['Fail: no network', undefined, 'Simulated: Failed to fetch', 'Failed', 0],
  ['Fail: HTTP 503', undefined, 'Simulated: HTTP 503 Service Unavailable', 'Failed', 0],
  ['Fail: HTTP 429', undefined, 'Simulated: HTTP 429 Too Many Requests', 'Failed', 0],
  ['Time out: never answer', undefined, 'timed out', 'Failed', 0],
  ['Be slow', ['Milliseconds', '300'], '"runs":1', 'Done', 1],
  ['Return a value', ['Value, as JSON', '{"id":"given"}'], '{"id":"given"}', 'Done', 0],
];

/** What a fault does is the same for every hand and version: one of them tries all, the others one without a field and one with. */
const faultsFor = (hand: Hand, version: 18 | 19) =>
  hand === mouse && version === 19
    ? FAULTS
    : FAULTS.filter(([fault]) => fault === 'Fail: HTTP 503' || fault === 'Return a value');

const WAYS: [who: string, hand: Hand, version: 18 | 19][] = [
  ['by mouse, on React 19', mouse, 19],
  ['by keyboard, on React 19', keyboard, 19],
  ['by mouse, on React 18', mouse, 18],
];
// Most of their time is a page that loads.
const patient = { timeout: 180_000 };

describe.concurrent.each(WAYS)('a call, %s', patient, (_who, hand, version) => {
  it('is retried', async ({ open, expect }) => {
    const page = await open(version);
    await ask(page, 'flaky');
    await untilTold(page, 'flaky: The service is down');
    await hand.select(row(page, 'flaky').filter({ hasText: 'Failed' }));
    await hand.press(act(page, 'Retry'));
    await row(page, 'flaky').filter({ hasText: 'Done' }).waitFor();
    await untilTold(page, 'flaky: "up again"');
    expect(await countRuns(page, 'flaky')).toBe(2);
  });

  it('is cancelled', async ({ open, expect }) => {
    const page = await open(version);
    await ask(page, 'endless');
    await hand.select(row(page, 'endless').filter({ hasText: 'Running' }));
    await hand.press(act(page, 'Cancel'));
    await row(page, 'endless').filter({ hasText: 'Cancelled' }).waitFor();
    await untilTold(page, 'endless: ');
    expect(await countRuns(page, 'endless')).toBe(1);
  });

  it('is approved, and another one denied', async ({ open, expect }) => {
    const page = await open(version);
    await ask(page, 'refund refund');
    await hand.select(row(page, 'refund').first());
    await hand.press(act(page, 'Approve'));
    await row(page, 'refund').first().filter({ hasText: 'Done' }).waitFor();
    await hand.select(row(page, 'refund').last());
    await hand.press(act(page, 'Deny'));
    await row(page, 'refund').last().filter({ hasText: 'Denied' }).waitFor();
    await untilTold(page, 'refund: {"refunded":1}');
    expect(await countRuns(page, 'refund')).toBe(1);
  });

  it('is undone, at the second try', async ({ open, expect }) => {
    const page = await open(version);
    await ask(page, 'book');
    await untilTold(page, 'book: {"booked":1}');
    await hand.select(row(page, 'book').filter({ hasText: 'Done' }));
    await hand.press(act(page, 'Undo'));
    await expect.poll(() => countRuns(page, 'unbook')).toBe(1);
    await hand.press(act(page, 'Undo'));
    await row(page, 'book').filter({ hasText: 'Undone' }).waitFor();
    await act(page, 'Undo').waitFor({ state: 'detached' });
    expect([await countRuns(page, 'book'), await countRuns(page, 'unbook')]).toEqual([1, 2]);
  });

  it('is answered in the place of a person, and another one skipped', async ({ open }) => {
    const page = await open(version);
    await ask(page, 'choose choose');
    await hand.select(row(page, 'choose').first());
    await hand.write(page.getByRole('textbox', { name: 'Answer' }), '{"size":43}');
    await hand.press(act(page, 'Answer'));
    await row(page, 'choose').first().filter({ hasText: 'Done' }).waitFor();
    await hand.select(row(page, 'choose').last());
    await hand.press(act(page, 'Skip'));
    await untilTold(page, 'choose: {"size":43}');
  });

  it.for(faultsFor(hand, version))(
    'suffers a fault that is asked for: %s',
    async ([fault, field, told, status, runs], { open, expect }) => {
      const page = await open(version);
      await addFault(page, hand, { tool: 'lookup', fault, ...(field && { field }) });
      await ask(page, 'lookup refund');
      await row(page, 'lookup').filter({ hasText: status }).filter({ hasText: 'simulated' }).waitFor();
      await banner(page).waitFor({ state: 'detached' });
      expect(await countRuns(page, 'lookup')).toBe(runs);
      // The rest of the answer was nobody's fault.
      await hand.select(row(page, 'refund'));
      await hand.press(act(page, 'Approve'));
      await untilTold(page, told);
      await untilTold(page, 'refund: {"refunded":1}');
    },
  );

  it('is acted on in the chat that is chosen, and in no other', async ({ open, expect }) => {
    const page = await open(version);
    await ask(page, 'endless', 'orders');
    await ask(page, 'endless', 'returns');
    const choice = page.getByRole('combobox', { name: 'Chat' });
    await hand.choose(choice, 'orders');
    await hand.select(row(page, 'endless'));
    await hand.press(act(page, 'Cancel'));
    await untilTold(page, 'endless: ', 'orders');
    await hand.choose(choice, 'returns');
    await row(page, 'endless').filter({ hasText: 'Running' }).waitFor();
    expect(await page.getByRole('status', { name: 'Answer of returns' }).textContent()).toBe('');
  });
});

describe.concurrent.each(WAYS)('the page, %s', patient, (_who, hand, version) => {
  it('is offline, and online again', async ({ open, expect }) => {
    const page = await open(version);
    await hand.press(view(page, 'Simulate'));
    await hand.press(button(page, 'Offline'));
    await banner(page).waitFor();
    expect(await page.evaluate(() => navigator.onLine)).toBe(false);
    await ask(page, 'load');
    await untilTold(page, 'load: Failed to fetch (simulated: the page is offline)');
    await hand.press(button(page, 'Offline'));
    await banner(page).waitFor({ state: 'detached' });
    await ask(page, 'load');
    await untilTold(page, 'load: 200');
  });

  it('is left and shown again: what the model calls meanwhile runs then', async ({ open, expect }) => {
    const page = await open(version);
    await hand.press(view(page, 'Simulate'));
    await page.getByRole('textbox', { name: 'Message to returns' }).fill('lookup');
    // The message goes out when the page has just been left.
    await page.evaluate(() => {
      const send = () => document.querySelectorAll('form')[1]?.requestSubmit();
      addEventListener('pagehide', send, { once: true });
    });
    await hand.press(button(page, 'Leave, and return after 3 s'));
    await button(page, 'Away…').waitFor();
    await untilTold(page, 'lookup: {"id":"0","runs":1}');
    expect(await page.evaluate(() => globalThis.runsWhileAway)).toBe(0);
    await button(page, 'Leave, and return after 3 s').waitFor();
    await banner(page).waitFor({ state: 'detached' });
  });

  it('lives through chaos, the same for the same seed', async ({ open, expect }) => {
    const live = async (seed: string) => {
      const page = await open(version);
      await hand.press(view(page, 'Simulate'));
      await hand.write(page.getByLabel('Seed', { exact: true }), seed);
      await hand.write(page.getByLabel('Failures'), '50');
      await hand.write(page.getByLabel('Delay up to'), '40');
      await hand.press(button(page, 'Chaos'));
      await banner(page).waitFor();
      await ask(page, 'lookup lookup lookup load load load');
      await untilTold(page, 'load: ');
      expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe(seed);
      return (await readSimulations(page, hand)).toSorted();
    };
    const once = await live('tuesday');
    expect(once.length).toBeGreaterThan(3);
    expect(await live('tuesday')).toEqual(once);
    expect(await live('friday')).not.toEqual(once);
  });

  it('keeps its faults over a reload where they are pinned, until they are cleared', async ({ open, expect }) => {
    const page = await open(version);
    await addFault(page, hand, { isEach: true, fault: 'Fail: HTTP 503' });
    await page.reload();
    await view(page, 'Calls').waitFor();
    expect(await banner(page).isVisible()).toBe(false);

    await addFault(page, hand, { isEach: true, fault: 'Fail: HTTP 503' });
    await hand.press(view(page, 'Simulate'));
    await hand.press(page.getByRole('checkbox', { name: 'Keep faults and chaos over reloads of this tab' }));
    await page.reload();
    await banner(page).waitFor();
    await ask(page, 'lookup');
    await untilTold(page, 'lookup: Simulated: HTTP 503');

    await hand.press(view(page, 'Simulate'));
    await hand.press(button(page, 'Remove the fault of every tool'));
    await banner(page).waitFor({ state: 'detached' });
    await addFault(page, hand, { isEach: true, fault: 'Fail: HTTP 503' });
    await hand.press(view(page, 'Simulate'));
    await hand.press(button(page, 'Clear everything'));
    await banner(page).waitFor({ state: 'detached' });
    await page.reload();
    await view(page, 'Calls').waitFor();
    expect(await banner(page).isVisible()).toBe(false);
  });
});
