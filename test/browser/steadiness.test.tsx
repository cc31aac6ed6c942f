/** A call goes through its whole life: nothing beside it moves, and neither do its own icon, name and last words. */
import '@fontsource-variable/inter/wght.css';
import 'use-parallel-tools/styles.css';
import './sheets.css';
import { flushSync } from 'react-dom';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { ToolCallError, ToolCallGroup, ToolCallsProvider, ToolCallTimeline } from 'use-parallel-tools';
import type { ToolCallEvent } from '../../src/core/tool-call.ts';
import { createBatch, createToolCalls, queued, running } from '../../stories/fixtures/tool-calls.ts';
import { mount, unmount } from './sheets.tsx';

const input = { orderId: '42' };
const error = new ToolCallError('execution', '429 Too Many Requests');
const key = 'message/0/refundOrder';
const at = Date.now();

/** A life with all that can happen to a call that needs nobody. */
const life: ToolCallEvent[] = [
  { type: 'wait-changed', key, waitingFor: { type: 'slot', scope: 'all' } },
  { type: 'attempt-started', key, at },
  { type: 'progress-reported', key, progress: { message: 'Sending to the bank' } },
  { type: 'progress-reported', key, progress: { fraction: 0.4, message: 'Waiting for the bank to answer' } },
  { type: 'attempt-failed', key, error, at: at + 900, retryAt: at + 3000, maxAttempts: 3 },
  { type: 'backoff-ended', key },
  { type: 'attempt-started', key, at: at + 3000 },
  { type: 'output-streamed', key, output: { part: 1 } },
  { type: 'call-succeeded', key, output: { refunded: true }, at: at + 4200 },
];

afterEach(unmount);

function draw(width: number) {
  const shown = createBatch(queued('refundOrder', input), running('checkInventory', input), queued('sendLabel', input));
  const toolCalls = createToolCalls(shown);
  const sheet = mount(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
      <ToolCallTimeline batch={shown} />
    </ToolCallsProvider>,
    width,
  );
  const find = (slot: string) => sheet.querySelector<HTMLElement>(`[data-slot="tool-call-${slot}"]`);
  return { sheet, find, dispatch: (event: ToolCallEvent) => flushSync(() => toolCalls.dispatch({ ...event, batchKey: 'message/0' } as never)) }; // prettier-ignore
}

const box = (element: Element | null | undefined) => {
  const { left, top, right, bottom } = element?.getBoundingClientRect() ?? {};
  return [left, top, right, bottom];
};

describe.each([
  ['wide', 672],
  ['narrow', 343],
])('%s', (_, width) => {
  it('a status moves nothing', async () => {
    await page.viewport(720, 900);
    const { sheet, find, dispatch } = draw(width);
    await document.fonts.load('500 13px "Inter Variable"');
    const card = find('card');
    const steady = () => ({
      group: box(find('group')),
      groupHeader: box(find('group-header')),
      cards: [...sheet.querySelectorAll('[data-slot="tool-call-card"]')].map(box),
      icon: box(find('card-icon')),
      nameStart: box(find('card-name')).slice(0, 2),
      chevron: box(find('card-chevron')),
      timelineRows: [...sheet.querySelectorAll('[data-slot="tool-call-timeline-row"]')].map(box),
    });
    const before = steady();
    const lastWords = () => Math.max(...['card-status', 'card-time'].map((slot) => box(find(slot))[2] ?? 0));
    const end = lastWords();
    for (const event of life) {
      dispatch(event);
      expect(steady()).toEqual(before);
      expect(lastWords()).toBe(end);
    }
    expect(card?.getAttribute('data-status')).toBe('succeeded');
  });
});
