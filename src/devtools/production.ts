/**
 * The door of `use-parallel-tools/devtools/production`: the devtools wherever they are imported. A production build has no register of chats, so each chat that they are
 * to show is given `toolCallsDevtools()` among its `plugins`.
 */
import { DEVTOOLS_NAME, joinPageChats } from '../core/page-chats.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';

export {
  Devtools as ToolCallsDevtools,
  DevtoolsPanel as ToolCallsDevtoolsPanel,
  type ToolCallsDevtoolsPanelProps,
  type ToolCallsDevtoolsProps,
} from './devtools.tsx';

/** Shows the tool calls of a chat in the devtools, in production too. */
export function toolCallsDevtools(): ToolCallsPlugin {
  return { name: DEVTOOLS_NAME, forChat: () => joinPageChats() };
}
