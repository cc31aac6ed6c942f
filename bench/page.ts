// Owns: a page with one chat in it: React on jsdom, which shows every part of every message, so that rendering is paid for as well.
import type { ChatRequestOptions, UIMessage } from 'ai';
import { JSDOM } from 'jsdom';

/** What a contender's hook gives to its page. */
export interface ChatHelpers {
  readonly messages: readonly UIMessage[];
  readonly status: string;
  sendMessage(message: { text: string }, options?: ChatRequestOptions): unknown;
}

export interface Page {
  /** The helpers of the latest render. */
  chat(): ChatHelpers;
  /** Settles once the chat has been answered and nothing is under way. */
  answered(): Promise<void>;
  unmount(): void;
}

/** Mounts a page around `useChat`; settles when its effects have run. */
export async function mountPage(useChat: () => ChatHelpers): Promise<Page> {
  const container = openDocument().createElement('main');
  // React looks for a document when it is loaded.
  const { createElement, useEffect } = await import('react');
  const { createRoot } = await import('react-dom/client');
  const root = createRoot(container);
  let latest: ChatHelpers | undefined;
  let onChange = () => {};

  function Chat() {
    const helpers = useChat();
    useEffect(() => {
      latest = helpers;
      onChange();
    });
    const items = helpers.messages.flatMap(({ id, parts }) =>
      parts.map((part, index) => createElement('li', { key: `${id} ${index}` }, JSON.stringify(part))),
    );
    return createElement('ul', null, items);
  }

  await new Promise<void>((resolve) => {
    onChange = resolve;
    root.render(createElement(Chat));
  });
  const chat = () => {
    if (latest === undefined) throw new Error('Expected the page to be mounted.');
    return latest;
  };
  return {
    chat,
    answered: () =>
      new Promise((resolve) => {
        onChange = () => {
          const { messages, status } = chat();
          if (status === 'ready' && messages.at(-1)?.parts.at(-1)?.type === 'text') resolve();
        };
        onChange();
      }),
    unmount: () => root.unmount(),
  };
}

/** Nothing but `window` and `document`: streams, `fetch` and timers stay Node's. */
function openDocument(): Document {
  if (!('document' in globalThis)) {
    const { window } = new JSDOM('', { url: 'http://localhost' });
    Object.assign(globalThis, { window, document: window.document });
  }
  return document;
}
