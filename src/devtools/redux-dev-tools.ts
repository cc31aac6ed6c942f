/** Owns the connection to the Redux DevTools extension, for those who have it: each event of each chat as an action, with the state after it. */
import { getPageChats, type PageChat } from '../core/page-chats.ts';

/** What the extension puts on a page. */
interface ReduxExtension {
  connect(options: { readonly name: string }): ReduxConnection;
}
interface ReduxConnection {
  init(state: unknown): void;
  send(action: object, state: unknown): void;
  unsubscribe?(): void;
}

/** Tells the extension of what happens on the page until the returned function is called. Without the extension it does nothing. */
export function connectReduxDevTools(): () => void {
  const extension = (globalThis as { __REDUX_DEVTOOLS_EXTENSION__?: ReduxExtension }).__REDUX_DEVTOOLS_EXTENSION__;
  if (extension === undefined) return () => {};
  const page = getPageChats();
  const connected = new Map<PageChat, () => void>();

  function connect({ host }: PageChat): () => void {
    const connection = extension!.connect({ name: `Tool calls: ${host.chatId}` });
    connection.init(host.store.getState());
    const stop = host.subscribe((event) => connection.send(event, host.store.getState()));
    return () => {
      stop();
      connection.unsubscribe?.();
    };
  }

  function follow(): void {
    for (const [chat, stop] of connected) {
      if (page.chats.has(chat)) continue;
      stop();
      connected.delete(chat);
    }
    for (const chat of page.chats) if (!connected.has(chat)) connected.set(chat, connect(chat));
  }

  follow();
  const stopFollowing = page.subscribe(follow);
  return () => {
    stopFollowing();
    for (const stop of connected.values()) stop();
  };
}
