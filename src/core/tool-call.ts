/**
 * Owns what a tool call and a batch are, and the one state machine that changes them.
 * It does not run anything and does not know the chat: runner and bridge dispatch events, `reduceToolBatch` applies them.
 */
import type { ToolCallError, ToolCallInterruption } from './errors.ts';
import type { ToolBatchKey, ToolCallKey } from './tool-call-key.ts';
import type { ToolCallWait } from './tool-call-wait.ts';

export type { ToolBatchKey, ToolCallKey } from './tool-call-key.ts';
export { isSameWait, type ToolCallWait } from './tool-call-wait.ts';
export {
  createToolBatchKey,
  createToolCallKey,
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
} from './tool-call-key.ts';

/** One invocation of a tool's `execute`. Times are epoch milliseconds. */
export interface ToolCallAttempt {
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly error?: ToolCallError;
  /** The same number on attempts that ran as one request (`executeMany`); absent on one that ran alone. */
  readonly request?: number;
}

/** What became of a call before a manual retry. Times are epoch milliseconds. */
export interface ToolCallRun {
  readonly queuedAt: number;
  readonly attempts: readonly ToolCallAttempt[];
  readonly settledAt: number;
}

/** What a tool reported of its own progress. `fraction` runs from 0 to 1. */
export interface ToolCallProgress {
  readonly fraction?: number;
  readonly message?: string;
}

/** What every call has. */
export interface ToolCallBase<TInput = unknown> {
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolCallId: string;
  readonly toolName: string;
  /** What people call the tool: the title that the server sent with the call, or else that of the page's own tool. */
  readonly title?: string;
  /** The input that runs: as the model sent it, or as a person has changed it. */
  readonly input: TInput;
  /** The input as the model sent it, where a person has changed it. */
  readonly modelInput?: unknown;
  /** The server has signed the input with its question for approval: nobody may change it. */
  readonly inputSigned?: boolean;
  /** Raised by every manual retry, starting at 0. */
  readonly generation: number;
  /** The attempts of this generation. */
  readonly attempts: readonly ToolCallAttempt[];
  /** The earlier generations that were attempted, in order; absent where there are none. */
  readonly earlierRuns?: readonly ToolCallRun[];
  /** Whether the tool's policy says `destructive`: such a call wants its own yes. */
  readonly destructive: boolean;
  /** When the call entered the store, was approved, taken up again or last retried (epoch ms). */
  readonly queuedAt: number;
  /** A person has said yes to it, or a rule in their place. */
  readonly approved?: boolean | 'by-rule';
  /** Who gave its result, where this page's tool did not: the server, or the page itself through the chat. */
  readonly answeredBy?: 'server' | 'page';
  /** What plugins have noted of it, by their names. */
  readonly plugins?: PluginFacts;
}

/** What plugins have noted, by their names. */
export type PluginFacts = Readonly<Record<string, object>>;

/** A call of one status: what it has beside the fields of every call, and none of those that only other statuses have. */
export type ToolCallVariant<TStatus extends string, TInput, TFields = unknown> = ToolCallBase<TInput> & {
  readonly status: TStatus;
} & Readonly<TFields> & {
    readonly [
      TName in Exclude<
        | 'startedAt'
        | 'settledAt'
        | 'waitingFor'
        | 'reasons'
        | 'unknownEnd'
        | 'progress'
        | 'output'
        | 'reused'
        | 'error'
        | 'retryAt'
        | 'maxAttempts'
        | 'held'
        | 'interruption',
        keyof TFields
      >
    ]?: never;
  };

export type QueuedToolCall<TInput = unknown> = ToolCallVariant<
  'queued',
  TInput,
  {
    waitingFor?: ToolCallWait;
    startedAt?: number;
  }
>;
export type AwaitingApprovalToolCall<TInput = unknown> = ToolCallVariant<
  'awaiting-approval',
  TInput,
  {
    /** Why plugins ask for the yes, in their words. */
    reasons?: readonly string[];
    /** Nobody asks for a yes: it is only not known whether the model's answer is complete. */
    unknownEnd?: boolean;
    /** Why the changed input was not taken: it did not fit the tool's `inputSchema`. */
    error?: ToolCallError;
  }
>;
export type AwaitingInputToolCall<TInput = unknown> = ToolCallVariant<
  'awaiting-input',
  TInput,
  {
    /** Why the last answer was not taken: it did not fit the tool's `outputSchema`. */
    error?: ToolCallError;
  }
>;
export type InterruptedToolCall<TInput = unknown> = ToolCallVariant<
  'interrupted',
  TInput,
  {
    /** What is known of it. Absent: it may have run. */
    interruption?: ToolCallInterruption;
  }
>;
export type RunningToolCall<TInput = unknown> = ToolCallVariant<
  'running',
  TInput,
  {
    /** The start of the first attempt. */
    startedAt: number;
    progress?: ToolCallProgress;
    /** The last preliminary output of a tool that streams (`AsyncIterable`). */
    output?: unknown;
  }
>;
export type RetryingToolCall<TInput = unknown> = ToolCallVariant<
  'retrying',
  TInput,
  {
    startedAt: number;
    /** Why the last attempt failed. */
    error: ToolCallError;
    /** When the backoff ends (epoch ms). */
    retryAt: number;
    /** How many attempts there will be at most, where `retry` is a number. */
    maxAttempts?: number;
  }
>;
export type SucceededToolCall<TInput = unknown, TOutput = unknown> = ToolCallVariant<
  'succeeded',
  TInput,
  {
    startedAt?: number;
    settledAt: number;
    output: TOutput;
    /** It did not run: an equal call brought the output (`staleTime`). */
    reused?: ReusedResult;
  }
>;
export type FailedToolCall<TInput = unknown> = ToolCallVariant<
  'failed',
  TInput,
  {
    startedAt?: number;
    settledAt: number;
    error: ToolCallError;
    /** The batch waits for a person to retry or skip this call (`onFailure: 'hold'`). */
    held?: boolean;
  }
>;
export type DeniedToolCall<TInput = unknown> = ToolCallVariant<
  'denied',
  TInput,
  {
    /** It ran, and the server denied it meanwhile. */
    startedAt?: number;
    settledAt: number;
    error: ToolCallError;
  }
>;
export type CancelledToolCall<TInput = unknown> = ToolCallVariant<
  'cancelled',
  TInput,
  {
    startedAt?: number;
    settledAt: number;
    error: ToolCallError;
  }
>;

/** Where an output comes from that was used again. */
export interface ReusedResult {
  /** When the output was there (epoch ms). */
  readonly at: number;
}

/** One tool call, discriminated on `status`; a field that a status lacks is `undefined`. */
export type ToolCall<TInput = unknown, TOutput = unknown> =
  | QueuedToolCall<TInput>
  | AwaitingApprovalToolCall<TInput>
  | AwaitingInputToolCall<TInput>
  | InterruptedToolCall<TInput>
  | RunningToolCall<TInput>
  | RetryingToolCall<TInput>
  | SucceededToolCall<TInput, TOutput>
  | FailedToolCall<TInput>
  | DeniedToolCall<TInput>
  | CancelledToolCall<TInput>;

export type ToolCallStatus = ToolCall['status'];

/** Why a batch was not sent to the model. `retry` and `resend` clear it. */
export type ToolBatchHalt = 'stopped' | 'error' | 'cut' | 'follow-up-limit' | 'new-message';

/** Why a call of this batch can no longer be retried: trimming the conversation would lose something. */
export type ToolBatchRetryBlock = 'new-message' | 'later-write';

/** Who asked for a call that no answer of the chat's model made, and who reads its result. */
export interface DirectToolCall {
  /** `'page'`, `'browser-agent'`, or a name of your own, which people read as it is. @default 'page' */
  readonly from: string;
  /** The chat's model reads of it with the user's next message, through the plugin `callReports()`. @default false */
  readonly report: boolean;
  /** Its result goes to a model, so plugins say what that reads. @default `report` */
  readonly isDisclosed: boolean;
}

/** The tool calls of one step of one assistant message, or one call that belongs to no message (`direct`). */
export interface ToolBatch {
  readonly key: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  /** Call keys in the order in which the model made the calls. */
  readonly order: readonly ToolCallKey[];
  readonly calls: Readonly<Record<ToolCallKey, ToolCall>>;
  /** `true` while the model may still add calls to this step. */
  readonly streaming: boolean;
  /** Raised each time the batch is to be sent again, starting at 0. */
  readonly generation: number;
  readonly halt?: ToolBatchHalt;
  readonly retryBlock?: ToolBatchRetryBlock;
  /** What the model was told: the generation of each call in the last request that carried the batch. Absent before the first. */
  readonly told?: Readonly<Record<ToolCallKey, number>>;
  /** The plugins that keep the batch from being sent. */
  readonly heldBy?: readonly string[];
  /** No answer made its call: `toolCalls.call` did, or somebody whom the page lets call its tools. */
  readonly direct?: DirectToolCall;
  /** What plugins have noted of it, by their names. */
  readonly plugins?: PluginFacts;
}

/** What a call is made of when it enters the store. */
export type NewToolCall = Pick<
  ToolCall,
  'key' | 'toolCallId' | 'toolName' | 'title' | 'input' | 'destructive' | 'modelInput' | 'inputSigned'
> & {
  readonly status: 'queued' | 'awaiting-approval' | 'awaiting-input' | 'interrupted';
  readonly waitingFor?: ToolCallWait;
  readonly interruption?: ToolCallInterruption;
};

/** How a call ends. */
export type ToolCallEnding =
  | { readonly type: 'call-succeeded'; readonly output: unknown; readonly reused?: ReusedResult }
  | { readonly type: 'call-failed'; readonly error: ToolCallError; readonly held?: boolean }
  | { readonly type: 'call-cancelled'; readonly error: ToolCallError }
  | { readonly type: 'approval-denied'; readonly error: ToolCallError };

/** Everything that can happen to one call. `at` is epoch milliseconds. */
export type ToolCallEvent =
  | { readonly type: 'call-added'; readonly call: NewToolCall; readonly at: number }
  | {
      readonly type: 'approval-required';
      readonly key: ToolCallKey;
      readonly reasons?: readonly string[];
      readonly unknownEnd?: boolean;
      readonly inputSigned?: boolean;
    }
  /** `input`: the person has changed it. `byRule`: no person said it, but a rule. */
  | {
      readonly type: 'approval-granted';
      readonly key: ToolCallKey;
      readonly at: number;
      readonly input?: unknown;
      readonly byRule?: boolean;
    }
  /** Nobody asks for a yes any more. */
  | { readonly type: 'approval-dropped'; readonly key: ToolCallKey; readonly at: number }
  | { readonly type: 'approval-denied'; readonly key: ToolCallKey; readonly error: ToolCallError; readonly at: number }
  | { readonly type: 'input-required'; readonly key: ToolCallKey }
  | { readonly type: 'input-rejected'; readonly key: ToolCallKey; readonly error: ToolCallError }
  | { readonly type: 'wait-changed'; readonly key: ToolCallKey; readonly waitingFor: ToolCallWait | undefined }
  | {
      readonly type: 'attempt-started';
      readonly key: ToolCallKey;
      readonly at: number;
      readonly request?: number | undefined;
    }
  | { readonly type: 'progress-reported'; readonly key: ToolCallKey; readonly progress: ToolCallProgress }
  | { readonly type: 'output-streamed'; readonly key: ToolCallKey; readonly output: unknown }
  | {
      readonly type: 'attempt-failed';
      readonly key: ToolCallKey;
      readonly error: ToolCallError;
      readonly at: number;
      readonly retryAt: number;
      readonly maxAttempts?: number;
    }
  | { readonly type: 'backoff-ended'; readonly key: ToolCallKey }
  | {
      readonly type: 'call-succeeded';
      readonly key: ToolCallKey;
      readonly output: unknown;
      readonly reused?: ReusedResult;
      readonly at: number;
    }
  | {
      readonly type: 'call-failed';
      readonly key: ToolCallKey;
      readonly error: ToolCallError;
      readonly at: number;
      readonly held?: boolean;
    }
  | { readonly type: 'call-cancelled'; readonly key: ToolCallKey; readonly error: ToolCallError; readonly at: number }
  | {
      readonly type: 'call-overruled';
      readonly key: ToolCallKey;
      readonly ending: ToolCallEnding;
      /** Who gave the result, where somebody did. */
      readonly by?: ToolCall['answeredBy'];
      /** Why an attempt that runs is aborted. */
      readonly reason: ToolCallError;
      readonly at: number;
    }
  | { readonly type: 'call-skipped'; readonly key: ToolCallKey }
  /** `input`: a person has changed it. */
  | { readonly type: 'call-retried'; readonly key: ToolCallKey; readonly at: number; readonly input?: unknown }
  | { readonly type: 'call-resumed'; readonly key: ToolCallKey; readonly at: number };

/** Whether the call has its final result. */
export function isSettled(
  call: ToolCall,
): call is SucceededToolCall | FailedToolCall | DeniedToolCall | CancelledToolCall {
  return SETTLED.has(call.status);
}

/** Whether a person has to answer before the call goes on. */
export function isAwaitingPerson(call: ToolCall): boolean {
  return (
    call.status === 'awaiting-approval' ||
    call.status === 'awaiting-input' ||
    call.status === 'interrupted' ||
    (call.status === 'failed' && call.held === true)
  );
}

const SETTLED: ReadonlySet<ToolCallStatus> = new Set(['succeeded', 'failed', 'denied', 'cancelled'] as const);
