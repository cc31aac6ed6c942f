// One conversation shows and runs each call once, whatever ids the server and the page give to its messages.
import { Chat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  groupMessageParts,
  listCalls,
  useChatTools,
  useParallelTools,
  type ToolCalls,
  type UseChatToolsOptions,
  type UseChatToolsResult,
} from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

let transport: ScriptedTransport;
/** What was shown more than once in any render. */
let shownTwice: string[];
beforeEach(() => {
  transport = new ScriptedTransport();
  shownTwice = [];
});
afterEach(() => {
  expect(transport.problems).toEqual([]);
  expect(shownTwice).toEqual([]);
});

/** Cards of one turn that are there already: the same id in a later turn is another call. */
function findRepeated(messages: readonly UIMessage[]): string[] {
  let cards: string[] = [];
  return messages.flatMap((message) => {
    if (message.role === 'user') cards = [];
    const repeated = cardsOf([message]).filter((card) => cards.includes(card));
    cards.push(...cardsOf([message]));
    return repeated;
  });
}

/** The cards of messages, as `step/id`. */
const cardsOf = (messages: readonly UIMessage[]) =>
  messages.flatMap((message) =>
    groupMessageParts(message).flatMap((group) =>
      group.type === 'tool-calls'
        ? group.batch.order.map((key) => `${group.batch.step}/${group.batch.calls[key]!.toolCallId}`)
        : [],
    ),
  );

const outputsOf = (message: UIMessage) => message.parts.flatMap((part) => ('output' in part ? [part.output] : []));

type Options = Parameters<typeof createHandTools>[0] &
  Pick<UseChatToolsOptions<ToolSet>, 'maxFollowUps' | 'onToolResult' | 'onBatchSettled'> & {
    strict?: boolean;
    messages?: UIMessage[];
  };

interface Joined {
  readonly toolCalls: ToolCalls;
  readonly sendMessage: (message: { text: string }) => unknown;
  readonly regenerate: () => unknown;
  readonly stop: () => Promise<void>;
}

interface Opened {
  readonly hook: () => Joined;
  readonly messages: () => UIMessage[];
  readonly setMessages: (update: (messages: UIMessage[]) => UIMessage[]) => void;
  readonly resume: () => unknown;
  /** What the page's own `onFinish` was told last. */
  readonly told: () => UIMessage[];
}

function openOwn(tools: ToolSet, { strict, ...options }: Omit<Options, 'read' | 'write'>): Opened {
  let told: UIMessage[] = [];
  const { result } = renderHook(
    () => {
      const chat = useParallelTools<ToolSet, UIMessage>({
        tools,
        transport,
        ...options,
        onFinish: ({ messages }) => void (told = messages),
      });
      shownTwice.push(...findRepeated(chat.messages));
      return chat;
    },
    strict === true ? { wrapper: StrictMode } : {},
  );
  return {
    hook: () => result.current,
    messages: () => result.current.messages,
    setMessages: (update) => result.current.setMessages(update),
    resume: () => result.current.resumeStream(),
    told: () => told,
  };
}

/** A `Chat` that the page owns: what it shows is the chat's own, and is put right when the chat is idle. */
function openJoined(tools: ToolSet, { strict, messages = [], ...options }: Omit<Options, 'read' | 'write'>): Opened {
  let joined: UseChatToolsResult<UIMessage> | undefined;
  const chat = new Chat<UIMessage>({
    messages,
    transport: {
      resumeStreamIsReplay: true,
      sendMessages: (request) => joined!.wrapTransport(transport).sendMessages(request),
      reconnectToStream: (request) => joined!.wrapTransport(transport).reconnectToStream(request),
    },
    onToolCall: (event) => joined?.onToolCall(event),
    onFinish: (event) => joined?.onFinish(event),
  });
  const { result } = renderHook(
    () => (joined = useChatTools(chat, { tools, ...options })),
    strict === true ? { wrapper: StrictMode } : {},
  );
  return {
    hook: () => result.current,
    messages: () => chat.messages,
    setMessages: (update) => void (chat.messages = update(chat.messages)),
    resume: () => chat.resumeStream(),
    told: () => chat.messages,
  };
}

describe.each([
  ['useParallelTools', openOwn],
  ['a joined chat', openJoined],
])('%s', (_way, openChat) => {
  function open({ read, write, ...options }: Options = {}) {
    const hand = createHandTools({ ...(read && { read }), ...(write && { write }) });
    const opened = openChat(hand.tools, options);
    const { hook, messages, setMessages } = opened;
    const batches = () => Object.values(hook().toolCalls.store.getState().batches);
    const call = (id: string) =>
      batches()
        .flatMap(listCalls)
        .findLast(({ toolCallId }) => toolCallId === id)!;
    return {
      ...opened,
      ...hand,
      batches,
      call,
      toolCalls: () => hook().toolCalls,
      statuses: () =>
        batches()
          .flatMap(listCalls)
          .map(({ key, status }) => `${key}: ${status}`),
      async ask(text = 'Hi') {
        void hook().sendMessage({ text });
        return transport.next();
      },
      /** The page gives messages the ids of its database. */
      replaceIds(from: Record<string, string>) {
        setMessages((all) => all.map((message) => ({ ...message, id: from[message.id] ?? message.id })));
      },
      ids: () =>
        messages()
          .filter(({ role }) => role === 'assistant')
          .map(({ id }) => id),
    };
  }

  describe('an answer whose id changes in its middle', () => {
    it('runs its read once and its write once, and sends both once', async () => {
      const { ask, reads, writes, statuses, messages, told } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
      await drain();
      expect([reads.length, writes.length]).toEqual([1, 0]);
      answer.write({ type: 'start', messageId: 'B' }).text('One moment');
      await drain();
      expect(statuses()).toEqual(['B/0/r: running', 'B/0/w: queued']);
      answer.call('r2', 'read', { n: 3 }).finish();
      await drain();
      expect(cardsOf(told())).toEqual(['0/r', '0/w', '0/r2']);
      expect(cardsOf(messages())).toEqual(['0/r', '0/w', '0/r2']);
      expect([reads.length, writes.length]).toEqual([2, 1]);
      for (const { resolve } of [...reads, ...writes]) resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/r', '0/w', '0/r2']);
      expect(partStates(followUp.messages)).toEqual(['r', 'w', 'r2'].map((id) => `${id}: output-available`));
      followUp.start('B').text('Done').finish('stop');
      await drain();
      expect([reads.length, writes.length, transport.responses.length]).toEqual([2, 1, 2]);
    });

    it('sends a call that the server wrote before the first step', async () => {
      const { ask, writes, messages } = open();
      (await ask())
        .write({ type: 'start', messageId: 'A' })
        .call('w', 'write', { n: 1 })
        .start('B')
        .text('One moment')
        .finish();
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/w']);
      expect(partStates(followUp.messages)).toEqual(['w: output-available']);
      followUp.start('B').text('Done').finish('stop');
      await drain();
      expect(cardsOf(messages())).toEqual(['0/w']);
      expect(writes).toHaveLength(1);
    });

    it('asks for a yes once, and takes a yes that was given under the old id', async () => {
      const { ask, writes, statuses, toolCalls, call } = open({ write: { approval: true } });
      const answer = await ask();
      answer.start('A').call('w', 'write', { n: 1 });
      await drain();
      const shown = call('w');
      expect(statuses()).toEqual(['A/0/w: awaiting-approval']);
      answer.write({ type: 'start', messageId: 'B' }).text('One moment');
      await drain();
      expect(statuses()).toEqual(['B/0/w: awaiting-approval']);
      toolCalls().approve(shown);
      answer.finish();
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
    });

    it('asks once for a yes that the server wants, wherever in the answer it says so', async () => {
      const { ask, writes, statuses, toolCalls } = open();
      const answer = await ask();
      answer.start('A').call('w', 'write', { n: 1 }).write({ type: 'start', messageId: 'B' });
      answer.write({ type: 'tool-approval-request', approvalId: 'p', toolCallId: 'w' }).finish();
      await drain();
      expect(statuses()).toEqual(['B/0/w: awaiting-approval']);
      toolCalls().approve('B/0/w');
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/w']);
    });

    it('begins a call whose input came under two ids once', async () => {
      const { ask, reads, messages } = open();
      const answer = await ask();
      answer
        .start('A')
        .call('r', 'read', { n: 1 })
        .write({ type: 'tool-input-start', toolCallId: 'r2', toolName: 'read' });
      await drain();
      answer.write(
        { type: 'start', messageId: 'B' },
        { type: 'tool-input-available', toolCallId: 'r2', toolName: 'read', input: { n: 2 } },
      );
      answer.finish();
      await drain();
      expect(reads.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
    });

    it('may change it twice in one go, and once more', async () => {
      const { ask, reads, statuses, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 });
      await drain();
      answer.write({ type: 'start', messageId: 'B' });
      await drain();
      answer.write({ type: 'start', messageId: 'C' }, { type: 'start', messageId: 'D' }).text('Well');
      await drain();
      expect(statuses()).toEqual(['D/0/r: running']);
      answer.write({ type: 'start', messageId: 'E' }).call('r2', 'read', { n: 2 }).finish();
      await drain();
      expect(reads).toHaveLength(2);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
      for (const { resolve } of reads) resolve('done');
      expect(cardsOf((await transport.next()).messages)).toEqual(['0/r', '0/r2']);
    });

    it('that is stopped ends each call once, in the message that is left', async () => {
      const { ask, reads, hook, statuses, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('Well');
      await drain();
      await hook().stop();
      await drain();
      expect(statuses()).toEqual(['B/0/r: cancelled']);
      expect(reads[0]!.options.abortSignal.aborted).toBe(true);
      expect(partStates(messages())).toEqual(['r: output-error']);
      expect(cardsOf(messages())).toEqual(['0/r']);
    });

    it('gives way to a message of the user, which has a result for each call once', async () => {
      const { ask, hook } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('Well');
      await drain();
      void hook().sendMessage({ text: 'Never mind' });
      const next = await transport.next();
      expect(cardsOf(next.messages)).toEqual(['0/r']);
      expect(partStates(next.messages.slice(0, -1))).toEqual(['r: output-error']);
    });
  });

  describe('a follow-up that comes back under another id', () => {
    it('shows each call once, after three of them too, and sends each once', async () => {
      const { ask, reads, writes, messages, statuses } = open();
      let answer = await ask();
      for (const step of [0, 1, 2]) {
        answer.start(`m${step}`).call(`r${step}`, 'read', { n: step }).call(`w${step}`, 'write', { n: step }).finish();
        await drain();
        expect([reads.length, writes.length]).toEqual([step + 1, step + 1]);
        reads[step]!.resolve(step);
        writes[step]!.resolve(step);
        answer = await transport.next();
        const cards = [0, 1, 2].slice(0, step + 1).flatMap((each) => [`${each}/r${each}`, `${each}/w${each}`]);
        expect(cardsOf(answer.messages)).toEqual(cards);
        expect(cardsOf(messages())).toEqual(cards);
        expect(answer.messages).toHaveLength(2);
      }
      answer.start('m3').text('Done').finish('stop');
      await drain();
      expect(
        messages()
          .map(({ id }) => id)
          .slice(1),
      ).toEqual(['m3']);
      expect(statuses()).toEqual(
        [0, 1, 2].flatMap((step) => [`m3/${step}/r${step}: succeeded`, `m3/${step}/w${step}: succeeded`]),
      );
      expect(transport.responses).toHaveLength(4);
    });

    it('runs and sends once in StrictMode', async () => {
      const { ask, reads, messages } = open({ strict: true });
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').call('r2', 'read', { n: 2 }).finish();
      await drain();
      reads[1]!.resolve(2);
      (await transport.next()).start('C').text('Done').finish('stop');
      await drain();
      expect([reads.length, transport.responses.length]).toEqual([2, 3]);
      expect(cardsOf(messages())).toEqual(['0/r', '1/r2']);
    });

    it('is asked for no more often than `maxFollowUps` says', async () => {
      const { ask, reads, batches } = open({ maxFollowUps: 2 });
      let answer = await ask();
      for (const step of [0, 1, 2]) {
        answer.start(`m${step}`).call(`r${step}`, 'read', { n: step }).finish();
        await drain();
        reads[step]!.resolve(step);
        if (step < 2) answer = await transport.next();
      }
      await drain();
      expect(transport.responses).toHaveLength(3);
      expect(batches().map(({ halt }) => halt)).toEqual([undefined, undefined, 'follow-up-limit']);
    });

    it('that fails before it says more halts the batch, and resend sends its results again', async () => {
      const { ask, reads, batches, toolCalls, messages } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').write({ type: 'error', errorText: 'overloaded' }).close();
      await drain();
      expect(batches().map(({ key, halt }) => [key, halt])).toEqual([['B/0', 'error']]);
      expect(cardsOf(messages())).toEqual(['0/r']);
      toolCalls().resend();
      const again = await transport.next();
      expect(partStates(again.messages)).toEqual(['r: output-available']);
      again.start('C').text('Done').finish('stop');
      await drain();
      expect([reads.length, transport.responses.length]).toEqual([1, 3]);
      expect(cardsOf(messages())).toEqual(['0/r']);
    });

    it('lets a call be retried after it was sent: one result is replaced, one request goes out', async () => {
      const { ask, reads, call, toolCalls, messages, batches } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
      await drain();
      reads[0]!.reject(new Error('sold out'));
      reads[1]!.resolve(2);
      const shown = call('a');
      (await transport.next()).start('B').text('It failed').finish('stop');
      await drain();
      toolCalls().retry(shown);
      await drain();
      reads[2]!.resolve(1);
      const again = await transport.next();
      expect(again.messages.at(-1)?.id).toBe('B');
      expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(again.messages.at(-1)?.parts.some(({ type }) => type === 'text')).toBe(false);
      again.start('C').text('Done').finish('stop');
      await drain();
      expect(cardsOf(messages())).toEqual(['0/a', '0/b']);
      expect(batches().map(({ key, generation }) => [key, generation])).toEqual([['C/0', 1]]);
      expect([reads.length, transport.responses.length]).toEqual([3, 3]);
    });

    it('lets a failed call be retried while it streams', async () => {
      const { ask, reads, call, toolCalls } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.reject(new Error('sold out'));
      const followUp = await transport.next();
      followUp.start('B').text('It fai');
      await drain();
      toolCalls().retry('A/0/a');
      await drain();
      reads[1]!.resolve(1);
      followUp.text('led', 'text-2').finish('stop');
      const again = await transport.next();
      expect(partStates(again.messages)).toEqual(['a: output-available']);
      expect(call('a').key).toBe('B/0/a');
    });

    it('is told of once: neither a result nor a batch is told again when its id changes', async () => {
      const results: string[] = [];
      const settled: string[] = [];
      const { ask, reads } = open({
        onToolResult: ({ toolCallId }) => void results.push(toolCallId),
        onBatchSettled: ({ key }) => void settled.push(key),
      });
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').call('b', 'read', { n: 2 }).finish();
      await drain();
      reads[1]!.resolve(2);
      (await transport.next()).start('C').text('Done').finish('stop');
      await drain();
      expect(results).toEqual(['a', 'b']);
      expect(settled).toEqual(['A/0', 'B/1']);
    });

    it('whose connection is lost is whole after the replay', async () => {
      const { ask, reads, messages, resume } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').text('Do').fail(new TypeError('network error'));
      await drain();
      transport.offerResume();
      void resume();
      await drain();
      transport.resumable!.start('B').text('Done').call('b', 'read', { n: 2 }).finish();
      await drain();
      expect(cardsOf(messages())).toEqual(['0/a', '1/b']);
      expect(messages()).toHaveLength(2);
      reads[1]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(reads).toHaveLength(2);
    });
  });

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
    const chat = useParallelTools<ToolSet, UIMessage>({ tools: hand.tools, transport });
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
    let joined: UseChatToolsResult<UIMessage> | undefined;
    const chat = new Chat<UIMessage>({
      transport: {
        sendMessages: (request) => joined!.wrapTransport(transport).sendMessages(request),
        reconnectToStream: () => Promise.resolve(null),
      },
      onToolCall: (event) => joined?.onToolCall(event),
      onFinish: (event) => joined?.onFinish(event),
    });
    const { result, rerender } = renderHook(() => {
      const { id, messages, status, sendMessage, stop, addToolOutput } = chat;
      const source = { id, messages, status, sendMessage, stop, addToolOutput };
      return (joined = useChatTools(source as never, { tools: hand.tools as ToolSet }) as never);
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
    const { batches } = (result.current as unknown as Joined).toolCalls.store.getState();
    expect(Object.values(batches).map(({ halt }) => halt)).toEqual([undefined]);
  });
});
