/** Owns the sheets: every state of card, group and timeline, for all tests that look at them. */
import type { ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { ToolCallCard, ToolCallGroup, ToolCallsProvider, ToolCallTimeline } from 'use-parallel-tools';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { renderers } from '../../stories/fixtures/pick-color.tsx';
import { batch, call } from '../../stories/fixtures/shop.ts';
import * as timed from '../../stories/fixtures/timed-calls.ts';
import { createBatch, createToolCalls, reused } from '../../stories/fixtures/tool-calls.ts';

const card = (name: string, create: () => DisplayedToolCall, open: boolean, density?: 'compact') => {
  const shown = create();
  const toolCalls = createToolCalls(createBatch(...(shown.status === 'input-streaming' ? [] : [shown])));
  return (
    <ToolCallsProvider key={name} value={toolCalls}>
      <ToolCallCard
        callKey={shown.key}
        call={shown}
        renderers={renderers}
        defaultOpen={open}
        {...(density && { density })}
      />
    </ToolCallsProvider>
  );
};
const cards = (open: boolean, density?: 'compact') =>
  Object.entries(call).map(([name, create]) => card(name, create, open, density));
const group = (shown: ToolBatch) => (
  <ToolCallsProvider key={shown.order.join()} value={createToolCalls(shown)}>
    <ToolCallGroup batch={shown} renderers={renderers} />
  </ToolCallsProvider>
);
const timeline = (shown: ToolBatch) => (
  <ToolCallsProvider key={shown.order.join()} value={createToolCalls(shown)}>
    <ToolCallTimeline batch={shown} />
  </ToolCallsProvider>
);

export const sheets: Record<string, () => ReactElement[]> = {
  cards: () => cards(false),
  'opened cards': () => cards(true),
  'compact cards': () => cards(false, 'compact'),
  groups: () =>
    [batch.running(), batch.finished(), batch.oneFailed(), batch.needsAPerson(), batch.cancelled()].map(group),
  'requests that were saved': () => [
    timeline(timed.together()),
    group(
      createBatch(
        reused('checkStock', { store: 'Berlin' }, { quantity: 2 }, 12_000, 'a'),
        reused('checkStock', { store: 'Hamburg' }, { quantity: 0 }, 0, 'b'),
      ),
    ),
  ],
  timelines: () => [timed.finished(), timed.live(), timed.mixed(), timed.paused()].map(timeline),
};

let root: Root | undefined;

/** Puts elements on a page of `width` CSS pixels, or of the window's width. */
export function mount(elements: ReactElement | ReactElement[], width?: number): HTMLElement {
  const sheet = document.createElement('main');
  sheet.className = 'sheet';
  if (width !== undefined) sheet.style.inlineSize = `${width}px`;
  document.body.append(sheet);
  root = createRoot(sheet);
  flushSync(() => root?.render(elements));
  return sheet;
}

/** Takes away what was mounted. */
export function unmount(): void {
  flushSync(() => root?.unmount());
  root = undefined;
  document.body.replaceChildren();
}
