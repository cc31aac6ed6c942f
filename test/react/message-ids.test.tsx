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
  type UseChatToolsResult,
} from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport, type ScriptedResponse } from '../harness/scripted-transport.ts';

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

/** The cards of messages, as `step/id`. */
const cardsOf = (messages: readonly UIMessage[]) =>
  messages.flatMap((message) =>
    groupMessageParts(message).flatMap((group) =>
      group.type === 'tool-calls'
        ? group.batch.order.map((key) => `${group.batch.step}/${group.batch.calls[key]!.toolCallId}`)
        : [],
    ),
  );

type Options = Parameters<typeof createHandTools>[0] & {
  strict?: boolean;
  messages?: UIMessage[];
  maxFollowUps?: number;
};

interface Joined {
  readonly toolCalls: ToolCalls;
  readonly sendMessage: (message: { text: string }) => unknown;
  readonly regenerate: () => unknown;
}

interface Opened {
  readonly hook: () => Joined;
  readonly messages: () => UIMessage[];
  readonly setMessages: (update: (messages: UIMessage[]) => UIMessage[]) => void;
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
      const cards = cardsOf(chat.messages);
      shownTwice.push(...cards.filter((card, index) => cards.indexOf(card) < index));
      return chat;
    },
    strict === true ? { wrapper: StrictMode } : {},
  );
  return {
    hook: () => result.current,
    messages: () => result.current.messages,
    setMessages: (update) => result.current.setMessages(update),
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

  /** The cards of a request, and that its last message is the only one of its turn. */
  const sentCards = (response: ScriptedResponse) => cardsOf(response.messages);

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
      expect(sentCards(followUp)).toEqual(['0/r', '0/w', '0/r2']);
      expect(partStates(followUp.messages)).toEqual(['r', 'w', 'r2'].map((id) => `${id}: output-available`));
      followUp.start('B').text('Done').finish('stop');
      await drain();
      expect([reads.length, writes.length, transport.responses.length]).toEqual([2, 1, 2]);
    });
  });
});
