/** Every part that the package exports, against the contract of all parts. A new one without a line here fails. */
import type { UIMessage } from 'ai';
import type { ReactElement } from 'react';
import { expect, it, vi } from 'vitest';
import * as library from 'use-parallel-tools';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import { batch, call } from '../../stories/fixtures/shop.ts';
import { finished as timed } from '../../stories/fixtures/timed-calls.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { describeConformance, type ConformanceOptions } from './conformance.tsx';

const { ToolCallsProvider, ToolCallCardRoot, ToolCallGroupRoot, ToolCallTimelineRoot, ToolCallTimelineRow } = library;

const exported: Record<string, unknown> = { ...library };
type Command = 'retry' | 'cancel' | 'approve' | 'deny' | 'run' | 'skip' | 'respond' | 'retryFailed' | 'cancelAll';
type More = Partial<ConformanceOptions> & { command?: Command };

const parts: Partial<Record<keyof typeof library, ConformanceOptions>> = {};

const spied = (toolCalls: ReturnType<typeof createToolCalls>, command: Command | undefined) =>
  command === undefined ? {} : { effect: () => vi.mocked(toolCalls[command]).mock.calls.length };

/** A part that stands in a card. */
function card(
  name: keyof typeof library,
  slot: string,
  create: () => DisplayedToolCall,
  { command, ...more }: More = {},
) {
  const shown = create();
  const toolCalls = createToolCalls(createBatch(...(shown.status === 'input-streaming' ? [] : [shown])));
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <ToolCallCardRoot callKey={shown.key} call={shown} defaultOpen>
        {part}
      </ToolCallCardRoot>
    </ToolCallsProvider>
  );
  parts[name] = { slot: `tool-call-${slot}`, status: shown.status, wrap, ...spied(toolCalls, command), ...more };
}

/** A part that stands in a group. */
function group(name: keyof typeof library, slot: string, create: () => ToolBatch, status: string, more: More = {}) {
  const { command, ...rest } = more;
  const shown = create();
  const toolCalls = createToolCalls(shown);
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroupRoot batch={shown}>{part}</ToolCallGroupRoot>
    </ToolCallsProvider>
  );
  parts[name] = { slot: `tool-call-group${slot}`, status, wrap, ...spied(toolCalls, command), ...rest };
}

/** A part that stands in a timeline, or in a line of one. */
function timeline(name: keyof typeof library, slot: string, place: 'timeline' | 'row', more: More = {}) {
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={createToolCalls(timedBatch)}>
      <ToolCallTimelineRoot batch={timedBatch}>
        {place === 'row' ? <ToolCallTimelineRow call={timedCall}>{part}</ToolCallTimelineRow> : part}
      </ToolCallTimelineRoot>
    </ToolCallsProvider>
  );
  parts[name] = { slot: `tool-call-timeline${slot}`, status: 'succeeded', folds: false, wrap, ...more };
}

/** A part that stands by itself. */
function alone(name: keyof typeof library, slot: string, status: string | undefined, more: More = {}) {
  const toolCalls = createToolCalls(createBatch());
  const wrap = (part: ReactElement) => <ToolCallsProvider value={toolCalls}>{part}</ToolCallsProvider>;
  parts[name] = { slot, status, wrap, ...more };
}

const timedBatch = timed();
const timedCall = Object.values(timedBatch.calls)[0] as DisplayedToolCall; // SAFETY: it has five.

const readState = () => document.querySelector<HTMLElement>('[data-test="it"]')?.dataset['state'];
/** A clipboard that is still at it: what the button says then is not of this file. */
const copied = vi.fn<(text: string) => Promise<void>>(() => new Promise(() => {}));
vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: copied } });

card('ToolCallCardHeader', 'card-header', call.succeeded);
card('ToolCallCardActions', 'card-actions', call.failed);
card('ToolCallCardIcon', 'card-icon', call.running);
card('ToolCallCardTrigger', 'card-trigger', call.succeeded, { effect: readState });
card('ToolCallCardName', 'card-name', call.succeeded);
card('ToolCallCardDetail', 'card-detail', call.queued);
card('ToolCallCardStatus', 'card-status', call.succeeded);
card('ToolCallCardTime', 'card-time', call.succeeded);
card('ToolCallCardChevron', 'card-chevron', call.succeeded);
card('ToolCallCardProgress', 'card-progress', call.running);
card('ToolCallCardContent', 'card-content', call.succeeded);
card('ToolCallCardSection', 'card-section', call.succeeded, { props: { caption: 'Mine' } });
card('ToolCallCardInput', 'card-section', call.succeeded);
card('ToolCallCardOutput', 'card-section', call.succeeded);
card('ToolCallCardError', 'card-section', call.failed);
card('ToolCallCardAttempts', 'card-section', call.failed);
card('ToolCallCardQuestion', 'fields', call.awaitingApproval);
card('ToolCallCardFooter', 'card-footer', call.failed);
card('ToolCallCardNote', 'card-note', call.awaitingApproval);
card('ToolCallCardCopy', 'card-copy', call.succeeded, { props: { value: 1 }, effect: () => copied.mock.calls.length });
card('ToolCallCardRetry', 'card-retry', call.failed, { command: 'retry' });
card('ToolCallCardCancel', 'card-cancel', call.running, { command: 'cancel' });
card('ToolCallCardApprove', 'card-approve', call.awaitingApproval, { command: 'approve' });
card('ToolCallCardDeny', 'card-deny', call.awaitingApproval, { command: 'deny' });
card('ToolCallCardRun', 'card-run', call.interrupted, { command: 'run' });
card('ToolCallCardSkip', 'card-skip', call.interrupted, { command: 'skip' });
card('ToolCallCardRespond', 'card-form', call.awaitingInput, { command: 'respond' });

// Send has no handler of its own: it submits the form around it.
const submitted = vi.fn<() => void>();
card('ToolCallCardSend', 'card-send', call.awaitingInput, { effect: () => submitted.mock.calls.length });
const { wrap: wrapSend } = parts.ToolCallCardSend as ConformanceOptions; // SAFETY: set a line above.
const submit = (event: { preventDefault: () => void }) => {
  event.preventDefault();
  submitted();
};
parts.ToolCallCardSend = { ...parts.ToolCallCardSend, wrap: (part) => wrapSend(<form onSubmit={submit}>{part}</form>) } as ConformanceOptions; // prettier-ignore

alone('ToolCallCardRoot', 'tool-call-card', 'succeeded', { props: { call: call.succeeded() } });
alone('ToolCallCard', 'tool-call-card', 'succeeded', { props: { call: call.succeeded() }, takesChild: false });

group('ToolCallGroupHeader', '-header', batch.running, 'running');
group('ToolCallGroupIcon', '-icon', batch.running, 'running');
group('ToolCallGroupTrigger', '-trigger', batch.oneFailed, 'failed', { effect: readState });
group('ToolCallGroupSummary', '-summary', batch.finished, 'succeeded');
group('ToolCallGroupTitle', '-title', batch.finished, 'succeeded');
group('ToolCallGroupMeta', '-meta', batch.needsAPerson, 'awaiting');
group('ToolCallGroupTime', '-time', batch.finished, 'succeeded');
group('ToolCallGroupSaved', '-saved', batch.finished, 'succeeded');
group('ToolCallGroupActions', '-actions', batch.running, 'running');
group('ToolCallGroupChevron', '-chevron', batch.running, 'running');
group('ToolCallGroupProgress', '-progress', batch.running, 'running');
group('ToolCallGroupList', '-list', batch.running, 'running', { takesChild: false });
group('ToolCallGroupAnnouncer', '-announcer', batch.running, 'running');
group('ToolCallGroupRetryFailed', '-retry-failed', batch.oneFailed, 'failed', { command: 'retryFailed' });
group('ToolCallGroupCancel', '-cancel', batch.running, 'running', { command: 'cancelAll' });
group('ToolCallGroupApproveAll', '-approve-all', batch.needsAPerson, 'awaiting', { command: 'approve' });
alone('ToolCallGroupRoot', 'tool-call-group', 'succeeded', { props: { batch: batch.finished() } });
alone('ToolCallGroup', 'tool-call-group', 'succeeded', { props: { batch: batch.finished() }, takesChild: false });

timeline('ToolCallTimelineAxis', '-axis', 'timeline');
timeline('ToolCallTimelineList', '-list', 'timeline', { takesChild: false });
timeline('ToolCallTimelineRow', '-row', 'timeline', { props: { call: timedCall } });
timeline('ToolCallTimelineLabel', '-label', 'row');
timeline('ToolCallTimelineTrack', '-track', 'row');
timeline('ToolCallTimelineTime', '-time', 'row');
timeline('ToolCallTimelineSummary', '-summary', 'timeline');
timeline('ToolCallTimelineLegend', '-legend', 'timeline');
const ofTimeline = { props: { batch: timedBatch }, folds: false };
alone('ToolCallTimelineRoot', 'tool-call-timeline', 'succeeded', ofTimeline);
alone('ToolCallTimeline', 'tool-call-timeline', 'succeeded', { ...ofTimeline, takesChild: false });

alone('ToolCallValue', 'tool-call-value', undefined, { props: { value: { a: 1 } }, takesChild: false });

alone('ToolCallImages', 'tool-call-images', undefined, { props: { value: 'data:image/png;base64,iVBORw0KGgo=' } });

// It has no element of its own: what it is given goes to each of its groups.
const message = {
  id: 'message',
  role: 'assistant',
  parts: [{ type: 'tool-getOrder', toolCallId: 'a', state: 'output-available', input: {}, output: 1 }],
} satisfies UIMessage;
alone('MessageToolCalls', 'tool-call-group', 'succeeded', {
  props: { groups: library.groupMessageParts(message) },
  takesChild: false,
  takesRef: false,
});

for (const [name, options] of Object.entries(parts)) describeConformance(name, exported[name], options);

/** Contexts only. */
const PROVIDERS = ['ToolCallLabelsProvider', 'ToolCallsProvider'];
const isComponent = ([name, value]: [string, unknown]) =>
  /^[A-Z]/.test(name) &&
  !PROVIDERS.includes(name) &&
  (typeof value === 'function'
    ? !(value.prototype instanceof Error)
    : typeof value === 'object' && value !== null && '$$typeof' in value);

it('covers every component that the package exports', () => {
  const names = Object.entries(exported).filter(isComponent).map(([name]) => name); // prettier-ignore
  expect(names.length).toBeGreaterThan(50);
  expect(Object.keys(parts).sort()).toEqual(names.sort());
});

it.each(['ToolCallCard', 'ToolCallGroup', 'ToolCallTimeline'] as const)('offers every part as %s… and under one roof', (prefix) => {
  const roof = Object.entries(exported[`${prefix}Parts`] as object);
  expect(roof.filter(([name, part]) => exported[`${prefix}${name}`] !== part)).toEqual([]);
  const flat = Object.keys(parts).filter((name) => name.startsWith(prefix) && name !== prefix);
  expect(roof.map(([name]) => `${prefix}${name}`).sort()).toEqual(flat.sort());
}); // prettier-ignore
