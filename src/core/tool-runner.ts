/**
 * Owns which calls there are, and the commands: it begins and ends their lives (`tool-call-life.ts`). Usable without React and
 * without a chat; it decides nothing about the conversation.
 */
import type { ToolSet } from 'ai';
import { systemClock, type Clock } from './clock.ts';
import { createCancelledError, createInterruptedError, ToolCallError, type ToolCallCancelledBy } from './errors.ts';
import { expectCount } from './expect.ts';
import { resolvePolicies, UNKNOWN_TOOL_POLICY, type ResolvedToolPolicy, type ToolPolicyDefaults } from './policy.ts';
import { createToolCallLife } from './tool-call-life.ts';
import { createToolCallTask, identityOf, type TaskBatch, type ToolCallTask } from './tool-call-task.ts';
import { createToolCallStore, type ToolCallStore, type ToolCallStoreEvent } from './tool-call-store.ts';
import { createToolBatchKey, createToolCallKey, type ToolBatchKey, type ToolCall, type ToolCallKey } from './tool-call.ts';
import { keyOf, type ToolBatchRef, type ToolCallRef, type ToolCalls } from './tool-calls.ts';

export interface ToolRunnerOptions extends ToolPolicyDefaults {
  /** AI SDK tools by name, with or without policy fields. */
  tools: ToolSet;
  /** How many calls may run at once, over all tools and batches. @default 10 */
  concurrency?: number | undefined;
  /** Time and randomness; for tests. @default the system's */
  clock?: Clock;
  /** The store to write to. @default a new one */
  store?: ToolCallStore;
}

/** A call for the runner. */
export interface RunnerCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

export interface AddCallOptions {
  /** `'interrupted'`: found pending after a reload; waits for `run` or `skip`. @default 'queued' */
  readonly status?: 'queued' | 'interrupted';
  /** Where a tool reads `messages` from; called only if it does. */
  readonly messages?: () => readonly unknown[];
  /** The page has said yes already. */
  readonly approved?: boolean;
  /** The server asks for a person's yes: nothing starts before `approve`. */
  readonly approvalAsked?: boolean;
}

/** Runs tool calls. Its commands are those of {@link ToolCalls}. */
export interface ToolRunner extends ToolCalls {
  /** Runs calls as one batch and gives their final records, in the order given. Never rejects for what a tool does. */
  runCalls(calls: readonly RunnerCall[]): Promise<ToolCall[]>;
  /** Opens a batch, to which `addCall` may add until `endStep`. Opening one that is there does nothing. */
  openBatch(messageId: string, step: number): ToolBatchKey;
  /** Adds a call to an open batch and starts it as soon as it may. A call that is there is not added twice. */
  addCall(batchKey: ToolBatchKey, call: RunnerCall, options?: AddCallOptions): ToolCallKey;
  /** Adds a call that failed before it reached the client. */
  addFailedCall(batchKey: ToolBatchKey, call: RunnerCall, error: ToolCallError): void;
  /** The model's answer is complete: calls that waited for the end of the step may start. */
  endStep(batchKey: ToolBatchKey): void;
  /** The answer broke off: what has not started is cancelled, what runs goes on. */
  abandonStep(batchKey: ToolBatchKey): void;
  /** Holds a call that has not started until `approve`: the server asks for it. */
  requireApproval(call: ToolCallRef): void;
  /** Cancels every open call, saying who did. */
  abort(by: ToolCallCancelledBy, batch?: ToolBatchRef): void;
  /** Aborts a batch and takes it out of the store. */
  forget(batchKey: ToolBatchKey): void;
  /** The policy of a tool of the set. */
  policyOf(toolName: string): ResolvedToolPolicy | undefined;
  /** New tools, limits and defaults, for calls that come from now on. @throws TypeError as at creation */
  setOptions(options: Omit<ToolRunnerOptions, 'clock' | 'store'>): void;
  /** Applies events of its owner, such as a batch's halt. */
  dispatch(...events: readonly ToolCallStoreEvent[]): void;
}

/**
 * Creates a runner.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, an `after` that names no tool or forms a cycle
 */
export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const clock = options.clock ?? systemClock;
  const toolCallStore = options.store ?? createToolCallStore();
  const { store, dispatch, subscribe } = toolCallStore;
  const tasks = new Map<ToolCallKey, ToolCallTask>();
  const batches = new Map<ToolBatchKey, TaskBatch>();
  const settledListeners = new Map<ToolBatchKey, () => void>();
  let settings = readSettings(options);
  let sequence = 0;
  let runs = 0;
  const life = createToolCallLife({
    clock,
    store: toolCallStore,
    concurrency: settings.concurrency,
    settings: () => settings,
    tasks,
    batches,
    onBatchSettled: (batchKey) => settledListeners.get(batchKey)?.(),
  });

  function statusOf(task: ToolCallTask): ToolCall['status'] | undefined {
    return life.recordOf(task)?.status;
  }

  function tasksOf(batch: ToolBatchRef | undefined): ToolCallTask[] {
    return batch === undefined ? [...tasks.values()] : [...(batches.get(keyOf(batch))?.tasks ?? [])];
  }

  const runner: ToolRunner = {
    store,
    subscribe,
    dispatch,
    policyOf: (toolName) => settings.policies.get(toolName),
    openBatch(messageId, step) {
      const key = createToolBatchKey(messageId, step);
      if (!batches.has(key)) {
        batches.set(key, { key, tasks: [], streaming: true });
        dispatch({ type: 'batch-opened', batchKey: key, messageId, step, streaming: true });
      }
      return key;
    },
    addCall(batchKey, call, { status = 'queued', messages = () => [], approved = false, approvalAsked = false } = {}) {
      const key = createToolCallKey(batchKey, call.toolCallId);
      const known = tasks.get(key);
      if (known !== undefined) {
        if (identityOf(known.toolName, known.input) !== identityOf(call.toolName, call.input)) conflict(known);
        return key;
      }
      const task = add(batchKey, call, status, messages);
      task.approved = approved;
      task.approvalAsked = approvalAsked;
      if (status === 'interrupted') task.phase = 'person';
      else life.begin(task);
      return key;
    },
    addFailedCall(batchKey, call, error) {
      if (tasks.has(createToolCallKey(batchKey, call.toolCallId))) return;
      life.settle(add(batchKey, call, 'queued', () => []), { type: 'call-failed', error });
    },
    endStep(batchKey) {
      const batch = batches.get(batchKey);
      if (batch === undefined) return;
      batch.streaming = false;
      dispatch({ type: 'stream-ended', batchKey });
      for (const task of batch.tasks) life.advance(task);
    },
    abandonStep(batchKey) {
      const batch = batches.get(batchKey);
      if (batch === undefined) return;
      const unstarted = batch.tasks.filter(
        ({ phase, failures }) => phase === 'checking' || phase === 'gated' || phase === 'person' || (phase === 'queued' && failures === 0),
      );
      cancel(unstarted, 'not-run');
      batch.streaming = false;
      dispatch({ type: 'stream-ended', batchKey });
    },
    requireApproval(ref) {
      const task = tasks.get(keyOf(ref));
      if (task !== undefined && !task.approved) life.hold(task);
    },
    async runCalls(calls) {
      const batchKey = runner.openBatch(`run-${++runs}`, 0);
      const keys = calls.map((call) => runner.addCall(batchKey, call));
      runner.endStep(batchKey);
      const batch = batches.get(batchKey);
      if (batch !== undefined && !batch.tasks.every((task) => task.settled)) {
        await new Promise<void>((resolve) => settledListeners.set(batchKey, resolve));
        settledListeners.delete(batchKey);
      }
      return keys.flatMap((key) => store.getState().batches[batchKey]?.calls[key] ?? []);
    },
    retry(ref) {
      const task = tasks.get(keyOf(ref));
      const call = task && life.recordOf(task);
      if (task === undefined || (call?.status !== 'failed' && call?.status !== 'cancelled')) return;
      dispatch({ type: 'call-retried', batchKey: task.batchKey, key: task.key, at: clock.now() });
      task.policy = settings.policies.get(task.toolName) ?? UNKNOWN_TOOL_POLICY;
      life.begin(task);
    },
    retryFailed(ref) {
      for (const task of tasksOf(ref)) if (statusOf(task) === 'failed') runner.retry(task);
    },
    run(ref) {
      const task = tasks.get(keyOf(ref));
      if (task === undefined || statusOf(task) !== 'interrupted') return;
      dispatch({ type: 'call-resumed', batchKey: task.batchKey, key: task.key, at: clock.now() });
      life.begin(task);
    },
    cancel(ref) {
      const task = tasks.get(keyOf(ref));
      if (task === undefined) return;
      if (task.settled) runner.skip(task);
      else cancel([task], 'user');
    },
    cancelAll: (ref) => runner.abort('user', ref),
    approve(ref) {
      const key = keyOf(ref);
      const task = tasks.get(key);
      const chosen = task === undefined ? tasksOf(key).filter(({ policy }) => !policy.destructive) : [task];
      for (const each of chosen) {
        if (statusOf(each) !== 'awaiting-approval') continue;
        each.approved = true;
        dispatch({ type: 'approval-granted', batchKey: each.batchKey, key: each.key, at: clock.now() });
        life.pass(each);
      }
    },
    deny(ref, reason) {
      const task = tasks.get(keyOf(ref));
      if (task === undefined || statusOf(task) !== 'awaiting-approval') return;
      life.settle(task, { type: 'approval-denied', error: new ToolCallError('denied', reason || 'The user said no') });
    },
    respond(ref, output) {
      const task = tasks.get(keyOf(ref));
      if (task !== undefined && statusOf(task) === 'awaiting-input') life.answer(task, output);
    },
    skip(ref) {
      const task = tasks.get(keyOf(ref));
      const status = task && statusOf(task);
      if (task === undefined) return;
      if (status === 'failed') dispatch({ type: 'call-skipped', batchKey: task.batchKey, key: task.key });
      else if (status === 'interrupted') life.settle(task, { type: 'call-failed', error: createInterruptedError() });
      else if (status === 'awaiting-input') life.settle(task, { type: 'call-failed', error: new ToolCallError('denied', 'The user did not answer') });
    },
    resend() {},
    abort(by, ref) {
      cancel(tasksOf(ref), by);
    },
    forget(batchKey) {
      cancel(tasksOf(batchKey), 'superseded');
      for (const task of tasksOf(batchKey)) tasks.delete(task.key);
      batches.delete(batchKey);
      dispatch({ type: 'batch-forgotten', batchKey });
    },
    setOptions(next) {
      if (isSameSettings(next, settings.source)) return;
      settings = readSettings(next);
      life.setConcurrency(settings.concurrency);
    },
  };
  return runner;

  function add(batchKey: ToolBatchKey, call: RunnerCall, status: 'queued' | 'interrupted', messages: () => readonly unknown[]): ToolCallTask {
    const batch = batches.get(batchKey);
    if (batch === undefined) throw new Error(`There is no open batch ${batchKey}: call openBatch(messageId, step) first.`);
    const { toolCallId, toolName, input } = call;
    const policy = settings.policies.get(toolName) ?? UNKNOWN_TOOL_POLICY;
    const key = createToolCallKey(batchKey, toolCallId);
    const task = createToolCallTask({ key, batchKey, toolCallId, toolName, input, sequence: sequence++, messages, policy });
    tasks.set(key, task);
    batch.tasks.push(task);
    const record = { key, toolCallId, toolName, input, destructive: policy.destructive, status };
    dispatch({ type: 'call-added', batchKey, call: record, at: clock.now() });
    return task;
  }

  /** One id for two different calls: a result can answer only one of them, so neither is answered. */
  function conflict(task: ToolCallTask): void {
    const error = new ToolCallError(
      'invalid-input',
      `The model gave the id ${task.toolCallId} to two different calls of one step, so a result could not say which it answers`,
    );
    life.settle(task, { type: 'call-failed', error });
    dispatch({ type: 'call-conflicted', batchKey: task.batchKey, key: task.key, error, at: clock.now() });
  }

  function cancel(chosen: readonly ToolCallTask[], by: ToolCallCancelledBy): void {
    life.settleAll(chosen, { type: 'call-cancelled', error: createCancelledError(by) });
  }
}

interface RunnerSettings {
  readonly source: Omit<ToolRunnerOptions, 'clock' | 'store'>;
  readonly tools: ToolSet;
  readonly concurrency: number;
  readonly policies: ReadonlyMap<string, ResolvedToolPolicy>;
}

function readSettings(source: Omit<ToolRunnerOptions, 'clock' | 'store'>): RunnerSettings {
  const { tools, concurrency = 10, start, timeout, retry, retryDelay, onFailure, onReload, errorText, dedupe } = source;
  expectCount('`concurrency`', concurrency, 1);
  const defaults = { start, timeout, retry, retryDelay, onFailure, onReload, errorText, dedupe };
  return { source, tools, concurrency, policies: resolvePolicies(tools, defaults as ToolPolicyDefaults) };
}

const SETTINGS = ['tools', 'concurrency', 'start', 'timeout', 'retry', 'retryDelay', 'onFailure', 'onReload', 'errorText', 'dedupe'] as const;

function isSameSettings(next: RunnerSettings['source'], last: RunnerSettings['source']): boolean {
  return SETTINGS.every((field) => next[field] === last[field]);
}

