/**
 * Owns the state machine: how an event changes a call and its batch. Pure; an event that does not fit the call's
 * status changes nothing, so the first final result wins and a late one is dropped.
 */
import type { ToolBatchEvent } from './tool-batch-event.ts';
import {
  createToolBatchKey,
  isSettled,
  moveToolBatchKey,
  moveToolCallKey,
  type PluginFacts,
  type ToolBatch,
  type ToolCall,
  type ToolCallAttempt,
  type ToolCallEvent,
  type ToolCallKey,
} from './tool-call.ts';
import type { ToolCallError } from './errors.ts';

/** The next state of one call, or the same object where the event does not apply. */
function reduceToolCall(call: ToolCall, event: Exclude<ToolCallEvent, { type: 'call-added' }>): ToolCall {
  switch (event.type) {
    case 'approval-required': {
      const isReasoned = call.status === 'awaiting-approval' && event.reasons !== undefined;
      if (call.status !== 'queued' && call.status !== 'awaiting-input' && !isReasoned) return call;
      const { reasons, unknownEnd, inputSigned } = event;
      return {
        ...base(call),
        ...(inputSigned !== undefined && { inputSigned }),
        status: 'awaiting-approval',
        ...(reasons !== undefined && { reasons }),
        ...(unknownEnd !== undefined && { unknownEnd }),
      };
    }
    case 'input-required':
      return call.status === 'queued' || call.status === 'awaiting-approval' || call.status === 'interrupted'
        ? { ...base(call), status: 'awaiting-input' }
        : call;
    case 'input-rejected':
      return call.status === 'awaiting-input' || call.status === 'awaiting-approval'
        ? { ...call, error: event.error }
        : call;
    case 'approval-granted':
    case 'approval-dropped': {
      if (call.status !== 'awaiting-approval') return call;
      const said =
        event.type === 'approval-granted'
          ? { ...withInput(call, event.input), approved: event.byRule ? ('by-rule' as const) : true }
          : base(call);
      return { ...said, status: 'queued', queuedAt: event.at };
    }
    case 'approval-denied':
      return isSettled(call)
        ? call
        : { ...settleBase(call, event.at, event.error), status: 'denied', error: event.error };
    case 'wait-changed':
      return call.status === 'queued' ? withWait(call, event.waitingFor) : call;
    case 'attempt-started':
      return call.status === 'queued'
        ? {
            ...base(call),
            status: 'running',
            startedAt: call.startedAt ?? event.at,
            attempts: [...call.attempts, { startedAt: event.at, ...(event.request && { request: event.request }) }],
          }
        : call;
    case 'progress-reported':
      return call.status === 'running' ? { ...call, progress: event.progress } : call;
    case 'output-streamed':
      return call.status === 'running' ? { ...call, output: event.output } : call;
    case 'attempt-failed':
      return call.status === 'running'
        ? {
            ...base(call),
            status: 'retrying',
            startedAt: call.startedAt,
            error: event.error,
            retryAt: event.retryAt,
            ...(event.maxAttempts !== undefined && { maxAttempts: event.maxAttempts }),
            attempts: endAttempt(call.attempts, event.at, event.error),
          }
        : call;
    case 'backoff-ended':
      return call.status === 'retrying' ? { ...base(call), status: 'queued', startedAt: call.startedAt } : call;
    case 'call-succeeded':
      return isSettled(call)
        ? call
        : {
            ...base(call),
            status: 'succeeded',
            ...(call.startedAt !== undefined && { startedAt: call.startedAt }),
            settledAt: event.at,
            output: event.output,
            ...(event.reused !== undefined && { reused: event.reused }),
            attempts: endAttempt(call.attempts, event.at),
          };
    case 'call-failed':
      return isSettled(call)
        ? call
        : {
            ...settleBase(call, event.at, event.error),
            status: 'failed',
            error: event.error,
            ...(event.held === true && { held: true }),
          };
    case 'call-cancelled':
      return isSettled(call)
        ? call
        : { ...settleBase(call, event.at, event.error), status: 'cancelled', error: event.error };
    // Whatever the call came to: this is its end.
    case 'call-overruled': {
      const { settledAt: _, ...open } = settleBase(call, event.at, event.reason);
      const ended = reduceToolCall({ ...open, status: 'queued' }, { ...event.ending, key: event.key, at: event.at });
      return event.by === undefined ? ended : { ...ended, answeredBy: event.by };
    }
    case 'call-skipped': {
      if (call.status !== 'failed' || call.held !== true) return call;
      const { held: _, ...skipped } = call;
      return skipped;
    }
    case 'call-retried':
      return call.status === 'failed' ||
        call.status === 'cancelled' ||
        (call.attempts.length > 0 && call.status !== 'denied')
        ? {
            ...withInput(call, event.input),
            ...keepRun(call),
            status: 'queued',
            generation: call.generation + 1,
            attempts: [],
            queuedAt: event.at,
          }
        : call;
    case 'call-resumed':
      return call.status === 'interrupted' ? { ...base(call), status: 'queued', queuedAt: event.at } : call;
    default:
      return event satisfies never;
  }
}

/** A batch that may be changed. */
export type MutableToolBatch = { -readonly [TField in keyof ToolBatch]: ToolBatch[TField] } & {
  readonly order: ToolCallKey[];
  readonly calls: Record<ToolCallKey, ToolCall>;
};

/** A copy to be changed. */
export function copyToolBatch(batch: ToolBatch): MutableToolBatch {
  return { ...batch, order: [...batch.order], calls: { ...batch.calls } };
}

/**
 * The next state of a batch, or the same object where nothing changes. `thaw` gives what is to be changed: a copy, or for a store
 * that knows that nobody has seen the batch yet, the batch itself.
 */
export function reduceToolBatch(
  batch: ToolBatch,
  event: ToolCallEvent | ToolBatchEvent,
  thaw: (batch: ToolBatch) => MutableToolBatch = copyToolBatch,
): ToolBatch {
  switch (event.type) {
    case 'call-added': {
      const { key, status, waitingFor, interruption, ...rest } = event.call;
      if (batch.calls[key] !== undefined) return batch;
      const call: ToolCall = {
        ...rest,
        key,
        batchKey: batch.key,
        messageId: batch.messageId,
        step: batch.step,
        generation: 0,
        attempts: [],
        queuedAt: event.at,
        status,
        ...(waitingFor !== undefined && status === 'queued' && { waitingFor }),
        ...(interruption !== undefined && status === 'interrupted' && { interruption }),
      } as ToolCall; // SAFETY: the four statuses that a new call can have need no further field.
      const next = thaw(batch);
      // An answer that adds to a step which was sent (no `start-step` came between) makes it one to be sent again.
      if (batch.told !== undefined) reopen(next);
      next.order.push(key);
      next.calls[key] = call;
      return next;
    }
    case 'batch-opened':
      return batch;
    case 'stream-started':
      return batch.streaming ? batch : Object.assign(thaw(batch), { streaming: true });
    case 'stream-ended':
      return batch.streaming ? Object.assign(thaw(batch), { streaming: false }) : batch;
    case 'batch-halted': {
      if (batch.halt === event.halt) return batch;
      const next = thaw(batch);
      delete next.halt;
      delete next.heldBy;
      return event.halt === undefined ? next : Object.assign(next, { halt: event.halt });
    }
    case 'batch-told': {
      const told = Object.fromEntries(batch.order.map((key) => [key, batch.calls[key]?.generation ?? 0]));
      const next = thaw(batch);
      delete next.heldBy;
      return Object.assign(next, { told });
    }
    case 'batch-reopened':
      return reopen(thaw(batch));
    case 'batch-moved':
      return batch.messageId === event.messageId ? batch : moveBatch(batch, event.messageId);
    case 'retry-blocked': {
      if (batch.retryBlock === event.block) return batch;
      const next = thaw(batch);
      delete next.retryBlock;
      return event.block === undefined ? next : Object.assign(next, { retryBlock: event.block });
    }
    case 'batch-held':
      return Object.assign(thaw(batch), { heldBy: event.by });
    case 'plugin-event': {
      const { callKey: key } = event;
      if (key === undefined) return Object.assign(thaw(batch), { plugins: withFacts(batch.plugins, event) });
      const call = batch.calls[key];
      if (call === undefined) return batch;
      const next = thaw(batch);
      next.calls[key] = { ...call, plugins: withFacts(call.plugins, event) };
      return next;
    }
    default: {
      const call = batch.calls[event.key];
      const next = call && reduceToolCall(call, event);
      if (next === undefined || next === call) return batch;
      const changed = thaw(batch);
      changed.calls[event.key] = next;
      return changed;
    }
  }
}

/** The facts of all plugins, with those that one has joined to its own. */
export function withFacts(
  plugins: PluginFacts | undefined,
  { plugin, data }: { readonly plugin: string; readonly data: object },
): PluginFacts {
  return { ...plugins, [plugin]: { ...plugins?.[plugin], ...data } };
}

function reopen(batch: MutableToolBatch): MutableToolBatch {
  delete batch.halt;
  delete batch.told;
  delete batch.heldBy;
  batch.generation++;
  return batch;
}

/** The batch under the keys that another id of its message gives. */
function moveBatch(batch: ToolBatch, messageId: string): ToolBatch {
  const key = moveToolBatchKey(batch.key, messageId);
  const calls: Record<ToolCallKey, ToolCall> = {};
  for (const call of Object.values(batch.calls)) {
    const next = { ...call, key: moveToolCallKey(call.key, key), batchKey: key, messageId };
    calls[next.key] = next;
  }
  const order = batch.order.map((each) => moveToolCallKey(each, key));
  const told =
    batch.told &&
    Object.fromEntries(
      Object.entries(batch.told).map(([each, generation]) => [moveToolCallKey(each, key), generation]),
    );
  return { ...batch, key, messageId, order, calls, ...(told !== undefined && { told }) };
}

/** An empty batch, as `batch-opened` makes it. */
export function createToolBatch(messageId: string, step: number, streaming: boolean): ToolBatch {
  return { key: createToolBatchKey(messageId, step), messageId, step, order: [], calls: {}, streaming, generation: 0 };
}

function base(call: ToolCall) {
  const { key, batchKey, messageId, step, toolCallId, toolName, title, input } = call;
  const { generation, attempts, earlierRuns, destructive, queuedAt, approved, modelInput, inputSigned, plugins } = call;
  return {
    key,
    batchKey,
    messageId,
    step,
    toolCallId,
    toolName,
    ...(title !== undefined && { title }),
    input,
    ...(modelInput !== undefined && { modelInput }),
    ...(inputSigned !== undefined && { inputSigned }),
    generation,
    attempts,
    ...(earlierRuns !== undefined && { earlierRuns }),
    destructive,
    queuedAt,
    ...(approved !== undefined && { approved }),
    ...(plugins !== undefined && { plugins }),
  };
}

/** The call with the input that a person has put in the place of the one that it had, which is the model's unless it was changed before. */
function withInput(call: ToolCall, input: unknown) {
  const kept = base(call);
  return input === undefined ? kept : { modelInput: call.input ?? null, ...kept, input };
}

/** What a retry keeps of the run that has ended. */
function keepRun({ attempts, earlierRuns = [], queuedAt, settledAt }: ToolCall): Pick<ToolCall, 'earlierRuns'> {
  if (attempts.length === 0 || settledAt === undefined) return {};
  return { earlierRuns: [...earlierRuns, { queuedAt, attempts, settledAt }] };
}

function settleBase(call: ToolCall, at: number, error: ToolCallError) {
  return {
    ...base(call),
    ...(call.startedAt !== undefined && { startedAt: call.startedAt }),
    settledAt: at,
    attempts: endAttempt(call.attempts, at, error),
  };
}

function withWait(call: Extract<ToolCall, { status: 'queued' }>, waitingFor: typeof call.waitingFor): ToolCall {
  const { waitingFor: _, ...rest } = call;
  return waitingFor === undefined ? rest : { ...rest, waitingFor };
}

function endAttempt(
  attempts: readonly ToolCallAttempt[],
  endedAt: number,
  error?: ToolCallError,
): readonly ToolCallAttempt[] {
  const last = attempts.at(-1);
  if (last === undefined || last.endedAt !== undefined) return attempts;
  return [...attempts.slice(0, -1), { ...last, endedAt, ...(error !== undefined && { error }) }];
}
