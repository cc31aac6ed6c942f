// Owns: the picture at the top of the README, light and dark, drawn from its story. `npm run draw` after the cards have changed.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from './chromium.ts';

const folder = 'docs/images';
const story = 'at-a-glance--one-turn';

const port = await findFreePort();
const storybook = spawn('storybook', ['dev', '--ci', '--port', String(port), '--no-version-updates', '--quiet'], {
  stdio: 'ignore',
  detached: true,
});
try {
  const address = `http://127.0.0.1:${port}/iframe.html`;
  await untilItAnswers(address);
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch(chromiumLaunchOptions());
  const page = await browser.newPage({
    viewport: { width: 704, height: 640 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  // The same times in both pictures.
  await page.clock.setFixedTime(Date.UTC(2026, 0, 1));
  for (const theme of ['light', 'dark']) {
    await page.goto(`${address}?id=${story}&viewMode=story&globals=theme:${theme}`);
    await page.getByRole('button', { name: /^Approve / }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${folder}/at-a-glance-${theme}.png`, clip: await frameOf(page) });
  }
  await browser.close();
} finally {
  if (storybook.pid !== undefined) process.kill(-storybook.pid);
}

/** The story with a margin around it. */
async function frameOf(page: Awaited<ReturnType<Awaited<ReturnType<typeof chromium.launch>>['newPage']>>) {
  const height = await page.locator('#storybook-root').evaluate((root) => root.getBoundingClientRect().bottom + 16);
  return { x: 0, y: 0, width: 704, height: Math.ceil(height) };
}

async function untilItAnswers(address: string): Promise<void> {
  const isThere = () => fetch(address).then(({ ok }) => ok, () => false); // prettier-ignore
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 200));
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
