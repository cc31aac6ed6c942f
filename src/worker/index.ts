/** The door of `use-parallel-tools/worker`: tools that run in workers. `workerTool` is for the page, `exposeTools` for the worker's file. */
export {
  exposeTools,
  transfer,
  type WorkerScope,
  type WorkerToolExecute,
  type WorkerToolOptions,
} from './expose-tools.ts';
export { workerTool, type WorkerToolDefinition } from './worker-tool.ts';
export type {
  ClientTool,
  ClientToolDescription,
  ClientToolExecutionOptions,
  ClientToolExecuteMany,
  ExecuteManyOptions,
  ReconcileOptions,
  RedactOptions,
  ToolCoalescing,
  ToolLocks,
  ToolPolicy,
  ToolRateLimit,
  UndoOptions,
} from '../core/tool.ts';
export type { ToolCallProgress } from '../core/tool-call.ts';
export type { ToolCallCancelledBy, ToolCallError, ToolCallErrorKind, ToolCallErrorOptions } from '../core/errors.ts';
