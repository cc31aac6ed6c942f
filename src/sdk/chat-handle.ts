/**
 * Owns what the bridge needs of a chat, and how the chats that exist give it: the SDK's `Chat`, or the helpers of a `useChat`
 * (or of a runtime that wears its shape). And who runs its calls when several hooks join it: the first one.
 */
import type { ChatRequestOptions, ChatStatus, UIMessage } from 'ai';
import { misuse, warnOf } from '../core/misuse.ts';
import type { ToolPartResult } from '../messages/message-parts.ts';

/** A chat as the bridge sees it. */
export interface ChatHandle {
  readonly id: string;
  /** What the chat is known by, however it was come by: two handles of one chat have the same. */
  readonly claimKey: object;
  getMessages(): readonly UIMessage[];
  getStatus(): ChatStatus;
  /** Changes the messages at once. Absent where a chat cannot: then results go through `addToolOutput`. */
  updateMessages?(update: (messages: readonly UIMessage[]) => readonly UIMessage[]): void;
  addToolOutput?(toolName: string, toolCallId: string, result: ToolPartResult): unknown;
  /** Continues the conversation without a new message. */
  send(options: ChatRequestOptions | undefined): PromiseLike<void> | void;
  /** Aborts the stream; settles when the chat is idle. */
  stop(): PromiseLike<void> | void;
  /** Sends the next message of the chat's own queue, past whatever it waits for. `undefined` where none is queued. */
  sendQueued?(): PromiseLike<void> | undefined;
  /** Calls back after the messages or the status changed. Absent where the owner tells by itself. */
  subscribe?(onChange: () => void): () => void;
}

/** The part of `useChat`'s result, or of a `Chat`, that joining it needs. */
export interface ChatSource<TMessage extends UIMessage = UIMessage> {
  readonly id: string;
  // A `Chat` has an accessor; helpers have `setMessages`.
  messages: TMessage[];
  readonly status: ChatStatus;
  sendMessage: (message?: never, options?: ChatRequestOptions) => PromiseLike<void> | void;
  stop: () => PromiseLike<void> | void;
  regenerate?: (options?: never) => PromiseLike<void> | void;
  setMessages?: (update: (messages: TMessage[]) => TMessage[]) => void;
  addToolOutput?: (output: never) => unknown;
  readonly experimental_queuedMessages?: readonly TMessage[];
  experimental_sendQueuedMessageNow?: (id: string) => Promise<void>;
}

/** The callbacks that the SDK's React `Chat` gives to `useChat`. */
interface ObservableChat {
  '~registerMessagesCallback'(onChange: () => void): () => void;
  '~registerStatusCallback'(onChange: () => void): () => void;
}

/** Whether a chat tells of its changes by itself: the SDK's React `Chat` does, the helpers of `useChat` do not. */
function isObservable(chat: object): chat is ObservableChat {
  return '~registerMessagesCallback' in chat && '~registerStatusCallback' in chat;
}

/** Makes a handle of whatever `getChat()` gives now, whose messages are as `read` gives them. @throws TypeError when it is no chat */
export function createChatHandle(
  getChat: () => ChatSource,
  read = ({ messages }: ChatSource): readonly UIMessage[] => messages,
): ChatHandle {
  const first = expectChat(getChat());
  return {
    id: first.id,
    // The helpers of a chat are new objects every render; its own function stays.
    claimKey: originalOf(first.sendMessage),
    getMessages: () => read(getChat()),
    getStatus: () => getChat().status,
    ...(canSetMessages(first) && { updateMessages: (update) => setMessages(getChat(), update) }),
    addToolOutput(toolName, toolCallId, result) {
      // SAFETY: the SDK types this by the tool set of the message type; the bridge knows it only at run time.
      return getChat().addToolOutput?.({ tool: toolName, toolCallId, ...result } as never);
    },
    send: (options) => getChat().sendMessage(undefined, withLastId(getChat().messages, options)),
    stop: () => getChat().stop(),
    sendQueued() {
      const chat = getChat();
      const next = chat.experimental_queuedMessages?.[0];
      return next && chat.experimental_sendQueuedMessageNow?.(next.id);
    },
    ...(isObservable(first) && { subscribe: observe(first) }),
  };
}

/** Listens to a chat as it is now, whatever becomes of the ways to listen to it. */
function observe(chat: ObservableChat): NonNullable<ChatHandle['subscribe']> {
  const registers = [chat['~registerMessagesCallback'], chat['~registerStatusCallback']];
  return (onChange) => {
    const stops = registers.map((register) => register(onChange));
    return () => stops.forEach((stop) => stop());
  };
}

/**
 * The options of a send without a message, so that it goes on with the last one: by itself the SDK goes on with the last that has an
 * answered approval, however old that is.
 */
export function withLastId(
  messages: readonly UIMessage[],
  options: ChatRequestOptions | undefined,
): ChatRequestOptions & { readonly messageId?: string } {
  const messageId = messages.at(-1)?.id;
  return { ...options, ...(messageId !== undefined && { messageId }) };
}

const originals = new WeakMap<object, object>();

/** Notes that `corrected` stands for a chat's own `original`: both are the same chat's. */
export function noteOriginal(corrected: object, original: object): void {
  originals.set(corrected, originalOf(original));
}

function originalOf(sendMessage: object): object {
  return originals.get(sendMessage) ?? sendMessage;
}

function canSetMessages(chat: ChatSource): boolean {
  return chat.setMessages !== undefined || hasMessagesAccessor(chat);
}

/** Whether messages that are assigned are the chat's from then on: so it is with the SDK's `Chat` classes, whatever the framework. */
function hasMessagesAccessor(chat: object | null): boolean {
  if (chat === null) return false;
  const field = Object.getOwnPropertyDescriptor(chat, 'messages');
  return field === undefined
    ? hasMessagesAccessor(Object.getPrototypeOf(chat) as object | null)
    : field.set !== undefined;
}

function setMessages(chat: ChatSource, update: (messages: readonly UIMessage[]) => readonly UIMessage[]): void {
  if (chat.setMessages !== undefined) chat.setMessages((messages) => [...update(messages)]);
  else chat.messages = [...update(chat.messages)];
}

function expectChat(chat: ChatSource): ChatSource {
  if (typeof chat === 'object' && chat !== null && 'messages' in chat && typeof chat.sendMessage === 'function')
    return chat;
  throw misuse('chat', chat);
}

/** Whoever runs a chat's calls. */
export interface Claimant {
  isMounted(): boolean;
}

const claims = new WeakMap<object, Claimant>();

/** Whether `claimant` runs the calls of a chat. Another one that is mounted keeps them; if both are, that is said once. */
export function claimChat({ claimKey, id }: ChatHandle, claimant: Claimant): boolean {
  const owner = claims.get(claimKey);
  if (owner === undefined || owner === claimant || !owner.isMounted()) {
    claims.set(claimKey, claimant);
    return true;
  }
  if (claimant.isMounted()) warnOf('two-hooks', [id]);
  return false;
}
