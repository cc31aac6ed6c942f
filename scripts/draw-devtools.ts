// Owns: the pictures of the panel in docs/devtools.md and docs/testing-your-tools.md, drawn from the demo. `npm run draw` after the panel has changed.
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { chromiumLaunchOptions } from './chromium.ts';

const folder = process.argv[2] ?? 'docs/images';

const server = await createServer({
  configFile: 'demo/vite.config.ts',
  server: { port: 0, host: '127.0.0.1' },
  logLevel: 'error',
});
await server.listen();
// SAFETY: it listens on a port.
const { port } = server.httpServer!.address() as AddressInfo;
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  for (const theme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 860 },
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    await page.goto(`http://127.0.0.1:${port}/`);
    await drawTurn(page, theme);
    if (theme === 'light') {
      await drawSession(page);
      await drawFault(page);
      await drawWaits(page);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}

/** A turn that is over, with the details of the call that failed. */
async function drawTurn(page: Page, theme: string): Promise<void> {
  await page.getByRole('button', { name: 'Open the tool calls devtools' }).click();
  await page.getByRole('button', { name: 'Settle a whole case' }).click();
  await page.getByRole('article').getByText('could not convert').first().waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('option', { name: /convertCurrency/ }).click();
  await page.screenshot({ path: `${folder}/devtools-${theme}.png` });
  await page.getByRole('option', { name: /Step 1/ }).click();
  await panelOf(page).screenshot({ path: `${folder}/devtools-step-${theme}.png` });
}

function panelOf(page: Page) {
  return page.getByRole('region', { name: 'Tool calls devtools' });
}

/** The session of the turn, saved and opened again, at an event in the middle. */
async function drawSession(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByLabel('Import').setInputFiles(await (await download).path());
  await page
    .getByRole('option', { name: /attempt-started/ })
    .last()
    .click();
  await panelOf(page).screenshot({ path: `${folder}/testing-session.png` });
}

/** A tool that is to fail, and what its calls suffered. */
async function drawFault(page: Page): Promise<void> {
  await page.reload();
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  const choose = (field: string, words: string) =>
    page.getByRole('combobox', { name: field, exact: true }).selectOption(words);
  await choose('Tool', 'checkInventory');
  await choose('Which calls', 'Each call');
  await choose('Fault', 'Fail: HTTP 503');
  await page.getByRole('button', { name: 'Add fault' }).click();
  await panelOf(page).screenshot({ path: `${folder}/devtools-simulate.png` });
}

/** Two refunds of one order: the second waits for the lock that the first holds. */
async function drawWaits(page: Page): Promise<void> {
  // A slow shop, so that there is time for the picture.
  await page.evaluate(() => localStorage.setItem('larkfield-settings', JSON.stringify({ latency: 3 })));
  await page.reload();
  await page.getByRole('textbox', { name: 'Message' }).fill('Please refund both items of order 1042.');
  await page.keyboard.press('Enter');
  for (const place of [0, 1]) {
    await page
      .getByRole('option', { name: /refundOrder/ })
      .nth(place)
      .click();
    await page.getByRole('button', { name: 'Approve', exact: true }).last().click();
  }
  await page.getByRole('button', { name: 'Waits', exact: true }).click();
  await page.getByText(/^It waits for the lock/).waitFor();
  await panelOf(page).screenshot({ path: `${folder}/devtools-waits.png` });
}
