// Owns: the hooks on a scripted transport, rendered; the way every chat test begins.
import { Chat, useChat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { StrictMode, useState, type ComponentType, type ReactNode } from 'react';
import { onTestFinished, expect } from 'vitest';
import {
  createChatLink,
  useChatTools,
  useParallelTools,
  type ChatLink,
  type ToolCall,
  type UseParallelToolsOptions,
  type UseParallelToolsResult,
} from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { ScriptedTransport } from './scripted-transport.ts';

// A live chat changes state whenever a chunk or a result arrives, as in a page: React schedules those renders by itself.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });

export type ChatOptions<TTools extends ToolSet> = Omit<UseParallelToolsOptions<TTools, UIMessage>, 'transport'>;

type AllOptions<TTools extends ToolSet> = UseParallelToolsOptions<TTools, UIMessage>;

/** What a page passes to a chat of its own, linked to the hook that joins it. */
function linkOptions<TTools extends ToolSet>(options: AllOptions<TTools>, link: ChatLink) {
  const { id, messages, generateId, onData, onError, onFinish, onToolCall, experimental_queue, transport } = options;
  return link.chatOptions<UIMessage>({
    ...(id !== undefined && { id }),
    ...(messages !== undefined && { messages }),
    ...(generateId !== undefined && { generateId }),
    ...(onData !== undefined && { onData }),
    ...(onError !== undefined && { onError }),
    ...(experimental_queue !== undefined && { experimental_queue }),
    ...(onToolCall !== undefined && { onToolCall }),
    ...(onFinish !== undefined && { onFinish }),
    ...(transport !== undefined && { transport }),
  });
}

/** `useChatTools` on a `Chat` of the page. */
function useSharedChat<TTools extends ToolSet>(options: AllOptions<TTools>): UseParallelToolsResult<UIMessage> {
  const [link] = useState(createChatLink);
  const [chat] = useState(() => new Chat<UIMessage>(linkOptions(options, link)));
  const joined = useChatTools(chat, { ...options, link });
  const helpers = useChat<UIMessage>({ chat, ...(options.resume !== undefined && { resume: options.resume }) });
  return { ...helpers, ...joined };
}

/** `useChatTools` on what a plain `useChat` returns. */
function useHelpers<TTools extends ToolSet>(options: AllOptions<TTools>): UseParallelToolsResult<UIMessage> {
  const [link] = useState(createChatLink);
  const { resume } = options;
  const chat = useChat<UIMessage>({ ...linkOptions(options, link), ...(resume !== undefined && { resume }) });
  return useChatTools(chat, { ...options, link });
}

/** The ways to have a chat's calls run. Whatever the way, a test reads the same. */
export const chatHooks = {
  useParallelTools: <TTools extends ToolSet>(options: AllOptions<TTools>) =>
    useParallelTools<TTools, UIMessage>(options),
  'useChatTools on a Chat': useSharedChat,
  'useChatTools on the helpers of useChat': useHelpers,
};

export type ChatWay = keyof typeof chatHooks;

/** For `describe.each`: what holds for a chat of the hook's own holds for a joined one, with a link. */
export const CHAT_WAYS = Object.keys(chatHooks) as ChatWay[];

/** Renders a chat; at the end of the test every request must have been one that a real server accepts. */
export function renderChat<TTools extends ToolSet>(
  options: ChatOptions<TTools>,
  {
    strict = false,
    transport = new ScriptedTransport(),
    way = 'useParallelTools' as ChatWay,
    wrapper = undefined as ComponentType<{ children: ReactNode }> | undefined,
  } = {},
) {
  const useAnyChat = chatHooks[way];
  const Wrapper = wrapper ?? (strict ? StrictMode : undefined);
  const view = renderHook((props: ChatOptions<TTools>) => useAnyChat<TTools>({ throttle: 0, ...props, transport }), {
    initialProps: options,
    ...(Wrapper && { wrapper: Wrapper }),
  });
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const chat = () => view.result.current;
  return {
    transport,
    view,
    chat,
    /** Sends a user message and gives the response to write. */
    async ask(text = 'Hi') {
      void chat().sendMessage({ text });
      return transport.next();
    },
    /** Every call of the store in order. */
    calls: (): ToolCall[] => Object.values(chat().toolCalls.store.getState().batches).flatMap(listCalls),
    call: (toolCallId: string): ToolCall => {
      const found = Object.values(chat().toolCalls.store.getState().batches)
        .flatMap(listCalls)
        .findLast((call) => call.toolCallId === toolCallId);
      if (found === undefined) throw new Error(`The store has no call ${toolCallId}`);
      return found;
    },
    /** Lets everything that is ready to happen, happen. */
    settle: () => drain(),
  };
}

/** Waits until streams and promises that are ready have run: some turns of the event loop, no time. */
export async function drain(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setTimeout(resolve, 0));
}

/** The tool parts of the last message that a request carried, as `id: state`. */
export function partStates(messages: readonly UIMessage[]): string[] {
  return (messages.at(-1)?.parts ?? []).flatMap((part) =>
    'toolCallId' in part ? `${part.toolCallId}: ${part.state}` : [],
  );
}
