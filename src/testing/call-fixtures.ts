/** Owns calls and batches in any state, for stories and component tests, and a store around them. No tool runs. */
import type { ToolSet } from 'ai';
import { systemClock } from '../core/clock.ts';
import {
  createCancelledError,
  DENIED_WITHOUT_REASON,
  ToolCallError,
  type ToolCallInterruption,
} from '../core/errors.ts';
import type { StreamingToolCall } from '../core/message-batch.ts';
import { createToolCallStore, type ToolCallStore } from '../core/tool-call-store.ts';
import {
  createToolBatchKey,
  createToolCallKey,
  type PluginFacts,
  type ToolBatch,
  type ToolCall,
  type ToolCallAttempt,
} from '../core/tool-call.ts';
import type { ToolCalls, ToolCallsCommand } from '../core/tool-calls.ts';
import { createToolRegistry } from '../core/tool-registry.ts';

const second = 1000;

/** What every call has. */
function base(toolName: string, input: unknown, toolCallId = toolName) {
  const batchKey = createToolBatchKey('message', 0);
  return {
    key: createToolCallKey(batchKey, toolCallId),
    batchKey,
    messageId: 'message',
    step: 0,
    toolCallId,
    toolName,
    input,
    generation: 0,
    attempts: [],
    destructive: false,
    queuedAt: systemClock.now(),
  };
}

export function streaming(toolName: string, input: unknown): StreamingToolCall {
  return { ...base(toolName, input), status: 'input-streaming' };
}

export function queued(
  toolName: string,
  input: unknown,
  waitingFor?: Extract<ToolCall, { status: 'queued' }>['waitingFor'],
): ToolCall {
  return { ...base(toolName, input), status: 'queued', ...(waitingFor && { waitingFor }) };
}

export function awaitingApproval(toolName: string, input: unknown, destructive = false): ToolCall {
  return { ...base(toolName, input), status: 'awaiting-approval', destructive };
}

/** A call that waits for a click only because nobody said how the answer ended. */
export function readyToRun(toolName: string, input: unknown, id = toolName): ToolCall {
  return { ...base(toolName, input, id), status: 'awaiting-approval', unknownEnd: true };
}

export function awaitingInput(toolName: string, input: unknown): ToolCall {
  return { ...base(toolName, input), status: 'awaiting-input' };
}

export function interrupted(toolName: string, input: unknown, interruption?: ToolCallInterruption): ToolCall {
  return { ...base(toolName, input), status: 'interrupted', ...(interruption && { interruption }) };
}

/** A call whose result a journal gave back after a reload. */
export function restored(toolName: string, input: unknown, output: unknown): ToolCall {
  return {
    ...base(toolName, input),
    status: 'succeeded',
    settledAt: epoch,
    output,
    plugins: { journal: { restored: 'settled' } },
  };
}

/** A call at work for `elapsed` milliseconds. */
export function running(
  toolName: string,
  input: unknown,
  { elapsed = 0, fraction, message }: { elapsed?: number; fraction?: number; message?: string } = {},
): ToolCall {
  const startedAt = systemClock.now() - elapsed;
  return {
    ...base(toolName, input),
    status: 'running',
    queuedAt: startedAt,
    startedAt,
    attempts: [{ startedAt }],
    progress: { ...(fraction !== undefined && { fraction }), ...(message !== undefined && { message }) },
  };
}

export function retrying(toolName: string, input: unknown, message: string, wait = 2.9 * second): ToolCall {
  const startedAt = systemClock.now() - second;
  const error = new ToolCallError('execution', message);
  return {
    ...base(toolName, input),
    status: 'retrying',
    queuedAt: startedAt,
    startedAt,
    attempts: [{ startedAt, endedAt: systemClock.now(), error }],
    error,
    retryAt: systemClock.now() + wait,
    maxAttempts: 3,
  };
}

/** A call that took `duration`, and started `after` the batch did. */
export function succeeded(
  toolName: string,
  input: unknown,
  output: unknown,
  duration = 340,
  { id = toolName, after = 0 }: { id?: string; after?: number } = {},
): ToolCall {
  const startedAt = epoch + after;
  const attempts = [{ startedAt, endedAt: startedAt + duration }];
  return {
    ...base(toolName, input, id),
    status: 'succeeded',
    queuedAt: epoch,
    startedAt,
    settledAt: startedAt + duration,
    attempts,
    output,
  };
}

/** It did not run: an equal call had brought the output so many milliseconds before. */
export function reused(toolName: string, input: unknown, output: unknown, age: number, id = toolName): ToolCall {
  return {
    ...base(toolName, input, id),
    status: 'succeeded',
    queuedAt: epoch,
    settledAt: epoch,
    output,
    reused: { at: epoch - age },
  };
}

/** A call whose attempts took `durations`, with growing waits between them. */
export function failed(
  toolName: string,
  input: unknown,
  error: ToolCallError,
  durations: readonly number[] = [300],
  held = false,
): ToolCall {
  let at = epoch;
  const attempts = durations.map<ToolCallAttempt>((duration, index) => {
    const startedAt = at + (index === 0 ? 0 : index * second);
    at = startedAt + duration;
    return { startedAt, endedAt: at, error };
  });
  return {
    ...base(toolName, input),
    status: 'failed',
    queuedAt: epoch,
    startedAt: epoch,
    settledAt: at,
    attempts,
    error,
    ...(held && { held }),
  };
}

export function denied(toolName: string, input: unknown, reason: string): ToolCall {
  return {
    ...base(toolName, input),
    status: 'denied',
    settledAt: epoch,
    error: new ToolCallError('denied', reason || DENIED_WITHOUT_REASON),
  };
}

export function cancelled(toolName: string, input: unknown, duration = 65 * second): ToolCall {
  const error = createCancelledError('user');
  const settledAt = epoch + duration;
  const attempts = [{ startedAt: epoch, endedAt: settledAt, error }];
  return {
    ...base(toolName, input),
    status: 'cancelled',
    queuedAt: epoch,
    startedAt: epoch,
    settledAt,
    attempts,
    error,
  };
}

/** When the batches of the stories started. */
export const epoch = Date.UTC(2025, 10, 20, 12);

/** A batch of these calls, in this order. */
export function createBatch(...calls: readonly ToolCall[]): ToolBatch {
  return {
    key: createToolBatchKey('message', 0),
    messageId: 'message',
    step: 0,
    order: calls.map((call) => call.key),
    calls: Object.fromEntries(calls.map((call) => [call.key, call])),
    streaming: false,
    generation: 0,
  };
}

/** The commands of `ToolCalls`. */
export type FixtureCommands = Pick<ToolCalls, ToolCallsCommand>;

/** The tool calls of a chat that has this batch. Its commands do nothing, unless they are given. */
export function createToolCalls(
  batch: ToolBatch,
  commands: Partial<FixtureCommands> = {},
  {
    tools = {},
    plugins,
    canRunAgain = () => false,
  }: { readonly tools?: ToolSet; readonly plugins?: PluginFacts; readonly canRunAgain?: ToolCalls['canRunAgain'] } = {},
): ToolCalls & Pick<ToolCallStore, 'dispatch'> {
  const { store, dispatch, subscribe } = createToolCallStore({
    batches: { [batch.key]: batch },
    ...(plugins && { plugins }),
  });
  const registry = createToolRegistry();
  const nothing = () => undefined;
  return {
    store,
    dispatch,
    subscribe,
    getRegistry: () => registry,
    getTools: () => tools,
    policyOf: nothing,
    canRunAgain,
    call: async () => undefined as never,
    modelResultOf: async () => undefined,
    retry: nothing,
    retryFailed: nothing,
    run: nothing,
    cancel: nothing,
    cancelAll: nothing,
    approve: nothing,
    deny: nothing,
    respond: nothing,
    skip: nothing,
    undo: nothing,
    resend: nothing,
    invalidate: nothing,
    ...commands,
  };
}
