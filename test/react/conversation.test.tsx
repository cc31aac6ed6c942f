// What a person does while calls are open: writes, stops, cancels, regenerates, reloads. No call is left without a result.
import type { UIMessage } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

const question: UIMessage = { id: 'user-1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const pending = (toolCallId: string, tool: 'read' | 'write', n = 1) =>
  ({ type: `tool-${tool}`, toolCallId, state: 'input-available', input: { n } }) as const;
const loaded = (...parts: UIMessage['parts']): UIMessage[] => [
  question,
  { id: 'answer-1', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] },
];

/** A batch of two reads, both running. */
async function runTwo(policies?: Parameters<typeof createHandTools>[0], options: object = {}) {
  const hand = createHandTools(policies);
  const rendered = renderChat({ tools: hand.tools, ...options });
  const response = await rendered.ask();
  response.start('answer-1').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 });
  return { ...hand, ...rendered, response };
}

describe('cancel', () => {
  it('reports one call as cancelled; its sibling goes on, and one follow-up carries both', async () => {
    const { response, reads, settle, chat, call, transport } = await runTwo();
    response.finish();
    await settle();
    chat().toolCalls.cancel(call('a'));
    expect(reads[0]!.options.abortSignal).toMatchObject({ aborted: true, reason: { by: 'user' } });
    reads[1]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error', 'b: output-available']);
  });

  it('of all calls tells the model too', async () => {
    const { response, settle, chat, transport } = await runTwo();
    response.finish();
    await settle();
    chat().toolCalls.cancelAll();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error', 'b: output-error']);
  });
});

describe('stop', () => {
  it('while tools run after the stream has ended reports them and sends nothing', async () => {
    const { response, reads, settle, chat, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    await settle();
    await chat().stop();
    await settle();
    expect(partStates(chat().messages)).toEqual(['a: output-available', 'b: output-error']);
    expect(reads[1]!.options.abortSignal).toMatchObject({ aborted: true, reason: { by: 'stop' } });
    expect(transport.responses).toHaveLength(1);
    expect(chat().isBusy).toBe(false);
  });

  it('returns without waiting for a tool that ignores its signal, and drops its late result', async () => {
    const { response, reads, settle, chat, call } = await runTwo();
    response.finish();
    await settle();
    await chat().stop();
    reads[0]!.resolve('late');
    await settle();
    expect(call('a').status).toBe('cancelled');
    expect(partStates(chat().messages)).toEqual(['a: output-error', 'b: output-error']);
  });

  it('starts no queued call in the room that a stopped one leaves', async () => {
    const { response, reads, settle, chat } = await runTwo({}, { concurrency: 1 });
    response.finish();
    await settle();
    await chat().stop();
    await settle();
    expect(reads).toHaveLength(1);
  });
});

describe('a new message', () => {
  it('while the model streams stops the stream first', async () => {
    const { response, reads, settle, chat, transport } = await runTwo();
    await settle();
    void chat().sendMessage({ text: 'Something else' });
    const next = await transport.next();
    expect(response.request?.abortSignal?.aborted).toBe(true);
    expect(reads.every(({ options }) => options.abortSignal.aborted)).toBe(true);
    expect(partStates(next.messages.slice(0, -1))).toEqual(['a: output-error', 'b: output-error']);
  });

  it("waits for the batch with `onNewMessage: 'wait'`", async () => {
    const { response, reads, settle, chat, transport } = await runTwo({}, { onNewMessage: 'wait' });
    response.finish();
    await settle();
    void chat().sendMessage({ text: 'And then?' });
    await settle();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    reads[1]!.resolve(2);
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)?.role).toBe('assistant');
    followUp.start().text('Done').finish('stop');
    const next = await transport.next();
    expect(next.messages.at(-1)).toMatchObject({ role: 'user', parts: [{ text: 'And then?' }] });
  });

  it('closes calls that an older loaded answer left open', async () => {
    const { tools } = createHandTools();
    const later: UIMessage = { id: 'user-2', role: 'user', parts: [{ type: 'text', text: 'Hello?' }] };
    const { chat, transport } = renderChat({ tools, messages: [...loaded(pending('a', 'write')), later] });
    void chat().sendMessage({ text: 'Still there?' });
    const next = await transport.next();
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-error']);
  });

  it('makes the retry of an older call impossible', async () => {
    const { response, reads, settle, chat, call, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    reads[1]!.resolve(2);
    (await transport.next()).start().text('a is missing').finish('stop');
    await settle();
    void chat().sendMessage({ text: 'Next' });
    (await transport.next()).start('answer-2').text('Fine').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    expect(reads).toHaveLength(2);
    expect(Object.values(chat().toolCalls.store.getState().batches)[0]).toMatchObject({ retryBlock: 'new-message' });
  });
});

describe('a retry after the batch was sent', () => {
  it('of several failed calls makes one send', async () => {
    const { response, reads, settle, chat, calls, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    reads[1]!.reject(new Error('down'));
    (await transport.next()).start().text('Both missing').finish('stop');
    await settle();
    chat().toolCalls.retryFailed(calls()[0]!.batchKey);
    await settle();
    reads[2]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(2);
    reads[3]!.resolve(2);
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
    again.start().text('Both there').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(3);
  });

  it('waits for the answer that streams', async () => {
    const { response, reads, settle, chat, call, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    reads[1]!.resolve(2);
    const first = await transport.next();
    first.start().text('a is miss');
    await settle();
    chat().toolCalls.retry(call('a'));
    reads[2]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(2);
    first.finish('stop');
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
  });

  it('is not offered once a later step has written something', async () => {
    const { response, reads, writes, settle, chat, call, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    reads[1]!.resolve(2);
    (await transport.next()).start().call('w', 'write', { n: 3 }).finish();
    await settle();
    writes[0]!.resolve(3);
    (await transport.next()).start().text('Written').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    expect(reads).toHaveLength(2);
    expect(Object.values(chat().toolCalls.store.getState().batches)[0]).toMatchObject({ retryBlock: 'later-write' });
  });

  it('forgets the later steps that it goes back behind', async () => {
    const { response, reads, settle, chat, call, calls, transport } = await runTwo();
    response.finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    reads[1]!.resolve(2);
    (await transport.next()).start().call('c', 'read', { n: 3 }).finish();
    await settle();
    reads[2]!.resolve(3);
    (await transport.next()).start().text('Without a').finish('stop');
    await settle();
    expect(calls()).toHaveLength(3);
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[3]!.resolve(1);
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
    expect(calls()).toHaveLength(2);
  });
});

describe('a conversation that changes under its calls', () => {
  it('by regenerate aborts them and forgets them', async () => {
    const { response, reads, settle, chat, calls, transport } = await runTwo();
    response.finish();
    await settle();
    void chat().regenerate();
    const next = await transport.next();
    expect(reads.every(({ options }) => options.abortSignal.aborted)).toBe(true);
    next.start('answer-2').text('Again').finish('stop');
    await settle();
    expect(calls()).toEqual([]);
    expect(transport.responses).toHaveLength(2);
  });

  it('by setMessages aborts them and forgets them', async () => {
    const { response, reads, settle, chat, calls } = await runTwo();
    response.finish();
    await settle();
    chat().setMessages([]);
    await settle();
    expect(reads.every(({ options }) => options.abortSignal.aborted)).toBe(true);
    expect(calls()).toEqual([]);
    expect(chat().isBusy).toBe(false);
  });

  it('by another id aborts them; the new chat is its own', async () => {
    const hand = createHandTools();
    const { ask, view, settle, chat, calls } = renderChat({ id: 'one', tools: hand.tools });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    view.rerender({ id: 'two', tools: hand.tools });
    await settle();
    expect(hand.reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(chat().messages).toEqual([]);
    expect(calls()).toEqual([]);
  });

  it('uses an id again in another turn: each call has its own result', async () => {
    const hand = createHandTools();
    const { ask, settle, transport } = renderChat({ tools: hand.tools });
    (await ask('One')).start('answer-1').call('functions.read:0', 'read', { n: 1 }).finish();
    await settle();
    hand.reads[0]!.resolve('first');
    (await transport.next()).start().text('One').finish('stop');
    await settle();
    (await ask('Two')).start('answer-2').call('functions.read:0', 'read', { n: 2 }).finish();
    await settle();
    hand.reads[1]!.resolve('second');
    const followUp = await transport.next();
    const outputs = followUp.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => ('output' in part ? [part.output] : [])),
    );
    expect(outputs).toEqual(['first', 'second']);
  });
});

describe('a follow-up', () => {
  it('carries the body, headers and metadata of the last message, under `followUpOptions`', async () => {
    const { tools, reads } = createHandTools();
    const { chat, settle, transport } = renderChat({ tools, followUpOptions: { headers: { 'x-turn': 'tools' } } });
    void chat().sendMessage(
      { text: 'Hi' },
      { body: { tenant: 7 }, headers: { 'x-turn': 'user' }, metadata: { from: 'page' } },
    );
    (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve(1);
    expect((await transport.next()).request).toMatchObject({
      body: { tenant: 7 },
      headers: { 'x-turn': 'tools' },
      metadata: { from: 'page' },
    });
  });

  it('keeps the metadata of every part as it came', async () => {
    const { tools, reads } = createHandTools();
    const { ask, settle, transport } = renderChat({ tools });
    const response = await ask();
    const providerMetadata = { google: { thoughtSignature: 'abc' } };
    response
      .start()
      .write({ type: 'tool-input-available', toolCallId: 'a', toolName: 'read', input: { n: 1 }, providerMetadata })
      .finish();
    await settle();
    reads[0]!.resolve(1);
    expect((await transport.next()).messages.at(-1)!.parts.at(-1)).toMatchObject({
      callProviderMetadata: providerMetadata,
    });
  });

  it('is not sent more often in a row than `maxFollowUps`; resend goes on', async () => {
    const { tools, reads } = createHandTools();
    const { ask, chat, settle, transport } = renderChat({ tools, maxFollowUps: 1 });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve(1);
    (await transport.next()).start().call('b', 'read', { n: 2 }).finish();
    await settle();
    reads[1]!.resolve(2);
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(Object.values(chat().toolCalls.store.getState().batches).at(-1)?.halt).toBe('follow-up-limit');
    chat().toolCalls.resend();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
  });

  it('leaves calls alone that the provider or the server ran', async () => {
    const { tools, reads } = createHandTools();
    const { ask, settle, transport, calls } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    response.write({
      type: 'tool-input-available',
      toolCallId: 'p',
      toolName: 'webSearch',
      input: {},
      providerExecuted: true,
    });
    response.write({ type: 'tool-output-available', toolCallId: 'p', output: 'found', providerExecuted: true });
    response.call('s', 'serverTool').write({ type: 'tool-output-available', toolCallId: 's', output: 'served' });
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual([
      'a: output-available',
      'p: output-available',
      's: output-available',
    ]);
    expect(calls().map(({ toolCallId }) => toolCallId)).toEqual(['a']);
  });

  it('is left to the page for tools that it answers itself', async () => {
    const { tools } = createHandTools();
    const { ask, settle, transport, calls } = renderChat({ tools, unknownTool: 'ignore' });
    (await ask()).start().call('x', 'ownTool').finish();
    await settle();
    expect(calls()).toEqual([]);
    expect(transport.responses).toHaveLength(1);
  });
});

describe('what a tool receives', () => {
  it('reads the conversation before its step as model messages', async () => {
    const { response, reads, settle } = await runTwo();
    response.finish();
    await settle();
    expect(reads[0]!.options.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  });
});

describe("the page's own callbacks", () => {
  it('still run', async () => {
    const onToolCall = vi.fn();
    const onFinish = vi.fn();
    const { tools, reads } = createHandTools();
    const { ask, settle, transport } = renderChat({ tools, onToolCall, onFinish });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve(1);
    await transport.next();
    expect(onToolCall).toHaveBeenCalledOnce();
    expect(onFinish).toHaveBeenCalledOnce();
  });
});
