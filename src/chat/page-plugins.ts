/** Owns how devtools find a chat: in development a plugin of theirs stands beside those of the page. */
import { DEVTOOLS_NAME, joinPageChats } from '../core/page-chats.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import type { ChatBridgeOptions } from './chat-context.ts';

// The published types of src have no Node, and a page without a bundler has no `process` at all.
declare const process: { readonly env: { readonly NODE_ENV?: string | undefined } };

/** Adds the plugin through which devtools find the chat, unless the page has given it. In production it does nothing, and bundlers leave it out. */
export function joinDevtools(plugins: ToolCallsPlugin[], getOptions: () => ChatBridgeOptions): void {
  try {
    if (process.env.NODE_ENV !== 'production' && plugins.every(({ name }) => name !== DEVTOOLS_NAME)) {
      // The last one stands next to the tool: what it simulates is the tool's own doing to all others.
      const listResults = () => plugins.flatMap((plugin) => plugin.listResults?.() ?? []);
      plugins.push(joinPageChats({ getOptions, listResults }));
    }
  } catch {
    // Nobody said that this is development.
  }
}
