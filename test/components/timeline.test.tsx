import { act, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { hydrateRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTimelineScale, listTicks, toFraction } from '../../src/components/spans/scale.ts';
import { listSpans } from '../../src/components/spans/spans.ts';
import * as Parts from '../../src/components/timeline/timeline.parts.ts';
import { ToolCallTimeline } from '../../src/components/timeline/timeline.tsx';
import { ToolCallError } from '../../src/core/errors.ts';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import * as timed from '../../stories/fixtures/timed-calls.ts';
import * as make from '../../stories/fixtures/tool-calls.ts';
import { readText } from './read-text.ts';

const start = Date.UTC(2025, 10, 20, 12);
const failure = new ToolCallError('execution', '503');
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

  it('are those of the run before too, once the call is retried', () => {
    const earlierRuns = [{ queuedAt: start, attempts: [{ startedAt: start + 20, endedAt: start + 300, error: failure }], settledAt: start + 300 }];
    const call = { ...make.running('a', {}), earlierRuns, queuedAt: start + 5000, startedAt: start + 5000, attempts: [{ startedAt: start + 5000 }] };
    expect(show(call as DisplayedToolCall, start + 5400)).toEqual(['queued 0-20', 'running 20-300 failed', 'running 5000-5400 live']);
  }); // prettier-ignore

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

  it('has totals apart from the lines and their axis, each with its time at the end of its bar', () => {
    const { container } = render(draw(timed.finished()).page);
    const slots = [...container.querySelectorAll('[data-slot="tool-call-timeline"] > *')].map((part) => part.getAttribute('data-slot'));
    expect(slots.map((slot) => slot?.slice('tool-call-timeline-'.length))).toEqual(['axis', 'list', 'legend', 'summary']);
    const times = [...container.querySelectorAll<HTMLElement>('[data-slot="tool-call-timeline-summary"] [data-slot="tool-call-timeline-time"]')];
    const bars = [...container.querySelectorAll<HTMLElement>('[data-phase="total"], [data-phase="ghost"]:nth-last-child(2)')];
    const end = ({ style }: HTMLElement) => style.getPropertyValue('--tool-call-to');
    expect(times.map(end)).toEqual(bars.map(end));
    expect(times.every((time) => time.parentElement?.dataset['slot'] === 'tool-call-timeline-track')).toBe(true);
  }); // prettier-ignore

  it('says no total and no span of less than a second while calls are at work', () => {
    const at = { queuedAt: start, startedAt: start, attempts: [{ startedAt: start }] };
    const batch = make.createBatch({ ...make.running('a', {}), ...at } as never, { ...make.running('b', {}), ...at } as never);
    const { container } = render(draw(batch).page);
    const words = () => [
      readText(container.querySelector('[data-slot="tool-call-timeline-summary"]')),
      ...screen.getAllByRole('img').map((track) => track.getAttribute('aria-label')),
    ].map((text) => text?.replaceAll('\u00A0', ' ')); // prettier-ignore
    act(() => vi.advanceTimersByTime(900));
    expect(container.querySelectorAll('[data-phase="total"], [data-phase="ghost"]')).toHaveLength(3);
    expect(words()).toEqual(['In parallel One by one 1 s', 'Running', 'Running']);
    act(() => vi.advanceTimersByTime(400));
    expect(words()).toEqual(['In parallel 1 sOne by one 2 s', 'Running: ran 1 s', 'Running: ran 1 s']);
  }); // prettier-ignore

  it('keeps apart what a retry took and what running in parallel saved', () => {
    const batch = make.createBatch(make.succeeded('read', {}, 1, 800), make.failed('convert', {}, failure, [1000]));
    const { page, toolCalls } = draw(batch);
    const { container } = render(page);
    const totals = () => readText(container.querySelector('[data-slot="tool-call-timeline-summary"]')).replaceAll('\u00A0', ' ');
    const before = totals();
    const { key } = find(batch, 'convert');
    const send = (event: object) => act(() => toolCalls.dispatch({ ...event, key, batchKey: batch.key } as never));
    send({ type: 'call-retried', at: start + 60_000 });
    send({ type: 'attempt-started', at: start + 60_000 });
    send({ type: 'call-succeeded', output: 1, at: start + 60_500 });
    expect([before, totals()]).toEqual(['In parallel 1.0 sOne by one 1.8 s', 'In parallel 1.5 s · 800 ms savedOne by one 2.3 s']);
    expect(container.querySelectorAll('[data-outcome="failed"]')).toHaveLength(1);
  }); // prettier-ignore

  it.each([
    ['that nothing is drawn of', make.createBatch(make.awaitingApproval('a', {})), []],
    ['that just runs', make.createBatch(make.succeeded('a', {}, 1, 500)), ['Running']],
    ['that waited and backed off', timed.finished(), ['Queued', 'Running', 'Backing off', 'Failed attempt']],
    ['that was cancelled', make.createBatch(make.cancelled('a', {}, 500)), ['Cancelled attempt']],
    ['in which a person was thinking', timed.paused(), ['Queued', 'Running', 'Idle time left out']],
  ])('has a legend of what is there: of a batch %s', (_, batch, keys) => {
    const { container } = render(draw(batch).page);
    const legend = container.querySelector('[data-slot="tool-call-timeline-legend"]');
    expect([...(legend?.children ?? [])].map((key) => key.textContent.trim())).toEqual(keys);
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
