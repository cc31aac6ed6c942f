// A card of a call that can be undone: its button and words, in a folded group too, and what is heard of it.
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToolCallError, ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import type { CallUndo } from 'use-parallel-tools/undo';
import { call } from '../../stories/fixtures/shop.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const until = () => Date.now() + 30_000;
const failure = new ToolCallError('execution', 'The shop is closed\nand more');

/** A folded group of one call whose undo stands so. */
function show(undo: CallUndo | undefined) {
  const shown = { ...call.succeeded(), ...(undo && { plugins: { undo } }) };
  const batch = createBatch(shown);
  const toolCalls = createToolCalls(batch);
  const view = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={batch} defaultOpen={false} />
    </ToolCallsProvider>,
  );
  const note = (next: CallUndo) => {
    const data = { until: undefined, error: undefined, ...next };
    act(() =>
      toolCalls.dispatch({ type: 'plugin-event', plugin: 'undo', data, batchKey: batch.key, callKey: shown.key }),
    );
  };
  const card = () => view.container.querySelector<HTMLElement>('[data-slot="tool-call-card"]');
  const part = (name: string) => card()?.querySelector(`[data-slot="tool-call-card-${name}"]`)?.textContent;
  return { ...view, toolCalls, note, card, part, key: shown.key };
}

describe('the card in a folded group', () => {
  it('offers Undo until its time is over, and stays where it is then', () => {
    const { card } = show({ status: 'offered', until: until() });
    expect(screen.getByRole('button', { name: /^Undo getOrder/ })).toBeDefined();
    act(() => void vi.advanceTimersByTime(29_000));
    expect(screen.queryByRole('button', { name: /^Undo/ })).not.toBeNull();
    act(() => void vi.advanceTimersByTime(1_500));
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull();
    expect(card()?.hidden).toBe(false);
  });

  it.each<[string, CallUndo | undefined]>([
    ['of a call that cannot be undone', undefined],
    ['of a call that nobody has undone in time', { status: 'expired' }],
  ])('is folded with it: %s', (_, undo) => {
    expect(show(undo).card()).toBeNull();
  });

  it.each<[string, CallUndo, string, string]>([
    ['is being undone', { status: 'undoing' }, 'Undoing', '42'],
    ['was undone', { status: 'undone', at: 1 }, 'Undone', '42'],
    ['could not be undone', { status: 'failed', error: failure, until: 1 }, 'Done', '42 – Not undone: The shop is closed'],
  ])('says in words that its call %s', (_, undo, status, detail) => {
    const { card, part } = show(undo);
    expect([part('status'), part('detail')]).toEqual([status, detail]);
    expect(card()?.dataset['undo']).toBe(undo.status);
  }); // prettier-ignore

  it('offers to cancel an undo at work, and to try again one that failed', () => {
    const { note } = show({ status: 'undoing' });
    expect(screen.getByRole('button', { name: /^Cancel getOrder/ })).toBeDefined();
    note({ status: 'failed', error: failure, until: until() });
    expect(screen.getByRole('button', { name: /^Undo getOrder/ })).toBeDefined();
  });

  it('gives the focus of the button to the card when that goes', () => {
    const { note, card } = show({ status: 'offered', until: until() });
    screen.getByRole('button', { name: /^Undo/ }).focus();
    note({ status: 'undoing' });
    expect(document.activeElement).toBe(card()?.querySelector('[data-slot="tool-call-card-trigger"]'));
  });
});

it.each<[CallUndo, string]>([
  [{ status: 'undone', at: 1 }, '1 of 1 done, 1 undone'],
  [{ status: 'failed', error: failure, until: 1 }, '1 of 1 done, 1 not undone'],
])('is heard soon: %o', (undo, words) => {
  const { note } = show({ status: 'offered', until: until() });
  note({ status: 'undoing' });
  note(undo);
  act(() => void vi.advanceTimersByTime(600));
  expect(screen.getByRole('status').textContent).toBe(words);
});
