/** The door of `use-parallel-tools`: hooks, components, tools. How calls run is in `use-parallel-tools/core`. */
export * from './core/index.ts';
export type { ChatBridgeOptions } from './chat/chat-bridge.ts';
export type { ChatSource } from './chat/chat-handle.ts';
export { groupMessageParts, type MessageGroup, type ToolPart } from './chat/message-parts.ts';
export { ToolCallsProvider, type ToolCallsProviderProps } from './react/tool-calls-context.ts';
export { useChatTools, type UseChatToolsOptions, type UseChatToolsResult } from './react/use-chat-tools.ts';
export {
  useParallelTools,
  type ParallelToolsState,
  type ToolsUIMessage,
  type UseParallelToolsOptions,
  type UseParallelToolsResult,
} from './react/use-parallel-tools.ts';
export { useToolCall, useToolCalls, useToolBatch, type ToolBatchHandle, type ToolCallHandle } from './react/use-tool-calls.ts';
