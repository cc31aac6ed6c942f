// Owns the demo as the end-to-end tests meet it: served on a free port, its own Chromium, a page that keeps notes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { build, createServer, preview, type Plugin } from 'vite';
import { chromiumLaunchOptions } from '../../scripts/chromium.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const configFile = path('../../demo/vite.config.ts');

export interface DemoServer {
  url: string;
  close: () => Promise<void>;
}

/** `npm run demo`, but on a free port, and deaf to changes of files while the tests run. */
export async function startDemo(): Promise<DemoServer> {
  const server = await createServer({
    configFile,
    cacheDir: path('../../node_modules/.vite/demo-e2e'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, watch: null, hmr: false },
  });
  await server.listen();
  return { url: expectUrl(server), close: () => server.close() };
}

/**
 * The demo built, which a browser loads many times faster than module by module. Its API is that of `demo`, on a dev server.
 * `NODE_ENV` says which React is in it.
 */
export async function startBuiltDemo(demo: DemoServer, plugins: Plugin[] = []): Promise<DemoServer> {
  const outDir = await mkdtemp(join(tmpdir(), 'built-demo-'));
  await build({ configFile, logLevel: 'error', plugins, build: { outDir } });
  const server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, proxy: { '/api': demo.url } },
  });
  return {
    url: expectUrl(server),
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

function expectUrl({ resolvedUrls }: { resolvedUrls: { local: string[] } | null }): string {
  const [url] = resolvedUrls?.local ?? [];
  if (url) return url;
  throw new Error('The demo is served, but Vite names no local address for it.');
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
