// Owns the page of devtools-page/, built with the React that is asked for, under a strict Content Security Policy, and what a hand can do to it.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Locator, Page } from 'playwright';
import { build, preview } from 'vite';
import { alias } from '../../scripts/aliases.ts';

const root = fileURLToPath(new URL('./devtools-page', import.meta.url));
const react18 = resolve(dirname(createRequire(import.meta.url).resolve('on-react-18/package.json')), 'node_modules');

export interface DevtoolsPage {
  url: string;
  close: () => Promise<void>;
}

/** In development StrictMode mounts twice, and the devtools are there by themselves. */
export async function startDevtoolsPage(
  entry: 'index.html' | 'cost/index.html',
  { reactVersion = 19, mode = 'development' }: { reactVersion?: 18 | 19; mode?: 'development' | 'production' } = {},
): Promise<DevtoolsPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'devtools-page-'));
  const shared = { configFile: false, root, logLevel: 'error' } as const;
  await build({
    ...shared,
    plugins: [react()],
    resolve: {
      alias: [
        ...alias,
        ...(reactVersion === 18 ? [{ find: /^(react|react-dom)(?=\/|$)/, replacement: `${react18}/$1` }] : []),
      ],
    },
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: { outDir, minify: mode === 'production', rollupOptions: { input: join(root, entry) } },
  });
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: {
      host: '127.0.0.1',
      port: 0,
      // Strict, but that zod may try whether it may compile: what it hears then stands in the console.
      headers: { 'content-security-policy': "default-src 'self'; style-src 'self'; script-src 'self' 'unsafe-eval'" },
    },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (!url) throw new Error('The page is served, but Vite names no local address for it.');
  return {
    url: new URL(entry, url).href,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** How a person does something. */
export interface Hand {
  press(control: Locator): Promise<void>;
  /** In a list of the panel. */
  select(option: Locator): Promise<void>;
  /** In a field with a choice of words. */
  choose(field: Locator, words: string): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
}

export const mouse: Hand = {
  press: (control) => control.click(),
  select: (option) => option.click(),
  choose: async (field, words) => void (await field.selectOption(words)),
  async write(field, text) {
    await field.click({ clickCount: 3 });
    await field.page().keyboard.type(text);
  },
};

/** Goes everywhere by Tab: what Tab does not reach is out of its reach. */
export const keyboard: Hand = {
  async press(control) {
    await tabTo(control);
    await control.page().keyboard.press('Space');
  },
  async select(option) {
    await option.waitFor();
    const page = option.page();
    await tabTo(page.getByRole('listbox'));
    await page.keyboard.press('Home');
    await pressUntil(page, 'ArrowDown', async () => (await option.getAttribute('aria-selected')) === 'true');
  },
  async choose(field, words) {
    await tabTo(field);
    const page = field.page();
    await page.keyboard.press('Home');
    await pressUntil(page, 'ArrowDown', () =>
      // SAFETY: a field with a choice of words is a select.
      field.evaluate((select, words) => (select as HTMLSelectElement).selectedOptions[0]?.text === words, words),
    );
  },
  async write(field, text) {
    await tabTo(field);
    await field.page().keyboard.press('ControlOrMeta+a');
    await field.page().keyboard.type(text);
  },
};

async function tabTo(control: Locator): Promise<void> {
  await control.waitFor();
  await pressUntil(control.page(), 'Tab', () =>
    control.evaluate((element) => {
      // SAFETY: what is in the page is in a document or in a shadow root.
      const root = element.getRootNode() as Document | ShadowRoot;
      return root.activeElement === element;
    }),
  );
}

async function pressUntil(page: Page, key: string, isThere: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never got there`);
}
