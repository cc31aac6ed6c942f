// A tool without `execute` that the server asks approval for: a person says yes, then answers; before the yes nothing is written.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

const fields = { inputSchema: z.object({}), outputSchema: z.string() };
const asked = { type: 'tool-approval-request', toolCallId: 'p', approvalId: 'approval-p' } as const;

/** `needsApproval` is known to the page too; `toolApproval` is the server's alone. */
const guards = [
  ['needsApproval', { pick: clientTool({ ...fields, needsApproval: true }) }],
  ['toolApproval on the server', { pick: clientTool(fields) }],
] as const;

describe.each(guards)('a person who answers a call that is guarded by %s', (_, { pick }) => {
  async function begin() {
    const hand = createHandTools();
    const rendered = renderChat({ tools: { ...hand.tools, pick } });
    const response = await rendered.ask();
    response.start('m').call('p', 'pick').write(asked).call('r', 'read', { n: 1 });
    await rendered.settle();
    response.finish();
    await rendered.settle();
    hand.reads[0]!.resolve(1);
    await rendered.settle();
    return rendered;
  }

  it('is asked for a yes first: an answer before it is not taken', async () => {
    const { call, chat, transport, settle } = await begin();
    expect(call('p').status).toBe('awaiting-approval');
    chat().toolCalls.respond(call('p'), 'too early');
    await settle();
    expect(partStates(chat().messages)).toEqual(['p: approval-requested', 'r: output-available']);
    expect(transport.responses).toHaveLength(1);
  });

  it('says yes, then answers: one follow-up carries the answer with its approval', async () => {
    const { call, chat, transport, settle } = await begin();
    chat().toolCalls.approve(call('p'));
    await settle();
    expect(call('p').status).toBe('awaiting-input');
    expect(partStates(chat().messages)).toEqual(['p: approval-responded', 'r: output-available']);
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.respond(call('p'), 'red');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)!.parts[1]).toMatchObject({
      state: 'output-available',
      output: 'red',
      approval: { id: 'approval-p', approved: true },
    });
    followUp.start('m').text('Red').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('says no: the part says so, and nobody is asked for an answer', async () => {
    const { call, chat, transport } = await begin();
    chat().toolCalls.deny(call('p'), 'Not now');
    expect((await transport.next()).messages.at(-1)!.parts[1]).toMatchObject({
      state: 'approval-responded',
      approval: { approved: false, reason: 'Not now' },
    });
    expect(call('p').status).toBe('denied');
  });

  it('may say yes through the page: then the answer is waited for', async () => {
    const { call, chat, transport, settle } = await begin();
    void chat().addToolApprovalResponse({ id: 'approval-p', approved: true });
    await settle();
    expect(call('p').status).toBe('awaiting-input');
    chat().toolCalls.respond(call('p'), 'blue');
    expect(partStates((await transport.next()).messages)).toEqual(['p: output-available', 'r: output-available']);
  });

  it('is asked again for the yes after a reload, and then for the answer', async () => {
    const part = { type: 'tool-pick', toolCallId: 'p', state: 'approval-requested', input: {} } as const;
    const messages: UIMessage[] = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      {
        id: 'm',
        role: 'assistant',
        parts: [{ type: 'step-start' }, { ...part, approval: { id: 'approval-p' } }],
      },
    ];
    const { call, chat, transport, settle } = renderChat({ tools: { pick }, messages });
    await settle();
    expect(call('p').status).toBe('awaiting-approval');
    chat().toolCalls.approve(call('p'));
    await settle();
    expect(call('p').status).toBe('awaiting-input');
    chat().toolCalls.respond(call('p'), 'red');
    expect(partStates((await transport.next()).messages)).toEqual(['p: output-available']);
  });
});

describe('a tool without `execute` that has `needsApproval`', () => {
  const tools = { pick: guards[0][1].pick };

  it('shows no form before the answer has ended: the server may still ask', async () => {
    const { ask, call, settle } = renderChat({ tools });
    const response = await ask();
    response.start().call('p', 'pick');
    await settle();
    expect(call('p')).toMatchObject({ status: 'queued', waitingFor: { type: 'step-end' } });
    response.finish();
    await settle();
    expect(call('p').status).toBe('awaiting-input');
  });

  it('shows none at all when the answer is cut', async () => {
    const { ask, call, settle } = renderChat({ tools });
    (await ask()).start().call('p', 'pick').close();
    await settle();
    expect(call('p')).toMatchObject({ status: 'cancelled', error: { by: 'not-run' } });
  });
});

describe('a tool without `execute` and without approval', () => {
  it('shows its form while the model still streams', async () => {
    const { ask, call, settle } = renderChat({ tools: { pick: guards[1][1].pick } });
    (await ask()).start().call('p', 'pick');
    await settle();
    expect(call('p').status).toBe('awaiting-input');
  });
});
