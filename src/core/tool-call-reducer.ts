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
  type ToolCallStatus,
} from './tool-call.ts';
import type { ToolCallError } from './errors.ts';

type CallEvent = Exclude<ToolCallEvent, { type: 'call-added' }>;
/** Fields to set; one that is `undefined` goes. */
type CallFields = { readonly [TName in keyof ToolCall]?: unknown };

const OPEN = ['queued', 'awaiting-approval', 'awaiting-input', 'interrupted', 'running', 'retrying'] as const;

/** The statuses in which a call takes an event. Those that are missing here look for themselves. */
const TAKEN_IN: { readonly [TType in CallEvent['type']]?: readonly ToolCallStatus[] } = {
  'approval-required': ['queued', 'awaiting-input', 'awaiting-approval'],
  'input-required': ['queued', 'awaiting-approval', 'interrupted'],
  'input-rejected': ['awaiting-input', 'awaiting-approval'],
  'approval-granted': ['awaiting-approval'],
  'approval-dropped': ['awaiting-approval'],
  'approval-denied': OPEN,
  'wait-changed': ['queued'],
  'attempt-started': ['queued'],
  'progress-reported': ['running'],
  'output-streamed': ['running'],
  'attempt-failed': ['running'],
  'backoff-ended': ['retrying'],
  'call-succeeded': OPEN,
  'call-failed': OPEN,
  'call-cancelled': OPEN,
  'call-skipped': ['failed'],
  'call-resumed': ['interrupted'],
};

/** The next state of one call, or the same object where the event does not apply. */
function reduceToolCall(call: ToolCall, event: CallEvent): ToolCall {
  if (TAKEN_IN[event.type]?.includes(call.status) === false) return call;
  switch (event.type) {
    case 'approval-required': {
      const { reasons, unknownEnd, inputSigned = call.inputSigned } = event;
      if (call.status === 'awaiting-approval' && reasons === undefined) return call;
      return become(call, 'awaiting-approval', { reasons, unknownEnd, inputSigned });
    }
    case 'input-required':
      return become(call, 'awaiting-input');
    case 'approval-granted':
      return become(call, 'queued', {
        ...changeInput(call, event.input),
        approved: event.byRule ? ('by-rule' as const) : true,
        queuedAt: event.at,
      });
    case 'approval-dropped':
    case 'call-resumed':
      return become(call, 'queued', { queuedAt: event.at });
    case 'input-rejected':
      return set({ ...call }, { error: event.error });
    case 'wait-changed':
      return set({ ...call }, { waitingFor: event.waitingFor });
    case 'progress-reported':
      return set({ ...call }, { progress: event.progress });
    case 'output-streamed':
      return set({ ...call }, { output: event.output });
    case 'call-skipped':
      return call.held === true ? set({ ...call }, { held: undefined }) : call;
    case 'attempt-started': {
      const { at, request } = event;
      const attempts = [...call.attempts, set({ startedAt: at }, { request })];
      return become(call, 'running', { startedAt: call.startedAt ?? at, attempts });
    }
    case 'attempt-failed': {
      const { error, at, retryAt, maxAttempts } = event;
      return become(call, 'retrying', { error, retryAt, maxAttempts, attempts: endAttempt(call, at, error) });
    }
    case 'backoff-ended':
      return become(call, 'queued');
    case 'call-succeeded':
      return settle(call, 'succeeded', event.at, { output: event.output, reused: event.reused });
    case 'call-failed':
      return settle(call, 'failed', event.at, { error: event.error, held: event.held || undefined });
    case 'call-cancelled':
      return settle(call, 'cancelled', event.at, { error: event.error });
    case 'approval-denied':
      return settle(call, 'denied', event.at, { error: event.error });
    // Whatever the call came to: this is its end.
    case 'call-overruled': {
      const { ending, key, at, reason, by } = event;
      const open = become(call, 'queued', { attempts: endAttempt(call, at, reason) });
      return set(reduceToolCall(open, { ...ending, key, at }), { answeredBy: by });
    }
    case 'call-retried': {
      if (call.status === 'denied' || (!isSettled(call) && call.attempts.length === 0)) return call;
      const run = { generation: call.generation + 1, attempts: [], queuedAt: event.at, startedAt: undefined };
      return become(call, 'queued', { ...changeInput(call, event.input), ...keepRun(call), ...run });
    }
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
      const { key, status, waitingFor, interruption } = event.call;
      if (batch.calls[key] !== undefined) return batch;
      const next = thaw(batch);
      // An answer that adds to a step which was sent (no `start-step` came between) makes it one to be sent again.
      if (batch.told !== undefined) reopen(next);
      next.order.push(key);
      const { key: batchKey, messageId, step } = batch;
      const call = { ...event.call, batchKey, messageId, step, generation: 0, attempts: [], queuedAt: event.at };
      next.calls[key] = set(call, {
        waitingFor: status === 'queued' ? waitingFor : undefined,
        interruption: status === 'interrupted' ? interruption : undefined,
      }) as ToolCall; // SAFETY: the four statuses that a new call can have need no further field.
      return next;
    }
    case 'batch-opened':
      return batch;
    case 'stream-started':
    case 'stream-ended': {
      const streaming = event.type === 'stream-started';
      return batch.streaming === streaming ? batch : set(thaw(batch), { streaming });
    }
    case 'batch-halted':
      return batch.halt === event.halt ? batch : set(thaw(batch), { halt: event.halt, heldBy: undefined });
    case 'batch-told': {
      const told = Object.fromEntries(batch.order.map((key) => [key, batch.calls[key]?.generation ?? 0]));
      return set(thaw(batch), { told, heldBy: undefined });
    }
    case 'batch-reopened':
      return reopen(thaw(batch));
    case 'batch-moved':
      return batch.messageId === event.messageId ? batch : moveBatch(batch, event.messageId);
    case 'retry-blocked':
      return batch.retryBlock === event.block ? batch : set(thaw(batch), { retryBlock: event.block });
    case 'batch-held':
      return set(thaw(batch), { heldBy: event.by });
    case 'plugin-event': {
      const { callKey: key } = event;
      if (key === undefined) return set(thaw(batch), { plugins: withFacts(batch.plugins, event) });
      const call = batch.calls[key];
      return call === undefined ? batch : putCall({ ...call, plugins: withFacts(call.plugins, event) });
    }
    default: {
      const call = batch.calls[event.key];
      const next = call && reduceToolCall(call, event);
      return next === undefined || next === call ? batch : putCall(next);
    }
  }

  function putCall(call: ToolCall): ToolBatch {
    const next = thaw(batch);
    next.calls[call.key] = call;
    return next;
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
  return set(batch, { halt: undefined, told: undefined, heldBy: undefined, generation: batch.generation + 1 });
}

/** The batch under the keys that another id of its message gives. */
function moveBatch(batch: ToolBatch, messageId: string): ToolBatch {
  const key = moveToolBatchKey(batch.key, messageId);
  const move = (each: ToolCallKey) => moveToolCallKey(each, key);
  const rename = <TValue>(record: Readonly<Record<ToolCallKey, TValue>>) =>
    Object.fromEntries(Object.entries(record).map(([each, value]) => [move(each), value]));
  const moved = Object.values(batch.calls).map((call) => ({ ...call, key: move(call.key), batchKey: key, messageId }));
  const calls = Object.fromEntries(moved.map((call) => [call.key, call]));
  return {
    ...batch,
    key,
    messageId,
    order: batch.order.map(move),
    calls,
    ...(batch.told && { told: rename(batch.told) }),
  };
}

/** An empty batch, as `batch-opened` makes it. */
export function createToolBatch(messageId: string, step: number, streaming: boolean): ToolBatch {
  return { key: createToolBatchKey(messageId, step), messageId, step, order: [], calls: {}, streaming, generation: 0 };
}

/** Changes fields of an object that nobody has seen yet. */
function set<TTarget extends object>(target: TTarget, fields: object): TTarget {
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) Reflect.set(target, name, value);
    else if (name in target) Reflect.deleteProperty(target, name);
  }
  return target;
}

/** The call in another status: it keeps what every call has, and when it was begun. */
function become(call: ToolCall, status: ToolCallStatus, fields: CallFields = {}): ToolCall {
  const {
    waitingFor: _waitingFor,
    reasons: _reasons,
    unknownEnd: _unknownEnd,
    progress: _progress,
    output: _output,
    reused: _reused,
    error: _error,
    retryAt: _retryAt,
    maxAttempts: _maxAttempts,
    held: _held,
    interruption: _interruption,
    answeredBy: _answeredBy,
    settledAt: _settledAt,
    ...kept
  } = call;
  // SAFETY: the fields are those of the status.
  return set({ ...kept, status }, fields) as ToolCall;
}

function settle(call: ToolCall, status: ToolCallStatus, at: number, fields: CallFields & { error?: ToolCallError }) {
  return become(call, status, { settledAt: at, attempts: endAttempt(call, at, fields.error), ...fields });
}

/** What a person has put in the place of the input, which is the model's unless it was changed before. */
function changeInput({ input: before, modelInput = before ?? null }: ToolCall, input: unknown): CallFields {
  return input === undefined ? {} : { modelInput, input };
}

/** What a retry keeps of the run that has ended. */
function keepRun({ attempts, earlierRuns = [], queuedAt, settledAt }: ToolCall): CallFields {
  if (attempts.length === 0 || settledAt === undefined) return {};
  return { earlierRuns: [...earlierRuns, { queuedAt, attempts, settledAt }] };
}

function endAttempt({ attempts }: ToolCall, endedAt: number, error?: ToolCallError): readonly ToolCallAttempt[] {
  const last = attempts.at(-1);
  if (last === undefined || last.endedAt !== undefined) return attempts;
  return [...attempts.slice(0, -1), set({ ...last, endedAt }, { error })];
}
