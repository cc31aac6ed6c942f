// Owns: the pictures that are drawn from stories: the README's, light and dark, and that of docs/testing-your-tools.md. `npm run draw` after the
// cards have changed.
import { mkdirSync } from 'node:fs';
import { chromium, type Page } from 'playwright';
import { chromiumLaunchOptions } from './chromium.ts';
import { startStorybook } from './storybook-server.ts';

const folder = process.argv[2] ?? 'docs/images';
const story = 'at-a-glance--one-turn';

const storybook = await startStorybook();
try {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch(chromiumLaunchOptions());
  const options = { deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;
  await drawReadme(await browser.newPage({ ...options, viewport: { width: 704, height: 640 } }));
  await drawStates(await browser.newPage({ ...options, viewport: { width: 1120, height: 520 } }));
  await browser.close();
} finally {
  storybook.close();
}

async function drawReadme(page: Page): Promise<void> {
  // The same times in both pictures.
  await page.clock.setFixedTime(Date.UTC(2026, 0, 1));
  for (const theme of ['light', 'dark']) {
    await page.goto(`${storybook.url}iframe.html?id=${story}&viewMode=story&globals=theme:${theme}`);
    await page.getByRole('button', { name: /^Approve / }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${folder}/at-a-glance-${theme}.png`, clip: await frameOf(page) });
  }
}

/** The story with a margin around it. */
async function frameOf(page: Page) {
  const height = await page.locator('#storybook-root').evaluate((root) => root.getBoundingClientRect().bottom + 16);
  return { x: 0, y: 0, width: 704, height: Math.ceil(height) };
}

/** Storybook itself, with the states of the decorator as stories. */
async function drawStates(page: Page): Promise<void> {
  await page.goto(`${storybook.url}?path=/story/test-kit--needs-a-person&panel=false`);
  await page
    .frameLocator('#storybook-preview-iframe')
    .getByRole('button', { name: /^Approve all/ })
    .waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}/testing-states.png` });
}
