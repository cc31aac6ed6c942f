/**
 * The door of `use-parallel-tools`: hooks, tools, components and labels. Named re-exports only.
 * A part is exported once, as a member of its family: `ToolCallCardParts.Root`. The engine is in `use-parallel-tools/core`.
 */
// ── Hooks and the chat ──────────────────────────────────────────────────────
export type { ToolCallsOptions } from './chat/chat-context.ts';
export type { ChatSource } from './sdk/chat-handle.ts';
export { describeTools, type JsonSchema, type ToolDescription } from './definitions/describe-tools.ts';
export type { SettledToolCall, ToolCallsCallbacks } from './core/settled-callbacks.ts';
export { groupMessageParts, type MessageGroup } from './messages/message-groups.ts';
export type { ToolPart } from './messages/message-parts.ts';
export { ToolCallsProvider, type ToolCallsProviderProps } from './react/tool-calls-context.ts';
export { createChatLink, type ChatLink } from './join/chat-link.ts';
export { useChatTools, type UseChatToolsOptions, type UseChatToolsResult } from './react/use-chat-tools.ts';
export {
  useParallelTools,
  type ParallelToolsState,
  type ToolsUIMessage,
  type UseParallelToolsOptions,
  type UseParallelToolsResult,
} from './react/use-parallel-tools.ts';
export { createToolRegistry, type ToolRegistration, type ToolRegistry } from './core/tool-registry.ts';
export { useClientTool, useToolAvailability, type UseClientToolOptions } from './react/use-client-tool.ts';
export { useToolInput, type ToolInput } from './react/use-tool-input.ts';
export {
  useDirectBatches,
  useToolBatch,
  useToolCall,
  useToolCalls,
  type ToolBatchHandle,
  type ToolCallHandle,
} from './react/use-tool-calls.ts';

// ── Tools ───────────────────────────────────────────────────────────────────
export {
  ToolCallError,
  type ToolCallCancelledBy,
  type ToolCallErrorKind,
  type ToolCallErrorOptions,
  type ToolCallInterruption,
} from './core/errors.ts';
export {
  clientTool,
  toolDefinitions,
  withPolicy,
  type ClientTool,
  type ClientToolDescription,
  type ClientToolExecute,
  type ClientToolExecutionOptions,
  type ReconcileOptions,
  type RedactOptions,
  type ToolDefinitions,
  type ToolLocks,
  type ToolPolicies,
  type ToolPolicy,
  type ToolRateLimit,
  type UndoOptions,
  type ToolCoalescing,
  type ExecuteManyOptions,
  type ClientToolExecuteMany,
} from './core/tool.ts';
export type {
  OutgoingRequest,
  PendingCall,
  ChatCommand,
  ChatFunction,
  FilledInput,
  PluginHost,
  RecalledCall,
  Recollection,
  ToolCallsPlugin,
} from './core/plugins.ts';
export { callReports } from './core/call-reports.ts';
export type { ToolPartRef } from './core/tool-part.ts';
export type { CancelTimer, Clock } from './core/clock.ts';
export type { ResolvedToolPolicy } from './core/policy.ts';
export type { ToolPolicyDefaults } from './core/policy-sources.ts';

// ── Calls, as hooks and components show them ────────────────────────────────
export type { DisplayedToolCall, MessageToolBatch, StreamingToolCall } from './core/message-batch.ts';
export type { RetryBlock, ToolBatchCounts, ToolBatchStatus, ToolBatchTimes } from './core/selectors.ts';
export type {
  ToolCallEventListener,
  ToolCallState,
  ToolCallStore,
  ToolCallStoreEvent,
} from './core/tool-call-store.ts';
export type { ToolBatchEvent } from './core/tool-batch-event.ts';
export type {
  AwaitingApprovalToolCall,
  AwaitingInputToolCall,
  CancelledToolCall,
  DeniedToolCall,
  DirectToolCall,
  FailedToolCall,
  InterruptedToolCall,
  NewToolCall,
  PluginFacts,
  QueuedToolCall,
  RetryingToolCall,
  ReusedResult,
  RunningToolCall,
  SucceededToolCall,
  ToolBatch,
  ToolBatchHalt,
  ToolBatchKey,
  ToolBatchRetryBlock,
  ToolCall,
  ToolCallAttempt,
  ToolCallBase,
  ToolCallEnding,
  ToolCallEvent,
  ToolCallKey,
  ToolCallProgress,
  ToolCallRun,
  ToolCallStatus,
  ToolCallVariant,
  ToolCallWait,
} from './core/tool-call.ts';
export type { CacheableCall, CacheControls, ResultCache } from './core/result-cache.ts';
export type { DirectCallOptions } from './core/direct-calls.ts';
export type {
  ApproveOptions,
  ChangedInput,
  DenyOptions,
  InvalidateFilter,
  KnownToolResult,
  RememberFor,
  ModelReading,
  ToolBatchRef,
  ToolCallRef,
  ToolCalls,
  ToolCallsCommand,
} from './core/tool-calls.ts';

// ── Components ──────────────────────────────────────────────────────────────
export { ToolCallCard, type ToolCallCardProps } from './components/card/card.tsx';
export * as ToolCallCardParts from './components/card/card.parts.ts';
export { useToolCallCard, type ToolCallCardContextValue } from './components/card/context.tsx';
export type { ToolCallCardSectionProps } from './components/card/body.tsx';
export type { ToolCallCardRendererProps } from './components/card/renderer.tsx';
export type { ToolCallCardButtonProps } from './components/card/buttons.tsx';
export type { ToolCallCardCopyProps } from './components/card/copy.tsx';
export type { ToolCallCardFrameProps, ToolCallCardRootProps, ToolCallSource } from './components/card/root.tsx';
export type {
  ToolCallEditProps,
  ToolCallInputProps,
  ToolCallOutputProps,
  ToolCallRenderer,
  ToolCallRenderers,
  ToolCallRespondProps,
} from './react/renderers.ts';
export {
  MessageToolCalls,
  type DisplayedMessageGroup,
  type MessageToolCallsProps,
} from './components/group/message-tool-calls.tsx';
export { ToolCallGroup, type ToolCallGroupProps } from './components/group/group.tsx';
export * as ToolCallGroupParts from './components/group/group.parts.ts';
export type { ToolCallGroupButtonProps } from './components/group/buttons.tsx';
export type { ToolCallGroupListProps } from './components/group/list.tsx';
export type { ToolCallGroupRootProps } from './components/group/root.tsx';
export { ToolCallTimeline, type ToolCallTimelineProps } from './components/timeline/timeline.tsx';
export * as ToolCallTimelineParts from './components/timeline/timeline.parts.ts';
export type { ToolCallTimelineRootProps } from './components/timeline/root.tsx';
export type { ToolCallTimelineListProps, ToolCallTimelineRowProps } from './components/timeline/row.tsx';
export { ToolCallImages, type ToolCallImagesProps } from './components/value/images.tsx';
export { ToolCallValue, type ToolCallValueProps } from './components/value/value.tsx';
export type { ToolCallButtonVariant, ToolCallDensity } from './components/part/attributes.ts';
export type { PartComponent } from './components/part/create-part.tsx';
export type { PartElements, PartProps } from './components/part/part-element.tsx';

// ── Labels ──────────────────────────────────────────────────────────────────
export { createDurationFormat, type DurationFormat, type DurationUnits } from './components/words/format-duration.ts';
export {
  ToolCallLabelsProvider,
  useToolCallLabels,
  type ToolCallLabelsProviderProps,
} from './components/words/labels-provider.tsx';
export {
  englishLabels,
  type ToolCallAction,
  type ToolCallLabels,
  type ToolCallLabelsOverride,
} from './components/words/labels.ts';
export type { TimelineUnit } from './components/spans/scale.ts';
export type { TimelinePhase } from './components/spans/spans.ts';
