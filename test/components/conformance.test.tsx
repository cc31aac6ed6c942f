/** Every part that the package exports, against the contract of all parts. A new one without a line here fails. */
import { jsonSchema, type UIMessage } from 'ai';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import * as library from 'use-parallel-tools';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import { batch, call } from '../../stories/fixtures/shop.ts';
import { finished as timed } from '../../stories/fixtures/timed-calls.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { describeConformance, type ConformanceOptions } from './conformance.tsx';

const {
  ToolCallsProvider,
  ToolCallCardParts: Card,
  ToolCallGroupParts: Group,
  ToolCallTimelineParts: Timeline,
} = library;

const families = { ToolCallCardParts: Card, ToolCallGroupParts: Group, ToolCallTimelineParts: Timeline };
type Family = keyof typeof families;
type FamilyPart = { [TFamily in Family]: `${TFamily}.${Extract<keyof (typeof families)[TFamily], string>}` }[Family];
type PartName = Exclude<keyof typeof library, Family> | FamilyPart;

/** Everything that the package exports, a part by its family: `ToolCallCardParts.Root`. */
const exported: Record<string, unknown> = { ...library };
for (const [family, parts] of Object.entries(families)) {
  for (const [name, part] of Object.entries(parts)) exported[`${family}.${name}`] = part;
}
type Command =
  | 'retry'
  | 'cancel'
  | 'approve'
  | 'deny'
  | 'run'
  | 'skip'
  | 'undo'
  | 'respond'
  | 'retryFailed'
  | 'cancelAll';
type More = Partial<ConformanceOptions> & { command?: Command };

const parts: Partial<Record<PartName, ConformanceOptions>> = {};

const spied = (toolCalls: ReturnType<typeof createToolCalls>, command: Command | undefined) =>
  command === undefined ? {} : { effect: () => vi.mocked(toolCalls[command]).mock.calls.length };

/** A part that stands in a card. */
function card(name: keyof typeof Card, slot: string, create: () => DisplayedToolCall, { command, ...more }: More = {}) {
  const shown = create();
  const shownCalls = shown.status === 'input-streaming' ? [] : [shown];
  const toolCalls = createToolCalls(createBatch(...shownCalls), {
    tools: { [shown.toolName]: { inputSchema: jsonSchema({}) } },
  });
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <Card.Root callKey={shown.key} call={shown} defaultOpen>
        {part}
      </Card.Root>
    </ToolCallsProvider>
  );
  parts[`ToolCallCardParts.${name}`] = {
    slot: `tool-call-${slot}`,
    status: shown.status,
    wrap,
    ...spied(toolCalls, command),
    ...more,
  };
}

/** A part that stands in a group. */
function group(name: keyof typeof Group, slot: string, create: () => ToolBatch, status: string, more: More = {}) {
  const { command, ...rest } = more;
  const shown = create();
  const toolCalls = createToolCalls(shown);
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <Group.Root batch={shown}>{part}</Group.Root>
    </ToolCallsProvider>
  );
  parts[`ToolCallGroupParts.${name}`] = {
    slot: `tool-call-group${slot}`,
    status,
    wrap,
    ...spied(toolCalls, command),
    ...rest,
  };
}

/** A part that stands in a timeline, or in a line of one. */
function timeline(name: keyof typeof Timeline, slot: string, place: 'timeline' | 'row', more: More = {}) {
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={createToolCalls(timedBatch)}>
      <Timeline.Root batch={timedBatch}>
        {place === 'row' ? <Timeline.Row call={timedCall}>{part}</Timeline.Row> : part}
      </Timeline.Root>
    </ToolCallsProvider>
  );
  parts[`ToolCallTimelineParts.${name}`] = {
    slot: `tool-call-timeline${slot}`,
    status: 'succeeded',
    folds: false,
    wrap,
    ...more,
  };
}

/** A part that stands by itself. */
function alone(name: PartName, slot: string, status: string | undefined, more: More = {}) {
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

card('Header', 'card-header', call.succeeded);
card('Actions', 'card-actions', call.failed);
card('Icon', 'card-icon', call.running);
card('Trigger', 'card-trigger', call.succeeded, { effect: readState });
card('Name', 'card-name', call.succeeded);
card('Detail', 'card-detail', call.queued);
card('Status', 'card-status', call.succeeded);
card('Time', 'card-time', call.succeeded);
card('Chevron', 'card-chevron', call.succeeded);
card('Progress', 'card-progress', call.running);
card('Content', 'card-content', call.succeeded);
card('Section', 'card-section', call.succeeded, { props: { caption: 'Mine' } });
card('Input', 'card-section', call.succeeded);
card('Output', 'card-section', call.succeeded);
card('Error', 'card-section', call.failed);
card('Attempts', 'card-section', call.failed);
card('Question', 'fields', call.awaitingApproval);
card('Footer', 'card-footer', call.failed);
card('Note', 'card-note', call.awaitingApproval);
card('Copy', 'card-copy', call.succeeded, { props: { value: 1 }, effect: () => copied.mock.calls.length });
card('Retry', 'card-retry', call.failed, { command: 'retry' });
card('Cancel', 'card-cancel', call.running, { command: 'cancel' });
card('Approve', 'card-approve', call.awaitingApproval, { command: 'approve' });
card('Deny', 'card-deny', call.awaitingApproval, { command: 'deny' });
card('Run', 'card-run', call.interrupted, { command: 'run' });
card('Skip', 'card-skip', call.interrupted, { command: 'skip' });
card('Undo', 'card-undo', () => ({ ...call.succeeded(), plugins: { undo: { until: Infinity } } }), { command: 'undo' });
card('Respond', 'card-form', call.awaitingInput, { command: 'respond' });
card('Edit', 'card-edit', call.awaitingApproval, { effect: () => document.querySelector('[data-test="it"]') === null });
card('Change', 'card-section', () => ({ ...call.succeeded(), modelInput: { orderId: '7' } }));

/** The form is there once a person has asked for it. */
function Editing({ children }: { children: ReactNode }) {
  const { setEditing } = library.useToolCallCard();
  useEffect(() => setEditing(true), [setEditing]);
  return children;
}
card('EditForm', 'card-form', call.awaitingApproval, { command: 'approve' });
const { wrap: wrapForm } = parts['ToolCallCardParts.EditForm'] as ConformanceOptions; // SAFETY: set a line above.
parts['ToolCallCardParts.EditForm'] = { ...parts['ToolCallCardParts.EditForm'], wrap: (part) => wrapForm(<Editing>{part}</Editing>) } as ConformanceOptions; // prettier-ignore

// Send has no handler of its own: it submits the form around it.
const submitted = vi.fn<() => void>();
card('Send', 'card-send', call.awaitingInput, { effect: () => submitted.mock.calls.length });
const { wrap: wrapSend } = parts['ToolCallCardParts.Send'] as ConformanceOptions; // SAFETY: set a line above.
const submit = (event: { preventDefault: () => void }) => {
  event.preventDefault();
  submitted();
};
parts['ToolCallCardParts.Send'] = { ...parts['ToolCallCardParts.Send'], wrap: (part) => wrapSend(<form onSubmit={submit}>{part}</form>) } as ConformanceOptions; // prettier-ignore

alone('ToolCallCardParts.Root', 'tool-call-card', 'succeeded', { props: { call: call.succeeded() } });
alone('ToolCallCard', 'tool-call-card', 'succeeded', { props: { call: call.succeeded() }, takesChild: false });

group('Header', '-header', batch.running, 'running');
group('Icon', '-icon', batch.running, 'running');
group('Trigger', '-trigger', batch.oneFailed, 'failed', { effect: readState });
group('Summary', '-summary', batch.finished, 'succeeded');
group('Title', '-title', batch.finished, 'succeeded');
group('Meta', '-meta', batch.needsAPerson, 'awaiting');
group('Time', '-time', batch.finished, 'succeeded');
group('Saved', '-saved', batch.finished, 'succeeded');
group('Actions', '-actions', batch.running, 'running');
group('Chevron', '-chevron', batch.running, 'running');
group('Progress', '-progress', batch.running, 'running');
group('List', '-list', batch.running, 'running', { takesChild: false });
group('Announcer', '-announcer', batch.running, 'running');
group('RetryFailed', '-retry-failed', batch.oneFailed, 'failed', { command: 'retryFailed' });
group('Cancel', '-cancel', batch.running, 'running', { command: 'cancelAll' });
group('ApproveAll', '-approve-all', batch.needsAPerson, 'awaiting', { command: 'approve' });
alone('ToolCallGroupParts.Root', 'tool-call-group', 'succeeded', { props: { batch: batch.finished() } });
alone('ToolCallGroup', 'tool-call-group', 'succeeded', { props: { batch: batch.finished() }, takesChild: false });

timeline('Axis', '-axis', 'timeline');
timeline('List', '-list', 'timeline', { takesChild: false });
timeline('Row', '-row', 'timeline', { props: { call: timedCall } });
timeline('Label', '-label', 'row');
timeline('Track', '-track', 'row');
timeline('Time', '-time', 'row');
timeline('Summary', '-summary', 'timeline');
timeline('Legend', '-legend', 'timeline');
const ofTimeline = { props: { batch: timedBatch }, folds: false };
alone('ToolCallTimelineParts.Root', 'tool-call-timeline', 'succeeded', ofTimeline);
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

/** Without an element: contexts, and what puts a page's own component into a part. */
const PROVIDERS = ['ToolCallLabelsProvider', 'ToolCallsProvider', 'ToolCallCardParts.Renderer'];
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
