/**
 * Owns the pictures of every state, compared with those in `__screenshots__`. Fonts come from packages and the clock stands still, so only
 * the rasteriser is the machine's own: Vitest's own tolerance holds, and other systems than the pictures' do not compare.
 */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import 'use-parallel-tools/styles.css';
import './sheets.css';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, page, server } from 'vitest/browser';
import { mount, sheets, unmount } from './sheets.tsx';

const looks = {
  light: { class: '', dir: 'ltr', forced: false },
  dark: { class: 'dark', dir: 'ltr', forced: false },
  'right to left': { class: '', dir: 'rtl', forced: false },
  'forced colours': { class: '', dir: 'ltr', forced: true },
} as const;

const emulate = (name: string, value: string) =>
  cdp().send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-reduced-motion', value: 'reduce' },
      { name, value },
    ],
  });

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2025, 10, 20, 12, 30) }));
afterEach(async () => {
  unmount();
  document.documentElement.className = '';
  document.documentElement.dir = 'ltr';
  vi.useRealTimers();
  await emulate('forced-colors', 'none');
});

async function draw(elements: ReactElement[], width: number): Promise<HTMLElement> {
  const sheet = mount(elements, width);
  await document.fonts.load('500 13px "Inter Variable"');
  await document.fonts.load('400 12px "JetBrains Mono Variable"');
  await document.fonts.ready;
  return sheet;
}

// The pictures were taken on Linux: elsewhere glyphs have other edges.
describe.runIf(server.platform === 'linux')('pictures', () => {
  describe.each(Object.entries(looks))('in %s', (look, { class: className, dir, forced }) => {
    it.each(Object.keys(sheets))('%s look as they did', async (name) => {
      await page.viewport(720, 900);
      await emulate('forced-colors', forced ? 'active' : 'none');
      document.documentElement.className = className;
      document.documentElement.dir = dir;
      const sheet = await draw(sheets[name]?.() ?? [], 672);
      await page.viewport(720, sheet.offsetHeight);
      await expect.element(page.elementLocator(sheet)).toMatchScreenshot(`${name} ${look}`);
    });
  });

  it.each(['groups', 'timelines'])('%s look as they did, narrow', async (name) => {
    await page.viewport(375, 812);
    await emulate('forced-colors', 'none');
    const sheet = await draw(sheets[name]?.() ?? [], 343);
    await page.viewport(375, sheet.offsetHeight);
    await expect.element(page.elementLocator(sheet)).toMatchScreenshot(`${name} narrow`);
  });
});

it('has one height for a card in every state, and one for a group from its first call to its last', async () => {
  await page.viewport(720, 900);
  const sheet = await draw(sheets['cards']?.() ?? [], 672);
  const heights = [...sheet.querySelectorAll<HTMLElement>('[data-slot="tool-call-card-header"]')].map(
    (head) => head.offsetHeight,
  );
  expect(new Set(heights)).toEqual(new Set([40]));
});
