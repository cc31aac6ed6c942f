import { fireEvent, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import { ToolCallCardRoot } from '../../src/components/tool-call-card-root.tsx';
import * as Card from '../../src/components/tool-call-card.parts.ts';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { call } from '../../stories/fixtures/shop.ts';
import { createBatch, createToolCalls, failed } from '../../stories/fixtures/tool-calls.ts';
import { ToolCallError } from '../../src/core/errors.ts';
import { describeConformance } from './conformance.tsx';

const parts = { ...Card };

const inCard = (shown: DisplayedToolCall, isOpen = true) => {
  const toolCalls = createToolCalls(createBatch(...(shown.status === 'input-streaming' ? [] : [shown])));
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <ToolCallCardRoot callKey={shown.key} call={shown} defaultOpen={isOpen}>
        {part}
      </ToolCallCardRoot>
    </ToolCallsProvider>
  );
  return { toolCalls, wrap };
};

const part = (name: keyof typeof parts, slot: string, create: () => DisplayedToolCall, props: object = {}) => {
  const shown = create();
  describeConformance(`ToolCallCard${name}`, {
    part: parts[name] as never,
    slot,
    status: shown.status,
    props,
    wrap: inCard(shown).wrap,
  });
};

part('Header', 'tool-call-card-header', call.succeeded);
part('Actions', 'tool-call-card-actions', call.failed);
part('Icon', 'tool-call-card-icon', call.running);
part('Trigger', 'tool-call-card-trigger', call.succeeded);
part('Name', 'tool-call-card-name', call.succeeded);
part('Detail', 'tool-call-card-detail', call.queued);
part('Status', 'tool-call-card-status', call.succeeded);
part('Time', 'tool-call-card-time', call.succeeded);
part('Chevron', 'tool-call-card-chevron', call.succeeded);
part('Progress', 'tool-call-card-progress', call.running);
part('Content', 'tool-call-card-content', call.succeeded);
part('Section', 'tool-call-card-section', call.succeeded, { caption: 'Mine' });
part('Input', 'tool-call-card-section', call.succeeded);
part('Output', 'tool-call-card-section', call.succeeded);
part('Error', 'tool-call-card-section', call.failed);
part('Attempts', 'tool-call-card-section', call.failed);
part('Question', 'tool-call-fields', call.awaitingApproval);
part('Copy', 'tool-call-card-copy', call.succeeded, { value: 1 });
part('Footer', 'tool-call-card-footer', call.failed);
part('Note', 'tool-call-card-note', call.awaitingApproval);
part('Retry', 'tool-call-card-retry', call.failed);
part('Cancel', 'tool-call-card-cancel', call.running);
part('Approve', 'tool-call-card-approve', call.awaitingApproval);
part('Deny', 'tool-call-card-deny', call.awaitingApproval);
part('Run', 'tool-call-card-run', call.interrupted);
part('Skip', 'tool-call-card-skip', call.interrupted);
part('Send', 'tool-call-card-send', call.awaitingInput);
part('Respond', 'tool-call-card-form', call.awaitingInput);

describeConformance('ToolCallCardRoot', {
  part: ToolCallCardRoot as never,
  slot: 'tool-call-card',
  status: 'succeeded',
  props: { call: call.succeeded() },
  wrap: (root) => <ToolCallsProvider value={createToolCalls(createBatch())}>{root}</ToolCallsProvider>,
});

describe('buttons of a card', () => {
  const buttons = [
    ['Retry', call.failed, 'retry'],
    ['Cancel', call.running, 'cancel'],
    ['Approve', call.awaitingApproval, 'approve'],
    ['Run', call.interrupted, 'run'],
    ['Skip', call.interrupted, 'skip'],
  ] as const;

  it.each(buttons)('%s runs its command with the key of its call', (name, create, command) => {
    const { toolCalls, wrap } = inCard(create());
    const Button = parts[name];
    const { getByRole } = render(wrap(<Button />));
    fireEvent.click(getByRole('button', { name: new RegExp(`^${name} `) }));
    expect(toolCalls[command]).toHaveBeenCalledExactlyOnceWith(create().key);
  });

  it.each(buttons)("%s calls the user's handler first, which can prevent the command", (name, create, command) => {
    const { toolCalls, wrap } = inCard(create());
    const Button = parts[name];
    const { getByRole } = render(wrap(<Button onClick={(event) => event.preventDefault()} />));
    fireEvent.click(getByRole('button', { name: new RegExp(`^${name} `) }));
    expect(toolCalls[command]).not.toHaveBeenCalled();
  });

  it('are not there where they would do nothing', () => {
    const { wrap } = inCard(call.succeeded());
    const all = [Card.Retry, Card.Cancel, Card.Approve, Card.Deny, Card.Run, Card.Skip, Card.Send];
    const { container } = render(wrap(<>{all.map((Button, index) => <Button key={index} />)}</>)); // prettier-ignore
    expect(container.querySelector('button')).toBeNull();
  });

  it('offers no Retry for a call that can only fail again', () => {
    const { wrap } = inCard(failed('getOrder', {}, new ToolCallError('invalid-input', 'orderId is missing')));
    const { container } = render(wrap(<Card.Retry />));
    expect(container.querySelector('button')).toBeNull();
  });

  it('outlines a destructive yes and fills any other', () => {
    const shown = call.awaitingApproval();
    const destructive = render(inCard(shown).wrap(<Card.Approve />));
    expect(destructive.getByRole('button').getAttribute('data-variant')).toBe('danger');
    destructive.unmount();
    const harmless = { ...shown, destructive: false } as DisplayedToolCall; // SAFETY: only the flag differs.
    const { getByRole } = render(inCard(harmless).wrap(<Card.Approve />));
    expect(getByRole('button').getAttribute('data-variant')).toBe('primary');
  });
});

it('says what to do when a part stands outside its card', () => {
  expect(() => render(<Card.Name />)).toThrow('Put it inside <ToolCallCardRoot callKey={key}>');
});
