// Nothing runs before a yes: the policy's `approval`, the server's request, a person who answers in place of a tool.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

describe('a tool with `approval`', () => {
  it('runs after the yes, and one follow-up carries it with its siblings', async () => {
    const { tools, reads, writes } = createHandTools({ write: { approval: true } });
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await settle();
    expect(call('w').status).toBe('awaiting-approval');
    reads[0]!.resolve(1);
    await settle();
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.approve(call('w'));
    await settle();
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('does not start eagerly, though it is read-only', async () => {
    const { tools, reads } = createHandTools({ read: { approval: true } });
    const { ask, call, settle } = renderChat({ tools });
    (await ask()).start().call('r', 'read', { n: 1 });
    await settle();
    expect(call('r').status).toBe('awaiting-approval');
    expect(reads).toHaveLength(0);
  });

  it('asks only where the function says so', async () => {
    const { tools, writes } = createHandTools({ write: { approval: ({ n }) => n > 10 } });
    const { ask, calls, settle } = renderChat({ tools });
    (await ask()).start().call('small', 'write', { n: 1 }).call('large', 'write', { n: 11 }).finish();
    await settle();
    expect(calls().map(({ status }) => status)).toEqual(['running', 'awaiting-approval']);
    expect(writes).toHaveLength(1);
  });

  it('is approved for a whole batch at once, but for the destructive calls', async () => {
    const { tools } = createHandTools({ read: { approval: true }, write: { approval: true, destructive: true } });
    const { ask, chat, calls, settle } = renderChat({ tools });
    (await ask()).start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).call('c', 'write', { n: 3 }).finish();
    await settle();
    chat().toolCalls.approve(calls()[0]!.batchKey);
    await settle();
    expect(calls().map(({ status }) => status)).toEqual(['running', 'running', 'awaiting-approval']);
  });

  it('is told to the model as an error when denied, beside a success and a failure', async () => {
    const { tools, reads, writes } = createHandTools({ write: { approval: true } });
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask())
      .start()
      .call('ok', 'read', { n: 1 })
      .call('bad', 'read', { n: 2 })
      .call('no', 'write', { n: 3 })
      .finish();
    await settle();
    reads[0]!.resolve(1);
    reads[1]!.reject(new Error('down'));
    chat().toolCalls.deny(call('no'), 'Too expensive');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['ok: output-available', 'bad: output-error', 'no: output-error']);
    expect(followUp.messages.at(-1)!.parts.at(-1)).toMatchObject({ errorText: 'Too expensive' });
    expect(writes).toHaveLength(0);
    expect(call('no').status).toBe('denied');
  });
});

describe('an approval that the server asks for', () => {
  const asked = (toolCallId: string) =>
    ({ type: 'tool-approval-request', toolCallId, approvalId: `approval-${toolCallId}` }) as const;

  it('holds the call, runs it after the yes, and keeps the approval beside the output', async () => {
    const { tools, writes } = createHandTools();
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('w', 'write', { n: 1 }).write(asked('w')).finish();
    await settle();
    expect(call('w').status).toBe('awaiting-approval');
    expect(writes).toHaveLength(0);
    chat().toolCalls.approve(call('w'));
    await settle();
    expect(partStates(chat().messages)).toEqual(['w: approval-responded']);
    writes[0]!.resolve('done');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)!.parts.at(-1)).toMatchObject({
      state: 'output-available',
      approval: { id: 'approval-w', approved: true },
    });
  });

  it('is answered by the page: the call runs', async () => {
    const { tools, writes } = createHandTools();
    const { ask, chat, settle, transport } = renderChat({ tools });
    (await ask()).start().call('w', 'write', { n: 1 }).write(asked('w')).finish();
    await settle();
    void chat().addToolApprovalResponse({ id: 'approval-w', approved: true });
    await settle();
    expect(writes).toHaveLength(1);
    writes[0]!.resolve('done');
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
  });

  it('is denied: the part says so, and the follow-up goes out without an output', async () => {
    const { tools, writes } = createHandTools();
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('w', 'write', { n: 1 }).write(asked('w')).finish();
    await settle();
    chat().toolCalls.deny(call('w'), 'No');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)!.parts.at(-1)).toMatchObject({
      state: 'approval-responded',
      approval: { approved: false, reason: 'No' },
    });
    expect(writes).toHaveLength(0);
  });

  it.skipIf(isAiSdk6)('was given automatically: the call runs without a person', async () => {
    const { tools, writes } = createHandTools();
    const { ask, settle, transport } = renderChat({ tools });
    const response = await ask();
    response.start().call('w', 'write', { n: 1 });
    response.write(
      { ...asked('w'), isAutomatic: true },
      { type: 'tool-approval-response', approvalId: 'approval-w', approved: true },
    );
    response.finish();
    await settle();
    expect(writes).toHaveLength(1);
    writes[0]!.resolve('done');
    await transport.next();
  });
});

describe('a tool without `execute`', () => {
  const pickColor = clientTool({ inputSchema: z.object({}), outputSchema: z.enum(['red', 'blue']) });

  it('waits for a person beside running tools, and is answered by respond', async () => {
    const { tools, reads } = createHandTools();
    const { ask, chat, call, settle, transport } = renderChat({ tools: { ...tools, pickColor } });
    (await ask()).start().call('c', 'pickColor').call('r', 'read', { n: 1 }).finish();
    await settle();
    expect(call('c').status).toBe('awaiting-input');
    reads[0]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.respond(call('c'), 'green');
    await settle();
    expect(call('c')).toMatchObject({ status: 'awaiting-input', error: { kind: 'invalid-output' } });
    chat().toolCalls.respond(call('c'), 'red');
    chat().toolCalls.respond(call('c'), 'blue');
    const followUp = await transport.next();
    expect(
      followUp.messages.at(-1)!.parts.find((part) => 'toolCallId' in part && part.toolCallId === 'c'),
    ).toMatchObject({ output: 'red' });
  });

  it('may be answered by the page with addToolOutput', async () => {
    const { ask, chat, call, settle, transport } = renderChat({ tools: { pickColor } });
    (await ask()).start().call('c', 'pickColor').finish();
    await settle();
    void chat().addToolOutput({ tool: 'pickColor', toolCallId: 'c', output: 'blue' } as never);
    expect(partStates((await transport.next()).messages)).toEqual(['c: output-available']);
    expect(call('c')).toMatchObject({ status: 'succeeded', output: 'blue' });
  });

  it('may be skipped', async () => {
    const { ask, chat, call, settle, transport } = renderChat({ tools: { pickColor } });
    (await ask()).start().call('c', 'pickColor').finish();
    await settle();
    chat().toolCalls.skip(call('c'));
    expect(partStates((await transport.next()).messages)).toEqual(['c: output-error']);
  });
});

describe("`onFailure: 'hold'`", () => {
  it('keeps the batch until the call is retried', async () => {
    const { tools, reads } = createHandTools({ read: { onFailure: 'hold' } });
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    await settle();
    expect(transport.responses).toHaveLength(1);
    expect(chat().isRunning).toBe(true);
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[1]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
  });

  it('lets the batch go when the call is skipped', async () => {
    const { tools, reads } = createHandTools({ read: { onFailure: 'hold' } });
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    await settle();
    chat().toolCalls.skip(call('a'));
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error']);
  });
});

// Rule 10; facts 14 and 15.
describe("the approval of a server's own tool", () => {
  async function begin() {
    const hand = createHandTools({ read: { start: 'step-end' } });
    const rendered = renderChat({ tools: hand.tools });
    const response = await rendered.ask();
    response.start('m').call('mine', 'read', { n: 1 }).call('theirs', 'deleteAccount', { n: 2 });
    response.write({ type: 'tool-approval-request', toolCallId: 'theirs', approvalId: 'approval-1' }).finish();
    await rendered.settle();
    return { ...hand, ...rendered };
  }

  it('is left to the server: a yes in the card goes back with the results beside it', async () => {
    const { reads, transport, chat, settle } = await begin();
    reads[0]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.approve('m/0/theirs');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)?.parts.slice(1)).toMatchObject([
      { state: 'output-available', output: 1 },
      { state: 'approval-responded', approval: { approved: true } },
    ]);
    followUp.write({ type: 'start' }, { type: 'tool-output-available', toolCallId: 'theirs', output: 'deleted' });
    followUp.write({ type: 'start-step' }).text('Done').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(reads).toHaveLength(1);
  });

  it('may be denied, and the model hears why', async () => {
    const { reads, transport, chat, settle } = await begin();
    chat().toolCalls.deny('m/0/theirs', 'Never');
    await settle();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    expect((await transport.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({
      state: 'approval-responded',
      approval: { approved: false, reason: 'Never' },
    });
  });

  it('may be answered by the page: sent once, and not again when the follow-up fails', async () => {
    const { reads, transport, chat, settle } = await begin();
    reads[0]!.resolve(1);
    transport.failNext = new Error('500');
    void chat().addToolApprovalResponse({ id: 'approval-1', approved: true });
    await transport.next();
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(chat().status).toBe('error');
    chat().toolCalls.resend();
    expect((await transport.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({ state: 'approval-responded' });
  });

  it('beside none of ours is sent when it is answered', async () => {
    const { tools } = createHandTools();
    const { ask, transport, chat, settle } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('theirs', 'deleteAccount', { n: 2 });
    response.write({ type: 'tool-approval-request', toolCallId: 'theirs', approvalId: 'approval-1' }).finish();
    await settle();
    chat().toolCalls.approve('m/0');
    expect((await transport.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({ state: 'approval-responded' });
  });

  it('is withdrawn when the user writes something else', async () => {
    const { chat, transport } = await begin();
    void chat().sendMessage({ text: 'Never mind' });
    const next = await transport.next();
    expect(partStates(next.messages.slice(0, 2))).toEqual(['mine: output-error', 'theirs: output-error']);
  });
});

describe('a mix of answers in one step', () => {
  it('goes back in one follow-up: approved, denied, failed and succeeded', async () => {
    const { reads, writes, tools } = createHandTools({ read: { start: 'step-end' } });
    const { ask, transport, chat, call, settle } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('ok', 'read', { n: 1 }).call('bad', 'read', { n: 2 });
    response.call('yes', 'write', { n: 3 }).call('no', 'write', { n: 4 });
    response.write({ type: 'tool-approval-request', toolCallId: 'yes', approvalId: 'approval-yes' });
    response.write({ type: 'tool-approval-request', toolCallId: 'no', approvalId: 'approval-no' }).finish();
    await settle();
    reads[0]!.resolve(1);
    reads[1]!.reject(new Error('no such thing'));
    chat().toolCalls.approve(call('yes'));
    chat().toolCalls.deny(call('no'));
    await settle();
    expect(writes).toHaveLength(1);
    writes[0]!.resolve(3);
    expect(partStates((await transport.next()).messages)).toEqual([
      'ok: output-available',
      'bad: output-error',
      'yes: output-available',
      'no: approval-responded',
    ]);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });
});
