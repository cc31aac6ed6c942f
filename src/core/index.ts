/** The door of `use-parallel-tools/core`: how calls run, without React and without a chat. */
export type { ToolBatchEvent } from './tool-batch-event.ts';
export { systemClock, type CancelTimer, type Clock } from './clock.ts';
export {
  ToolCallError,
  type ToolCallCancelledBy,
  type ToolCallErrorKind,
  type ToolCallErrorOptions,
  type ToolCallInterruption,
} from './errors.ts';
export type { DisplayedToolCall, MessageToolBatch, StreamingToolCall } from './message-batch.ts';
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
} from './plugins.ts';
export type { ToolPart, ToolPartRef } from './tool-part.ts';
export type { ToolPolicyDefaults } from './policy-sources.ts';
export type { ResolvedToolPolicy } from './policy.ts';
export {
  countCalls,
  isBatchSettled,
  listCalls,
  measureCall,
  measureCalls,
  selectDirectBatches,
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
} from './selectors.ts';
export {
  clientTool,
  toolDefinitions,
  withPolicy,
  type ClientTool,
  type ClientToolDescription,
  type ClientToolExecute,
  type ClientToolExecuteMany,
  type ClientToolExecutionOptions,
  type ReconcileOptions,
  type ExecuteManyOptions,
  type ToolCoalescing,
  type RedactOptions,
  type ToolDefinitions,
  type ToolLocks,
  type ToolPolicies,
  type ToolPolicy,
  type ToolRateLimit,
  type UndoOptions,
} from './tool.ts';
export type { ToolRegistration, ToolRegistry } from './tool-registry.ts';
export {
  createToolCallStore,
  type ToolCallEventListener,
  type ToolCallState,
  type ToolCallStore,
  type ToolCallStoreEvent,
} from './tool-call-store.ts';
export {
  createToolBatchKey,
  createToolCallKey,
  isAwaitingPerson,
  isSettled,
  type AwaitingApprovalToolCall,
  type AwaitingInputToolCall,
  type CancelledToolCall,
  type DeniedToolCall,
  type DirectToolCall,
  type FailedToolCall,
  type InterruptedToolCall,
  type NewToolCall,
  type PluginFacts,
  type QueuedToolCall,
  type RetryingToolCall,
  type ReusedResult,
  type RunningToolCall,
  type SucceededToolCall,
  type ToolBatch,
  type ToolBatchHalt,
  type ToolBatchKey,
  type ToolBatchRetryBlock,
  type ToolCall,
  type ToolCallAttempt,
  type ToolCallBase,
  type ToolCallEnding,
  type ToolCallEvent,
  type ToolCallKey,
  type ToolCallProgress,
  type ToolCallRun,
  type ToolCallStatus,
  type ToolCallVariant,
  type ToolCallWait,
} from './tool-call.ts';
export type { CacheableCall, CacheControls, ResultCache } from './result-cache.ts';
export type { DirectCallOptions } from './direct-calls.ts';
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
} from './tool-calls.ts';
export type { AddCallOptions, ChatRunner, RunnerCall, ToolRunner } from './runner-interface.ts';
export type { ToolRunnerOptions } from './runner-settings.ts';
export { createToolRunner } from './standalone-runner.ts';
