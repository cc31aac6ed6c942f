// Owns the demo as the end-to-end tests meet it: its own dev server on a free port, its own Chromium, a page that keeps notes.
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer } from 'vite';
import { chromiumLaunchOptions } from '../../scripts/chromium.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export interface DemoServer {
  url: string;
  close: () => Promise<void>;
}

/** `npm run demo`, but on a free port, and deaf to changes of files while the tests run. */
export async function startDemo(): Promise<DemoServer> {
  const server = await createServer({
    configFile: path('../../demo/vite.config.ts'),
    cacheDir: path('../../node_modules/.vite/demo-e2e'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, watch: null, hmr: false },
  });
  await server.listen();
  const [url] = server.resolvedUrls?.local ?? [];
  if (!url) throw new Error('The demo server listens, but Vite names no local address for it.');
  return { url, close: () => server.close() };
}

export const startBrowser = (): Promise<Browser> => chromium.launch(chromiumLaunchOptions());

export interface DemoPage {
  page: Page;
  /** How often the page asked the model. */
  chatRequests: () => number;
  /** The most cards that were running at one time since the page was opened. */
  mostRunning: () => Promise<number>;
  /** Every status that a card has had since the page was opened. */
  seenStatuses: () => Promise<string[]>;
  /** Errors and warnings of the console, and uncaught errors; a failed request of the shop's faulty rates is not one. */
  complaints: string[];
  close: () => Promise<void>;
}

export interface DemoPageOptions {
  /** Of the shop; 1 is normal. */
  latency?: number;
  fault?: 'none' | 'until-retried' | 'always';
}

declare global {
  interface Window {
    mostRunning: number;
    seenStatuses: string[];
  }
}

export async function openDemo(browser: Browser, url: string, options: DemoPageOptions = {}): Promise<DemoPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  let chatRequests = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/chat') chatRequests++;
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const isFault = message.location().url.includes('/api/shop/exchange-rates');
    if (['error', 'warning'].includes(message.type()) && !isFault) complaints.push(message.text());
  });
  await page.addInitScript((settings) => {
    localStorage.setItem('larkfield-settings', settings);
    // An observer sees each change of the page, so that no moment is missed between two looks.
    window.mostRunning = 0;
    window.seenStatuses = [];
    new MutationObserver(() => {
      const cards = [...document.querySelectorAll<HTMLElement>('[data-slot="tool-call-card"]')];
      const statuses = cards.map((card) => card.dataset['status'] ?? '');
      window.mostRunning = Math.max(window.mostRunning, statuses.filter((status) => status === 'running').length);
      window.seenStatuses = [...new Set([...window.seenStatuses, ...statuses])];
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-status'] });
  }, JSON.stringify(options));
  await page.goto(url);
  return {
    page,
    chatRequests: () => chatRequests,
    mostRunning: () => page.evaluate(() => window.mostRunning),
    seenStatuses: () => page.evaluate(() => window.seenStatuses),
    complaints,
    close: () => context.close(),
  };
}
