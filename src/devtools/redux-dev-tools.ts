/** Owns the connection to the Redux DevTools extension, for those who have it: each event of each chat as an action, with the state after it. */
import type { RecordedChat } from './record-chat.ts';
import type { PageRecorder } from './page-recorder.ts';

/** What the extension puts on a page. */
interface ReduxExtension {
  connect(options: { readonly name: string }): ReduxConnection;
}
interface ReduxConnection {
  init(state: unknown): void;
  send(action: object, state: unknown): void;
  unsubscribe?(): void;
}

/** Tells the extension of what happens until the returned function is called. Without the extension it does nothing. */
export function connectReduxDevTools(recorder: PageRecorder): () => void {
  const extension = (globalThis as { __REDUX_DEVTOOLS_EXTENSION__?: ReduxExtension }).__REDUX_DEVTOOLS_EXTENSION__;
  if (extension === undefined) return () => {};
  const connected = new Map<RecordedChat, () => void>();

  function connect({ chat: { host } }: RecordedChat): () => void {
    const connection = extension!.connect({ name: `Tool calls: ${host.chatId}` });
    connection.init(host.store.getState());
    const stop = host.subscribe((event) => connection.send(event, host.store.getState()));
    return () => {
      stop();
      connection.unsubscribe?.();
    };
  }

  function follow(): void {
    const chats = recorder.getChats();
    for (const [record, stop] of connected) {
      if (chats.includes(record)) continue;
      stop();
      connected.delete(record);
    }
    for (const record of chats) if (!connected.has(record)) connected.set(record, connect(record));
  }

  follow();
  const stopFollowing = recorder.subscribe(follow);
  return () => {
    stopFollowing();
    for (const stop of connected.values()) stop();
  };
}
