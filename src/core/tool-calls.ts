/**
 * Owns what a page holds in its hand: the store to read, the commands to call. Components change nothing by themselves.
 */
import type { ToolSet } from 'ai';
import type { StoreApi } from 'zustand/vanilla';
import type { ToolCallEventListener, ToolCallState } from './tool-call-store.ts';
import type { ToolBatchKey, ToolCallKey } from './tool-call.ts';
import type { ToolRegistry } from './tool-registry.ts';

/** A call, or its key. */
export type ToolCallRef = ToolCallKey | { readonly key: ToolCallKey };
/** A batch, or its key. */
export type ToolBatchRef = ToolBatchKey | { readonly key: ToolBatchKey };

/** What a person puts in the place of a call's input. */
export interface ChangedInput {
  readonly input?: unknown;
}

/** How long an answer is remembered: for the chat, or for every chat of the page. Read by `rememberedApprovals` of `use-parallel-tools/approvals`. */
export type RememberFor = 'chat' | 'always';

/** What a person says with a yes. */
export interface ApproveOptions extends ChangedInput {
  /** Gives the same answer to the calls that it covers from now on. @default none: it is for this call */
  readonly remember?: RememberFor;
  /** A rule says yes, and no person: plugins may still ask about the call. For plugins. @default false */
  readonly byRule?: boolean;
}

/** What a person says with a no, beside the reason. */
export type DenyOptions = Pick<ApproveOptions, 'remember'>;

/**
 * The store and the commands. One stable object for the life of a chat.
 * Every command returns nothing, is safe to call twice, and does nothing where it does not apply.
 */
export interface ToolCalls {
  /** A Zustand store of every batch and call: `useStore(toolCalls.store, selector)`. */
  readonly store: StoreApi<ToolCallState>;
  /** The tools that come and go with components (`useClientTool`), if there are any; `make` makes the registry where there is none yet. */
  getRegistry(make: () => ToolRegistry): ToolRegistry;
  getRegistry(make?: () => ToolRegistry): ToolRegistry | undefined;
  /** Every tool that a call could run now: those of the options, and over them those of the registry. */
  getTools(): ToolSet;
  /** Calls `listener` for every event, in order; for logging. Returns the unsubscribe function. */
  subscribe(listener: ToolCallEventListener): () => void;
  /** Runs a failed or cancelled call again, before or after its result was sent; with `input`, a person's in place of the one that it had. */
  retry(call: ToolCallRef, options?: ChangedInput): void;
  /** Runs every failed call of a batch again; one follow-up carries all their results. */
  retryFailed(batch: ToolBatchRef): void;
  /** Runs an interrupted call (found pending after a reload). */
  run(call: ToolCallRef): void;
  /** Stops a call in any state. The model is told that it was cancelled. */
  cancel(call: ToolCallRef): void;
  /** Stops every open call, or those of one batch. The model is told that they were cancelled. */
  cancelAll(batch?: ToolBatchRef): void;
  /**
   * Approves one call, or every call of a batch that waits for approval, is not destructive, and for which no plugin asks. With `input`, the call runs with that in place of the
   * model's, if it fits the tool's `inputSchema`; the model reads what was changed. An input that the server has signed cannot be changed.
   */
  approve(ref: ToolCallRef | ToolBatchRef, options?: ApproveOptions): void;
  /** Denies a call. The model reads `reason`. */
  deny(call: ToolCallRef, reason?: string, options?: DenyOptions): void;
  /** Answers a call of a tool without `execute`. `output` is checked against the tool's `outputSchema`. */
  respond(call: ToolCallRef, output: unknown): void;
  /** Gives up on a held failure, an interrupted call or a question. The model is told that it failed. */
  skip(call: ToolCallRef): void;
  /** Sends the results of the last batch again. No tool runs. */
  resend(): void;
  /** Known results (`staleTime`) are not used again: all of them, or those that every given field fits. */
  invalidate(filter?: InvalidateFilter): void;
}

/** Which known results: those of a tool, those that were read under one of the lock keys, and those for which `predicate` says so. */
export interface InvalidateFilter {
  readonly toolName?: string;
  readonly keys?: readonly string[];
  readonly predicate?: (result: KnownToolResult) => boolean;
}

/** A result that later calls may use. */
export interface KnownToolResult {
  readonly toolName: string;
  /** The parsed input. */
  readonly input: unknown;
  /** Absent while its call is still at work. */
  readonly output?: unknown;
  /** When it was there (epoch ms). Absent while its call is still at work. */
  readonly at?: number;
}

/** The key of a call or batch, however it was given. */
export function keyOf(ref: ToolCallRef | ToolBatchRef): string {
  return typeof ref === 'string' ? ref : ref.key;
}

export type ToolCallsCommand = keyof Omit<ToolCalls, 'store' | 'getRegistry' | 'getTools' | 'subscribe'>;

const COMMANDS: readonly ToolCallsCommand[] = [
  'retry',
  'retryFailed',
  'run',
  'cancel',
  'cancelAll',
  'approve',
  'deny',
  'respond',
  'skip',
  'resend',
  'invalidate',
];

/** Puts `around` around each command: it is given what carries the command out. */
export function wrapCommands(
  toolCalls: ToolCalls,
  around: (run: () => void, name: ToolCallsCommand, args: readonly unknown[]) => void,
): void {
  for (const name of COMMANDS) {
    // SAFETY: the arguments go through as they came.
    const command = toolCalls[name] as (...given: unknown[]) => void;
    toolCalls[name] = (...given: unknown[]) => around(() => command(...given), name, given);
  }
}
