/** The drop-ins without the stylesheet, as a page's own CSS or none finds them: plain HTML that can be read and used. */
import { afterEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { MessageToolCalls, ToolCallGroup, ToolCallsProvider, type MessageToolBatch } from 'use-parallel-tools';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { mount, sheets, unmount } from './sheets.tsx';

afterEach(unmount);

function drawGroup(shown: MessageToolBatch & Parameters<typeof createToolCalls>[0]) {
  const toolCalls = createToolCalls(shown);
  const sheet = mount(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  return { sheet, toolCalls };
}

/** What a person reads, a line each. */
const read = (element: Element | null) =>
  (element as HTMLElement).innerText
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/\n+/g, '\n')
    .trim();

it('has no stylesheet of ours', () => {
  const { sheet } = drawGroup(batch.running());
  expect(getComputedStyle(sheet.querySelector('[data-slot="tool-call-group"]') as Element).borderTopWidth).toBe('0px');
});

it.each(Object.keys(sheets))('draws every sign at the size of text: %s', (name) => {
  const sheet = mount(sheets[name]?.() ?? []);
  const drawings = [...sheet.querySelectorAll('svg')];
  expect(drawings.length).toBeGreaterThan(0);
  const sizes = drawings.map((drawing) => drawing.getBoundingClientRect());
  expect(sizes.filter(({ width, height }) => width > 16 || height > 16)).toEqual([]);
});

it('keeps the words of a line apart', () => {
  const { sheet } = drawGroup(batch.oneFailed());
  const heads = [...sheet.querySelectorAll('[data-slot$="-header"]')].map(read);
  expect(heads[0]).toBe('4 of 5 done 1 failed 33 s Retry failed');
  expect(heads[1]).toBe('getOrderStatus 42 Done 340 ms');
  expect(heads[4]).toBe('convertCurrency 49 · EUR · USD – Timed out after 10 s Retry Failed 33 s');
  const error = sheet.querySelector('[data-slot="tool-call-card-error"]');
  expect(read(error)).toBe('No answer from rates.example within 10 s. timeout');
});

it('keeps the words of a timeline apart', () => {
  const sheet = mount(sheets['timelines']?.()[0] ?? []);
  expect(read(sheet.querySelector('[data-slot="tool-call-timeline-axis"]'))).toBe('0 500 1,000 1,500 2,000 ms');
  expect(read(sheet.querySelector('[data-slot="tool-call-timeline-row"]'))).toBe('getOrderStatus 340 ms');
  expect(read(sheet.querySelector('[data-slot="tool-call-timeline-legend"]'))).toBe(
    'Queued Running Backing off Failed attempt',
  );
  expect(read(sheet.querySelector('[data-slot="tool-call-timeline-summary"]'))).toMatch(
    /^In parallel .* s · .* saved\nOne by one .* s$/,
  );
});

it('hides what is folded, and shows what is opened', async () => {
  const { sheet } = drawGroup(batch.finished());
  expect(read(sheet)).toBe('5 tools 1.2 s 3.4 s saved by running in parallel');
  await userEvent.click(page.getByRole('button', { name: /^5 tools/ }));
  expect(sheet.querySelectorAll('[role="listitem"]')).toHaveLength(5);
  expect(read(sheet)).not.toContain('Output');
  await userEvent.click(page.getByRole('button', { name: 'getOrderStatus' }));
  expect(read(sheet)).toContain('Output');
  await userEvent.click(page.getByRole('button', { name: /^5 tools/ }));
  expect(read(sheet)).toBe('5 tools 1.2 s 3.4 s saved by running in parallel');
});

it('shows a question where the group is folded, and takes the answer', async () => {
  const { sheet, toolCalls } = drawGroup(batch.needsAPerson());
  await userEvent.click(page.getByRole('button', { name: /^1 of 5 done/ }));
  expect(read(sheet)).not.toContain('getOrderStatus');
  expect(read(sheet)).toContain('orderId\n42\namount\n49.00 EUR');
  await userEvent.click(page.getByRole('button', { name: /^Approve refundOrder/ }));
  expect(toolCalls.approve).toHaveBeenCalledWith('message/0/refundOrder');
  await userEvent.fill(page.getByRole('textbox', { name: 'Answer' }), 'Rust');
  await userEvent.click(page.getByRole('button', { name: /^Send pickColor/ }));
  expect(toolCalls.respond).toHaveBeenCalledWith('message/0/pickColor', 'Rust');
});

it('shows nothing of what is only spoken', () => {
  const { sheet } = drawGroup(batch.running());
  const { width, height } = sheet.querySelector('[role="status"]')?.getBoundingClientRect() ?? {};
  expect([width, height]).toEqual([1, 1]);
});

it('puts the groups of a message between its other parts', () => {
  const sheet = mount(
    <ToolCallsProvider value={createToolCalls(batch.finished())}>
      <MessageToolCalls
        groups={[
          { type: 'part', key: 'a' },
          { type: 'tool-calls', key: 'b', batch: batch.finished() },
        ]}
      >
        {() => <p>One moment.</p>}
      </MessageToolCalls>
    </ToolCallsProvider>,
  );
  expect(read(sheet)).toBe('One moment.\n5 tools 1.2 s 3.4 s saved by running in parallel');
});
