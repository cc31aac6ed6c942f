/**
 * Owns what a page holds in its hand: the store to read, the commands to call. Components change nothing by themselves.
 */
import type { InferToolInput, InferToolOutput, ToolSet } from 'ai';
import type { StoreApi } from 'zustand/vanilla';
import type { DirectCallOptions } from './direct-calls.ts';
import type { ResolvedToolPolicy } from './policy.ts';
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
 * Every command but `call` returns nothing, is safe to call twice, and does nothing where it does not apply.
 */
export interface ToolCalls<TTools extends ToolSet = ToolSet> {
  /** A Zustand store of every batch and call: `useStore(toolCalls.store, selector)`. */
  readonly store: StoreApi<ToolCallState>;
  /** The tools that come and go with components (`useClientTool`), if there are any; `make` makes the registry where there is none yet. */
  getRegistry(make: () => ToolRegistry): ToolRegistry;
  getRegistry(make?: () => ToolRegistry): ToolRegistry | undefined;
  /** Every tool that a call could run now: those of the options, and over them those of the registry. */
  getTools(): ToolSet;
  /** The policy of a tool that a call could run now, with every default filled in. */
  policyOf(toolName: string): ResolvedToolPolicy | undefined;
  /**
   * Calls a tool, as an answer of the model would: its input is checked, and it waits for locks, limits and a person's yes. Gives its output. The call is in the store, in a
   * batch of its own that belongs to no message (`selectDirectBatches`).
   *
   * @throws ToolCallError where the call fails, is denied or is cancelled
   */
  call<TName extends keyof TTools & string>(
    toolName: TName,
    input: InferToolInput<TTools[TName]>,
    options?: DirectCallOptions,
  ): Promise<InferToolOutput<TTools[TName]>>;
  /** What a model may read of a call, once it has settled: plugins may have taken something out of it. `undefined` where nothing is known of the call. */
  modelResultOf(call: ToolCallRef): Promise<ModelReading | undefined>;
  /** Whether `run` would run a call once more that has its result: its tool only reads, and nothing has come after it that would be lost. */
  canRunAgain(call: ToolCallRef): boolean;
  /** Calls `listener` for every event, in order; for logging. Returns the unsubscribe function. */
  subscribe(listener: ToolCallEventListener): () => void;
  /** Runs a failed or cancelled call again, before or after its result was sent; with `input`, a person's in place of the one that it had. */
  retry(call: ToolCallRef, options?: ChangedInput): void;
  /** Runs every failed call of a batch again; one follow-up carries all their results. */
  retryFailed(batch: ToolBatchRef): void;
  /**
   * Runs an interrupted call (found pending after a reload). Runs one of a `readOnly` tool that has its result once more, for a newer one: if that was sent, the conversation
   * goes back to it, as after a retry.
   */
  run(call: ToolCallRef): void;
  /** Stops a call in any state. The model reads that it was cancelled. */
  cancel(call: ToolCallRef): void;
  /** Stops every open call, or those of one batch. The model reads that they were cancelled. */
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
  /** Gives up on a held failure, an interrupted call or a question. The model reads that it failed. */
  skip(call: ToolCallRef): void;
  /** Takes back what a call has done, within its tool's `undoFor`. Does nothing without `undo()` of `use-parallel-tools/undo`. */
  undo(call: ToolCallRef): void;
  /** Sends the results of the last batch again. No tool runs. */
  resend(): void;
  /** Known results (`staleTime`) are not used again: all of them, or those that every given field fits. */
  invalidate(filter?: InvalidateFilter): void;
}

/** What a model reads of a call: its output, or the words of what went wrong. */
export type ModelReading =
  | { readonly state: 'output-available'; readonly output: unknown }
  | { readonly state: 'output-error'; readonly errorText: string };

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

export type ToolCallsCommand = keyof Omit<
  ToolCalls,
  'store' | 'getRegistry' | 'getTools' | 'policyOf' | 'modelResultOf' | 'canRunAgain' | 'subscribe'
>;

type PlainCommand = Exclude<ToolCallsCommand, 'call'>;

const COMMANDS: readonly PlainCommand[] = [
  'retry',
  'retryFailed',
  'run',
  'cancel',
  'cancelAll',
  'approve',
  'deny',
  'respond',
  'skip',
  'undo',
  'resend',
  'invalidate',
];

/** Puts `around` around each command: it is given what carries the command out. */
export function wrapCommands(
  toolCalls: Pick<ToolCalls, PlainCommand>,
  around: (run: () => void, name: ToolCallsCommand, args: readonly unknown[]) => void,
): void {
  for (const name of COMMANDS) {
    // SAFETY: the arguments go through as they came.
    const command = toolCalls[name] as (...given: unknown[]) => void;
    toolCalls[name] = (...given: unknown[]) => around(() => command(...given), name, given);
  }
}
