/**
 * Every sheet at 200 % and 400 % zoom, and with text alone twice as large: nothing is cut off without a way to read it, the page
 * scrolls in one direction only, and every button can be pressed (WCAG 1.4.4, 1.4.10).
 */
import '@fontsource-variable/inter/wght.css';
import 'use-parallel-tools/styles.css';
import './sheets.css';
import { flushSync } from 'react-dom';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { ToolCallGroup, ToolCallLabelsProvider, ToolCallsProvider } from 'use-parallel-tools';
import { german } from '../../stories/labels/german.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { mount, sheets, unmount } from './sheets.tsx';

const zooms = {
  '200 %': { width: 640, fontSize: '' },
  '400 %': { width: 320, fontSize: '' },
  'text alone at 200 %': { width: 640, fontSize: '200%' },
};

const longNames = () => {
  const shown = batch.longNames();
  return [
    <ToolCallsProvider key="long" value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  ];
};

/** German takes more room than English. */
const inGerman = () => [
  <ToolCallLabelsProvider key="german" labels={german}>
    {sheets['groups']?.()}
  </ToolCallLabelsProvider>,
];

afterEach(() => {
  unmount();
  document.documentElement.style.fontSize = '';
});

const name = (element: Element) =>
  `${element.getAttribute('data-slot') ?? element.tagName} of ${element.closest('[data-status]')?.getAttribute('data-status')}: ${element.textContent}`;

/** Whether a person sees it: some Cancels wait for a pointer or for focus, and have a twin in the opened card. */
const isShown = (element: Element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

/** A closed card can be opened, the input and a failure are told in the body, and a timeline's name is in its title. */
function isReadElsewhere(element: Element): boolean {
  if (element.matches('[data-slot="tool-call-timeline-name"]'))
    return element.getAttribute('title') === element.textContent;
  const part = element.closest('[data-slot="tool-call-card-name"], [data-slot="tool-call-card-detail"]');
  if (part === null) return false;
  if (part.getAttribute('data-state') === 'closed' || element.matches('[data-slot="tool-call-card-summary"]'))
    return true;
  return (
    part.matches('[data-repeats="input"], [data-status="failed"], [data-status="retrying"]') &&
    part.matches('[data-slot="tool-call-card-detail"]')
  );
}

/** Boxes that hide what does not fit into them, and offer no scrolling. */
function listCut(sheet: Element): string[] {
  return [...sheet.querySelectorAll<HTMLElement>('*')]
    .filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element);
      const hidesAcross = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      const hidesDown = overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1;
      if (!isShown(element) || element.clientWidth < 2) return false;
      if (hidesAcross && !['auto', 'scroll'].includes(overflowX)) return true;
      return hidesDown && !['auto', 'scroll'].includes(overflowY);
    })
    .filter((element) => !isReadElsewhere(element))
    .map(name);
}

/** Words that reach beyond the page. */
function listOutside(sheet: Element): string[] {
  return [...sheet.querySelectorAll<HTMLElement>('[data-slot]')]
    .filter(isShown)
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > innerWidth + 1);
    })
    .map(name);
}

/** Buttons and fields that something else lies on. */
function listCovered(sheet: Element): string[] {
  return [...sheet.querySelectorAll<HTMLElement>('button:not([data-slot$="-trigger"], [data-slot$="-copy"]), input')]
    .filter(isShown)
    .filter((element) => {
      element.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit !== element && !element.contains(hit);
    })
    .map(name);
}

describe.each(Object.entries(zooms))('at %s', (_, { width, fontSize }) => {
  it.each([...Object.entries(sheets), ['long names', longNames] as const, ['groups in German', inGerman] as const])('%s can be read and used', async (_, draw) => {
    await page.viewport(width, 800);
    document.documentElement.style.fontSize = fontSize;
    const sheet = mount(draw());
    await document.fonts.ready;
    expect(document.documentElement.scrollWidth).toBe(width);
    expect(listOutside(sheet)).toEqual([]);
    expect(listCut(sheet)).toEqual([]);
    expect(listCovered(sheet)).toEqual([]);
  });

  it('an opened card says what its line cut off', async () => {
    await page.viewport(width, 800);
    document.documentElement.style.fontSize = fontSize;
    const sheet = mount(longNames());
    for (const trigger of sheet.querySelectorAll<HTMLElement>('[data-slot="tool-call-card-trigger"]')) {
      if (trigger.ariaExpanded === 'false') flushSync(() => trigger.click());
    }
    expect(sheet.querySelector('[data-slot="tool-call-card"][data-state="closed"]')).toBeNull();
    expect(document.documentElement.scrollWidth).toBe(width);
    await expect.poll(() => listCut(sheet)).toEqual([]); // the cards unfold
  });
}); // prettier-ignore
