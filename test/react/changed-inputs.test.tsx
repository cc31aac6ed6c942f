// A person changes the input before they say yes, or before a failed call runs again: that is what runs, and the model reads what was changed.
import { convertToModelMessages, type UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { clientTool, type ToolCall, type ToolPolicy } from 'use-parallel-tools';
import { z } from 'zod';
import { createHandExecute } from '../harness/deferred.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { openJournalPage } from '../harness/journal-page.tsx';
import { CHAT_WAYS, drain, partStates, renderChat, type ChatWay } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

const order = z.object({ order: z.string(), amount: z.number() });
type Order = z.infer<typeof order>;

async function askForRefund(policy: ToolPolicy<Order> = { approval: true }, way: ChatWay = 'useParallelTools') {
  const { execute, invocations } = createHandExecute<Order, { idempotencyKey: string }>();
  const tools = { refund: clientTool({ inputSchema: order, ...policy, execute }) };
  const chat = renderChat({ tools }, { way });
  const response = (await chat.ask()).start('m');
  response.call('a', 'refund', { order: '7', amount: 500 }).finish();
  await chat.settle();
  return { ...chat, invocations };
}

/** The one tool part of a request. */
function readPart(messages: readonly UIMessage[]) {
  return messages.at(-1)!.parts.find((part) => part.type === 'tool-refund') as {
    input: unknown;
    output?: unknown;
    errorText?: string;
  };
}

const CHANGE = 'The user changed the input before it ran: `amount` from 500 to 50.';

describe.each(CHAT_WAYS)('approve(call, { input }): %s', (way) => {
  it('runs what the person wrote, and tells the model what ran and what it had asked for', async () => {
    const { chat, call, settle, invocations, transport } = await askForRefund({ approval: true }, way);
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    expect(invocations[0]!.input).toEqual({ order: '7', amount: 50 });
    expect(call('a')).toMatchObject({
      input: { order: '7', amount: 50 },
      modelInput: { order: '7', amount: 500 },
      approved: true,
    });
    invocations[0]!.resolve({ refunded: 50 });
    const { messages } = await transport.next();
    expect(readPart(messages)).toMatchObject({
      input: { order: '7', amount: 50 },
      output: { refunded: 50, changedByUser: CHANGE },
    });
    expect(call('a').output).toEqual({ refunded: 50 });
    const prompt = JSON.stringify(await convertToModelMessages(messages));
    expect(prompt).toContain('"input":{"order":"7","amount":50}');
    expect(prompt).toContain(CHANGE);
  });
});

describe('approve(call, { input })', () => {
  it.each<[string, unknown, unknown]>([
    ['text', 'done', `done\n\n${CHANGE}`],
    ['an MCP result', { content: [{ type: 'text', text: 'done' }] }, { content: [{ type: 'text', text: 'done' }, { type: 'text', text: CHANGE }] }],
    ['a list', [1], { output: [1], changedByUser: CHANGE }],
    ['nothing', undefined, { output: null, changedByUser: CHANGE }],
  ])('says so beside %s', async (_, output, told) => {
    const { chat, call, settle, invocations, transport } = await askForRefund();
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    invocations[0]!.resolve(output);
    expect(readPart((await transport.next()).messages).output).toEqual(told);
  }); // prettier-ignore

  it('says so beside a failure', async () => {
    const { chat, call, settle, invocations, transport } = await askForRefund();
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    invocations[0]!.reject(new Error('No such order'));
    expect(readPart((await transport.next()).messages)).toMatchObject({
      input: { order: '7', amount: 50 },
      errorText: `No such order\n\n${CHANGE}`,
    });
  });

  it('takes nothing that does not fit, says why, and goes on waiting', async () => {
    const { chat, call, settle, invocations } = await askForRefund();
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 'much' } });
    await settle();
    expect(call('a')).toMatchObject({ status: 'awaiting-approval', input: { order: '7', amount: 500 } });
    expect(call('a').error?.message).toContain('amount');
    expect(invocations).toEqual([]);
    chat().toolCalls.approve(call('a'));
    await settle();
    expect(invocations[0]!.input).toEqual({ order: '7', amount: 500 });
    expect('error' in call('a')).toBe(false);
  });

  it('changes nothing where the input is the same', async () => {
    const { chat, call, settle, invocations, transport } = await askForRefund();
    chat().toolCalls.approve(call('a'), { input: { amount: 500, order: '7' } });
    await settle();
    expect('modelInput' in call('a')).toBe(false);
    invocations[0]!.resolve('done');
    expect(readPart((await transport.next()).messages).output).toBe('done');
  });

  it('waits for a schema that takes its time', async () => {
    const slow = order.refine(async ({ amount }) => amount < 1000);
    const { execute, invocations } = createHandExecute<Order, object>();
    const { ask, chat, call, settle } = renderChat({
      tools: { refund: clientTool({ inputSchema: slow, approval: true, execute }) },
    });
    (await ask()).start().call('a', 'refund', { order: '7', amount: 500 }).finish();
    await settle();
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 5000 } });
    await settle();
    expect(call('a').status).toBe('awaiting-approval');
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    expect(invocations[0]!.input.amount).toBe(50);
  });

  it('takes the locks of what runs, and gives it an idempotency key of its own', async () => {
    const locks = ({ order }: Order) => ({ write: [`order:${order}`] });
    const { chat, call, settle, invocations } = await askForRefund({ approval: true, locks });
    const plain = await askForRefund({ approval: true });
    plain.chat().toolCalls.approve(plain.call('a'));
    await plain.settle();
    chat().toolCalls.approve(call('a'), { input: { order: '8', amount: 50 } });
    await settle();
    expect(invocations[0]!.options.idempotencyKey).not.toBe(plain.invocations[0]!.options.idempotencyKey);
    invocations[0]!.resolve('done');
  });

  it('is for one call: a batch is approved as the model asked', async () => {
    const { chat, call, settle, invocations } = await askForRefund();
    chat().toolCalls.approve(call('a').batchKey, { input: { order: '9', amount: 1 } });
    await settle();
    expect(invocations[0]!.input).toEqual({ order: '7', amount: 500 });
  });
});

describe('retry(call, { input })', () => {
  it('runs a failed call again with the corrected input, and the model answers anew', async () => {
    const { chat, call, settle, invocations, transport } = await askForRefund({});
    invocations[0]!.reject(new Error('Too much'));
    (await transport.next()).start('m2').text('It failed').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    expect(invocations[1]!.input).toEqual({ order: '7', amount: 50 });
    expect(invocations[1]!.options.idempotencyKey).not.toBe(invocations[0]!.options.idempotencyKey);
    invocations[1]!.resolve('done');
    expect(readPart((await transport.next()).messages)).toMatchObject({
      input: { order: '7', amount: 50 },
      output: `done\n\n${CHANGE}`,
    });
  });

  it('runs a call whose input did not fit, which cannot run otherwise', async () => {
    const { tools, reads } = createHandTools();
    const { ask, chat, call, settle, transport } = renderChat({ tools });
    (await ask()).start().call('a', 'read', { n: 'seven' }).finish();
    const second = await transport.next();
    second.start().text('Hm').finish('stop');
    await settle();
    expect(call('a').error?.kind).toBe('invalid-input');
    chat().toolCalls.retry(call('a'));
    await settle();
    expect(reads).toEqual([]);
    chat().toolCalls.retry(call('a'), { input: { n: 7 } });
    await settle();
    reads[0]!.resolve('ok');
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
    expect(call('a')).toMatchObject({ status: 'succeeded', input: { n: 7 }, modelInput: { n: 'seven' } });
  });

  it('asks a person again where the policy asks for such an input', async () => {
    const { chat, call, settle, invocations, transport } = await askForRefund({
      approval: ({ amount }) => amount > 1000,
    });
    invocations[0]!.reject(new Error('Not enough'));
    (await transport.next()).start('m2').text('It failed').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'), { input: { order: '7', amount: 5000 } });
    await settle();
    expect(call('a').status).toBe('awaiting-approval');
    expect(invocations).toHaveLength(1);
  });
});

describe.skipIf(isAiSdk6)('an input that the server has signed', () => {
  it('is not changed, neither before the yes nor for a retry', async () => {
    const { execute, invocations } = createHandExecute<Order, object>();
    const { ask, chat, call, settle } = renderChat({ tools: { refund: clientTool({ inputSchema: order, execute }) } });
    const response = (await ask()).start('m').call('a', 'refund', { order: '7', amount: 500 });
    response.write({ type: 'tool-approval-request', toolCallId: 'a', approvalId: 'ap', signature: 'sig' } as never);
    response.finish();
    await settle();
    expect(call('a')).toMatchObject({ status: 'awaiting-approval', inputSigned: true });
    chat().toolCalls.approve(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    expect(call('a').status).toBe('awaiting-approval');
    chat().toolCalls.approve(call('a'));
    await settle();
    expect(invocations[0]!.input).toEqual({ order: '7', amount: 500 });
    invocations[0]!.reject(new Error('No'));
    await settle();
    chat().toolCalls.retry(call('a'), { input: { order: '7', amount: 50 } });
    await settle();
    expect(invocations).toHaveLength(1);
  });
});

describe('a page that ends', () => {
  const begin = async (policy: ToolPolicy<{ n: number }>) => {
    const page = openJournalPage({ policies: { write: { approval: true, ...policy } } });
    (await page.ask()).start('m').call('w', 'write', { n: 500 }).finish();
    await drain();
    page.chat().toolCalls.approve(page.call('w'), { input: { n: 50 } });
    await drain();
    const { idempotencyKey } = page.writes[0]!.options;
    const messages = await page.crash();
    return { page, idempotencyKey, messages };
  };

  it('knows of the change afterwards, by its journal: the call goes on with it, under the same key', async () => {
    const { page, idempotencyKey, messages } = await begin({});
    const next = openJournalPage({ disk: page.disk, messages, policies: { write: { approval: true } } });
    await drain();
    expect(next.call('w')).toMatchObject({ status: 'interrupted', input: { n: 50 }, modelInput: { n: 500 } });
    next.chat().toolCalls.run(next.call('w'));
    await drain();
    expect(next.writes[0]).toMatchObject({ input: { n: 50 }, options: { idempotencyKey } });
  });

  it('asks again where the journal may not keep inputs: nobody has said yes to the model’s', async () => {
    const policy = { persist: 'outcome-only' } as const;
    const { page, messages } = await begin(policy);
    const policies = { write: { approval: true, ...policy } };
    const next = openJournalPage({ disk: page.disk, messages, policies });
    await drain();
    next.chat().toolCalls.run(next.call('w'));
    await drain();
    const { status, input }: ToolCall = next.call('w');
    expect([status, input, next.writes.length]).toEqual(['awaiting-approval', { n: 500 }, 0]);
  });
});
