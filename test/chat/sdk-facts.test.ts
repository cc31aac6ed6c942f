// How the AI SDK itself behaves, without this library. Each test is a reason for something in src/chat: when one of them fails after an
// update, docs/contributing/facts.md says what was built on it, and it may be time to take that away.
import { Chat } from '@ai-sdk/react';
import {
  convertToModelMessages,
  generateText,
  isStaticToolUIPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  tool,
  validateUIMessages,
  type ChatInit,
  type UIMessage,
} from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDeferred } from '../harness/deferred.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';

type Init = ChatInit<UIMessage>;

/** The SDK's own chat on a scripted server, nothing of ours in it. */
function open(init: Init = {}) {
  const transport = new ScriptedTransport();
  const chat = new Chat<UIMessage>({ transport, ...init });
  return {
    chat,
    transport,
    async ask() {
      void chat.sendMessage({ text: 'Hi' });
      return transport.next();
    },
    answer: (toolCallId: string, output: unknown) => chat.addToolOutput({ tool: 'read', toolCallId, output } as never),
  };
}

/** A chat whose answer has brought these calls, and ended. */
async function openWithCalls(ids: string[], init: Init = {}) {
  const opened = open(init);
  const response = await opened.ask();
  response.start('m');
  for (const id of ids) response.call(id, 'read', { id });
  response.finish();
  await drain();
  return opened;
}

const approval = { id: '1', approved: true };
const completed: Init = { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls };
const states = ({ messages }: Chat<UIMessage>) => partStates(messages);
const outputs = ({ messages }: Chat<UIMessage>) =>
  messages.map(({ parts }) =>
    parts.flatMap((part) => ('output' in part && part.state === 'output-available' ? part.output : [])),
  );

describe('onToolCall of the SDK', () => {
  // Fact 1.
  it('holds up the stream until it settles', async () => {
    const seen: string[] = [];
    const { ask, chat } = open({
      onToolCall: ({ toolCall }) => {
        seen.push(toolCall.toolCallId);
        return new Promise(() => {});
      },
    });
    (await ask()).start().call('a', 'read').text('More').call('b', 'read').finish();
    await drain();
    expect(seen).toEqual(['a']);
    expect(chat.status).toBe('streaming');
    expect(chat.lastMessage?.parts.some(({ type }) => type === 'text')).toBe(false);
  });

  // Fact 1.
  it('ends the stream when it throws: later calls never arrive', async () => {
    const { ask, chat } = open({
      onToolCall: () => {
        throw new Error('broken');
      },
    });
    (await ask()).start().call('a', 'read').call('b', 'read').finish();
    await drain();
    expect(chat.status).toBe('error');
    expect(states(chat)).toEqual(['a: input-available']);
  });

  // Fact 2.
  it('waits for ever when it awaits addToolOutput', async () => {
    const opened = open({ onToolCall: async ({ toolCall }) => opened.answer(toolCall.toolCallId, 1) });
    (await opened.ask()).start().call('a', 'read').finish();
    await drain();
    expect(opened.chat.status).toBe('streaming');
    expect(states(opened.chat)).toEqual(['a: input-available']);
  });

  // Fact 3.
  it('is called for tools of the server too, and neither for the provider’s nor for calls that the server refused', async () => {
    const seen: string[] = [];
    const { ask, chat } = open({ onToolCall: ({ toolCall }) => void seen.push(toolCall.toolCallId) });
    const response = await ask();
    response.start().call('s', 'serverTool').write({ type: 'tool-output-available', toolCallId: 's', output: 1 });
    const providers = { toolCallId: 'p', toolName: 'webSearch', input: {}, providerExecuted: true };
    response.write({ type: 'tool-input-available', ...providers });
    response.write({ type: 'tool-input-error', toolCallId: 'x', toolName: 'nobody', input: {}, errorText: 'No such' });
    response.finish();
    await drain();
    expect(seen).toEqual(['s']);
    expect(states(chat)).toEqual(['s: output-available', 'p: input-available', 'x: output-error']);
  });

  // Fact 4.
  it('is called before the server’s request for an approval has come', async () => {
    const seen: string[] = [];
    const opened = open({ onToolCall: () => void seen.push(...states(opened.chat)) });
    const response = await opened.ask();
    response.start().call('a', 'read').write({ type: 'tool-approval-request', toolCallId: 'a', approvalId: '1' });
    response.finish();
    await drain();
    expect(seen).toEqual(['a: input-available']);
    expect(states(opened.chat)).toEqual(['a: approval-requested']);
  });

  // Fact 19.
  it('is not called for pending calls of loaded messages', async () => {
    let called = 0;
    const messages: UIMessage[] = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      {
        id: 'm',
        role: 'assistant',
        parts: [{ type: 'tool-read', toolCallId: 'a', state: 'input-available', input: {} }],
      },
    ];
    open({ messages, onToolCall: () => void called++ });
    await drain();
    expect(called).toBe(0);
  });

  // Fact 19.
  it('is called again by a replay, which also takes the results away', async () => {
    const seen: string[] = [];
    const { chat, transport, answer } = await openWithCalls(['a'], {
      onToolCall: ({ toolCall }) => void seen.push(toolCall.toolCallId),
    });
    await answer('a', 1);
    transport.offerResume();
    void chat.resumeStream();
    await drain();
    transport.resumable!.start('m').call('a', 'read').finish();
    await drain();
    expect(seen).toEqual(['a', 'a']);
    expect(states(chat)).toEqual(['a: input-available']);
  });
});

describe('addToolOutput of the SDK', () => {
  // Fact 2.
  it('rejects when the predicate throws', async () => {
    const { answer } = await openWithCalls(['a', 'b'], {
      sendAutomaticallyWhen: ({ messages }) => {
        if (partStates(messages).includes('a: output-available')) throw new Error('broken');
        return false;
      },
    });
    await expect(answer('a', 1)).rejects.toThrow('broken');
  });

  // Fact 6.
  it.skipIf(isAiSdk6)('says nothing when the server has taken the call back', async () => {
    const { ask, chat, answer } = open();
    const response = await ask();
    response.start().call('a', 'read').write({ type: 'reset-step' });
    await drain();
    await expect(answer('a', 1)).resolves.toBeUndefined();
    expect(states(chat)).toEqual([]);
  });

  // Fact 7.
  it('writes over an answer that is there', async () => {
    const { chat, answer } = await openWithCalls(['a']);
    await answer('a', 'first');
    await answer('a', 'second');
    expect(outputs(chat)).toEqual([[], ['second']]);
  });

  // Fact 8.
  it('changes the first message that has the id, and leaves the live call open', async () => {
    const { ask, chat, answer } = await openWithCalls(['functions.read:0']);
    await answer('functions.read:0', 'first');
    (await ask()).start('m2').call('functions.read:0', 'read').finish();
    await drain();
    await answer('functions.read:0', 'second');
    expect(outputs(chat)).toEqual([[], ['second'], [], []]);
    expect(states(chat)).toEqual(['functions.read:0: input-available']);
  });

  // Fact 9.
  it('writes an undefined output, which is no valid message any more once it has travelled; null is', async () => {
    const { chat, answer } = await openWithCalls(['a']);
    const travel = () => validateUIMessages({ messages: JSON.parse(JSON.stringify(chat.messages)) as UIMessage[] });
    await answer('a', undefined);
    await expect(travel()).rejects.toThrow('Type validation failed');
    await answer('a', null);
    await expect(travel()).resolves.toHaveLength(2);
  });

  // Fact 10.
  it('does not know of preliminary outputs', async () => {
    const { chat } = await openWithCalls(['a']);
    await chat.addToolOutput({ tool: 'read', toolCallId: 'a', output: 1, preliminary: true } as never);
    const part = chat.lastMessage!.parts.find(isStaticToolUIPart);
    expect(part).toMatchObject({ state: 'output-available', output: 1 });
    expect((part as { preliminary?: boolean }).preliminary).not.toBe(true);
  });

  // Fact 12.
  it('sends without the body and the headers of the first request', async () => {
    const { chat, transport, answer } = open(completed);
    void chat.sendMessage({ text: 'Hi' }, { body: { tenant: 7 } });
    (await transport.next()).start().call('a', 'read').finish();
    await drain();
    await answer('a', 1);
    const followUp = await transport.next();
    expect(transport.responses[0]!.request?.body).toEqual({ tenant: 7 });
    expect(followUp.request?.body).toBeUndefined();
  });

  // Fact 16.
  it('sends again after a stop', async () => {
    const { ask, chat, transport, answer } = open(completed);
    (await ask()).start().call('a', 'read');
    await drain();
    await chat.stop();
    await answer('a', 1);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  // Facts 16 and 25.
  it('sends again after an error', async () => {
    const { ask, chat, transport, answer } = open(completed);
    (await ask()).start().call('a', 'read').write({ type: 'error', errorText: 'overloaded' }).close();
    await drain();
    expect(chat.status).toBe('error');
    await answer('a', 1);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });
});

describe('setMessages of the SDK', () => {
  // Fact 11.
  it('is lost at the next chunk while the answer streams', async () => {
    const { ask, chat } = open();
    const response = await ask();
    response.start('m').text('One');
    await drain();
    chat.messages = chat.messages.map((message) => ({ ...message, metadata: 'mine' }));
    response.text('Two', 'text-2');
    await drain();
    expect(chat.messages.map(({ metadata }) => metadata)).toEqual(['mine', undefined]);
  });
});

describe('sendAutomaticallyWhen of the SDK', () => {
  // Fact 13.
  it('sends twice when the last output is added in onFinish', async () => {
    const opened = open({ ...completed, onFinish: () => void opened.answer('a', 1) });
    (await opened.ask()).start().call('a', 'read').finish();
    await drain();
    expect(opened.transport.responses).toHaveLength(3);
  });

  // Fact 13.
  it('sends twice when it is asynchronous and a result comes while it thinks', async () => {
    const thinking = createDeferred();
    const opened = open({
      sendAutomaticallyWhen: async () => {
        await thinking.promise;
        return lastAssistantMessageIsCompleteWithToolCalls(opened.chat);
      },
    });
    (await opened.ask()).start().call('a', 'read').finish();
    await drain();
    void opened.answer('a', 1);
    await drain();
    thinking.resolve(undefined);
    await drain();
    expect(opened.transport.responses).toHaveLength(3);
  });

  // Fact 14.
  it('has no helper that sends a denial beside a result', () => {
    const read = { type: 'tool-read', input: {} } as const;
    const messages: UIMessage[] = [
      {
        id: 'm',
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          { ...read, toolCallId: 'a', state: 'output-available', output: 1 },
          { ...read, toolCallId: 'b', state: 'output-denied', approval: { id: '1', approved: false } },
        ],
      },
    ];
    expect(lastAssistantMessageIsCompleteWithToolCalls({ messages })).toBe(false);
    expect(lastAssistantMessageIsCompleteWithApprovalResponses({ messages })).toBe(false);
  });

  // Fact 5.
  it('with the stock helper sends after an answer that was cut at its length', async () => {
    const { ask, answer, transport } = open(completed);
    (await ask()).start().call('a', 'read').finish('length');
    await drain();
    await answer('a', 1);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  // Fact 23.
  it('with the stock helper sends for ever when the answers are empty', async () => {
    const { ask, answer, transport } = open(completed);
    (await ask()).start('m').call('a', 'read').finish();
    await drain();
    await answer('a', 1);
    for (let round = 0; round < 5; round++) {
      (await transport.next()).write({ type: 'start' }).finish('stop');
    }
    await drain();
    expect(transport.responses.length).toBeGreaterThanOrEqual(7);
  });
});

describe('a server of the SDK', () => {
  const input = {};
  // Facts 15 and 17.
  it.each([
    ['an open call', { state: 'input-available' }],
    ['a call of the page that was approved and has no result', { state: 'approval-responded', approval }],
  ])('refuses %s', async (_, part) => {
    const call = { type: 'tool-read', toolCallId: 'a', input, ...part };
    const messages = [
      { id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, call] },
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'And?' }] },
    ] as UIMessage[];
    const tools = { read: tool({ inputSchema: z.object({}) }) };
    const specificationVersion = isAiSdk6 ? 'v3' : 'v4';
    const model = { specificationVersion, provider: 'none', modelId: 'none', supportedUrls: {} } as never;
    const asking = generateText({ model, tools, messages: await convertToModelMessages(messages, { tools }) });
    await expect(asking).rejects.toThrow(/Tool results? (is|are) missing/);
  });
});

describe('a chat of the SDK', () => {
  // Fact 17.
  it('is ready while calls are open, and posts them with the next message', async () => {
    const { chat, transport, ask } = await openWithCalls(['a']);
    expect(chat.status).toBe('ready');
    await ask();
    expect(transport.problems).toEqual([expect.stringContaining('a has 0 results')]);
  });

  // Fact 18.
  it('forgets the results when a failed answer is made anew', async () => {
    const { ask, chat, transport, answer } = open(completed);
    (await ask()).start('m').call('a', 'read').finish();
    await drain();
    transport.failNext = new Error('500');
    await answer('a', 1);
    await drain();
    expect(chat.status).toBe('error');
    void chat.regenerate();
    await drain();
    expect(transport.responses.at(-1)?.messages.map(({ role }) => role)).toEqual(['user']);
  });

  // Fact 25.
  it.each([
    ['a stream without a finish chunk', false],
    ['a server’s abort', true],
  ])('ends %s as it ends a good one without a reason', async (_, abort) => {
    const ends: object[] = [];
    const { ask } = open({
      onFinish: ({ isAbort, isError, finishReason }) => void ends.push({ isAbort, isError, finishReason }),
    });
    const response = await ask();
    response.start().text('Half');
    if (abort) response.write({ type: 'abort' });
    response.close();
    await drain();
    expect(ends).toEqual([{ isAbort: false, isError: false, finishReason: undefined }]);
  });

  // Fact 27.
  it('loses the earlier steps of a message whose follow-up is resumed', async () => {
    const { chat, transport, answer } = await openWithCalls(['a']);
    await answer('a', 1);
    void chat.sendMessage();
    (await transport.next()).start('m').text('Mo').fail(new TypeError('network error'));
    await drain();
    transport.offerResume();
    void chat.resumeStream();
    await drain();
    transport.resumable!.start('m').text('More').finish('stop');
    await drain();
    expect(states(chat)).toEqual([]);
  });

  // Fact 29.
  it('lets the first send wait for one that onFinish makes', async () => {
    let again = true;
    let settled = false;
    const { chat, transport } = open({
      onFinish: () => {
        if (again) void chat.sendMessage({ text: 'And' });
        again = false;
      },
    });
    void Promise.resolve(chat.sendMessage({ text: 'Hi' })).then(() => void (settled = true));
    (await transport.next()).start('m').text('Well').finish('stop');
    const second = await transport.next();
    expect(chat.status).toBe('submitted');
    second.start('m2').text('Then').finish('stop');
    await drain();
    expect(settled).toBe(true);
  });

  // Fact 30.
  it('repeats the message when a follow-up comes under another id', async () => {
    const { chat, transport, answer } = await openWithCalls(['a']);
    await answer('a', 1);
    void chat.sendMessage();
    (await transport.next()).start('other').text('Done').finish('stop');
    await drain();
    expect(chat.messages.map((message) => partStates([message]))).toEqual([
      [],
      ['a: output-available'],
      ['a: output-available'],
    ]);
  });
});
