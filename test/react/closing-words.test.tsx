// What the model reads at the end: every request is whole, goes on with the last answer, and nobody is asked to go on who goes on by himself.
import { useChat, type UseChatHelpers } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { UIMessage } from 'ai';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { useChatTools } from 'use-parallel-tools';
import { chunkOf, denied, drainFrames, lastPart, openAll, RECORDS, requested } from '../harness/final-words.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

const question = (id: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', text: 'Hi' }] });

describe.each(CHAT_WAYS)('%s', (way) => {
  it('goes on with the last answer, though an older one has an answered approval', async () => {
    const { tools, reads } = openAll();
    const old = {
      id: 'old',
      role: 'assistant',
      parts: [
        { type: 'step-start' },
        {
          type: 'tool-write',
          toolCallId: 'w',
          state: 'approval-responded',
          input: { n: 1 },
          approval: { id: 'approval-w', approved: false, reason: 'Not now' },
        },
        { type: 'step-start' },
        { type: 'text', text: 'Then not.' },
      ],
    } as UIMessage;
    const { ask, chat, transport } = renderChat({ tools, messages: [question('u'), old] }, { way });
    (await ask()).start('m').call('r', 'read', { n: 1 }).finish();
    await drainFrames();
    reads[0]!.resolve('one');
    const followUp = await transport.next();
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(chat().messages.map(({ id }) => id)).toEqual(['u', 'old', expect.any(String), 'm']);
    expect(partStates(chat().messages)).toEqual(['r: output-available']);
    expect(chat().messages[1]).toEqual(old);
  });

  it('goes on with the last answer too when the page itself says so', async () => {
    const old = {
      id: 'old',
      role: 'assistant',
      parts: [
        {
          type: 'tool-write',
          toolCallId: 'w',
          state: 'approval-responded',
          input: { n: 1 },
          approval: { id: 'approval-w', approved: false },
        },
      ],
    } as UIMessage;
    const last = { id: 'last', role: 'assistant', parts: [{ type: 'text', text: 'And' }] } as UIMessage;
    const { tools } = openAll();
    const { chat, transport } = renderChat({ tools, messages: [question('u'), old, question('v'), last] }, { way });
    await drainFrames();
    void chat().sendMessage();
    (await transport.next()).start('last').text(' on').finish('stop');
    await drainFrames();
    expect(chat().messages.map(({ id }) => id)).toEqual(['u', 'old', 'v', 'last']);
    expect(chat().messages[1]).toEqual(old);
  });

  it('closes what nobody answers any more, in a follow-up too', async () => {
    const { tools, reads } = openAll();
    const orphan = (id: string, type: string) =>
      ({
        id,
        role: 'assistant',
        parts: [{ type: 'step-start' }, { type, toolCallId: `call-${id}`, state: 'input-available', input: { n: 1 } }],
      }) as UIMessage;
    const messages = [question('u'), orphan('one', 'tool-mystery'), question('v'), orphan('two', 'tool-read')];
    const { transport, chat } = renderChat({ tools, messages }, { way });
    await drainFrames();
    reads[0]!.resolve('one');
    const followUp = await transport.next();
    expect(followUp.messages.map((message) => partStates([message]))).toEqual([
      [],
      ['call-one: output-error'],
      [],
      ['call-two: output-available'],
    ]);
    await drainFrames();
    expect(partStates(chat().messages.slice(0, 2))).toEqual(['call-one: output-error']);
  });

  it('sends a lone denial as one that a server accepts, and shows the part as it came', async () => {
    const { tools } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools }, { way });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 });
    await drainFrames();
    response.write(denied('a')).finish();
    await drainFrames();
    expect(call('a')).toMatchObject(RECORDS.denial);
    const next = await ask('And now?');
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-error']);
    expect(partStates(chat().messages.slice(0, 2))).toEqual(['a: output-denied']);
    expect(transport.responses).toHaveLength(2);
  });

  it('asks the person when the server asks for a read that runs or has run, and runs it after the yes', async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools }, { way });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 });
    await drain();
    reads[1]!.resolve('too early');
    await drain();
    response.write(requested('a', false), requested('b', false)).finish();
    await drainFrames();
    expect([call('a').status, call('b').status]).toEqual(['awaiting-approval', 'awaiting-approval']);
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(partStates(chat().messages)).toEqual(['a: approval-requested', 'b: approval-requested']);
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.approve(call('a'));
    chat().toolCalls.deny(call('b'), 'No');
    await drainFrames();
    reads[2]!.resolve('one');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: approval-responded']);
    expect(reads).toHaveLength(3);
  });
});

describe('a call that the server answered, after a page load', () => {
  it('is not asked to go on when its answer is replayed from the beginning', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { tools, reads, writes } = openAll();
    const transport = new ScriptedTransport();
    transport.offerResume();
    const messages = [
      question('u'),
      {
        id: 'm',
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          { type: 'tool-write', toolCallId: 'a', state: 'output-available', input: { n: 1 }, output: 'theirs' },
        ],
      } as UIMessage,
    ];
    const { calls, chat } = renderChat({ tools, messages, resume: true }, { transport });
    await drain();
    transport.resumable!.start('m').call('a', 'write', { n: 1 });
    await drain();
    transport.resumable!.write(chunkOf.result('a')).finish();
    await drainFrames();
    expect(calls().filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(lastPart(chat().messages)).toMatchObject({ output: 'theirs' });
    expect([reads.length, writes.length, transport.responses.length]).toEqual([0, 0, 0]);
  });
});

describe('a joined chat', () => {
  const openPage = (change: (helpers: UseChatHelpers<UIMessage>) => object = () => ({})) => {
    const transport = new ScriptedTransport();
    const hand = openAll();
    const { result } = renderHook(() => {
      const helpers = useChat<UIMessage>({ transport });
      return useChatTools({ ...helpers, ...change(helpers) } as typeof helpers, { tools: hand.tools });
    });
    const ask = () => {
      void result.current.sendMessage({ text: 'Hi' });
      return transport.next();
    };
    return { ...hand, transport, result, ask };
  };

  it('without callbacks starts a read while the answer streams, though the message was sent through the hook', async () => {
    const { ask, reads } = openPage();
    (await ask()).start('m').call('r', 'read', { n: 1 });
    await drainFrames();
    expect(reads).toHaveLength(1);
  });

  it('that cannot send the follow-up says so on the batch', async () => {
    const { ask, reads, result, transport } = openPage(({ sendMessage }) => ({
      sendMessage: async (...args: Parameters<typeof sendMessage>) => {
        if (args[0] === undefined) throw new TypeError('A part has no type');
        await sendMessage(...args);
      },
    }));
    (await ask()).start('m').call('r', 'read', { n: 1 }).finish();
    await drainFrames();
    reads[0]!.resolve('one');
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
    expect(Object.values(result.current.toolCalls.store.getState().batches)[0]).toMatchObject({ halt: 'error' });
  });
});
