import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToolCallGroup, type ToolCallGroupProps } from '../../src/components/group/group.tsx';
import type { MessageToolBatch } from '../../src/core/message-batch.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch, call, timedOut } from '../../stories/fixtures/shop.ts';
import {
  awaitingApproval,
  createBatch,
  createToolCalls,
  failed,
  queued,
  readyToRun,
  running,
  streaming,
  succeeded,
} from '../../stories/fixtures/tool-calls.ts';
import { readText } from './read-text.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(recorded: ToolBatch, { batch: shown = recorded, ...props }: Partial<ToolCallGroupProps> = {}) {
  const toolCalls = createToolCalls(recorded);
  const view = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} {...props} />
    </ToolCallsProvider>,
  );
  const trigger = view.container.querySelector('[data-slot="tool-call-group-trigger"]') as HTMLElement; // SAFETY: each group has one.
  const settle = (id: string, error?: ReturnType<typeof timedOut>) =>
    act(() =>
      toolCalls.dispatch({
        batchKey: 'message/0',
        key: `message/0/${id}`,
        at: Date.now(),
        ...(error ? { type: 'call-failed', error } : { type: 'call-succeeded', output: 1 }),
      }),
    );
  return { ...view, toolCalls, trigger, settle };
}

const isOpen = (trigger: HTMLElement) => trigger.getAttribute('aria-expanded') === 'true';
const listNames = () =>
  screen.queryAllByRole('listitem').map((item) => item.querySelector('[data-slot="tool-call-card-name"]')?.textContent);

describe('what a group says', () => {
  it.each([
    ['of a running batch', batch.running(), '2 of 5 done 4\u00A0s'],
    ['of a finished one', batch.finished(), '5 tools 1.2\u00A0s 3.4\u00A0s saved by running in parallel'],
    ['of one with a failure', batch.oneFailed(), '4 of 5 done 1 failed 33\u00A0s'],
    ['of one that needs a person', batch.needsAPerson(), '1 of 5 done 4 need you 340\u00A0ms'],
    ['of one that was stopped', batch.cancelled(), '1 of 3 done 1 denied 1 cancelled 2.1\u00A0s'],
    ['of a single call', createBatch(succeeded('one', {}, 1, 90)), '1 tool 90\u00A0ms'],
  ])('counts and times %s', (_, shown, text) => {
    expect(readText(setUp(shown).trigger)).toBe(text);
  });

  it('tells two failed calls of one tool apart, in their lines and in the names of their buttons', () => {
    const convert = (to: string) => ({ ...failed('convert', { amount: 49, to }, timedOut(), [900]), key: `message/0/${to}`, toolCallId: to });
    const { container } = setUp(createBatch(convert('USD'), convert('CHF')));
    const details = [...container.querySelectorAll('[data-slot="tool-call-card-detail"]')].map((detail) => detail.textContent);
    expect(details).toEqual(['49 · USD – Timed out after 900\u00A0ms', '49 · CHF – Timed out after 900\u00A0ms']);
    const names = screen.getAllByRole('button', { name: /^Retry convert/ }).map((button) => button.getAttribute('aria-label'));
    expect(names).toEqual(['Retry convert: 49 · USD', 'Retry convert: 49 · CHF']);
  }); // prettier-ignore

  it('says nothing of times that message parts do not keep', () => {
    const shown = succeeded('old', {}, 1);
    const part = { ...shown, startedAt: undefined, settledAt: 0, attempts: [] } as unknown as typeof shown; // SAFETY: as message-parts.ts makes it.
    const { trigger } = setUp({ ...createBatch(), key: 'other' }, { batch: createBatch(part) });
    expect(readText(trigger)).toBe('1 tool');
  });

  it('shows progress to assistive technology', () => {
    setUp(batch.running());
    const [progress] = screen.getAllByRole('progressbar', { name: '2 of 5 done' });
    expect(progress?.getAttribute('aria-valuenow')).toBe('2');
    expect(progress?.getAttribute('aria-valuemax')).toBe('5');
    expect(progress?.childElementCount).toBe(5);
  });

  it('draws one bar for more than forty calls', () => {
    const { container } = setUp(batch.many(60));
    expect(container.querySelectorAll('[data-slot="tool-call-group-segment"]')).toHaveLength(2);
  });
});

describe('whose calls a group shows', () => {
  it("shows the message's calls, the store's records over them, and records that the message lacks so far", () => {
    const message: MessageToolBatch = {
      ...createBatch(),
      order: ['message/0/first', 'message/0/second'],
      calls: { 'message/0/first': streaming('first', {}), 'message/0/second': streaming('second', {}) },
    };
    const { container } = setUp(createBatch(running('second', {}), queued('third', {})), { batch: message });
    expect(listNames()).toEqual(['first', 'second', 'third']);
    expect(
      [...container.querySelectorAll('[data-slot="tool-call-card-status"]')].map((word) => word.textContent),
    ).toEqual(['Preparing', 'Running', 'Queued']);
    expect(screen.getByText('0 of 3 done')).toBeDefined();
  });
});

describe('folding', () => {
  it('folds a batch that finishes well, unless focus is inside', () => {
    const first = setUp(createBatch(running('a', {}), running('b', {})));
    expect(isOpen(first.trigger)).toBe(true);
    first.settle('a');
    first.settle('b');
    expect(isOpen(first.trigger)).toBe(false);
    first.unmount();

    const second = setUp(createBatch(running('a', {})));
    second.trigger.focus();
    second.settle('a');
    expect(isOpen(second.trigger)).toBe(true);
  });

  it('stays open with a failure', () => {
    const { trigger, settle } = setUp(createBatch(running('a', {})));
    settle('a', timedOut());
    expect(isOpen(trigger)).toBe(true);
  });

  it('opens once for a failure although a person had folded it', () => {
    const { trigger, settle } = setUp(createBatch(running('a', {}), running('b', {})));
    fireEvent.click(trigger);
    expect(isOpen(trigger)).toBe(false);
    settle('b');
    settle('a', timedOut());
    expect(isOpen(trigger)).toBe(true);
  });

  it('keeps what needs a person outside the fold, in its place', () => {
    const { trigger } = setUp(batch.needsAPerson());
    fireEvent.click(trigger);
    expect(listNames()).toEqual(['refundOrder', 'updateAddress', 'sendLabel', 'pickColor']);
  });

  it('renders no card of a folded batch before it was opened', () => {
    const { container, trigger } = setUp(batch.finished());
    expect(container.querySelector('[data-slot="tool-call-card"]')).toBeNull();
    fireEvent.click(trigger);
    expect(listNames()).toHaveLength(5);
  });
});

describe('focus', () => {
  it('goes to the head when the button that had it disappears', () => {
    const { toolCalls, trigger } = setUp(batch.oneFailed());
    screen.getByRole('button', { name: 'Retry failed' }).focus();
    act(() => toolCalls.dispatch({ type: 'call-retried', batchKey: 'message/0', key: call.failed().key, at: 1 }));
    expect(document.activeElement).toBe(trigger);
  });

  it('goes to the head when an answered question vanishes in the fold', () => {
    const { toolCalls, trigger } = setUp(batch.needsAPerson());
    fireEvent.click(trigger);
    screen.getByRole('button', { name: 'Approve refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size' }).focus();
    const { key } = call.awaitingApproval();
    act(() => toolCalls.dispatch({ type: 'approval-granted', batchKey: 'message/0', key, at: 1 }));
    expect(listNames()).toEqual(['updateAddress', 'sendLabel', 'pickColor']);
    expect(document.activeElement).toBe(trigger);
  });
});

describe('what a group speaks', () => {
  const spoken = () => screen.getByRole('status').textContent;

  it('is silent at first, and about what had settled before', () => {
    setUp(batch.oneFailed());
    act(() => void vi.advanceTimersByTime(60_000));
    expect(spoken()).toBe('');
  });

  it('speaks a failure soon, and what comes with it in one breath', () => {
    const { settle } = setUp(createBatch(running('a', {}), running('b', {}), running('c', {})));
    settle('a', timedOut());
    settle('b');
    expect(spoken()).toBe('');
    act(() => void vi.advanceTimersByTime(500));
    expect(spoken()).toBe('1 of 3 done, 1 failed');
  });

  it('speaks mere progress seldom', () => {
    const { settle } = setUp(batch.many(60));
    const heard = new Set<string | null>();
    for (let id = 0; id < 57; id += 3) {
      settle(`tool${id}`);
      act(() => void vi.advanceTimersByTime(1000));
      heard.add(spoken());
    }
    heard.delete('');
    expect(heard.size).toBeLessThanOrEqual(4);
  });

  it('speaks the end', () => {
    const { settle } = setUp(createBatch(running('a', {}), running('b', {})));
    settle('a');
    settle('b');
    act(() => void vi.advanceTimersByTime(500));
    expect(spoken()).toBe('2 of 2 done');
  });

  it('speaks a question', () => {
    const { toolCalls } = setUp(createBatch(queued('refund', {}), running('b', {})));
    act(() => toolCalls.dispatch({ type: 'approval-required', batchKey: 'message/0', key: 'message/0/refund' }));
    act(() => void vi.advanceTimersByTime(500));
    expect(spoken()).toBe('0 of 2 done, 1 needs you');
  });
});

it.each([
  ['Run all (2)', readyToRun('first', {}), readyToRun('second', {})],
  ['Approve all (2)', readyToRun('first', {}), awaitingApproval('second', {})],
])('says %s', (name, ...calls) => {
  const { toolCalls } = setUp(createBatch(...calls));
  fireEvent.click(screen.getByRole('button', { name }));
  expect(toolCalls.approve).toHaveBeenCalledExactlyOnceWith('message/0');
});

it('replaces words by `labels`', () => {
  setUp(batch.oneFailed(), { labels: { retryFailed: 'Nochmal', failedCount: (count) => `${count} gescheitert` } });
  expect(screen.getByRole('button', { name: 'Nochmal' })).toBeDefined();
  expect(screen.getByText('1 gescheitert')).toBeDefined();
  expect(screen.getByText('4 of 5 done')).toBeDefined();
});
