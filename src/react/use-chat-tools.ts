'use client';
/**
 * Owns the hook for a chat that exists already: a shared `Chat`, the helpers of a `useChat`, another runtime's. It joins the chat
 * and owns nothing of it.
 */
import type { UseChatHelpers } from '@ai-sdk/react';
import type { ToolSet, UIMessage } from 'ai';
import { useEffect, useInsertionEffect, useState } from 'react';
import type { ChatBridgeOptions, ToolCallsOptions } from '../chat/chat-context.ts';
import type { ChatSource } from '../sdk/chat-handle.ts';
import { listenOn, type ChatLink } from '../join/chat-link.ts';
import { createChatJoint, type ChatJoint } from '../join/chat-joint.ts';
import { useIsRunning } from './use-is-running.ts';
import type { ParallelToolsState, UseParallelToolsResult } from './use-parallel-tools.ts';

export interface UseChatToolsOptions<TTools extends ToolSet> extends ToolCallsOptions {
  /** AI SDK tools by name: made with `clientTool`, `tool`, or an MCP client. */
  tools: TTools;
  /** What `createChatLink` made and the chat's options came from. Without it calls start later, and those that write wait for a click. */
  link?: ChatLink | undefined;
}

export interface UseChatToolsResult<
  TMessage extends UIMessage,
  TTools extends ToolSet = ToolSet,
> extends ParallelToolsState<TTools> {
  /** Settles what is open, then sends; use it in place of the chat's own `sendMessage`. */
  readonly sendMessage: UseChatHelpers<TMessage>['sendMessage'];
  /** Aborts the answer's calls, then makes it anew; use it in place of the chat's own `regenerate`. */
  readonly regenerate: UseChatHelpers<TMessage>['regenerate'];
  /** Stops the stream and every running call; use it in place of the chat's own `stop`. */
  readonly stop: () => Promise<void>;
}

interface JoinedChat extends ChatJoint {
  readonly key: object | string;
  update(chat: ChatSource, options: ChatBridgeOptions): void;
}

/**
 * Runs the client-side tool calls of a chat that you own, and returns the chat with `toolCalls`, `isRunning` and `isBusy`, and with its
 * `sendMessage`, `stop` and `regenerate` corrected. Of a `Chat` object only those.
 *
 * Without a `link` calls start from rendered messages, and the end of an answer cannot be told from a stop, so calls of tools that are
 * neither read-only nor idempotent wait for a click on *Run*.
 *
 * @throws TypeError for a `chat` that is none, a tool without `inputSchema`, or a limit below 1
 */
export function useChatTools<TTools extends ToolSet, TMessage extends UIMessage>(
  chat: UseChatHelpers<TMessage>,
  options: UseChatToolsOptions<TTools>,
): UseParallelToolsResult<TMessage, TTools>;
export function useChatTools<TTools extends ToolSet, TMessage extends UIMessage>(
  chat: ChatSource<TMessage>,
  options: UseChatToolsOptions<TTools>,
): UseChatToolsResult<TMessage, TTools>;
export function useChatTools(chat: ChatSource, options: UseChatToolsOptions<ToolSet>): object {
  const key = keyOfChat(chat);
  const [current, setCurrent] = useState(() => joinChat(key, chat, options));
  let joined = current;
  if (current.key !== key) {
    joined = joinChat(key, chat, options);
    setCurrent(joined);
  }
  const { bridge, listener } = joined;
  const { link } = options;
  // Before any other effect: the chat's own may ask for a stream to resume.
  useInsertionEffect(() => link && listenOn(link, listener), [link, listener]);
  useEffect(() => {
    joined.update(chat, options);
    bridge.schedule();
  });
  useEffect(() => bridge.mount(), [bridge]);
  const isRunning = useIsRunning(bridge.toolCalls);
  const isBusy = isRunning || chat.status === 'submitted' || chat.status === 'streaming';
  return { ...('setMessages' in chat && chat), ...joined.functions, toolCalls: bridge.toolCalls, isRunning, isBusy };
}

/** The helpers of `useChat` are a new object every render: their chat is known by its id. */
function keyOfChat(chat: ChatSource): object | string {
  return '~registerMessagesCallback' in chat ? chat : chat.id;
}

function joinChat(key: object | string, firstChat: ChatSource, options: ChatBridgeOptions): JoinedChat {
  let source = firstChat;
  const joint = createChatJoint(() => source, options);
  return {
    ...joint,
    key,
    update(nextChat, nextOptions) {
      source = nextChat;
      joint.setOptions(nextOptions);
    },
  };
}
