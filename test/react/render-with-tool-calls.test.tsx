// Proves: a component is tested in a page with a scripted model, under its provider, with Testing Library.
import { fireEvent, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, it } from 'vitest';
import { clientTool, groupMessageParts, MessageToolCalls, ToolCallError, useToolCalls } from 'use-parallel-tools';
import { selectToolCalls } from 'use-parallel-tools/core';
import { calls, pauses, says } from 'use-parallel-tools/testing';
import { renderWithToolCalls } from 'use-parallel-tools/testing/react';
import { z } from 'zod';

/** An exchange rate that is out of order at first. */
function createTools(failures: number) {
  let left = failures;
  return {
    getRate: clientTool({
      inputSchema: z.object({ currency: z.string() }),
      retry: 0,
      execute({ currency }) {
        if (left-- > 0) throw new ToolCallError('execution', `No rate for ${currency}`);
        return 1.16;
      },
    }),
  };
}

const script = [calls(['getRate', { currency: 'USD' }]), says('The rate is missing.'), says('It is 1.16.')];

/** A component of the reader's own. */
function Count() {
  const count = useToolCalls((state) => selectToolCalls(state).length);
  return <output>{count} calls</output>;
}

describe('a component beside a scripted chat', () => {
  it('reads the calls, and its buttons act', async () => {
    const { chat } = renderWithToolCalls(
      ({ messages }) =>
        messages.map((message) => (
          <MessageToolCalls key={message.id} groups={groupMessageParts(message)}>
            {() => null}
          </MessageToolCalls>
        )),
      { tools: createTools(1), script },
    );
    chat.send('How much is it in dollars?');
    await chat.settled();
    expect(screen.getAllByText('No rate for USD')).not.toEqual([]);
    expect(chat.text).toBe('The rate is missing.');
    fireEvent.click(screen.getAllByRole('button', { name: /Retry/ })[0]!);
    await chat.settled();
    expect(chat.requests[2]?.results).toMatchObject([{ toolName: 'getRate', output: 1.16 }]);
    expect(screen.queryByText('No rate for USD')).toBeNull();
    expect(chat.text).toBe('It is 1.16.');
  });

  it('can be an element, in strict mode, and is found as on a page', async () => {
    const { chat } = renderWithToolCalls(<Count />, { tools: createTools(0), script, wrapper: StrictMode });
    chat.send('Go');
    await screen.findByText('1 calls');
    await chat.settled();
    expect(chat.requests).toHaveLength(2);
  });

  it('is seen in the middle of an answer, where the model pauses', async () => {
    const { chat } = renderWithToolCalls(({ status }) => <output>{status}</output>, {
      tools: {},
      script: [[says('Well'), pauses(1000), says(', yes.')]],
    });
    chat.send('Go');
    await screen.findByText('streaming');
    expect(chat.text).toBe('Well');
    await chat.advance(1000);
    expect(chat.text).toBe('Well, yes.');
    expect(screen.getByText('ready')).toBeTruthy();
  });

  it('stops with the page', async () => {
    const { chat } = renderWithToolCalls(<Count />, { tools: createTools(0), script: [[pauses(50), says('Late')]] });
    chat.send('Go');
    await chat.until(() => chat.status === 'submitted');
    chat.unmount();
    await chat.settled();
    expect(chat.requests).toHaveLength(1);
    expect(chat.text).not.toContain('Late');
  });
});
