// What a person, the page or the network does in the middle of things: the facts of the SDK, each as what is seen.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

describe('a person who regenerates', () => {
  it('gets an answer under the same message id whose calls run and are sent', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, chat, settle } = renderChat({ tools });
    (await ask()).start('message-1').call('a', 'read', { n: 1 }).finish();
    await settle();
    void chat().regenerate();
    (await transport.next()).start('message-1').call('a', 'read', { n: 1 }).finish();
    await settle();
    expect(reads).toHaveLength(2);
    reads[1]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
  });

  it('and writes before the new answer has ended, ends it', async () => {
    const { ask, transport, chat, settle } = renderChat({ tools: {} });
    (await ask()).start().text('An answer').finish('stop');
    await settle();
    void chat().regenerate();
    const again = await transport.next();
    await settle();
    void chat().sendMessage({ text: 'Something else' });
    const next = await transport.next();
    expect(again.isClosed).toBe(true);
    next.start().text('Fine').finish('stop');
    await settle();
    expect([chat().status, transport.responses.length]).toEqual(['ready', 3]);
  });
});

const open = (rendered: { calls: () => { status: string }[] }) => rendered.calls().map(({ status }) => status);

describe('the last result', () => {
  // Facts 13 and 29.
  it('landing in the tick in which the stream ends is sent once', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, settle } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    await settle();
    reads[0]!.resolve(1);
    response.finish();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  // Fact 2.
  it('settling while the model still streams is kept, and sent when it has ended', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, settle } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    await settle();
    reads[0]!.resolve(1);
    await settle();
    response.text('More').call('b', 'read', { n: 2 }).finish();
    await settle();
    reads[1]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
  });
});

describe("the page's own callbacks", () => {
  // Fact 1.
  it('may take their time in onToolCall: the stream goes on, and calls run side by side', async () => {
    const { reads, tools } = createHandTools();
    const { ask, settle } = renderChat({ tools, onToolCall: () => new Promise<void>(() => {}) });
    (await ask()).start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await settle();
    expect(reads).toHaveLength(2);
  });

  // Fact 26.
  it('find the call in the store when onToolCall fires', async () => {
    const { tools } = createHandTools();
    const seen: number[] = [];
    const rendered = renderChat({ tools, onToolCall: () => void seen.push(rendered.calls().length) });
    (await rendered.ask()).start().call('a', 'read', { n: 1 }).finish();
    await rendered.settle();
    expect(seen).toEqual([1]);
  });
});

describe('the promise of sendMessage', () => {
  // Facts 29 and 30.
  it('settles with the first answer, and does not wait for the follow-up', async () => {
    const { reads, tools } = createHandTools();
    const { chat, transport, settle } = renderChat({ tools });
    let sent = false;
    void Promise.resolve(chat().sendMessage({ text: 'Hi' })).then(() => void (sent = true));
    const response = await transport.next();
    response.start().call('a', 'read', { n: 1 });
    await settle();
    reads[0]!.resolve(1);
    response.finish();
    await transport.next();
    await settle();
    expect(sent).toBe(true);
    expect(chat().status).toBe('submitted');
  });
});

describe('the page', () => {
  // Rule 3.
  it('may go on by itself with sendMessage(): the batch is not sent a second time', async () => {
    const { reads, tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools });
    (await ask()).start().call('a', 'read', { n: 1 }).close();
    await settle();
    reads[0]!.resolve(1);
    await settle();
    void chat().sendMessage();
    (await transport.next()).start().text('Done').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  // Fact 3.
  it('gets dynamic tools run and sent like any other', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, settle } = renderChat({ tools });
    const response = await ask();
    response.start().write({ type: 'tool-input-start', toolCallId: 'd', toolName: 'read', dynamic: true });
    response.write({
      type: 'tool-input-available',
      toolCallId: 'd',
      toolName: 'read',
      input: { n: 1 },
      dynamic: true,
    });
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    expect((await transport.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({
      type: 'dynamic-tool',
      toolName: 'read',
      state: 'output-available',
    });
  });

  // Fact 25 and rule 7.
  it('is not held up by a call whose input never came whole', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, settle } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    response.write({ type: 'tool-input-start', toolCallId: 'half', toolName: 'read' }).finish();
    await settle();
    reads[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'half: input-streaming']);
  });

  it('may say that nobody answers a call: its words go to the model', async () => {
    const { tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({
      tools: { ...tools, pick: clientTool({ inputSchema: z.object({}), outputSchema: z.string() }) },
    });
    (await ask()).start().call('p', 'pick').finish();
    await settle();
    void chat().addToolOutput({ state: 'output-error', tool: 'pick', toolCallId: 'p', errorText: 'He went home' });
    expect((await transport.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({ errorText: 'He went home' });
  });
});

// Rule 4; issue 4 item 5.
describe('stop', () => {
  it.each(['awaiting-approval', 'awaiting-input', 'running', 'queued'] as const)(
    'ends a call that is %s, and the next message goes out',
    async (status) => {
      const { tools } = createHandTools({ write: { approval: true } });
      const rendered = renderChat({
        tools: { ...tools, pick: clientTool({ inputSchema: z.object({}), outputSchema: z.string() }) },
        concurrency: 1,
      });
      const { ask, chat, transport, settle } = rendered;
      const response = await ask();
      response.start().call('w', 'write', { n: 1 }).call('p', 'pick').call('r1', 'read', { n: 2 });
      response.call('r2', 'read', { n: 3 }).finish();
      await settle();
      expect(open(rendered)).toContain(status);
      await chat().stop();
      expect(open(rendered)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
      await settle();
      expect(transport.responses).toHaveLength(1);
      void chat().sendMessage({ text: 'Go on' });
      expect((await transport.next()).messages).toHaveLength(3);
    },
  );

  it('before the answer has begun stops the request', async () => {
    const { tools } = createHandTools();
    const { ask, chat, settle } = renderChat({ tools });
    const response = await ask();
    await chat().stop();
    await settle();
    expect(response.request?.abortSignal?.aborted).toBe(true);
    expect(chat().isBusy).toBe(false);
  });

  it('keeps the result of a retry from the model; resend goes on with it', async () => {
    const { reads, tools } = createHandTools();
    const { ask, chat, call, transport, settle } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.reject(new Error('no'));
    const followUp = await transport.next();
    followUp.start('m').text('Sorry');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[1]!.resolve('at last');
    await settle();
    await chat().stop();
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(partStates(chat().messages)).toEqual(['a: output-error']);
    chat().toolCalls.resend();
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available']);
    expect(again.messages.at(-1)?.parts).toHaveLength(2);
  });
});

describe('a retry that is cancelled by a new message', () => {
  it('leaves the words of the first failure in the history', async () => {
    const { reads, tools } = createHandTools();
    const { ask, chat, call, transport, settle } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.reject(new Error('sold out'));
    (await transport.next()).start('m').text('Sorry').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    void chat().sendMessage({ text: 'Never mind' });
    expect((await transport.next()).messages[1]?.parts[1]).toMatchObject({ errorText: 'sold out' });
  });
});

describe('a person in a hurry', () => {
  it('who sends two messages at once gets one answer at a time', async () => {
    const { tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools });
    const first = await ask();
    first.start().text('Let me');
    await settle();
    void chat().sendMessage({ text: 'One' });
    void chat().sendMessage({ text: 'Two' });
    await settle();
    expect(transport.responses.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    expect(transport.responses[2]!.messages.filter(({ role }) => role === 'user')).toHaveLength(3);
  });

  it('who sends two messages while a batch runs has them answered one by one with `onNewMessage: wait`', async () => {
    const { reads, tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools, onNewMessage: 'wait' });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    void chat().sendMessage({ text: 'One' });
    void chat().sendMessage({ text: 'Two' });
    await settle();
    reads[0]!.resolve(1);
    (await transport.next()).start().text('Done').finish('stop');
    (await transport.next()).start().text('One').finish('stop');
    const last = await transport.next();
    expect(last.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(transport.responses).toHaveLength(4);
  });
});

// Rule 5.
describe("the SDK's own queue", () => {
  it.skipIf(isAiSdk6)('sends a message after the batch and its follow-up', async () => {
    const { reads, tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools, experimental_queue: true });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    void chat().sendMessage({ text: 'And then' });
    await settle();
    expect(reads[0]!.options.abortSignal.aborted).toBe(false);
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(followUp.messages).toHaveLength(2);
    followUp.start().text('Done').finish('stop');
    expect((await transport.next()).messages).toHaveLength(3);
  });
});

// Rule 6.
describe('a page that is left', () => {
  it('while a follow-up brings calls aborts them, writes nothing and starts nothing', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, view, settle } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    followUp.start('m').call('b', 'read', { n: 2 });
    await settle();
    view.unmount();
    await settle();
    expect(reads.map(({ options }) => options.abortSignal.aborted)).toEqual([false, true]);
    expect(reads).toHaveLength(2);
    expect(followUp.request?.abortSignal?.aborted).toBe(true);
  });
});
