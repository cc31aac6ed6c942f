// A person changes an input on the card, by keyboard: the form, its faults, what it does, and where focus goes.
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { clientTool, ToolCallCard, ToolCallsProvider, type ToolCallRenderers } from 'use-parallel-tools';
import { createToolRunner, listCalls, type AddCallOptions } from 'use-parallel-tools/core';
import { z } from 'zod';

const order = z.object({ order: z.string(), amount: z.number().max(1000), express: z.boolean().optional() });

interface Given {
  tool?: object;
  input?: unknown;
  options?: AddCallOptions;
}

/** The card of one call of `refund`, on a real runner. */
function renderCall(
  { tool = {}, input = { order: '7', amount: 500 }, options = {} }: Given = {},
  renderers?: ToolCallRenderers,
) {
  const ran: unknown[] = [];
  const execute = (given: unknown) => {
    ran.push(given);
    if (ran.length === 1 && input === FAILING) throw new Error('No such order');
    return 'done';
  };
  const refund = { ...clientTool({ inputSchema: order, approval: true, execute }), ...tool };
  const runner = createToolRunner({ tools: { refund } as ToolSet });
  const batchKey = runner.openBatch('m', 0);
  const key = runner.addCall(batchKey, { toolCallId: 'a', toolName: 'refund', input }, options);
  runner.endStep(batchKey);
  render(
    <ToolCallsProvider value={runner}>
      <ToolCallCard callKey={key} renderers={renderers} />
    </ToolCallsProvider>,
  );
  const call = () => listCalls(runner.store.getState().batches[batchKey]!)[0]!;
  return { ran, call };
}

const FAILING = { order: '9', amount: 5 };
const button = (name: RegExp) => screen.getByRole('button', { name });

describe('Edit on a call that waits for a yes', () => {
  it('opens fields, takes the focus to the first, and approves what they say', async () => {
    const { ran } = renderCall();
    const user = userEvent.setup();
    await user.click(button(/^Edit refund/));
    expect(screen.getByLabelText('order')).toBe(document.activeElement);
    await user.tab();
    await user.keyboard('{Control>}a{/Control}50');
    await user.tab();
    await user.keyboard(' {Enter}');
    await waitFor(() => expect(ran).toEqual([{ order: '7', amount: 50, express: true }]));
    expect(screen.queryByLabelText('order')).toBeNull();
  });

  it('is left with Escape or Discard changes, and gives the focus back', async () => {
    const { ran } = renderCall();
    const user = userEvent.setup();
    await user.click(button(/^Edit refund/));
    await user.keyboard('8{Escape}');
    expect(button(/^Edit refund/)).toBe(document.activeElement);
    await user.click(button(/^Edit refund/));
    expect(screen.getByLabelText<HTMLInputElement>('order').value).toBe('7');
    await user.click(button(/^Discard changes/));
    expect(button(/^Edit refund/)).toBe(document.activeElement);
    expect(ran).toEqual([]);
  });

  it('says what does not fit, and stays', async () => {
    const strict = order.refine(({ amount }) => amount !== 13, { message: 'Not thirteen', path: ['amount'] });
    const { ran, call } = renderCall({ tool: { inputSchema: strict } });
    const user = userEvent.setup();
    await user.click(button(/^Edit refund/));
    await user.tab();
    await user.keyboard('{Control>}a{/Control}13{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Not thirteen');
    expect(call().status).toBe('awaiting-approval');
    await user.keyboard('{Control>}a{/Control}12{Enter}');
    await waitFor(() => expect(ran).toEqual([{ order: '7', amount: 12 }]));
  });

  it('is JSON where the schema is deep, with its faults', async () => {
    const deep = z.object({ lines: z.array(z.object({ sku: z.string() })) });
    const { ran } = renderCall({ tool: { inputSchema: deep }, input: { lines: [{ sku: 'a' }] } });
    const user = userEvent.setup();
    await user.click(button(/^Edit refund/));
    const text = screen.getByLabelText<HTMLTextAreaElement>('Input as JSON');
    await user.clear(text);
    await user.type(text, '{{');
    await user.click(button(/^Approve refund/));
    expect((await screen.findByRole('alert')).textContent).toContain('This is not JSON');
    expect(text.getAttribute('aria-invalid')).toBe('true');
    await user.clear(text);
    await user.paste('{"lines":[{"sku":"b"}]}');
    await user.click(button(/^Approve refund/));
    await waitFor(() => expect(ran).toEqual([{ lines: [{ sku: 'b' }] }]));
  });

  it('may be a form of the app', async () => {
    const { ran } = renderCall(
      {},
      {
        refund: {
          edit: ({ submit }) => <button onClick={() => submit({ order: '1', amount: 1 } as never)}>Mine</button>,
        },
      },
    );
    await userEvent.click(button(/^Edit refund/));
    await userEvent.click(screen.getByText('Mine'));
    await waitFor(() => expect(ran).toEqual([{ order: '1', amount: 1 }]));
  });

  it('is not offered for an input that the server has signed, and the card says so', () => {
    renderCall({ tool: { approval: false }, options: { approvalAsked: true, inputSigned: true } });
    expect(screen.getByText('The server has signed this input, so it cannot be changed')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Edit/ })).toBeNull();
  });
});

it('shows what was changed once the call goes on', async () => {
  const { ran } = renderCall();
  const user = userEvent.setup();
  await user.click(button(/^Edit refund/));
  await user.clear(screen.getByLabelText('amount'));
  await user.type(screen.getByLabelText('amount'), '50{Enter}');
  await waitFor(() => expect(ran).toHaveLength(1));
  await user.click(screen.getByText('refund'));
  const changed = screen.getByText('Changed by you').parentElement!;
  expect(within(changed).getByText('500').tagName).toBe('DEL');
  expect(within(changed).getByText('50').tagName).toBe('INS');
});

it('runs a failed call again with the corrected input', async () => {
  const { ran, call } = renderCall({ tool: { approval: false }, input: FAILING });
  await waitFor(() => expect(call().status).toBe('failed'));
  const user = userEvent.setup();
  await user.click(button(/^Edit refund/));
  await user.clear(screen.getByLabelText('order'));
  await user.type(screen.getByLabelText('order'), '7');
  const form = screen.getByLabelText('order').closest('form')!;
  await user.click(within(form).getByRole('button', { name: /^Retry refund/ }));
  await waitFor(() => expect(call().status).toBe('succeeded'));
  expect(ran[1]).toEqual({ order: '7', amount: 5 });
});

describe('a question without a form of the app', () => {
  const ask = (outputSchema: z.ZodType) => renderCall({ tool: { execute: undefined, approval: false, outputSchema } });

  it('has a field for each answer that its schema asks for', async () => {
    const { call } = ask(z.object({ size: z.enum(['S', 'M']), amount: z.number() }));
    const user = userEvent.setup();
    await user.selectOptions(screen.getByLabelText('size'), 'M');
    await user.type(screen.getByLabelText('amount'), '3{Enter}');
    await waitFor(() => expect(call().output).toEqual({ size: 'M', amount: 3 }));
  });

  it('has a choice where the answer is one', async () => {
    const { call } = ask(z.enum(['red', 'blue']));
    const user = userEvent.setup();
    await user.selectOptions(screen.getByLabelText('Answer'), 'blue');
    await user.click(button(/^Send refund/));
    await waitFor(() => expect(call().output).toBe('blue'));
  });

  it('is a text where any text is an answer', async () => {
    const { call } = ask(z.string());
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Answer'), 'blue{Enter}');
    await waitFor(() => expect(call().output).toBe('blue'));
  });

  it('says why an answer was not taken', async () => {
    const { call } = ask(z.object({ mail: z.string().refine((text) => text.includes('@'), 'No address') }));
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('mail'), 'nobody{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('No address');
    expect(call().status).toBe('awaiting-input');
  });
});
