/** The door of `use-parallel-tools`: hooks, components, tools, and the core that they stand on. Named re-exports only. */
// ── Hooks and the chat ──────────────────────────────────────────────────────
export type { ChatBridgeOptions } from './chat/chat-options.ts';
export type { ChatSource } from './chat/chat-handle.ts';
export { describeTools, type JsonSchema, type ToolDescription } from './chat/describe-tools.ts';
export type { SettledCallbacks, SettledToolCall } from './chat/settled-callbacks.ts';
export { groupMessageParts, type MessageGroup } from './chat/message-groups.ts';
export type { ToolPart } from './chat/message-parts.ts';
export { ToolCallsProvider, type ToolCallsProviderProps } from './react/tool-calls-context.ts';
export { createChatLink, type ChatLink } from './react/chat-link.ts';
export { useChatTools, type UseChatToolsOptions, type UseChatToolsResult } from './react/use-chat-tools.ts';
export {
  useParallelTools,
  type ParallelToolsState,
  type ToolsUIMessage,
  type UseParallelToolsOptions,
  type UseParallelToolsResult,
} from './react/use-parallel-tools.ts';
export {
  useToolBatch,
  useToolCall,
  useToolCalls,
  type ToolBatchHandle,
  type ToolCallHandle,
} from './react/use-tool-calls.ts';

// ── Components ──────────────────────────────────────────────────────────────
export type { ToolCallDensity } from './components/part/attributes.ts';
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
export type {
  ToolCallInputProps,
  ToolCallOutputProps,
  ToolCallRenderer,
  ToolCallRenderers,
  ToolCallRespondProps,
} from './components/card/renderers.ts';
export { ToolCallCard, type ToolCallCardProps } from './components/card/card.tsx';
export {
  ToolCallCardAttempts,
  ToolCallCardContent,
  ToolCallCardError,
  ToolCallCardFooter,
  ToolCallCardInput,
  ToolCallCardNote,
  ToolCallCardOutput,
  ToolCallCardQuestion,
  ToolCallCardSection,
  type ToolCallCardSectionProps,
} from './components/card/body.tsx';
export {
  ToolCallCardApprove,
  ToolCallCardCancel,
  ToolCallCardDeny,
  ToolCallCardRetry,
  ToolCallCardRun,
  ToolCallCardSend,
  ToolCallCardSkip,
  type ToolCallCardButtonProps,
} from './components/card/buttons.tsx';
export { ToolCallCardCopy, type ToolCallCardCopyProps } from './components/card/copy.tsx';
export { useToolCallCard, type ToolCallCardContextValue } from './components/card/context.tsx';
export { ToolCallCardDetail } from './components/card/detail.tsx';
export {
  ToolCallCardActions,
  ToolCallCardChevron,
  ToolCallCardHeader,
  ToolCallCardIcon,
  ToolCallCardName,
  ToolCallCardProgress,
  ToolCallCardStatus,
  ToolCallCardTime,
  ToolCallCardTrigger,
} from './components/card/head.tsx';
export { ToolCallCardRespond } from './components/card/respond.tsx';
export {
  ToolCallCardRoot,
  type ToolCallCardFrameProps,
  type ToolCallCardRootProps,
  type ToolCallSource,
} from './components/card/root.tsx';
export * as ToolCallCardParts from './components/card/card.parts.ts';
export { ToolCallGroup, type ToolCallGroupProps } from './components/group/group.tsx';
export { ToolCallGroupAnnouncer } from './components/group/announcer.tsx';
export {
  ToolCallGroupApproveAll,
  ToolCallGroupCancel,
  ToolCallGroupRetryFailed,
  type ToolCallGroupButtonProps,
} from './components/group/buttons.tsx';
export {
  ToolCallGroupActions,
  ToolCallGroupChevron,
  ToolCallGroupHeader,
  ToolCallGroupIcon,
  ToolCallGroupMeta,
  ToolCallGroupSaved,
  ToolCallGroupSummary,
  ToolCallGroupTime,
  ToolCallGroupTitle,
  ToolCallGroupTrigger,
} from './components/group/head.tsx';
export { ToolCallGroupList, type ToolCallGroupListProps } from './components/group/list.tsx';
export { ToolCallGroupProgress } from './components/group/progress.tsx';
export { ToolCallGroupRoot, type ToolCallGroupRootProps } from './components/group/root.tsx';
export * as ToolCallGroupParts from './components/group/group.parts.ts';
export { ToolCallImages, type ToolCallImagesProps } from './components/value/images.tsx';
export {
  MessageToolCalls,
  type DisplayedMessageGroup,
  type MessageToolCallsProps,
} from './components/group/message-tool-calls.tsx';
export { ToolCallTimeline, type ToolCallTimelineProps } from './components/timeline/timeline.tsx';
export { ToolCallTimelineAxis, ToolCallTimelineLegend, ToolCallTimelineSummary } from './components/timeline/axis.tsx';
export { ToolCallTimelineRoot, type ToolCallTimelineRootProps } from './components/timeline/root.tsx';
export {
  ToolCallTimelineLabel,
  ToolCallTimelineList,
  ToolCallTimelineRow,
  ToolCallTimelineTime,
  ToolCallTimelineTrack,
  type ToolCallTimelineListProps,
  type ToolCallTimelineRowProps,
} from './components/timeline/row.tsx';
export * as ToolCallTimelineParts from './components/timeline/timeline.parts.ts';
export { ToolCallValue, type ToolCallValueProps } from './components/value/value.tsx';

// ── Tools and calls ─────────────────────────────────────────────────────────
export { systemClock, type CancelTimer, type Clock } from './core/clock.ts';
export {
  ToolCallError,
  type ToolCallCancelledBy,
  type ToolCallErrorKind,
  type ToolCallErrorOptions,
} from './core/errors.ts';
export type { DisplayedToolCall, MessageToolBatch, StreamingToolCall } from './core/message-batch.ts';
export type { ToolPolicyDefaults } from './core/policy.ts';
export { createScheduler, type ScheduleRequest, type Scheduler, type SchedulerOptions } from './core/scheduler.ts';
export {
  countCalls,
  isBatchSettled,
  listCalls,
  measureCall,
  measureCalls,
  selectIsRunning,
  selectRetryBlock,
  selectToolBatch,
  selectToolCall,
  selectToolCalls,
  toBatchStatus,
  type RetryBlock,
  type ToolBatchCounts,
  type ToolBatchStatus,
  type ToolBatchTimes,
} from './core/selectors.ts';
export {
  clientTool,
  toolDefinitions,
  withPolicy,
  type ClientTool,
  type ClientToolExecute,
  type ClientToolExecutionOptions,
  type ToolDefinitions,
  type ToolLocks,
  type ToolPolicies,
  type ToolPolicy,
  type ToolRateLimit,
} from './core/tool.ts';
export {
  createToolCallStore,
  type ToolCallEventListener,
  type ToolCallState,
  type ToolCallStore,
  type ToolCallStoreEvent,
} from './core/tool-call-store.ts';
export {
  createToolBatchKey,
  createToolCallKey,
  isAwaitingPerson,
  isSettled,
  type AwaitingApprovalToolCall,
  type AwaitingInputToolCall,
  type CancelledToolCall,
  type DeniedToolCall,
  type FailedToolCall,
  type InterruptedToolCall,
  type QueuedToolCall,
  type RetryingToolCall,
  type RunningToolCall,
  type SucceededToolCall,
  type ToolBatch,
  type ToolBatchEvent,
  type ToolBatchHalt,
  type ToolBatchKey,
  type ToolBatchRetryBlock,
  type ToolCall,
  type ToolCallAttempt,
  type ToolCallEvent,
  type ToolCallKey,
  type ToolCallProgress,
  type ToolCallStatus,
  type ToolCallWait,
} from './core/tool-call.ts';
export type { ToolBatchRef, ToolCallRef, ToolCalls } from './core/tool-calls.ts';
export {
  createToolRunner,
  type AddCallOptions,
  type RunnerCall,
  type ToolRunner,
  type ToolRunnerOptions,
} from './core/tool-runner.ts';
