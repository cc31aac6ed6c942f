'use client';
/**
 * Owns the main hook: a chat of its own whose client-side tool calls run concurrently. The bridge does the work; this file makes
 * it once, hands it the latest options in an effect, and corrects the chat functions that touch open calls.
 */
import { useChat, type UseChatHelpers } from '@ai-sdk/react';
import type { ChatInit, InferUITools, ToolSet, UIDataTypes, UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import type { ToolCallsOptions } from '../chat/chat-context.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { createParallelChat, type LooseOptions } from './parallel-chat.ts';
import { useIsRunning } from './use-is-running.ts';

/** The message type of a chat over a tool set, when the page names none: tool parts are typed by the tools. */
export type ToolsUIMessage<TTools extends ToolSet> = UIMessage<unknown, UIDataTypes, InferUITools<TTools>>;

export type UseParallelToolsOptions<
  TTools extends ToolSet,
  TMessage extends UIMessage = ToolsUIMessage<TTools>,
> = ToolCallsOptions &
  Omit<ChatInit<TMessage>, 'sendAutomaticallyWhen'> & {
    /** AI SDK tools by name: made with `clientTool`, `tool`, or an MCP client. */
    tools: TTools;
    /**
     * Milliseconds between renders while messages stream; 0 renders at every change, for tests and `flushSync`.
     * @default once a frame
     */
    throttle?: number;
    /** Whether to resume a stream that was running when the page was left. @default false */
    resume?: boolean;
    /** Not accepted: the hook itself sends the results of each step. */
    sendAutomaticallyWhen?: never;
  };

export interface ParallelToolsState<TTools extends ToolSet = ToolSet> {
  /** The store and the commands: one stable object. Give it to `ToolCallsProvider`. */
  readonly toolCalls: ToolCalls<TTools>;
  /** A call is queued, running, retrying, or waits for a person. */
  readonly isRunning: boolean;
  /** `isRunning`, or the chat is submitted or streaming. */
  readonly isBusy: boolean;
}

export type UseParallelToolsResult<
  TMessage extends UIMessage,
  TTools extends ToolSet = ToolSet,
> = UseChatHelpers<TMessage> & ParallelToolsState<TTools>;

/**
 * A `useChat` that runs the tool calls of an answer in the browser at the same time and sends their results to the model in one request.
 * Takes the options of `useChat`, and returns everything that it returns, with `toolCalls`, `isRunning` and `isBusy`.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, or `sendAutomaticallyWhen`
 */
export function useParallelTools<TTools extends ToolSet, TMessage extends UIMessage = ToolsUIMessage<TTools>>(
  options: UseParallelToolsOptions<TTools, TMessage>,
): UseParallelToolsResult<TMessage, TTools> {
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
  const isRunning = useIsRunning(bridge.toolCalls, instance.tellSoon);
  const isBusy = isRunning || helpers.status === 'submitted' || helpers.status === 'streaming';
  const messages = bridge.complete(helpers.messages);
  // SAFETY: its tools are those of the options.
  const toolCalls = bridge.toolCalls as ToolCalls<TTools>;
  return { ...helpers, ...instance.functions, messages, toolCalls, isRunning, isBusy };
}
