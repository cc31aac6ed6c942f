'use client';
/**
 * Owns the hook for a chat that exists already: a shared `Chat`, the helpers of a `useChat`, another runtime's. It joins the chat
 * and owns nothing of it.
 */
import type { UseChatHelpers } from '@ai-sdk/react';
import type { ChatInit, ChatTransport, ToolSet, UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import type { ChatBridgeOptions, ToolCallsOptions } from '../chat/chat-options.ts';
import { createChatBridge, type ChatBridge } from '../chat/chat-bridge.ts';
import { createChatHandle, type ChatSource } from '../chat/chat-handle.ts';
import { tapTransport } from '../chat/response-tap.ts';
import { withDefinitions } from '../chat/send-definitions.ts';
import { correctChat } from './correct-chat.ts';
import { useIsRunning } from './use-is-running.ts';
import type { ParallelToolsState } from './use-parallel-tools.ts';

export interface UseChatToolsOptions<TTools extends ToolSet> extends ToolCallsOptions {
  /** AI SDK tools by name: made with `clientTool`, `tool`, or an MCP client. */
  tools: TTools;
}

export interface UseChatToolsResult<TMessage extends UIMessage> extends ParallelToolsState {
  /** For the chat's `onToolCall`: calls start as they arrive instead of after a render. */
  readonly onToolCall: NonNullable<ChatInit<TMessage>['onToolCall']>;
  /** For the chat's `onFinish`: tools whose `start` is `'step-end'` start by themselves. */
  readonly onFinish: NonNullable<ChatInit<TMessage>['onFinish']>;
  /** For the chat's `transport`: tells a good end from a cut one. */
  readonly wrapTransport: (transport: ChatTransport<TMessage>) => ChatTransport<TMessage>;
  /** Settles what is open, then sends; use it in place of the chat's own `sendMessage`. */
  readonly sendMessage: UseChatHelpers<TMessage>['sendMessage'];
  /** Aborts the answer's calls, then makes it anew; use it in place of the chat's own `regenerate`. */
  readonly regenerate: UseChatHelpers<TMessage>['regenerate'];
  /** Stops the stream and every running call; use it in place of the chat's own `stop`. */
  readonly stop: () => Promise<void>;
}

interface JoinedChat<TMessage extends UIMessage> {
  readonly key: object | string;
  readonly bridge: ChatBridge;
  readonly functions: Omit<UseChatToolsResult<TMessage>, keyof ParallelToolsState>;
  update(chat: ChatSource, options: ChatBridgeOptions): void;
}

/**
 * Runs the client-side tool calls of a chat that you own. Without `onToolCall` calls start from rendered messages; without
 * `wrapTransport` and `onFinish` the end of an answer cannot be told from a stop, so calls of `step-end` tools wait for a click.
 *
 * @throws TypeError for a `chat` that is none, a tool without `inputSchema`, or a limit below 1
 */
export function useChatTools<TTools extends ToolSet, TMessage extends UIMessage>(
  chat: ChatSource<TMessage>,
  options: UseChatToolsOptions<TTools>,
): UseChatToolsResult<TMessage> {
  // SAFETY: the bridge reads and writes messages only by the SDK's own part shapes, whatever the page's message type adds.
  const source = chat as unknown as ChatSource;
  const key = keyOfChat(source);
  const [current, setCurrent] = useState(() => joinChat<TMessage>(key, source, options));
  let joined = current;
  if (current.key !== key) {
    joined = joinChat<TMessage>(key, source, options);
    setCurrent(joined);
  }
  const { bridge } = joined;
  useEffect(() => {
    joined.update(source, options);
    bridge.schedule();
  });
  useEffect(() => bridge.mount(), [bridge]);
  const isRunning = useIsRunning(bridge.toolCalls);
  const isBusy = isRunning || chat.status === 'submitted' || chat.status === 'streaming';
  return { ...joined.functions, toolCalls: bridge.toolCalls, isRunning, isBusy };
}

/** The helpers of `useChat` are a new object every render: their chat is known by its id. */
function keyOfChat(chat: ChatSource): object | string {
  return '~registerMessagesCallback' in chat ? chat : chat.id;
}

function joinChat<TMessage extends UIMessage>(
  key: object | string,
  firstChat: ChatSource,
  firstOptions: ChatBridgeOptions,
): JoinedChat<TMessage> {
  let source = firstChat;
  let options = firstOptions;
  let tapped = false;
  const bridge = createChatBridge({
    handle: createChatHandle(() => source),
    options,
    ownsChat: false,
    isTapped: () => tapped,
  });
  const corrected = correctChat(
    () => source,
    bridge,
    () => false,
  );
  return {
    key,
    bridge,
    update(nextChat, nextOptions) {
      source = nextChat;
      options = nextOptions;
      bridge.setOptions(options);
    },
    functions: {
      // SAFETY: the same parameters and result as the chat's own, which it calls with what it gets.
      ...(corrected as Pick<UseChatHelpers<TMessage>, 'sendMessage' | 'regenerate' | 'stop'>),
      onToolCall: ({ toolCall }) => bridge.onToolCall(toolCall),
      onFinish: (event) => bridge.onFinish(event),
      wrapTransport(transport) {
        tapped = true;
        return tapTransport(() => withDefinitions(transport, options), bridge);
      },
    },
  };
}
