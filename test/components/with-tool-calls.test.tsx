// Proves: a story is shown among tool calls in a state of a name, and keeps them while it is rendered again.
import { render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ToolCallCard, useToolCalls } from 'use-parallel-tools';
import { selectToolCalls } from 'use-parallel-tools/core';
import {
  createTestChat,
  createToolCallState,
  fixtures,
  toolCallStateNames,
  withToolCalls,
  type StoryToolCalls,
} from 'use-parallel-tools/testing';

function Statuses() {
  const statuses = useToolCalls((state) =>
    selectToolCalls(state)
      .map(({ status }) => status)
      .join(' '),
  );
  return <output>{statuses}</output>;
}

const context = (toolCalls?: StoryToolCalls) => ({ id: 'a-story', args: {}, parameters: { toolCalls } });
const shownText = () => screen.getByRole('status').textContent;

describe('withToolCalls', () => {
  it.each(toolCallStateNames)('shows the state "%s"', (name) => {
    render(withToolCalls(name)(Statuses, context()));
    const statuses = selectToolCalls({ batches: { a: createToolCallState(name) } }).map(({ status }) => status);
    expect(shownText()).toBe(statuses.join(' '));
    expect(statuses.length).toBeGreaterThan(0);
  });

  it('shows what the story names instead: a state, a batch, the calls of a chat', () => {
    const decorate = withToolCalls('running');
    const { rerender } = render(decorate(Statuses, context('denied')));
    expect(shownText()).toBe('denied');
    rerender(decorate(Statuses, context(fixtures.createBatch(fixtures.succeeded('getOrder', {}, 'here')))));
    expect(shownText()).toBe('succeeded');
    rerender(decorate(Statuses, context(createTestChat({ tools: {} }).toolCalls)));
    expect(shownText()).toBe('');
  });

  it('keeps the calls of a story, calls the commands that it was given, and gives the story arguments', () => {
    const retry = vi.fn();
    const decorate = withToolCalls('failed', { commands: { retry }, args: ({ order }) => ({ callKey: order[0] }) });
    const seen: unknown[] = [];
    const Story = ({ args }: { args?: never }) => {
      seen.push(args);
      const { callKey } = args as unknown as { callKey: string };
      return <ToolCallCard callKey={callKey} />;
    };
    const { rerender } = render(decorate(Story, context()));
    screen.getByRole('button', { name: /Retry/ }).click();
    expect(retry).toHaveBeenCalledWith('message/0/convertCurrency');
    rerender(decorate(Story, context()));
    expect(seen).toEqual([{ callKey: 'message/0/convertCurrency' }, { callKey: 'message/0/convertCurrency' }]);
  });

  it('says which names there are', () => {
    // @ts-expect-error -- no state of this name
    expect(() => withToolCalls('one-faled')(Statuses, context())).toThrow(/one-failed/);
  });
});
