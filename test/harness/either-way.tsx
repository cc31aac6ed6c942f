// Owns: one chat on a scripted transport, joined by either hook, for what must hold in both ways.
import { Chat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { StrictMode } from 'react';
import { expect, onTestFinished } from 'vitest';
import {
  createChatLink,
  groupMessageParts,
  useChatTools,
  useParallelTools,
  type ToolCalls,
  type UseChatToolsOptions,
} from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { createHandTools } from './hand-tools.ts';
import type { ScriptedTransport } from './scripted-transport.ts';

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
export const cardsOf = (messages: readonly UIMessage[]) =>
  messages.flatMap((message) =>
    groupMessageParts(message).flatMap((group) =>
      group.type === 'tool-calls'
        ? group.batch.order.map((key) => `${group.batch.step}/${group.batch.calls[key]!.toolCallId}`)
        : [],
    ),
  );

/** The outputs of a message's calls, in order. */
export const outputsOf = (message: UIMessage) =>
  message.parts.flatMap((part) => ('output' in part ? [part.output] : []));

export type EitherWayOptions = Parameters<typeof createHandTools>[0] &
  Pick<UseChatToolsOptions<ToolSet>, 'maxFollowUps' | 'onToolResult' | 'onBatchSettled'> & {
    strict?: boolean;
    messages?: UIMessage[];
  };

type ChatOptions = Omit<EitherWayOptions, 'read' | 'write'>;

/** What both hooks give. */
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

/** Makes a chat of tools, and joins it. */
export type OpenChat = (transport: ScriptedTransport, tools: ToolSet, options: ChatOptions) => Opened;

/** The chat of `useParallelTools`: no call is shown twice in any render. */
export const openOwn: OpenChat = (transport, tools, { strict, ...options }) => {
  let told: UIMessage[] = [];
  const shownTwice: string[] = [];
  onTestFinished(() => expect(shownTwice).toEqual([]));
  const { result } = renderHook(
    () => {
      const chat = useParallelTools<ToolSet, UIMessage>({
        tools,
        transport,
        throttle: 0,
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
};

/** A `Chat` that the page owns: what it shows is the chat's own, and is put right when the chat is idle. */
const joinChat =
  (isTapped: boolean): OpenChat =>
  (transport, tools, { strict, messages = [], ...options }) => {
    const link = createChatLink();
    const chat = new Chat<UIMessage>({
      ...link.chatOptions({ messages, transport }),
      ...(!isTapped && { transport }),
    });
    const { result } = renderHook(
      () => useChatTools(chat, { tools, link, ...options }),
      strict === true ? { wrapper: StrictMode } : {},
    );
    return {
      hook: () => result.current,
      messages: () => chat.messages,
      setMessages: (update) => void (chat.messages = update(chat.messages)),
      resume: () => chat.resumeStream(),
      told: () => chat.messages,
    };
  };

export const openJoined = joinChat(true);
/** Without the link's transport: nobody watches the chunks. */
export const openUntapped = joinChat(false);

/** A chat with the tools that are settled by hand. */
export function openEitherWay(
  openChat: OpenChat,
  transport: ScriptedTransport,
  { read, write, ...options }: EitherWayOptions = {},
) {
  const hand = createHandTools({ ...(read && { read }), ...(write && { write }) });
  const opened = openChat(transport, hand.tools, options);
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
