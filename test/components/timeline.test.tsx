import { act, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { hydrateRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTimelineScale, listTicks, toFraction } from '../../src/components/spans/scale.ts';
import { listSpans } from '../../src/components/spans/spans.ts';
import * as Parts from '../../src/components/timeline/timeline.parts.ts';
import { ToolCallTimeline } from '../../src/components/timeline/timeline.tsx';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import * as timed from '../../stories/fixtures/timed-calls.ts';
import * as make from '../../stories/fixtures/tool-calls.ts';
import { readText } from './read-text.ts';

const start = Date.UTC(2025, 10, 20, 12);
const listCalls = (batch: ToolBatch) => batch.order.flatMap((key) => batch.calls[key] ?? []);
const find = (batch: ToolBatch, toolName: string): DisplayedToolCall => {
  const found = listCalls(batch).find((call) => call.toolName === toolName);
  if (found === undefined) throw new Error(`No ${toolName}.`);
  return found;
};

/** Spans as `phase from-to`, in milliseconds from the start. */
const show = (call: DisplayedToolCall, now = 0) =>
  listSpans(call, now).map(
    ({ phase, from, to, outcome, isLive }) =>
      `${phase} ${from - start}-${to - start}${outcome ? ` ${outcome}` : ''}${isLive ? ' live' : ''}`,
  );

describe('the bars of a call', () => {
  it('are its wait, its attempts and the backoff between them', () => {
    expect(show(find(timed.finished(), 'checkAddress'))).toEqual(['queued 20-1120', 'running 1120-1580']);
    expect(show(find(timed.finished(), 'convertCurrency'))).toEqual([
      'queued 8-30',
      'running 30-390 failed',
      'backoff 390-960',
      'running 960-1790',
    ]);
  });

  it('go on until now while the call is at work', () => {
    const call = { ...make.running('a', {}), queuedAt: start, startedAt: start + 50, attempts: [{ startedAt: start + 50 }] }; // prettier-ignore
    expect(show(call as DisplayedToolCall, start + 700)).toEqual(['queued 0-50', 'running 50-700 live']);
  });

  it('say that a person cancelled, which is no failure', () => {
    expect(show(find(timed.mixed(), 'checkInventory'))).toEqual(['running 0-12400 cancelled']);
  });

  it('are none for a call without times: old history, one that waits for a person, one whose input streams', () => {
    expect(show({ ...make.succeeded('a', {}, 1), queuedAt: 0, attempts: [], settledAt: 0, startedAt: undefined } as never)).toEqual([]); // prettier-ignore
    expect(show(make.awaitingApproval('a', {}))).toEqual([]);
    expect(show(make.streaming('a', {}))).toEqual([]);
  });
});

describe('the scale', () => {
  const scaleOf = (batch: ToolBatch) => createTimelineScale(listCalls(batch), 0);

  it('ends at a number that four ticks divide well', () => {
    const scale = scaleOf(timed.finished());
    expect(listTicks(scale)).toMatchObject({ unit: 'millisecond' });
    expect(listTicks(scale).ticks.map(({ value }) => value)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(toFraction(scale, start + 1000)).toBe(0.5);
  });

  it('counts in seconds beyond ten, and in minutes beyond ten', () => {
    const lasting = (duration: number) => listTicks(scaleOf(make.createBatch(make.succeeded('a', {}, 1, duration))));
    expect(lasting(21_500)).toMatchObject({ unit: 'second', ticks: [{}, {}, {}, {}, { value: 30 }] });
    expect(lasting(700_000)).toMatchObject({ unit: 'minute', ticks: [{}, {}, {}, {}, { value: 12 }] });
  });

  it('leaves out the time in which nothing was at work', () => {
    const scale = scaleOf(timed.paused());
    expect(scale.gaps).toEqual([{ from: start + 900, length: 239_100 }]);
    expect(scale.length).toBe(3000);
    expect(toFraction(scale, start + 240_000)).toBe(0.3);
  });

  it('is there for a batch in which nothing ran', () => {
    expect(createTimelineScale([make.awaitingApproval('a', {})], 5).length).toBe(1000);
    expect(createTimelineScale([], 5).length).toBe(1000);
  });
});

describe('ToolCallTimeline', () => {
  const draw = (batch: ToolBatch) => {
    const toolCalls = make.createToolCalls(batch);
    const page = (
      <ToolCallsProvider value={toolCalls}>
        <ToolCallTimeline batch={batch} />
      </ToolCallsProvider>
    );
    return { toolCalls, page };
  };

  beforeEach(() => void vi.useFakeTimers({ now: start }));
  afterEach(() => void vi.useRealTimers());

  it('says each line in words', () => {
    render(draw(timed.mixed()).page);
    const words = screen
      .getAllByRole('img')
      .map((track) => track.getAttribute('aria-label')?.replaceAll('\u00A0', ' '));
    expect(words).toEqual([
      'Done: ran 2 ms',
      'Failed: failed after 4.0 s, backed off 1.0 s, failed after 4.0 s, backed off 2.0 s, failed after 4.0 s',
      'Cancelled: cancelled after 12 s',
      'Done: queued 8.0 s, ran 14 s',
      'Denied',
    ]);
  });

  it('compares with running one by one, and praises only a batch without a failure', () => {
    const { container, unmount } = render(draw(timed.finished()).page);
    const summary = () => readText(container.querySelector('[data-slot="tool-call-timeline-summary"]'));
    expect(summary().replaceAll('\u00A0', ' ')).toBe('In parallel 1.8 s · 2.1 s savedOne by one 3.9 s');
    unmount();
    const other = render(draw(timed.mixed()).page).container;
    expect(other.textContent).not.toContain('saved');
  });

  it('grows while a call runs, and keeps its scale until the end of it is reached', () => {
    const batch = make.createBatch({ ...make.running('a', {}), queuedAt: start } as never);
    const { container } = render(draw(batch).page);
    const to = () => container.querySelector<HTMLElement>('[data-live]')?.style.getPropertyValue('--tool-call-to');
    const last = () => container.querySelector('[data-slot="tool-call-timeline-tick"]:last-child')?.textContent;
    act(() => vi.advanceTimersByTime(400));
    expect([to(), last()]).toEqual(['1', '400 ms']);
    act(() => vi.advanceTimersByTime(1800));
    expect([to(), last()]).toEqual(['0.7333333333333333', '3,000 ms']);
    act(() => vi.advanceTimersByTime(600));
    expect(last()).toBe('3,000 ms');
  });

  it.each([
    ['over', timed.finished()],
    ['at work', timed.live()],
  ])('hydrates what a server rendered without a warning: %s', (_, batch) => {
    const { page } = draw(batch);
    const container = document.createElement('div');
    container.innerHTML = renderToString(page);
    expect(container.textContent).toContain('getOrderStatus');
    let root: Root | undefined;
    act(() => void (root = hydrateRoot(container, page)));
    expect(container.querySelectorAll('[data-slot="tool-call-timeline-bar"]').length).toBeGreaterThan(3);
    act(() => root?.unmount());
  });
});

it('says what to do when a part stands outside its timeline or its line', () => {
  expect(() => render(<Parts.Axis />)).toThrow('Put it inside <ToolCallTimelineParts.Root batch={batch}>');
  expect(() => render(<Parts.Track />)).toThrow('Put it inside <ToolCallTimelineParts.Row call={call}>');
});
