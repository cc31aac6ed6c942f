// A page may give messages other ids while their calls run, and an id may come again: calls are known by their place.
import { Chat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChatLink, useChatTools, useParallelTools } from 'use-parallel-tools';
import {
  cardsOf,
  openEitherWay,
  openJoined,
  openOwn,
  outputsOf,
  type EitherWayOptions,
} from '../harness/either-way.tsx';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

let transport: ScriptedTransport;
beforeEach(() => void (transport = new ScriptedTransport()));
afterEach(() => expect(transport.problems).toEqual([]));

describe.each([
  ['useParallelTools', openOwn],
  ['a joined chat', openJoined],
])('%s', (_way, openChat) => {
  const open = (options?: EitherWayOptions) => openEitherWay(openChat, transport, options);

  // Fact 24.
  it('takes an id that comes again in a later turn, for the same input too, for another call', async () => {
    const { ask, reads, messages, ids } = open();
    for (const turn of [0, 1]) {
      (await ask(`turn ${turn}`)).start(`a${turn}`).call('add:0', 'read', { n: 1 }).finish();
      await drain();
      expect(reads).toHaveLength(turn + 1);
      reads[turn]!.resolve(turn);
      (await transport.next()).start(`b${turn}`).text('Done').finish('stop');
      await drain();
    }
    expect(ids()).toEqual(['b0', 'b1']);
    expect(cardsOf(messages().slice(0, 2))).toEqual(['0/add:0']);
    expect(messages().flatMap(outputsOf)).toEqual([0, 1]);
  });

  it('runs a call of an answer that is made again, though it has the id and the input of the one before', async () => {
    const { ask, reads, hook } = open();
    (await ask()).start('A').call('add:0', 'read', { n: 1 }).finish();
    await drain();
    reads[0]!.resolve('first');
    (await transport.next()).start('A').text('Done').finish('stop');
    await drain();
    void hook().regenerate();
    (await transport.next()).start('B').call('add:0', 'read', { n: 1 }).finish();
    await drain();
    expect(reads).toHaveLength(2);
    reads[1]!.resolve('second');
    expect((await transport.next()).messages.flatMap(outputsOf)).toEqual(['second']);
  });

  describe('a page that replaces the ids of messages', () => {
    const goOn = async ({ ask, reads, batches }: ReturnType<typeof open>) => {
      const sent = transport.responses.length;
      const before = reads.length;
      (await ask('And now?')).start('later').call('again', 'read', { n: 9 }).finish();
      await drain();
      reads[before]!.resolve('fine');
      (await transport.next()).start('later').text('Done').finish('stop');
      await drain();
      expect(transport.responses).toHaveLength(sent + 2);
      expect(batches().at(-1)).toMatchObject({ key: 'later/0' });
    };

    it('and asks for the results to be sent again in the same turn runs nothing twice', async () => {
      const { ask, reads, replaceIds, statuses, toolCalls } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      replaceIds({ A: 'db-1' });
      toolCalls().resend();
      await drain();
      expect(reads).toHaveLength(1);
      expect(statuses()).toEqual(['db-1/0/r: running']);
    });

    it('while calls run keeps them: each runs once, and is sent once', async () => {
      const opened = open();
      const { ask, reads, writes, replaceIds, statuses } = opened;
      (await ask()).start('A').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
      await drain();
      replaceIds({ A: 'db-1' });
      await drain();
      expect(statuses()).toEqual(['db-1/0/r: running', 'db-1/0/w: running']);
      expect(reads[0]!.options.abortSignal.aborted).toBe(false);
      reads[0]!.resolve(1);
      writes[0]!.resolve(2);
      const followUp = await transport.next();
      expect(followUp.messages.at(-1)?.id).toBe('db-1');
      expect(partStates(followUp.messages)).toEqual(['r: output-available', 'w: output-available']);
      followUp.start('db-1').text('Done').finish('stop');
      await drain();
      expect([reads.length, writes.length]).toEqual([1, 1]);
      await goOn(opened);
    });

    it('while the answer streams keeps its calls, though nothing more comes', async () => {
      const { ask, reads, writes, replaceIds, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
      await drain();
      replaceIds({ A: 'db-1' });
      answer.finish();
      await drain();
      expect([reads.length, writes.length]).toEqual([1, 1]);
      reads[0]!.resolve(1);
      writes[0]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
      expect(cardsOf(messages())).toEqual(['0/r', '0/w']);
    });

    it('while the answer streams on shows and runs each call once', async () => {
      const { ask, reads, replaceIds, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 });
      await drain();
      replaceIds({ A: 'db-1' });
      answer.text('Well').call('r2', 'read', { n: 2 }).finish();
      await drain();
      expect(reads).toHaveLength(2);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
      for (const { resolve } of reads) resolve('done');
      expect(cardsOf((await transport.next()).messages)).toEqual(['0/r', '0/r2']);
    });

    it('while a person is asked keeps the question, and the card of before may answer it', async () => {
      const { ask, writes, replaceIds, toolCalls, call } = open({ write: { approval: true } });
      (await ask()).start('A').call('w', 'write', { n: 1 }).finish();
      await drain();
      const shown = call('w');
      replaceIds({ A: 'db-1' });
      await drain();
      expect(call('w')).toMatchObject({ key: 'db-1/0/w', status: 'awaiting-approval' });
      toolCalls().approve(shown);
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
    });

    it('during a backoff keeps the attempts and the idempotency key', async () => {
      const { ask, reads, replaceIds, call } = open({ read: { retry: 1, retryDelay: 20 } });
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.reject(new Error('busy'));
      await expect.poll(() => call('r').status).toBe('retrying');
      replaceIds({ A: 'db-1' });
      await expect.poll(() => reads.length).toBe(2);
      expect(call('r')).toMatchObject({ key: 'db-1/0/r', status: 'running' });
      expect(reads.map(({ options }) => [options.attempt, options.idempotencyKey])).toEqual([
        [1, 'A/0/r'],
        [2, 'A/0/r'],
      ]);
      reads[1]!.resolve(1);
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available']);
    });

    it('after the batch was sent sends nothing again, and a retry goes back to its step', async () => {
      const { ask, reads, replaceIds, toolCalls, call } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.reject(new Error('sold out'));
      (await transport.next()).start('A').text('It failed').finish('stop');
      await drain();
      replaceIds({ A: 'db-1' });
      await drain();
      expect(transport.responses).toHaveLength(2);
      toolCalls().retry(call('r'));
      await drain();
      reads[1]!.resolve(1);
      const again = await transport.next();
      expect(again.messages.at(-1)?.id).toBe('db-1');
      expect(partStates(again.messages)).toEqual(['r: output-available']);
    });

    it('between the sending and the first word of the follow-up shows each call once', async () => {
      const { ask, reads, replaceIds, messages, batches } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      const followUp = await transport.next();
      replaceIds({ A: 'db-1' });
      await drain();
      followUp.start('A').text('Done').finish('stop');
      await drain();
      expect(cardsOf(messages())).toEqual(['0/r']);
      expect(batches()).toHaveLength(1);
      expect([reads.length, transport.responses.length]).toEqual([1, 2]);
    });

    it('of several messages at once keeps the calls of each, and the limit of follow-ups', async () => {
      const { ask, reads, replaceIds, statuses, messages, setMessages, batches } = open({ maxFollowUps: 1 });
      (await ask('one')).start('A').call('x', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve('x');
      (await transport.next()).start('A').text('Done').finish('stop');
      await drain();
      (await ask('two')).start('B').call('x', 'read', { n: 1 }).finish();
      await drain();
      reads[1]!.resolve('y');
      (await transport.next()).start('B').call('z', 'read', { n: 3 }).finish();
      await drain();
      // The messages of the user too, and as JSON, as a database gives them.
      const users = messages().filter(({ role }) => role === 'user');
      replaceIds({ A: 'db-2', B: 'db-4', [users[0]!.id]: 'db-1', [users[1]!.id]: 'db-3' });
      setMessages((all) => structuredClone(all));
      await drain();
      expect(statuses()).toEqual(['db-2/0/x: succeeded', 'db-4/0/x: succeeded', 'db-4/1/z: running']);
      reads[2]!.resolve('z');
      await drain();
      expect(messages().flatMap(outputsOf)).toEqual(['x', 'y', 'z']);
      expect(batches().at(-1)?.halt).toBe('follow-up-limit');
      expect(transport.responses).toHaveLength(4);
    });

    it('with what it had saved before the results were there gets them written again', async () => {
      const { ask, reads, setMessages, messages } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
      await drain();
      const saved = structuredClone(messages());
      reads[0]!.resolve(1);
      await expect.poll(() => partStates(messages())).toEqual(['a: output-available', 'b: input-available']);
      setMessages(() => saved.map((message) => ({ ...message, id: `db-${message.id}` })));
      reads[1]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(reads).toHaveLength(2);
    });

    it('while the connection is lost has the replay go on under them, and runs nothing twice', async () => {
      const { ask, reads, writes, replaceIds, resume, messages, ids } = open();
      (await ask())
        .start('A')
        .call('r', 'read', { n: 1 })
        .call('w', 'write', { n: 2 })
        .text('Well')
        .write({ type: 'start-step' });
      await drain();
      transport.responses[0]!.fail(new TypeError('network error'));
      await drain();
      replaceIds({ A: 'db-1' });
      await drain();
      transport.offerResume();
      void resume();
      await drain();
      transport.resumable!.start('A').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).text('Well').finish();
      await drain();
      expect([reads.length, writes.length]).toEqual([1, 1]);
      expect(ids()).toEqual(['db-1']);
      expect(cardsOf(messages())).toEqual(['0/r', '0/w']);
      reads[0]!.resolve(1);
      writes[0]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    });

    it('with older messages before them keeps the calls', async () => {
      const { ask, reads, setMessages, statuses } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      const older: UIMessage[] = [
        { id: 'o1', role: 'user', parts: [{ type: 'text', text: 'Long ago' }] },
        { id: 'o2', role: 'assistant', parts: [{ type: 'text', text: 'Yes' }] },
      ];
      setMessages((all) => [...older, ...all.map((message) => ({ ...message, id: `db-${message.id}` }))]);
      await drain();
      expect(statuses()).toEqual(['db-A/0/r: running']);
      expect(reads[0]!.options.abortSignal.aborted).toBe(false);
    });

    it.each([
      ['another tool', { type: 'tool-write' }],
      ['another input', { input: { n: 7 } }],
      ['another id', { toolCallId: 'other' }],
    ])('with %s in the place of a call has it aborted and forgotten', async (_what, change) => {
      const { ask, reads, setMessages, statuses } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      setMessages((all) =>
        all.map((message) =>
          message.role === 'user'
            ? message
            : ({
                ...message,
                id: 'db-1',
                parts: message.parts.map((part) =>
                  'toolCallId' in part
                    ? { ...part, ...change, state: 'output-available', output: 'from elsewhere' }
                    : part,
                ),
              } as UIMessage),
        ),
      );
      await drain();
      expect(reads[0]!.options.abortSignal.aborted).toBe(true);
      expect(statuses()).toEqual([]);
    });
  });

  it('shows a loaded history that has a call twice once, and runs what is open in it once', async () => {
    const step = { type: 'step-start' } as const;
    const done = { type: 'tool-read', toolCallId: 'a', state: 'output-available', input: { n: 1 }, output: 1 } as const;
    const pending = { type: 'tool-read', toolCallId: 'b', state: 'input-available', input: { n: 2 } } as const;
    const { reads, messages, ids } = open({
      messages: [
        { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { id: 'A', role: 'assistant', parts: [step, done] },
        { id: 'B', role: 'assistant', parts: [step, done, step, pending] },
        { id: 'C', role: 'assistant', parts: [step, done, step, pending, { type: 'text', text: 'Well' }] },
      ],
    });
    await drain();
    expect(cardsOf(messages())).toEqual(['0/a', '1/b']);
    expect(ids()).toEqual(['C']);
    expect(reads.map(({ input }) => input)).toEqual([{ n: 2 }]);
    reads[0]!.resolve(2);
    const followUp = await transport.next();
    expect(cardsOf(followUp.messages)).toEqual(['0/a', '1/b']);
  });
});

it('gives the page the same messages while nothing changes', async () => {
  const hand = createHandTools();
  const seen = new Set<unknown>();
  const { result, rerender } = renderHook(() => {
    const chat = useParallelTools<ToolSet, UIMessage>({ tools: hand.tools, transport, throttle: 0 });
    seen.add(chat.messages);
    return chat;
  });
  void result.current.sendMessage({ text: 'Hi' });
  (await transport.next()).start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('Well');
  await drain();
  const { messages } = result.current;
  expect(messages.map(({ id }) => id).slice(1)).toEqual(['B']);
  seen.clear();
  rerender();
  rerender();
  expect([...seen]).toEqual([messages]);
  expect(result.current.messages).toBe(messages);
});

describe('a chat that takes no messages', () => {
  it('runs each call once, and sends its result once, in the message that goes on', async () => {
    const hand = createHandTools();
    const link = createChatLink();
    const chat = new Chat<UIMessage>(link.chatOptions({ transport }));
    const { result, rerender } = renderHook(() => {
      const { id, messages, status, sendMessage, stop, addToolOutput } = chat;
      const source = { id, messages, status, sendMessage, stop, addToolOutput };
      return useChatTools(source, { tools: hand.tools as ToolSet, link });
    });
    const look = async () => {
      await drain();
      rerender();
      await drain();
    };
    void chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).finish();
    await look();
    hand.reads[0]!.resolve(1);
    for (let turn = 0; turn < 3; turn++) await look();
    const followUp = await transport.next();
    expect(cardsOf(followUp.messages)).toEqual(['0/r']);
    expect(partStates(followUp.messages)).toEqual(['r: output-available']);
    followUp.start('C').text('Done').finish('stop');
    for (let turn = 0; turn < 3; turn++) await look();
    expect([hand.reads.length, transport.responses.length]).toEqual([1, 2]);
    const { batches } = result.current.toolCalls.store.getState();
    expect(Object.values(batches).map(({ halt }) => halt)).toEqual([undefined]);
  });
});
