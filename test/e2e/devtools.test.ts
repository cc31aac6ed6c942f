// Owns: the devtools in the demo, in a real Chromium: by mouse and by keyboard, narrow, in a window of their own, and nowhere in a production build.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { build } from 'vite';
import { describe, expect, it, vi } from 'vitest';
import { openDemo, type DemoPage } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

async function openPanel(viewport = { width: 1280, height: 900 }): Promise<DemoPage> {
  const demo = await openDemo(served.browser, served.built.url, { latency: 0.25 });
  await demo.page.setViewportSize(viewport);
  await demo.page.getByRole('button', { name: 'Open the tool calls devtools' }).click();
  await demo.page.getByRole('heading', { name: 'Tool calls', exact: true }).waitFor();
  return demo;
}

const ask = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
};
const row = (page: Page, name: string) => page.getByRole('option').filter({ hasText: name });

describe('the devtools', () => {
  it('show a call while it happens, and retry it', async () => {
    const { page, complaints, close } = await openPanel();
    await ask(page, 'What is €129 in US dollars?');
    await row(page, 'convertCurrency').filter({ hasText: 'Failed' }).click();
    await page.getByRole('article', { name: 'convertCurrency' }).getByText('Exchange rates are down').first().waitFor();
    await page.getByRole('group', { name: 'Acts' }).getByRole('button', { name: 'Retry' }).click();
    await row(page, 'convertCurrency').filter({ hasText: 'Done' }).waitFor();
    await page.getByText('€129.00 is $150.05').first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('make the next attempt of a tool fail and say so; its retry is real', async () => {
    const { page, close } = await openPanel();
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('combobox', { name: 'Tool', exact: true }).selectOption('getOrderStatus');
    await page.getByRole('combobox', { name: 'Fault' }).selectOption('Fail: HTTP 503');
    await page.getByRole('button', { name: 'Add fault' }).click();
    await page.getByText('Faults are simulated').waitFor();
    await ask(page, 'Where is my order 1042?');
    await page.getByRole('button', { name: 'Calls', exact: true }).click();
    await row(page, 'getOrderStatus').filter({ hasText: 'simulated' }).filter({ hasText: 'Done' }).click();
    const details = page.getByRole('article', { name: 'getOrderStatus' });
    await details.getByText('2 attempts').waitFor();
    await details.getByText('Simulated: HTTP 503').waitFor();
    await page.getByText('Faults are simulated').waitFor({ state: 'detached' });
    await close();
  });

  it('go back in time and leave the page as it is', async () => {
    const { page, close } = await openPanel();
    await ask(page, 'Where is my order 1042?');
    await row(page, 'getOrderStatus').filter({ hasText: 'Done' }).waitFor();
    await page.getByRole('slider', { name: 'Time travel' }).focus();
    for (let presses = 0; presses < 40; presses++) {
      if (await row(page, 'getOrderStatus').filter({ hasText: 'Running' }).isVisible()) break;
      await page.keyboard.press('ArrowLeft');
    }
    await row(page, 'getOrderStatus').filter({ hasText: 'Running' }).waitFor();
    expect(await page.locator('[data-slot="tool-call-card"]').first().getAttribute('data-status')).toBe('succeeded');
    await page.getByRole('button', { name: 'Now', exact: true }).click();
    await row(page, 'getOrderStatus').filter({ hasText: 'Done' }).waitFor();
    await close();
  });

  it('are usable by keyboard alone', async () => {
    const { page, close } = await openDemo(served.browser, served.built.url, { latency: 0.25 });
    await page.getByRole('button', { name: 'Open the tool calls devtools' }).focus();
    await page.keyboard.press('Enter');
    await ask(page, 'Where is my order 1042?');
    await row(page, 'getOrderStatus').filter({ hasText: 'Done' }).waitFor();
    await page.getByRole('listbox', { name: 'Tool calls' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('article', { name: 'getOrderStatus' }).waitFor();
    await page.getByRole('button', { name: 'Close the devtools' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open the tool calls devtools' }).waitFor();
    await close();
  });

  it('open in a window of their own, and close with it', async () => {
    const { page, close } = await openPanel();
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Open in a window' }).click();
    const popup = await opened;
    await popup.getByRole('heading', { name: 'Tool calls', exact: true }).waitFor();
    expect(await popup.locator('.panel').evaluate((panel) => getComputedStyle(panel).display)).toBe('flex');
    await ask(page, 'Where is my order 1042?');
    await popup.getByRole('option').filter({ hasText: 'getOrderStatus' }).waitFor();
    await popup.close();
    await page.getByRole('button', { name: 'Open the tool calls devtools' }).waitFor();
    await close();
  });

  it('fit a narrow page: nothing goes beyond its edge', async () => {
    const { page, close } = await openPanel({ width: 360, height: 740 });
    await ask(page, 'Where is my order 1042?');
    await row(page, 'getOrderStatus').click();
    await page.getByRole('article', { name: 'getOrderStatus' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Close the details' }).click();
    await close();
  });

  it('are not in a production build of the demo', { timeout: 120_000 }, async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const outDir = mkdtempSync(join(tmpdir(), 'production-demo-'));
    await build({ configFile: 'demo/vite.config.ts', logLevel: 'error', build: { outDir } });
    vi.stubEnv('NODE_ENV', 'development');
    const scripts = globSync(join(outDir, '**/*.js')).map((path) => readFileSync(path, 'utf8'));
    rmSync(outDir, { recursive: true });
    const text = scripts.join('\n');
    expect(text).toContain('tool-call-card');
    for (const trace of ['devtools', 'page-chats', 'Simulated:', 'Time travel', 'panel-box'])
      expect(text).not.toContain(trace);
  });
});
