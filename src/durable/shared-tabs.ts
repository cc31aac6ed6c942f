/** Owns the tabs of a page: options, and which chats the page has open. What a tab is to one chat is in `chat-tab.ts`. */
import { systemClock, type Clock } from '../core/clock.ts';
import { reportTo, warnOf } from '../core/misuse.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import { createChatTab, type ChatTab, type TabChannel } from './chat-tab.ts';
import type { TabLocks } from './tab-lock.ts';
import { NAME } from './tab-messages.ts';
import type { TabRole } from './tab.ts';

export interface SharedTabsOptions {
  /** Hears of commands that no tab has carried out, and of what tabs cannot tell each other. */
  onError?: (error: unknown) => void;
  /** Who leads; for tests. @default the browser's `navigator.locks` */
  locks?: TabLocks;
  /** How tabs talk; for tests. @default the browser's `BroadcastChannel` */
  openChannel?: (name: string) => TabChannel;
  /** Time; for tests. @default the system's */
  clock?: Clock;
}

/** A plugin for `useParallelTools({ plugins })` by which several tabs have one chat open. One serves every chat of a page. */
export interface SharedTabs extends ToolCallsPlugin {
  /**
   * Makes this tab the one that runs the calls of a chat, or of all its chats. Calls that run in the tab that did so are aborted there. For a
   * person's click: two tabs that do it by themselves would take the chat from each other for ever.
   */
  takeOver(chatId?: string): void;
}

/** What a tab says of itself in the store. */
export interface SharedTab {
  /** `leading`: it runs the calls and sends. `following`: another tab does. `alone`: the browser cannot tell, and each tab does. */
  readonly role: TabRole;
  /** In a tab that follows: the chat of the one that leads is submitted or streaming. */
  readonly isBusy?: boolean;
}

/** Shares each chat, by its id, with the other tabs that have it open: one of them runs its calls and sends, all of them show it. */
export function sharedTabs(options: SharedTabsOptions = {}): SharedTabs {
  const { clock = systemClock } = options;
  const chats = new Map<string, Set<ChatTab>>();

  function report(thrown: unknown): void {
    reportTo(options.onError, 'tabs', thrown);
  }

  const onUnable = () => warnOf('tabs-alone', []);

  /** Tells of a missing part of the browser when the first chat is mounted, and not while a server renders. */
  function findParts() {
    const locks = options.locks ?? globalThis.navigator?.locks;
    const hasChannels = options.openChannel !== undefined || typeof BroadcastChannel === 'function';
    const openChannel = options.openChannel ?? ((name: string) => new BroadcastChannel(name));
    return locks === undefined || !hasChannels ? undefined : { locks, openChannel };
  }

  return {
    name: NAME,
    forChat(chatId) {
      const parts = findParts();
      if (parts === undefined) {
        return {
          name: NAME,
          connect(host) {
            onUnable();
            host.record({ role: 'alone' });
          },
        };
      }
      const tab = createChatTab({ ...parts, clock, report, onUnable }, chatId);
      return {
        ...tab,
        connect(host) {
          const open = chats.get(chatId) ?? new Set();
          chats.set(chatId, open.add(tab));
          const disconnect = tab.connect?.(host);
          return () => {
            open.delete(tab);
            disconnect?.();
          };
        },
      };
    },
    takeOver(chatId) {
      for (const [id, open] of chats) {
        if (chatId === undefined || chatId === id) for (const tab of open) tab.takeOver();
      }
    },
  };
}

/** What this tab is to the chat of a store; `undefined` without `sharedTabs`, and before the chat is mounted. */
export function selectSharedTab({ plugins }: ToolCallState): SharedTab | undefined {
  return plugins?.[NAME] as SharedTab | undefined;
}
