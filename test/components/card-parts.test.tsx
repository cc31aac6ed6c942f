import { fireEvent, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import { ToolCallCardRoot } from '../../src/components/card/root.tsx';
import * as Card from '../../src/components/card/card.parts.ts';
import type { DisplayedToolCall } from '../../src/core/message-batch.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { call } from '../../stories/fixtures/shop.ts';
import { createBatch, createToolCalls, failed } from '../../stories/fixtures/tool-calls.ts';
import { ToolCallError } from '../../src/core/errors.ts';

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

const undoable = () =>
  ({ ...call.succeeded(), plugins: { undo: { status: 'offered', until: Infinity } } }) as DisplayedToolCall;

describe('buttons of a card', () => {
  const buttons = [
    ['Retry', call.failed, 'retry'],
    ['Cancel', call.running, 'cancel'],
    ['Approve', call.awaitingApproval, 'approve'],
    ['Run', call.interrupted, 'run'],
    ['Skip', call.interrupted, 'skip'],
    ['Undo', undoable, 'undo'],
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
    const all = [Card.Retry, Card.Cancel, Card.Approve, Card.Deny, Card.Run, Card.Skip, Card.Undo, Card.Send];
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
  expect(() => render(<Card.Name />)).toThrow('Put it inside <ToolCallCardParts.Root callKey={key}>');
});
