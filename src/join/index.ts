/** The door of `use-parallel-tools/join`: the tool calls of a chat without React. The tools and the store are in `use-parallel-tools/core`. */
export { createChatLink, type ChatLink } from './chat-link.ts';
export { joinChat, type JoinChatOptions, type JoinedChat } from './join-chat.ts';
export type { ToolCallsOptions } from '../chat/chat-context.ts';
export type { ChatSource } from '../sdk/chat-handle.ts';
export type { SettledToolCall, ToolCallsCallbacks } from '../core/settled-callbacks.ts';
export { groupMessageParts, type MessageGroup } from '../messages/message-groups.ts';
