'use client';
/**
 * Owns the main hook: a chat of its own whose client-side tool calls run concurrently. The bridge does the work; this file makes
 * it once, hands it the latest options in an effect, and corrects the chat functions that touch open calls.
 */
import { Chat, useChat, type UseChatHelpers } from '@ai-sdk/react';
import {
  DefaultChatTransport,
  type ChatInit,
  type ChatTransport,
  type InferUITools,
  type ToolSet,
  type UIDataTypes,
  type UIMessage,
} from 'ai';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { ChatBridgeOptions } from '../chat/bridge-context.ts';
import { createChatBridge, type ChatBridge } from '../chat/chat-bridge.ts';
import { createChatHandle } from '../chat/chat-handle.ts';
import { tapTransport } from '../chat/response-tap.ts';
import { selectIsRunning } from '../core/selectors.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { correctChat } from './correct-chat.ts';

/** The message type of a chat over a tool set, when the page names none: tool parts are typed by the tools. */
export type ToolsUIMessage<TTools extends ToolSet> = UIMessage<unknown, UIDataTypes, InferUITools<TTools>>;

export type UseParallelToolsOptions<TTools extends ToolSet, TMessage extends UIMessage = ToolsUIMessage<TTools>> = Omit<
  ChatBridgeOptions,
  'tools' | 'clock' | 'store'
> &
  Omit<ChatInit<TMessage>, 'sendAutomaticallyWhen'> & {
    /** AI SDK tools by name: made with `clientTool`, `tool`, or an MCP client. */
    tools: TTools;
    /** Milliseconds between renders while messages stream. @default none */
    throttle?: number;
    /** Whether to resume a stream that was running when the page was left. @default false */
    resume?: boolean;
    /** Not accepted: the hook itself sends one follow-up a batch. */
    sendAutomaticallyWhen?: never;
  };

export interface ParallelToolsState {
  /** The store and the commands: one stable object. Give it to `ToolCallsProvider`. */
  readonly toolCalls: ToolCalls;
  /** A call is queued, running, retrying, or waits for a person. */
  readonly isRunning: boolean;
  /** `isRunning`, or the chat is submitted or streaming. */
  readonly isBusy: boolean;
}

export type UseParallelToolsResult<TMessage extends UIMessage> = UseChatHelpers<TMessage> & ParallelToolsState;

interface ParallelChat<TMessage extends UIMessage> {
  readonly id: string | undefined;
  readonly chat: Chat<TMessage>;
  readonly bridge: ChatBridge;
  readonly functions: Pick<UseChatHelpers<TMessage>, 'sendMessage' | 'regenerate' | 'stop' | 'setMessages'>;
  setOptions(options: LooseOptions<TMessage>): void;
}

/** The options without the tool set's type, which only the signature needs. */
type LooseOptions<TMessage extends UIMessage> = ChatBridgeOptions &
  ChatInit<TMessage> & { throttle?: number; resume?: boolean };

/**
 * `useChat` whose client-side tool calls run concurrently and safely, and whose results go back in exactly one follow-up.
 * Returns everything that `useChat` returns, and `toolCalls`, `isRunning`, `isBusy`.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, or `sendAutomaticallyWhen`
 */
export function useParallelTools<TTools extends ToolSet, TMessage extends UIMessage = ToolsUIMessage<TTools>>(
  options: UseParallelToolsOptions<TTools, TMessage>,
): UseParallelToolsResult<TMessage> {
  // SAFETY: `sendAutomaticallyWhen?: never` is what the signature says; createParallelChat checks it at run time.
  const loose = options as LooseOptions<TMessage>;
  const [current, setCurrent] = useState(() => createParallelChat(loose));
  let instance = current;
  if (current.id !== loose.id) {
    // Another id is another chat, as with useChat.
    instance = createParallelChat(loose);
    setCurrent(instance);
  }
  const { bridge, chat } = instance;
  useEffect(() => bridge.mount(), [bridge]);
  useEffect(() => instance.setOptions(loose));

  const { throttle, resume } = loose;
  const helpers = useChat<TMessage>({
    chat,
    ...(throttle !== undefined && { throttle }),
    ...(resume !== undefined && { resume }),
  });
  const isRunning = useStore(bridge.toolCalls.store, selectIsRunning);
  const isBusy = isRunning || helpers.status === 'submitted' || helpers.status === 'streaming';
  return { ...helpers, ...instance.functions, toolCalls: bridge.toolCalls, isRunning, isBusy };
}

function createParallelChat<TMessage extends UIMessage>(firstOptions: LooseOptions<TMessage>): ParallelChat<TMessage> {
  expectOwnSender(firstOptions);
  let options = firstOptions;
  let defaultTransport: ChatTransport<TMessage> | undefined;
  const getTransport = () => options.transport ?? (defaultTransport ??= new DefaultChatTransport<TMessage>());
  const { id, messages, generateId, messageMetadataSchema, dataPartSchemas, experimental_queue } = firstOptions;
  const chat = new Chat<TMessage>({
    ...dropUndefined({ id, messages, generateId, messageMetadataSchema, dataPartSchemas, experimental_queue }),
    transport: tapTransport(getTransport, {
      onResponse: (record) => bridge.onResponse(record),
      onRequest: (request) => bridge.onRequest(request),
      onResetStep: (record) => bridge.onResetStep(record),
      onReconnect: (isUnderWay, isFound) => bridge.onReconnect(isUnderWay, isFound),
    }),
    onToolCall: (event) => {
      bridge.onToolCall(event.toolCall);
      callPage(() => options.onToolCall?.(event));
    },
    onFinish: (event) => {
      bridge.onFinish(event);
      options.onFinish?.(event);
    },
    onData: (part) => options.onData?.(part),
    onError: (error) => options.onError?.(error),
  });
  // SAFETY: the bridge reads and writes messages only by the SDK's own part shapes, whatever metadata and data the page adds.
  const handle = createChatHandle(() => chat as unknown as Chat<UIMessage>);
  const bridge: ChatBridge = createChatBridge({ handle, options: firstOptions, ownsChat: true, isTapped: () => true });
  const corrected = correctChat(
    () => chat,
    bridge,
    () => experimental_queue === true,
  );
  return {
    id: firstOptions.id,
    chat,
    bridge,
    functions: {
      // SAFETY: the same parameters and result as the chat's own, which it calls with what it gets.
      ...(corrected as Pick<UseChatHelpers<TMessage>, 'sendMessage' | 'regenerate' | 'stop'>),
      setMessages(messages) {
        chat.messages = typeof messages === 'function' ? messages(chat.messages) : messages;
        bridge.schedule();
      },
    },
    setOptions(next) {
      expectOwnSender(next);
      options = next;
      bridge.setOptions(next);
    },
  };
}

/** The page's own `onToolCall` must not hold up the stream or kill it: it is not awaited, and its error surfaces by itself. */
function callPage(callback: () => unknown): void {
  void (async () => callback())();
}

function dropUndefined<TObject extends object>(object: TObject): TObject {
  // SAFETY: an absent optional field and an undefined one mean the same here.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as TObject;
}

function expectOwnSender(options: object): void {
  if ('sendAutomaticallyWhen' in options && options.sendAutomaticallyWhen !== undefined) {
    throw new TypeError(
      'useParallelTools takes no `sendAutomaticallyWhen`: it sends one follow-up a batch by itself, and a second sender would send twice. Remove the option.',
    );
  }
  if ('chat' in options) {
    throw new TypeError(
      'useParallelTools makes its own chat and takes no `chat`. To add tool calls to a chat that exists, use useChatTools(chat, { tools }).',
    );
  }
}
