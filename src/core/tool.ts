/**
 * Owns what a user writes: `clientTool`, the policy fields, and what `execute` receives.
 * A client tool is an AI SDK tool with policy fields on it; any AI SDK tool works without them.
 */
import type { FlexibleSchema, InferToolInput, InferToolOutput, ModelMessage, Tool, ToolSet } from 'ai';
import type { ToolCallError } from './errors.ts';
import { misuse } from './misuse.ts';
import { readField } from './read-field.ts';
import type { ToolCallProgress } from './tool-call.ts';

/** Keys of records that a call reads or writes. Readers of a key share it; a writer is alone. */
export interface ToolLocks {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
}

/** At most `limit` starts in any `interval` milliseconds, shared by all tools with the same `key` (default: the tool's name). */
export interface ToolRateLimit {
  readonly limit: number;
  readonly interval: number;
  readonly key?: string;
}

/** Which calls of a tool with `executeMany` go together in one attempt. */
export interface ToolCoalescing {
  /** How many calls one attempt takes at most. @default Infinity */
  readonly max?: number;
  /**
   * `'step-end'`: the calls of an answer go together when it has ended. A number: milliseconds from the first ready call, while
   * the model is still writing. Calls that are ready in one task (approved or retried together) always go together.
   * @default 'step-end'
   */
  readonly wait?: 'step-end' | number;
}

/** How a tool may run. Every field is optional. A tool without them is safe, and slower than it has to be. */
export interface ToolPolicy<TInput = unknown, TOutput = unknown> {
  /** It changes nothing anywhere. MCP's `readOnlyHint`. @default false */
  readOnly?: boolean;
  /** Running it twice does no more than running it once. MCP's `idempotentHint`. @default false */
  idempotent?: boolean;
  /** It may destroy something. *Approve all* leaves such calls out. MCP's `destructiveHint`. @default false */
  destructive?: boolean;
  /**
   * `'eager'`: as soon as the input is complete, while the model is still writing. `'step-end'`: when the answer has ended without a fault.
   * `'early'`, for a tool that is `readOnly` and with the plugin `earlyStart()` of `use-parallel-tools/early`: as soon as what has streamed of the input is
   * whole JSON that fits the schema; without the plugin it is `'eager'`.
   * @default 'eager' if `readOnly` or `idempotent`, else 'step-end'
   */
  start?: 'early' | 'eager' | 'step-end';
  /** How many calls of this tool run at the same time. The hook's `concurrency` bounds all tools together. @default Infinity */
  concurrency?: number;
  /** The records a call reads and writes. Calls get their locks in call order, all keys at once. @default none */
  locks?: (input: TInput) => ToolLocks;
  /** How many calls may start in an interval. @default none */
  rateLimit?: ToolRateLimit;
  /** Names of tools: a call waits until this batch's calls of those tools have settled. @default none */
  after?: string | readonly string[];
  /** The call runs alone in its step, after the calls before it and before the calls after it. @default false */
  sequential?: boolean;
  /** Milliseconds for one attempt; waiting for a person, a slot or a lock does not count. `false` for none. @default 60_000 */
  timeout?: number | false;
  /**
   * How often a failed attempt is repeated, or a function that decides (TanStack Query's `retry`; `failureCount` starts at 0).
   * Only `execution` and `timeout` errors are retried. @default 2 if `readOnly` or `idempotent`, else 0
   */
  retry?: boolean | number | ((failureCount: number, error: ToolCallError) => boolean);
  /**
   * Milliseconds between attempts, or a function. An error's `retryAfter` (ms) or a `Response`'s `Retry-After` wins.
   * @default exponential from 1 s to 30 s with full jitter
   */
  retryDelay?: number | ((failureCount: number, error: ToolCallError) => number);
  /** Nothing runs before a person approves. @default false */
  approval?: boolean | ((input: TInput) => boolean);
  /**
   * What a remembered answer covers, in words of yours: every call of the tool with the same text, such as `customer 42`. `undefined` where an answer
   * is for this call only. A `destructive` tool without it always asks. Read by `use-parallel-tools/approvals`. @default calls with an equal input
   */
  approvalKey?: (input: TInput) => string | undefined;
  /** `'report'`: the model reads the error. `'hold'`: nothing is sent before a person retries or skips the call. @default 'report' */
  onFailure?: 'report' | 'hold';
  /** What happens to a call found pending in loaded messages. @default 'run' if `readOnly` or `idempotent`, else 'ask' */
  onReload?: 'run' | 'ask' | 'fail';
  /**
   * What becomes of its open calls when the component that offers it (`useClientTool`) is unmounted.
   * @default 'finish' if `readOnly` or `idempotent`, else 'abort'
   */
  onUnmount?: 'abort' | 'finish';
  /** Identical calls of one step share one execution. @default false */
  dedupe?: boolean;
  /**
   * Milliseconds within which a call takes the output of an earlier call with an equal parsed input, and does not run (TanStack Query's
   * `staleTime`). Only for tools that are `readOnly`. A call that writes a key which the earlier one had in `locks` makes its output stale
   * at once. While a call is at work, later equal ones wait for its result. @default 0
   */
  staleTime?: number;
  /** Which calls go together, for a tool with `executeMany`. @default no bound, and at the end of the answer */
  coalesce?: ToolCoalescing;
  /**
   * Takes back what a call has done, with the parsed input and the tool's own output. A person is offered it for `undoFor`, with `undo()` of
   * `use-parallel-tools/undo`. It runs under the call's locks and timeout.
   */
  undo?: (input: TInput, output: NoInfer<TOutput>, options: UndoOptions) => unknown;
  /** Milliseconds within which a person is offered to undo a call. `Infinity`: as long as the page lives. @default 30_000 */
  undoFor?: number;
  /** What the model may read of an error. The stack is never sent. @default the error's message */
  errorText?: (error: ToolCallError) => string;
  /**
   * Tells an output that says that the tool failed from a good one; a string is the error's message. Such an output counts as an
   * `execution` error with the output as its `cause`: it is retried as the policy says, and the model reads the error.
   * Write it after `execute`, or TypeScript does not know the output yet.
   * @default an MCP result with `isError: true`, whose text is the message
   */
  isFailure?: (output: NoInfer<TOutput>) => boolean | string;
  /**
   * What a journal may keep of a call: its input and what it came to, only the latter, or (`false`) neither, but when it started and
   * whether it ended. @default true
   */
  persist?: boolean | 'outcome-only';
  /**
   * Asks the service what became of a call that had started when the page was left, by the key that the tool was given. Gives what the tool
   * would have given, or `undefined` where that is not known: then a person decides, as they do where it throws. Asked by `toolCallJournal`.
   */
  reconcile?: (input: TInput, options: ReconcileOptions) => unknown;
  // Read by `use-parallel-tools/disclosure`.
  /** What private data an output carries, in words of yours: `['personal:address']`. @default none */
  labels?: readonly string[] | ((input: TInput, output: NoInfer<TOutput>) => readonly string[]);
  /** Its outputs are text that others wrote, such as mail, web pages and tickets. @default false */
  untrusted?: boolean;
  /** It sends data out of your own systems. MCP's `openWorldHint`. @default false */
  openWorld?: boolean;
  /** What the model reads in place of an output; the card shows the output. May give a promise. If it throws, the model reads nothing of the output. */
  redact?: (output: NoInfer<TOutput>, options: RedactOptions<TInput>) => unknown;
  /** How many bytes of JSON the model may get of one output. @default that of `disclosure` */
  maxModelBytes?: number;
  /** Makes what the model reads fit into `maxBytes`, where it is too large. @default none: the model reads an error that says so */
  shorten?: (value: unknown, options: { readonly maxBytes: number }) => unknown;
}

/** What `reconcile` receives beside the input. */
export interface ReconcileOptions {
  /** The one that the tool was given. */
  readonly idempotencyKey: string;
}

/** What `undo` receives beside the input and the output. */
export interface UndoOptions {
  readonly toolCallId: string;
  readonly toolName: string;
  /** Aborts on timeout, when the person cancels, and when the page is left; its `reason` is a `ToolCallError` whose `by` says who. */
  readonly abortSignal: AbortSignal;
  /** The same for every try to undo one call, and another one than its tool was given. */
  readonly idempotencyKey: string;
}

/** What `redact` receives beside the output. */
export interface RedactOptions<TInput = unknown> {
  readonly input: TInput;
  readonly labels: readonly string[];
}

/** What a client tool's `execute` receives beside its input: the SDK's options, and what a client run adds. */
export interface ClientToolExecutionOptions {
  toolCallId: string;
  /** The name that the tool has in the page's set. */
  toolName: string;
  /** The conversation that led to the call, as model messages; converted when read. */
  readonly messages: ModelMessage[];
  /** Aborts on timeout, cancel, stop and unmount; its `reason` is a `ToolCallError` whose `by` says who. */
  abortSignal: AbortSignal;
  /** The number of this attempt, from 1. */
  attempt: number;
  /** The same for every attempt and every manual retry of a call, and after a reload; different for two identical calls. */
  idempotencyKey: string;
  /** Shows progress on the call's card; `fraction` runs from 0 to 1. Cheap: shown with the next frame, and ten times a second at most. */
  reportProgress: (progress: ToolCallProgress) => void;
  /** Names the span of this call to a server, as the header of that name. There with `use-parallel-tools/tracing`. */
  traceparent?: string;
  /** The SDK's tool context; always empty on the client. */
  context: Record<string, never>;
}

export type ClientToolExecute<TInput, TOutput> = (
  input: TInput,
  options: ClientToolExecutionOptions,
) => AsyncIterable<TOutput> | PromiseLike<TOutput> | TOutput;

/** What `executeMany` receives beside the inputs. */
export interface ExecuteManyOptions {
  /** The name that the tool has in the page's set. */
  toolName: string;
  /** What `execute` would receive for each input, in the same order: its key, its attempt, its progress, its own signal. */
  calls: readonly ClientToolExecutionOptions[];
  /** Aborts when no call wants the request any more: each was cancelled or timed out. The last one's reason is its `reason`. */
  abortSignal: AbortSignal;
}

/** Runs several calls as one. Gives an output or an `Error` for each input, in order. What it throws fails all of them. */
export type ClientToolExecuteMany<TInput, TOutput> = (
  inputs: readonly TInput[],
  options: ExecuteManyOptions,
) => PromiseLike<readonly (TOutput | Error)[]> | readonly (TOutput | Error)[];

/** The fields of an AI SDK tool that say nothing about how it runs. */
export type ClientToolDescription<TInput, TOutput> = Pick<
  Tool<TInput, TOutput>,
  | 'description'
  | 'title'
  | 'strict'
  | 'inputExamples'
  | 'metadata'
  | 'providerOptions'
  | 'toModelOutput'
  | 'needsApproval'
> & { inputSchema: FlexibleSchema<TInput> };

/** An AI SDK tool that runs in the browser, with its policy. */
export type ClientTool<TInput = unknown, TOutput = unknown> = Tool<TInput, TOutput> &
  ToolPolicy<TInput, TOutput> & { executeMany?: ClientToolExecuteMany<TInput, TOutput> };

/**
 * Defines a tool that runs in the browser: the AI SDK's `tool` plus policy fields. With `executeMany` in place of `execute`, calls
 * that are ready together run as one. Without either a person answers.
 *
 * @throws TypeError when `inputSchema` is missing, `execute` or `executeMany` is not a function, or both are there
 */
export function clientTool<TInput, TOutput>(
  definition: ClientToolDescription<TInput, TOutput> &
    ToolPolicy<TInput, TOutput> & {
      execute: ClientToolExecute<TInput, TOutput>;
      executeMany?: undefined;
      outputSchema?: FlexibleSchema<TOutput>;
    },
): ClientTool<TInput, TOutput>;
export function clientTool<TInput, TOutput>(
  definition: ClientToolDescription<TInput, TOutput> &
    ToolPolicy<TInput, TOutput> & {
      execute?: undefined;
      executeMany: ClientToolExecuteMany<TInput, TOutput>;
      outputSchema?: FlexibleSchema<TOutput>;
    },
): ClientTool<TInput, TOutput>;
export function clientTool<TInput, TOutput>(
  definition: ClientToolDescription<TInput, TOutput> &
    ToolPolicy<TInput> & { execute?: undefined; executeMany?: undefined; outputSchema: FlexibleSchema<TOutput> },
): ClientTool<TInput, TOutput>;
export function clientTool<TInput>(
  definition: ClientToolDescription<TInput, unknown> &
    ToolPolicy<TInput> & { execute?: undefined; executeMany?: undefined; outputSchema?: undefined },
): ClientTool<TInput>;
export function clientTool(definition: object): unknown {
  expectTool('clientTool', definition);
  return definition;
}

/** Whether the page runs a tool. What it does not run a person answers, or the server. */
export function isRunByPage(tool: object | undefined): boolean {
  return typeof (readField(tool, 'execute') ?? readField(tool, 'executeMany')) === 'function';
}

/** Throws unless `tool` is something the runner can run: an object with an `inputSchema`, and one function to run it at most. */
export function expectTool(name: string, tool: unknown): asserts tool is Tool & ToolPolicy {
  if (typeof tool !== 'object' || tool === null) throw misuse('tool', name, tool);
  const inputSchema = readField(tool, 'inputSchema');
  if (inputSchema === undefined || inputSchema === null) throw misuse('input-schema', name, inputSchema);
  const functions = (['execute', 'executeMany'] as const).filter((field) => {
    const execute = readField(tool, field) ?? undefined;
    if (execute !== undefined && typeof execute !== 'function') throw misuse('execute', name, field, execute);
    return execute;
  });
  if (functions.length > 1) throw misuse('execute-twice', name);
}

/** Policies by tool name; `'*'` holds for every tool, under the tool's own entry. */
export type ToolPolicies<TTools extends ToolSet> = {
  [TName in keyof TTools]?: ToolPolicy<InferToolInput<TTools[TName]>, InferToolOutput<TTools[TName]>>;
} & {
  '*'?: ToolPolicy<never>;
};

/**
 * Adds policy to tools you did not write (MCP tools, a library's). A tool's own fields lose to the entry of its name and win
 * over `'*'`. Returns new tools; the given ones are untouched.
 *
 * @throws TypeError for a name that the set does not have
 */
export function withPolicy<TTools extends ToolSet>(tools: TTools, policies: ToolPolicies<TTools>): TTools {
  for (const name of Object.keys(policies)) {
    if (name !== '*' && !Object.hasOwn(tools, name)) throw misuse('policy-name', name, Object.keys(tools));
  }
  const everyTool = policies['*'] ?? {};
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [
      name,
      { ...everyTool, ...tool, ...(Object.hasOwn(policies, name) && policies[name]) },
    ]),
    // SAFETY: the same names, each with its own tool and more optional fields.
  ) as TTools;
}

const POLICY_FIELDS: Record<keyof ToolPolicy, true> = {
  readOnly: true,
  idempotent: true,
  destructive: true,
  start: true,
  concurrency: true,
  locks: true,
  rateLimit: true,
  after: true,
  sequential: true,
  timeout: true,
  retry: true,
  retryDelay: true,
  approval: true,
  approvalKey: true,
  onFailure: true,
  onReload: true,
  onUnmount: true,
  dedupe: true,
  staleTime: true,
  coalesce: true,
  undo: true,
  undoFor: true,
  errorText: true,
  isFailure: true,
  persist: true,
  reconcile: true,
  labels: true,
  untrusted: true,
  openWorld: true,
  redact: true,
  maxModelBytes: true,
  shorten: true,
};

/** A tool set without what only the client needs, for the server's `streamText({ tools: toolDefinitions(tools) })`. */
export type ToolDefinitions<TTools extends ToolSet> = {
  [TName in keyof TTools]: Tool<InferToolInput<TTools[TName]>, InferToolOutput<TTools[TName]>>;
};

/** Strips `execute`, `executeMany` and the policy, so that the server shows the model the tools and leaves their calls to the client. */
export function toolDefinitions<TTools extends ToolSet>(tools: TTools): ToolDefinitions<TTools> {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      expectTool(`tool \`${name}\``, tool);
      return [
        name,
        Object.fromEntries(
          Object.entries(tool).filter(
            ([field]) => !/^execute(Many)?$/.test(field) && !Object.hasOwn(POLICY_FIELDS, field),
          ),
        ),
      ];
    }),
    // SAFETY: exactly the fields that the type takes away were taken away.
  ) as ToolDefinitions<TTools>;
}
