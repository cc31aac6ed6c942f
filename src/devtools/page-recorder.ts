/**
 * Owns what the devtools of a page have in common, however many of their components are mounted: the chats that are watched, and the faults that are
 * asked for. It begins with the first component and ends, faults and all, with the last.
 */
import { getPageChats, type PageChat } from '../core/page-chats.ts';
import { recordChat, type RecordedChat } from './record-chat.ts';
import { createFaults, simulateFaults, type Faults } from './faults.ts';
import { importSession } from './imported-session.ts';
import { createPageActs, type PageActs } from './page-acts.ts';

export interface PageRecorder {
  /** The chats that are mounted and the sessions from files, in the order in which they came. A new array whenever one comes or goes. */
  getChats(): readonly RecordedChat[];
  /** Shows the session of a file. @throws TypeError where it is none */
  importSession(text: string): RecordedChat;
  readonly faults: Faults;
  readonly acts: PageActs;
  /** Raised with everything that happens. */
  getVersion(): number;
  /** Calls back for everything that happens. */
  subscribe(listener: () => void): () => void;
}

let current: { readonly recorder: PageRecorder; stop(): void; users: number } | undefined;

export function getPageRecorder(): PageRecorder | undefined {
  return current?.recorder;
}

/** Begins to record, or goes on, until the returned function is called by everybody who holds it. `onStart` hears when there is a recorder. */
export function holdPageRecorder(onStart: () => void): () => void {
  const entry = (current ??= { ...startRecorder(), users: 0 });
  entry.users++;
  onStart();
  return () => {
    entry.users--;
    // StrictMode unmounts and mounts again in one task.
    queueMicrotask(() => {
      if (entry.users > 0 || current !== entry) return;
      current = undefined;
      entry.stop();
    });
  };
}

function startRecorder(): { readonly recorder: PageRecorder; stop(): void } {
  const page = getPageChats();
  const recorded = new Map<PageChat, RecordedChat>();
  const listeners = new Set<() => void>();
  const imported: RecordedChat[] = [];
  let chats: readonly RecordedChat[] = [];
  let version = 0;
  let count = 0;

  function tell(): void {
    version++;
    for (const listener of listeners) listener();
  }

  const faults = createFaults(findStorage(), tell);
  const acts = createPageActs(tell);

  function follow(): void {
    for (const [chat, record] of recorded) {
      if (page.chats.has(chat)) continue;
      record.stop();
      recorded.delete(chat);
    }
    for (const chat of page.chats) {
      if (recorded.has(chat)) continue;
      recorded.set(
        chat,
        recordChat(String(++count), chat, tell, (note) => simulateFaults(chat, faults, note)),
      );
    }
    chats = [...imported, ...recorded.values()];
    tell();
  }

  const stopFollowing = page.subscribe(follow);
  follow();
  return {
    recorder: {
      getChats: () => chats,
      importSession(text) {
        const session = importSession(text, String(++count));
        imported.push(session);
        follow();
        return session;
      },
      faults,
      acts,
      getVersion: () => version,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    stop() {
      stopFollowing();
      acts.reset();
      for (const record of recorded.values()) record.stop();
    },
  };
}

function findStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
