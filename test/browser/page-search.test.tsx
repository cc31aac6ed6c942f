/** Owns what a search of the page renders, and what opens; that Chromium finds and reveals it is `test/e2e/page-search.test.ts`'s. */
import 'use-parallel-tools/styles.css';
import { afterEach, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { ToolCallCardParts as Card, ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import { batch, call } from '../../stories/fixtures/shop.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { mount, unmount } from './sheets.tsx';

afterEach(unmount);

/** What the app renders itself for `getOrderStatus`. */
const Order = vi.fn<() => string>(() => 'Delivered on Tuesday');
const renderers = { getOrderStatus: { output: Order } };

const drawGroup = (shown: ReturnType<typeof createBatch>) => {
  const group = (
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} renderers={renderers} />
    </ToolCallsProvider>
  );
  const sheet = mount(group, 672);
  const find = (name: string) =>
    [...sheet.querySelectorAll<HTMLElement>('[data-slot="tool-call-card"]')].find((card) =>
      card.textContent.startsWith(name),
    )!;
  return { sheet, find, group: sheet.querySelector<HTMLElement>('[data-slot="tool-call-group"]')! };
};
const toggle = (owner: Element) => userEvent.click(owner.querySelector('[data-slot$="-trigger"]')!);
const contentOf = (card: Element) => card.querySelector<HTMLElement>('[data-slot="tool-call-card-content"]');
/** As the browser does where it has found something: from the inside out, then it takes `hidden` away. */
const reveal = (...elements: (HTMLElement | null)[]) => {
  for (const element of elements) element?.dispatchEvent(new Event('beforematch', { bubbles: true }));
  for (const element of elements) element?.removeAttribute('hidden');
};

it('has nothing to find before a search begins, whatever else is typed', async () => {
  const { sheet } = drawGroup(batch.finished());
  await userEvent.keyboard('f{Control>}a{/Control}g');
  expect(sheet.querySelector('[data-slot="tool-call-card"]')).toBeNull();
});

it('has the input and output of every folded card once a search begins, but nothing that the app renders itself', async () => {
  const { sheet, group, find } = drawGroup(batch.finished());
  const { height } = group.getBoundingClientRect();
  await userEvent.keyboard('{Control>}f{/Control}');
  await expect
    .poll(() => sheet.querySelectorAll('[hidden="until-found"] [data-slot="tool-call-value"]').length)
    .toBe(10);
  expect(group.getBoundingClientRect().height).toBe(height);
  expect(contentOf(find('getOrderStatus'))?.textContent).toContain('"deliveredOn": "2025-11-18"');
  expect(Order).not.toHaveBeenCalled();

  const list = sheet.querySelector<HTMLElement>('[data-slot="tool-call-group-list"]');
  reveal(contentOf(find('convertCurrency')), find('convertCurrency'), list);
  await expect.poll(() => find('convertCurrency').dataset['state']).toBe('open');
  expect(group.dataset['state']).toBe('open');
  expect(list?.hidden).toBe(false);
  expect(find('getOrderStatus').dataset['state']).toBe('closed');
  await toggle(find('getOrderStatus'));
  await expect.poll(() => contentOf(find('getOrderStatus'))?.textContent).toContain('Delivered on Tuesday');
});

it('unfolds the group of a card that is hidden beside a question', async () => {
  const { group, find } = drawGroup(batch.needsAPerson());
  await toggle(group);
  expect(group.dataset['state']).toBe('closed');
  await expect.poll(() => find('getOrderStatus').getAttribute('hidden')).toBe('until-found');
  await expect.poll(() => contentOf(find('getOrderStatus'))?.getAttribute('hidden')).toBe('until-found');
  expect(find('getOrderStatus').getBoundingClientRect().height).toBe(0);
  reveal(contentOf(find('getOrderStatus')), find('getOrderStatus'));
  await expect.poll(() => group.dataset['state']).toBe('open');
  await expect.poll(() => find('getOrderStatus').dataset['state']).toBe('open');
});

it('says which element its trigger controls, found or not', async () => {
  const { find } = drawGroup(createBatch(call.failed(), call.running()));
  const failed = find('convertCurrency');
  const trigger = failed.querySelector('[data-slot="tool-call-card-trigger"]');
  expect(trigger?.getAttribute('aria-controls')).toBe(contentOf(failed)?.id);
  await toggle(failed);
  expect(trigger?.hasAttribute('aria-controls')).toBe(false);
  await expect.poll(() => contentOf(failed)?.getAttribute('hidden')).toBe('until-found');
  await toggle(failed);
  expect(contentOf(failed)?.hidden).toBe(false);
  expect(trigger?.getAttribute('aria-controls')).toBe(contentOf(failed)?.id);
});

it('leaves alone a content that the app itself keeps on the page', async () => {
  const shown = call.succeeded();
  const sheet = mount(
    <ToolCallsProvider value={createToolCalls(createBatch(shown))}>
      <Card.Root callKey={shown.key}>
        <Card.Content forceMount>Always here</Card.Content>
      </Card.Root>
    </ToolCallsProvider>,
  );
  await userEvent.keyboard('{F3}');
  await new Promise((resolve) => void setTimeout(resolve, 100));
  expect(contentOf(sheet)?.checkVisibility()).toBe(true);
  expect(contentOf(sheet)?.hasAttribute('data-searched')).toBe(false);
});
