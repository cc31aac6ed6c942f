/**
 * Owns what a runner is to those who use it: the chat bridge (`ChatRunner`), or a page without a chat (`ToolRunner`).
 */
import type { ToolCallCancelledBy, ToolCallError, ToolCallInterruption } from './errors.ts';
import type { ToolRunnerOptions } from './runner-settings.ts';
import type { ToolCallState, ToolCallStore, ToolCallStoreEvent } from './tool-call-store.ts';
import type { DirectToolCall, ToolBatchKey, ToolCall, ToolCallEnding, ToolCallKey } from './tool-call.ts';
import type { ToolBatchRef, ToolCallRef, ToolCalls } from './tool-calls.ts';

/** A call for the runner. */
export interface RunnerCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
  /** What the model had sent, where a person has put `input` in its place before a reload. Not `undefined`. */
  readonly modelInput?: unknown;
  /** What people call the tool. @default the `title` of the tool, if it has one */
  readonly title?: string | undefined;
}

export interface AddCallOptions {
  /** `'interrupted'`: found pending after a reload; waits for `run` or `skip`. @default 'queued' */
  readonly status?: 'queued' | 'interrupted';
  /** What is known of an interrupted call. */
  readonly interruption?: ToolCallInterruption | undefined;
  /** The key that the call had before a reload. @default made of the call's key */
  readonly idempotencyKey?: string | undefined;
  /** Where a tool reads `messages` from; called only if it does. */
  readonly messages?: () => readonly unknown[];
  /** The page has said yes already. */
  readonly approved?: boolean;
  /** The server asks for a person's yes: nothing starts before `approve`. */
  readonly approvalAsked?: boolean;
  /** The server has signed the input with its question: a person cannot change it. */
  readonly inputSigned?: boolean;
}

/** Runs tool calls. Its commands are those of {@link ToolCalls}. */
export interface ToolRunner extends ToolCalls, ChatRunner {
  /** Runs calls as one batch and gives their final records, in the order given. Never rejects for what a tool does. */
  runCalls(calls: readonly RunnerCall[]): Promise<ToolCall[]>;
}

/** Runs the tool calls of a chat, which gives answers of its own to what is left out. */
export interface ChatRunner extends Omit<ToolCalls, 'call' | 'modelResultOf'> {
  /** The idempotency key that the tool of a call is given. */
  idempotencyKeyOf(call: ToolCallRef): string | undefined;
  /** Opens a batch, to which `addCall` may add until `endStep`; one that has ended goes on (its answer is replayed). Twice is once. */
  openBatch(messageId: string, step: number, direct?: DirectToolCall): ToolBatchKey;
  /** Adds a call to an open batch and starts it as soon as it may. A call that is there is not added twice. */
  addCall(batchKey: ToolBatchKey, call: RunnerCall, options?: AddCallOptions): ToolCallKey;
  /** Adds a call whose end is known: it failed before it reached the client, or ended before a reload. Nothing runs. */
  addEndedCall(batchKey: ToolBatchKey, call: RunnerCall, ending: ToolCallEnding): void;
  /** The model's answer is complete: calls that waited for the end of the step may start. */
  endStep(batchKey: ToolBatchKey): void;
  /** The answer broke off: what has not started is cancelled, what runs goes on. */
  abandonStep(batchKey: ToolBatchKey): void;
  /**
   * Holds a call until `approve`: the server asks for it, or nobody knows whether the answer is complete (`why`). One that has
   * begun, and is safe to repeat, is stopped and begins again then. `signed`: with its input.
   */
  requireApproval(call: ToolCallRef, why?: 'unknown-end' | 'signed'): void;
  /** Somebody else has answered a call: it ends with that, whatever its status. What has not started never starts, what runs is aborted. */
  overrule(call: ToolCallRef, ending: ToolCallEnding, by: 'server' | 'page'): void;
  /** Asks the plugins again which calls that have not started need a person's yes. */
  reconsider(): void;
  /** Whether no call may start for now: what runs goes on. */
  setSuspended(suspended: boolean): void;
  /** Cancels every open call, saying who did. Of calls that no answer made (`direct`) only a person does, and the page when it goes. */
  abort(by: ToolCallCancelledBy, batch?: ToolBatchRef): void;
  /**
   * The message of a batch is known by another id now: its calls go on under their new keys, and commands that name an old key still
   * reach them. Nothing happens where the new key is another batch's. Returns the key that the batch has.
   */
  moveBatch(batchKey: ToolBatchKey, messageId: string): ToolBatchKey;
  /**
   * Waits in the line for what a call that has ended had, its locks and a slot, behind the calls that are there. `then` gets its parsed input once it
   * has them. Returns what gives them back, or leaves the line; nothing where there is no such call.
   */
  takeTurn(call: ToolCallRef, then: (input: unknown) => void): (() => void) | undefined;
  /** The key that a call or batch has now. */
  currentKey(ref: ToolCallRef | ToolBatchRef): string;
  /** Aborts a batch and takes it out of the store. */
  forget(batchKey: ToolBatchKey): void;
  /** The state to look at but not to keep, as {@link ToolCallStore.peek}: what `store.getState()` gave is copied when it changes. */
  peek(): ToolCallState;
  /** Whether any call of the conversation has no final result, or is held. */
  hasOpenCalls(): boolean;
  /** Whether every call of a batch has its final result and none is held. */
  isFinished(batchKey: ToolBatchKey): boolean;
  /** What a call of a tool that is not there fails with. */
  explainMissing(toolName: string): ToolCallError;
  /** Tools of the registry have come or gone: calls of those that have gone end as their policies say. @throws TypeError as at creation */
  noteTools(): void;
  /** Calls `listener` whenever tools of the registry may have come or gone. Returns what ends that, for a registry that others have too. */
  watchTools(listener: () => void): (() => void) | undefined;
  /** New tools, limits and defaults, for calls that come from now on. @throws TypeError as at creation */
  setOptions(options: Omit<ToolRunnerOptions, 'clock' | 'store' | 'plugins' | 'registry'>): void;
  /** Takes over records that were made elsewhere, without events. Calls of this runner go on, unseen. */
  mirror: ToolCallStore['mirror'];
  /** Applies events of its owner, such as a batch's halt. */
  dispatch(...events: readonly ToolCallStoreEvent[]): void;
}
