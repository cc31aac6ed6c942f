/** Owns the joining of a chat without React: what a composable, a store or a controller of another framework is made of. */
import type { ToolSet, UIMessage } from 'ai';
import type { ToolCallsOptions } from '../chat/chat-context.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import type { ChatSource } from '../sdk/chat-handle.ts';
import { listenOn, type ChatLink } from './chat-link.ts';
import { countSame } from '../messages/message-parts.ts';
import { createChatJoint } from './chat-joint.ts';

export interface JoinChatOptions extends ToolCallsOptions {
  /** AI SDK tools by name: made with `clientTool`, `tool`, or an MCP client. */
  tools: ToolSet;
  /** What `createChatLink` made and the chat's options came from. */
  link: ChatLink;
}

/** A chat whose tool calls run. */
export interface JoinedChat<
  TMessage extends UIMessage = UIMessage,
  TChat extends ChatSource<TMessage> = ChatSource<TMessage>,
> {
  /** The store and the commands: one stable object. */
  readonly toolCalls: ToolCalls;
  /** Settles what is open, then sends; use it in place of the chat's own `sendMessage`. */
  readonly sendMessage: TChat['sendMessage'];
  /** Aborts the answer's calls, then makes it anew; use it in place of the chat's own `regenerate`. */
  readonly regenerate: NonNullable<TChat['regenerate']>;
  /** Stops the stream and every running call; use it in place of the chat's own `stop`. */
  readonly stop: () => Promise<void>;
  /** The chat's messages as they are to be shown: whole, and each once. */
  complete(messages: TMessage[]): TMessage[];
  /** Tell it each time after the messages or the status of the chat may have changed. */
  notice(): void;
  /** The page shows the chat: its calls run from now on. Returns what ends that, and stops them. */
  mount(): () => void;
  /** New tools, limits and defaults, for calls that come from now on. */
  setOptions(options: Omit<JoinChatOptions, 'link'>): void;
}

/**
 * Runs the client-side tool calls of a chat of any framework: of the AI SDK's `Chat` classes, or of anything with their fields.
 *
 * @throws TypeError for a `chat` that is none, a tool without `inputSchema`, or a limit below 1
 */
export function joinChat<TMessage extends UIMessage, TChat extends ChatSource<TMessage>>(
  chat: TChat & ChatSource<TMessage>,
  options: JoinChatOptions,
): JoinedChat<TMessage, TChat> {
  // SAFETY: messages are read and written only by the SDK's own part shapes.
  const getChat = () => chat as unknown as ChatSource;
  const { bridge, functions, listener, setOptions } = createChatJoint(getChat, options, createMessageReader());
  listenOn(options.link, listener);
  return {
    // SAFETY: the same parameters as the chat's own, which they call with what they get.
    ...(functions as unknown as Pick<JoinedChat<TMessage, TChat>, 'sendMessage' | 'regenerate' | 'stop'>),
    toolCalls: bridge.toolCalls,
    complete: bridge.complete,
    notice: bridge.schedule,
    mount: bridge.mount,
    setOptions,
  };
}

/** Reads a chat's messages as a list that stays as it is, and is the same while they are: a framework may push into its own in its place. */
function createMessageReader() {
  let last: readonly UIMessage[] = [];
  return ({ messages }: ChatSource): readonly UIMessage[] => {
    const isSame = last.length === messages.length && countSame(last, messages) === last.length;
    return isSame ? last : (last = [...messages]);
  };
}
