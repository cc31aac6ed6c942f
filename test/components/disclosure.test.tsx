import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { AnswerSources, ConsentRequest, disclosure } from 'use-parallel-tools/disclosure';
import { z } from 'zod';
import { clientTool, ToolCallsProvider } from 'use-parallel-tools';
import { createHandExecute } from '../harness/deferred.ts';
import { drainFrames, lastPart } from '../harness/final-words.ts';
import { renderChat } from '../harness/render-chat.tsx';

const inputSchema = z.object({});

/** A step with a private and a public result, and what a page shows of it. */
async function setUp() {
  const address = createHandExecute<object, unknown>();
  const ticket = createHandExecute<object, unknown>();
  const tools = {
    address: clientTool({ inputSchema, title: 'Look up address', readOnly: true, labels: ['personal'], execute: address.execute }),
    ticket: clientTool({ inputSchema, readOnly: true, untrusted: true, execute: ticket.execute }),
  }; // prettier-ignore
  const page = renderChat({ tools, plugins: [disclosure({ consent: () => 'ask' })] });
  (await page.ask()).start('m').call('a', 'address', {}).call('b', 'ticket', {}).finish();
  await drainFrames();
  render(
    <ToolCallsProvider value={page.chat().toolCalls}>
      <ConsentRequest batch={{ key: 'm/0' }} className="mine" />
      <AnswerSources messageId="m" className="mine" />
    </ToolCallsProvider>,
  );
  expect(screen.queryByRole('group')).toBeNull();
  await act(async () => {
    address.invocations[0]!.resolve({ street: 'Lindenweg 12' });
    ticket.invocations[0]!.resolve('Hello');
    await drainFrames();
  });
  return page;
}

describe('a consent request', () => {
  it('shows what would be sent, and sends what a person leaves in', async () => {
    const page = await setUp();
    const group = screen.getByRole('group', { name: 'Send the results of 2 calls to the model?' });
    expect(group.className).toBe('mine');
    expect(within(group).getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Look up addresspersonal25 bytes',
      'ticketText that others wrote7 bytes',
    ]); // prettier-ignore
    fireEvent.click(screen.getByRole('checkbox', { name: 'Send the result of ticket' }));
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Send' }));
      await drainFrames();
    });
    const followUp = await page.transport.next();
    expect(followUp.messages.at(-1)!.parts.filter((part) => 'toolCallId' in part)).toMatchObject([
      { state: 'output-available', output: { street: 'Lindenweg 12' } },
      { state: 'output-error' },
    ]);
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    const sources = screen.getByText('From 1 call · 1 with personal data').closest('details')!;
    expect(sources.className).toBe('mine');
    expect(within(sources).getAllByRole('listitem', { hidden: true }).map((item) => item.textContent)).toEqual([
      'Look up addresspersonal',
      'ticketText that others wroteWithheld by you',
    ]); // prettier-ignore
  });

  it('sends nothing where a person says so, and cannot send an empty choice', async () => {
    const page = await setUp();
    for (const box of screen.getAllByRole('checkbox', { name: /^Send the result/ })) fireEvent.click(box);
    expect((screen.getByRole('button', { name: 'Send' }) as HTMLButtonElement).disabled).toBe(true);
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Send nothing' }));
      await drainFrames();
    });
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ state: 'output-error' });
    expect(JSON.stringify(page.chat().messages)).not.toContain('Lindenweg');
  });
});
