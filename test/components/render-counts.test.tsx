import { act, render, screen } from '@testing-library/react';
import { Profiler, useCallback } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ToolCallCard } from '../../src/components/card/card.tsx';
import { ToolCallGroup } from '../../src/components/group/group.tsx';
import * as Group from '../../src/components/group/group.parts.ts';
import type { MessageToolBatch } from '../../src/core/message-batch.ts';
import type { ToolCallKey } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

const renders: string[] = [];
const count = (id: string) => void renders.push(id);

/** The parts of the drop-in group, each counted. */
function CountedGroup({ shown }: { shown: MessageToolBatch }) {
  const renderCard = useCallback(
    (key: ToolCallKey) => (
      <Profiler id={key} onRender={count}>
        <ToolCallCard callKey={key} />
      </Profiler>
    ),
    [],
  );
  return (
    <Group.Root batch={shown}>
      <Profiler id="header" onRender={count}>
        <Group.Header>
          <Group.Icon />
          <Group.Trigger />
          <Group.Cancel />
          <Group.Progress />
        </Group.Header>
      </Profiler>
      <Group.List>{renderCard}</Group.List>
    </Group.Root>
  );
}

const refund = 'message/0/refundOrder';

function setUp() {
  const shown = batch.running();
  const toolCalls = createToolCalls(shown);
  const draw = (current: MessageToolBatch) => (
    <ToolCallsProvider value={toolCalls}>
      <CountedGroup shown={current} />
    </ToolCallsProvider>
  );
  const { rerender } = render(draw(shown));
  renders.length = 0;
  return { shown, toolCalls, redraw: (current: MessageToolBatch) => rerender(draw(current)) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("renders only its own card and the group's header when one call changes", () => {
  const { toolCalls } = setUp();
  act(() =>
    toolCalls.dispatch({ type: 'call-succeeded', batchKey: 'message/0', key: refund, output: 1, at: Date.now() }),
  );
  expect(new Set(renders)).toEqual(new Set(['header', refund]));
  expect(screen.getByText('3 of 5 done')).toBeDefined();
});

it('renders only its own card and the strip when one call reports progress', () => {
  const { toolCalls } = setUp();
  const progress = { fraction: 0.9, message: 'Almost' };
  act(() => toolCalls.dispatch({ type: 'progress-reported', batchKey: 'message/0', key: refund, progress }));
  expect(new Set(renders)).toEqual(new Set(['header', refund]));
});

it('asks the browser for no styles and no sizes while an open group and its cards appear', () => {
  const asked = [
    vi.spyOn(globalThis, 'getComputedStyle'),
    vi.spyOn(Element.prototype, 'getBoundingClientRect'),
    vi.spyOn(Element.prototype, 'scrollHeight', 'get'),
  ];
  setUp();
  expect(screen.getAllByRole('listitem', { hidden: true })).toHaveLength(5);
  for (const spy of asked) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

it('renders no card when the message is rendered again with the same calls', () => {
  const { shown, redraw } = setUp();
  redraw({ ...shown, order: [...shown.order], calls: { ...shown.calls } });
  expect(renders.filter((id) => id !== 'header')).toEqual([]);
});

it('renders nothing when another batch changes', () => {
  const { toolCalls } = setUp();
  act(() =>
    toolCalls.dispatch({ type: 'batch-opened', batchKey: 'other/0', messageId: 'other', step: 0, streaming: true }),
  );
  expect(renders).toEqual([]);
});

it('renders cards that count once a second, and no others', () => {
  setUp();
  act(() => void vi.advanceTimersByTime(1000));
  expect(new Set(renders)).toEqual(new Set(['header', refund, 'message/0/convertCurrency']));
  expect(renders.filter((id) => id === refund)).toHaveLength(1);
});

it('asks siblings in the drop-in for nothing while one call changes', () => {
  const duration = vi.fn<(milliseconds: number) => string>(String);
  const shown = batch.running();
  const toolCalls = createToolCalls(shown);
  const labels = { duration };
  render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} labels={labels} />
    </ToolCallsProvider>,
  );
  duration.mockClear();
  act(() =>
    toolCalls.dispatch({ type: 'call-succeeded', batchKey: 'message/0', key: refund, output: 1, at: Date.now() }),
  );
  expect(duration.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([4000]);
});

it('stops its one timer when nothing counts any more', () => {
  const { toolCalls } = setUp();
  act(() => void vi.advanceTimersByTime(100));
  expect(vi.getTimerCount()).toBe(1);
  act(() => {
    for (const id of ['refundOrder', 'checkAddress', 'convertCurrency']) {
      const key = `message/0/${id}`;
      toolCalls.dispatch({ type: 'call-succeeded', batchKey: 'message/0', key, output: 1, at: Date.now() });
    }
  });
  expect(vi.getTimerCount()).toBe(0);
});
