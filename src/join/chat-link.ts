/**
 * Owns the link between a chat that somebody else makes and the hook that joins it: what the chat's options must have so that the hook
 * hears of calls as they arrive and of how an answer ended. It is made before both, so neither has to be there for the other.
 */
import { DefaultChatTransport, type ChatInit, type ChatTransport, type UIMessage } from 'ai';
import { callPage } from './call-page.ts';

/** Connects a chat to the `useChatTools` that joins it. Make one for each chat: `const [link] = useState(createChatLink)`. */
export interface ChatLink {
  /**
   * The options for `useChat`, `new Chat` or a runtime that takes them: yours, with what the hook needs added. Your own `onToolCall` and
   * `onFinish` are still called, and your `transport` still sends. Without a `transport` it is the SDK's default one.
   */
  chatOptions<TMessage extends UIMessage = UIMessage, TOptions extends object = object>(
    options?: ChatInit<TMessage> & TOptions,
  ): ChatInit<TMessage> & TOptions;
}

/** What a hook wants to hear of the chat that it joins. */
export interface ChatListener {
  readonly onToolCall: NonNullable<ChatInit<UIMessage>['onToolCall']>;
  readonly onFinish: NonNullable<ChatInit<UIMessage>['onFinish']>;
  readonly wrapTransport: (transport: ChatTransport<UIMessage>) => ChatTransport<UIMessage>;
}

/** Who listens on each link: the first one is told, the others only look on. */
const listeners = new WeakMap<ChatLink, Set<ChatListener>>();

/** Makes a link that nobody listens on yet. */
export function createChatLink(): ChatLink {
  /** A runtime may look whether its transport is still the same. */
  const linked = new WeakMap<object, object>();
  let standard: object | undefined;
  const current = () => listeners.get(link)?.values().next().value;
  const link: ChatLink = {
    chatOptions(options) {
      // SAFETY: every field of the options is optional, and hooks read messages only by the SDK's own part shapes.
      const given = (options ?? {}) as NonNullable<typeof options>;
      const transport = given.transport ?? (standard ??= new DefaultChatTransport());
      if (!linked.has(transport)) linked.set(transport, linkTransport(transport as ChatTransport<UIMessage>, current));
      return {
        ...given,
        transport: linked.get(transport),
        onToolCall(event: Parameters<ChatListener['onToolCall']>[0]) {
          void current()?.onToolCall(event);
          callPage(() => given.onToolCall?.(event as never));
        },
        onFinish(event: Parameters<ChatListener['onFinish']>[0]) {
          void current()?.onFinish(event);
          return given.onFinish?.(event as never);
        },
      } as typeof given;
    },
  };
  return link;
}

/** Listens on a link until the returned function is called. */
export function listenOn(link: ChatLink, listener: ChatListener): () => void {
  const others = listeners.get(link) ?? new Set();
  listeners.set(link, others.add(listener));
  return () => void others.delete(listener);
}

/** The transport as it is, but for the two functions whose answers are listened to. Runtimes look for their own class and its methods. */
function linkTransport(
  transport: ChatTransport<UIMessage>,
  current: () => ChatListener | undefined,
): ChatTransport<UIMessage> {
  const wrapped = () => current()?.wrapTransport(transport) ?? transport;
  const linked: Partial<Record<string | symbol, unknown>> = {
    sendMessages: (...request: Parameters<typeof transport.sendMessages>) => wrapped().sendMessages(...request),
    reconnectToStream: (...request: Parameters<typeof transport.reconnectToStream>) =>
      wrapped().reconnectToStream(...request),
  };
  return new Proxy(transport, {
    get(target, key) {
      const value: unknown = linked[key] ?? Reflect.get(target, key);
      // A class with private fields knows only itself.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
