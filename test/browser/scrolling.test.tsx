/** A group of five hundred calls, scrolled: what is out of view costs no layout, and scrolling renders nothing. */
import 'use-parallel-tools/styles.css';
import './sheets.css';
import { Profiler, type ProfilerOnRenderCallback } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { mount, unmount } from './sheets.tsx';

afterEach(() => {
  unmount();
  vi.useRealTimers();
});

/** A layout, and the one after it, in which `content-visibility` has taken effect. */
const frames = async () => {
  for (let index = 0; index < 2; index++) await new Promise(requestAnimationFrame);
};

async function drawMany() {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval'] }); // no second passes, so no clock renders
  await page.viewport(720, 900);
  const rendered = vi.fn<ProfilerOnRenderCallback>();
  const shown = batch.many(500);
  const sheet = mount(
    <ToolCallsProvider value={createToolCalls(shown)}>
      <Profiler id="group" onRender={rendered}>
        <ToolCallGroup batch={shown} />
      </Profiler>
    </ToolCallsProvider>,
    672,
  );
  const listHeads = () => [...sheet.querySelectorAll<HTMLElement>('[data-slot="tool-call-card-header"]')];
  await expect.poll(() => listHeads().length).toBe(500);
  const heads = listHeads();
  await frames();
  return { sheet, heads, rendered };
}

/** Those whose contents the browser skips. */
const listSkipped = (elements: HTMLElement[]) =>
  elements.filter((element) => !element.checkVisibility({ contentVisibilityAuto: true }));
const isInView = (element: Element) => {
  const { top, bottom } = element.closest('[data-slot="tool-call-card"]')!.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};

it('lays out only the rows in view, wherever the page is scrolled to', async () => {
  const { heads } = await drawMany();
  for (const at of [0, 0.4, 0.8, 1]) {
    scrollTo(0, at * document.documentElement.scrollHeight);
    await frames();
    const skipped = listSkipped(heads);
    expect(skipped.length).toBeGreaterThan(350);
    expect(skipped.filter(isInView)).toEqual([]);
    expect(heads.filter(isInView).length).toBeGreaterThan(15);
  }
});

it('renders nothing while it scrolls, and keeps its height', async () => {
  const { rendered } = await drawMany();
  const { scrollHeight } = document.documentElement;
  expect(scrollHeight).toBeGreaterThan(500 * 40);
  rendered.mockClear();
  for (let top = 0; top <= scrollHeight; top += 600) {
    scrollTo(0, top);
    await new Promise(requestAnimationFrame);
    expect(document.documentElement.scrollHeight).toBe(scrollHeight);
  }
  expect(rendered).not.toHaveBeenCalled();
});

it('opens the last row where it is, and finds it as tall as any other', async () => {
  const { heads } = await drawMany();
  scrollTo(0, document.documentElement.scrollHeight);
  await frames();
  const last = heads.at(-1);
  expect(last?.offsetHeight).toBe(40);
  const { top } = last!.getBoundingClientRect();
  last?.querySelector('button')?.click();
  await frames();
  expect(last?.getBoundingClientRect().top).toBe(top);
  expect(last?.nextElementSibling?.getAttribute('data-state')).toBe('open');
});
