/**
 * Owns the making of a chat whose tool calls run: the SDK's own `Chat`, a bridge to it, and the functions that take the place of the
 * chat's. No hook stands here: everything is made once, and told the latest options.
 */
import { Chat, type UseChatHelpers } from '@ai-sdk/react';
import { DefaultChatTransport, type ChatInit, type ChatTransport, type UIMessage } from 'ai';
import type { ChatBridgeOptions } from '../chat/chat-context.ts';
import { systemClock } from '../core/clock.ts';
import type { ChatFunction } from '../core/plugins.ts';
import { createChatBridge, type ChatBridge } from '../chat/chat-bridge.ts';
import { createChatHandle } from '../sdk/chat-handle.ts';
import { tapTransport } from '../sdk/response-tap.ts';
import { withDefinitions } from '../definitions/send-definitions.ts';
import { misuse } from '../core/misuse.ts';
import { callPage } from '../join/call-page.ts';
import { correctChat } from '../join/correct-chat.ts';
import { tellInFrames, type TellSoon } from './page-frames.ts';

export interface ParallelChat<TMessage extends UIMessage> {
  readonly id: string | undefined;
  readonly chat: Chat<TMessage>;
  readonly bridge: ChatBridge;
  readonly functions: Pick<UseChatHelpers<TMessage>, ChatFunction>;
  /** When the page is told of what changes. */
  readonly tellSoon: TellSoon;
  setOptions(options: LooseOptions<TMessage>): void;
}

/** The options without the tool set's type, which only the signature needs. */
export type LooseOptions<TMessage extends UIMessage> = ChatBridgeOptions &
  ChatInit<TMessage> & { throttle?: number; resume?: boolean };

/** @throws TypeError for `sendAutomaticallyWhen`, a `chat`, or options that make no sense */
export function createParallelChat<TMessage extends UIMessage>(
  firstOptions: LooseOptions<TMessage>,
): ParallelChat<TMessage> {
  expectOwnSender(firstOptions);
  let options = firstOptions;
  let defaultTransport: ChatTransport<TMessage> | undefined;
  const getTransport = () => options.transport ?? (defaultTransport ??= new DefaultChatTransport<TMessage>());
  const { id, messages, generateId, messageMetadataSchema, dataPartSchemas, experimental_queue } = firstOptions;
  // SAFETY: it is made below, of the chat, and nobody sends before.
  const bridge = {} as ChatBridge;
  const chat = new Chat<TMessage>({
    ...dropUndefined({ id, messages, generateId, messageMetadataSchema, dataPartSchemas, experimental_queue }),
    transport: tapTransport(
      () => withDefinitions(getTransport(), bridge.toolCalls.getTools(), options.sendDefinitions),
      bridge,
    ),
    onToolCall: (event) => {
      bridge.onToolCall(event.toolCall);
      callPage(() => options.onToolCall?.(event));
    },
    onFinish: (event) => {
      bridge.onFinish(event);
      const messages = bridge.complete(event.messages);
      options.onFinish?.(messages === event.messages ? event : { ...event, messages, message: messages.at(-1)! });
    },
    onData: (part) => options.onData?.(part),
    onError: (error) => options.onError?.(error),
  });
  // SAFETY: the bridge reads and writes messages only by the SDK's own part shapes, whatever metadata and data the page adds.
  const handle = createChatHandle(() => chat as unknown as Chat<UIMessage>);
  Object.assign(bridge, createChatBridge({ handle, options: firstOptions, ownsChat: true, isTapped: () => true }));
  const corrected = correctChat(
    () => chat,
    bridge,
    () => experimental_queue === true,
  );
  const divertible = <TGiven>(name: ChatFunction, own: (given: TGiven) => PromiseLike<void> | void) => {
    return (given: TGiven) => bridge.divert({ name, args: [given] }) ?? own(given);
  };
  const functions: ParallelChat<TMessage>['functions'] = {
    // SAFETY: the same parameters and results as the chat's own, which they call with what they get.
    ...(corrected as Pick<UseChatHelpers<TMessage>, 'sendMessage' | 'regenerate' | 'stop'>),
    // SAFETY: the same, of which each type of message makes its own.
    addToolOutput: divertible('addToolOutput', chat.addToolOutput) as typeof chat.addToolOutput,
    addToolApprovalResponse: divertible('addToolApprovalResponse', chat.addToolApprovalResponse),
    setMessages(given) {
      const messages = typeof given === 'function' ? given(chat.messages) : given;
      if (bridge.divert({ name: 'setMessages', args: [messages] }) !== undefined) return;
      chat.messages = messages;
      bridge.schedule();
    },
  };
  bridge.provide(functions);
  return {
    id: firstOptions.id,
    chat,
    bridge,
    functions,
    // After the bridge has its own way to listen.
    tellSoon: tellInFrames(chat, firstOptions.clock ?? systemClock, () => options.throttle !== undefined),
    setOptions(next) {
      expectOwnSender(next);
      options = next;
      bridge.setOptions(next);
    },
  };
}

function dropUndefined<TObject extends object>(object: TObject): TObject {
  // SAFETY: an absent optional field and an undefined one mean the same here.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as TObject;
}

function expectOwnSender(options: object): void {
  if ('sendAutomaticallyWhen' in options && options.sendAutomaticallyWhen !== undefined) throw misuse('two-senders');
  if ('chat' in options) throw misuse('own-chat');
}
