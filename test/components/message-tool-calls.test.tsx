import { fireEvent, render, screen } from '@testing-library/react';
import type { UIMessage } from 'ai';
import { expect, it } from 'vitest';
import { groupMessageParts, MessageToolCalls, ToolCallsProvider, useToolCallCard } from 'use-parallel-tools';
import { MessageToolCalls as RegistryMessageToolCalls } from '../../registry/message-tool-calls.tsx';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { expectConsole } from '../setup/console.ts';

const message = {
  id: 'message',
  role: 'assistant',
  parts: [
    { type: 'step-start' },
    { type: 'text', text: 'One moment.' },
    { type: 'tool-getOrder', toolCallId: 'a', state: 'output-available', input: { id: 1 }, output: 'one' },
    { type: 'tool-getOrder', toolCallId: 'b', state: 'output-available', input: { id: 2 }, output: 'two' },
    { type: 'step-start' },
    { type: 'tool-refund', toolCallId: 'a', state: 'output-error', input: {}, errorText: 'No.' },
    { type: 'text', text: 'Here you are.' },
  ],
} satisfies UIMessage;

it('shows a group for each step of a message, in the order of its parts', () => {
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(createBatch())}>
      <MessageToolCalls groups={groupMessageParts(message)} density="compact" className="mine">
        {({ part }) => (part.type === 'text' ? <p>{part.text}</p> : null)}
      </MessageToolCalls>
    </ToolCallsProvider>,
  );
  const groups = container.querySelectorAll('.mine[data-slot="tool-call-group"][data-density="compact"]');
  expect([...groups].map((group) => group.getAttribute('data-status'))).toEqual(['succeeded', 'failed']);
  expect([...container.children].map((child) => child.tagName)).toEqual(['P', 'DIV', 'DIV', 'P']);
});

it('says that a call is running while the server works on it, and not once the answer has gone on', () => {
  const call = { type: 'tool-audit', state: 'input-available', input: { id: 1 } } as const;
  const parts: UIMessage['parts'] = [
    { type: 'step-start' },
    { ...call, toolCallId: 'a' },
    { type: 'step-start' },
    { ...call, toolCallId: 'b', providerExecuted: true },
    { ...call, toolCallId: 'c', state: 'approval-responded', approval: { id: 'p', approved: true } },
    { ...call, toolCallId: 'd', state: 'approval-responded', approval: { id: 'q', approved: false, reason: 'Not today' } },
  ];
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(createBatch())}>
      <MessageToolCalls groups={groupMessageParts({ ...message, parts })} />
    </ToolCallsProvider>,
  );
  const words = [...container.querySelectorAll('[data-slot="tool-call-card-status"]')].map((word) => word.textContent);
  expect(words).toEqual(['Queued', 'Running', 'Running', 'Denied']);
  expect(container.textContent).toContain('“Not today”');
  // Nobody here knows whether that answer still goes on, so nothing turns.
  expect(container.querySelector('[data-slot="tool-call-card-icon"][data-spin]')).toBeNull();
}); // prettier-ignore

it.each([
  ['the package', MessageToolCalls],
  ['the registry', RegistryMessageToolCalls],
])('takes the same props, and may be replaced by the other one: of %s', (_, Component) => {
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(createBatch())}>
      <Component groups={groupMessageParts(message)}>
        {({ part }) => (part.type === 'text' ? <p>{part.text}</p> : null)}
      </Component>
    </ToolCallsProvider>,
  );
  const groups = container.querySelectorAll('[data-slot="tool-call-group"]');
  expect([...groups].map((group) => group.getAttribute('data-status'))).toEqual(['succeeded', 'failed']);
  expect([...container.children].map((child) => child.tagName)).toEqual(['P', 'DIV', 'DIV', 'P']);
});

it.each([
  ['the package', MessageToolCalls],
  ['the registry', RegistryMessageToolCalls],
])('shows the groups alone where nothing is said of the other parts: of %s', (_, Component) => {
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(createBatch())}>
      <Component groups={groupMessageParts(message)} />
    </ToolCallsProvider>,
  );
  expect(container.textContent).not.toContain('moment');
  expect(container.children).toHaveLength(2);
});

/** React 18 prints where it was thrown, and leaves what was thrown to the browser. */
const thrown = (message: string) => new RegExp(`${message}|^The above error occurred`);
const renderers = {
  getOrder: { output: ({ output }: { output: string }) => <b>Order {output}</b> },
  refund: {
    input: () => {
      throw new Error('torn');
    },
  },
};
const Footer = ({ batch }: { batch: { key: string } }) => <p>Under {batch.key}</p>;
const CardFooter = () => <i>Of {useToolCallCard().call.toolCallId}</i>;
const labels = { output: 'What came back' };

it.each([
  ['the package', MessageToolCalls],
  ['the registry', RegistryMessageToolCalls],
])("shows an app's own components, words and class, and what stands under calls and cards: of %s", (_, Component) => {
  expectConsole('error', thrown('torn'));
  const groups = groupMessageParts(message);
  const own = { renderers, labels, footer: Footer, cardFooter: CardFooter, className: 'mine', defaultOpen: true };
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(createBatch())}>
      <Component groups={groups} density="compact" {...own} />
    </ToolCallsProvider>,
  );
  expect(container.querySelectorAll('.mine[data-density="compact"]')).toHaveLength(2);
  for (const card of container.querySelectorAll('[data-slot="tool-call-card-trigger"]')) fireEvent.click(card);
  expect([...container.querySelectorAll('b')].map((each) => each.textContent)).toEqual(['Order one', 'Order two']);
  expect([...container.querySelectorAll('i')].map((each) => each.textContent)).toEqual(['Of a', 'Of b', 'Of a']);
  expect([...container.querySelectorAll('p')].map((each) => each.textContent)).toEqual(['Under message/0', 'Under message/1']); // prettier-ignore
  // What throws takes nothing with it.
  expect(screen.getAllByText(/torn/)).toHaveLength(1);
  expect(container.textContent).toContain('No.');
  expect(screen.getAllByText('What came back')).toHaveLength(2);
});
