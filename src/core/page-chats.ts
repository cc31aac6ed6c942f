/**
 * Owns the register of the chats on a page, which devtools read, and the plugin with which a chat joins it. It shows nothing and keeps nothing: without
 * devtools a chat that has joined is one entry in a set.
 */
import type { ToolSet } from 'ai';
import type { PluginHost, ToolCallsPlugin } from './plugins.ts';
import type { ToolPolicyDefaults } from './policy-sources.ts';
import type { KnownToolResult } from './tool-calls.ts';

/** A chat of the page. Devtools set `execute` and `request` while they want to take part in it. */
export interface PageChat extends Pick<ToolCallsPlugin, 'execute' | 'request'> {
  readonly host: PluginHost;
  /** What no plugin is told. Absent where the page itself gave the plugin. */
  readonly details: PageChatDetails | undefined;
}

/** What devtools show of a chat beside what a plugin is told. */
export interface PageChatDetails {
  getOptions(): ToolPolicyDefaults & { readonly tools: ToolSet; readonly concurrency?: number | undefined };
  /** What its plugins keep of results, to be used again. */
  listResults(): readonly KnownToolResult[];
}

/** The chats that are mounted. */
export interface PageChats {
  readonly chats: ReadonlySet<PageChat>;
  /** Calls back when a chat joins or leaves. */
  subscribe(listener: () => void): () => void;
  join(chat: PageChat): () => void;
}

/** Names the plugin, and its facts on calls. */
export const DEVTOOLS_NAME = 'devtools';

const PLACE = Symbol.for('use-parallel-tools.page-chats');

/** The one register of the page, however many copies of this module it has. */
export function getPageChats(): PageChats {
  const page = globalThis as { [PLACE]?: PageChats };
  return (page[PLACE] ??= createPageChats());
}

function createPageChats(): PageChats {
  const chats = new Set<PageChat>();
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());
  return {
    chats,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    join(chat) {
      chats.add(chat);
      tell();
      return () => {
        chats.delete(chat);
        tell();
      };
    },
  };
}

/** The plugin with which one chat joins the register while it is mounted. */
export function joinPageChats(details?: PageChatDetails): ToolCallsPlugin {
  let chat: PageChat | undefined;
  return {
    name: DEVTOOLS_NAME,
    // Read at each use: a member that is missing costs nothing.
    get execute() {
      return chat?.execute;
    },
    get request() {
      return chat?.request;
    },
    connect(host) {
      chat = { host, details };
      const leave = getPageChats().join(chat);
      return () => {
        chat = undefined;
        leave();
      };
    },
  } as ToolCallsPlugin; // SAFETY: a getter that gives `undefined` stands for a member that is missing.
}
