/**
 * Owns which calls there are, and the commands: it begins and ends their lives (`tool-call-life.ts`). Usable without React and
 * without a chat; it decides nothing about the conversation.
 */
import type { ToolSet } from 'ai';
import { toAdded } from './added-call.ts';
import { systemClock } from './clock.ts';
import {
  createCancelledError,
  createInterruptedError,
  DENIED_WITHOUT_REASON,
  ToolCallError,
  type ToolCallCancelledBy,
} from './errors.ts';
import { createFrameUpdates } from './frame-updates.ts';
import { isSameCall } from './identical-calls.ts';
import { createMovedKeys, findMovedWait, moveTasks } from './moved-keys.ts';
import { UNKNOWN_TOOL_POLICY, type ResolvedToolPolicy } from './policy.ts';
import type { AddCallOptions, RunnerCall, ToolRunner } from './runner-interface.ts';
import { settleByService } from './reconcile.ts';
import { isSameSettings, readSettings, type ToolRunnerOptions } from './runner-settings.ts';
import { selectRetryBlock } from './selectors.ts';
import { createToolCallLife } from './tool-call-life.ts';
import {
  createTaskBatch,
  createToolCallTask,
  isFinished,
  isUnstarted,
  type TaskBatch,
  type ToolCallTask,
} from './tool-call-task.ts';
import { createToolCallStore } from './tool-call-store.ts';
import {
  createToolBatchKey,
  createToolCallKey,
  moveToolBatchKey,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallEvent,
  type ToolCallKey,
} from './tool-call.ts';
import { createRunId } from './tool-call-key.ts';
import { afterCommands, keyOf, type ToolBatchRef, type ToolCallRef } from './tool-calls.ts';

/**
 * Creates a runner.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, an `after` that names no tool or forms a cycle
 */
export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const { clock = systemClock, plugins = [] } = options;
  const toolCallStore = options.store ?? createToolCallStore();
  const { store, subscribe, peek } = toolCallStore;
  const updates = createFrameUpdates(clock, toolCallStore);
  const dispatch = updates.record;
  const tasks = new Map<ToolCallKey, ToolCallTask>();
  const batches = new Map<ToolBatchKey, TaskBatch>();
  /** Batches with a call that is not finished. */
  const open = new Set<ToolBatchKey>();
  const settledListeners = new Map<ToolBatchKey, () => void>();
  const moved = createMovedKeys();
  let settings = readSettings(options, plugins);
  let suspended = false;
  let sequence = 0;
  const life = createToolCallLife({
    clock,
    store: toolCallStore,
    updates,
    concurrency: settings.concurrency,
    plugins,
    batches,
    onBatchSettled(batchKey) {
      open.delete(batchKey);
      updates.publish();
      settledListeners.get(batchKey)?.();
    },
  });

  function statusOf(task: ToolCallTask): ToolCall['status'] | undefined {
    return life.recordOf(task)?.status;
  }

  function tasksOf(batch: ToolBatchRef | undefined): ToolCallTask[] {
    return batch === undefined ? [...tasks.values()] : [...(batches.get(currentKey(batch))?.tasks ?? [])];
  }

  function taskOf(ref: ToolCallRef): ToolCallTask | undefined {
    return tasks.get(currentKey(ref));
  }

  function currentKey(ref: ToolCallRef | ToolBatchRef): string {
    const key = keyOf(ref);
    return tasks.has(key) || batches.has(key) ? key : moved.currentOf(key);
  }

  const runner: ToolRunner = {
    store,
    subscribe,
    dispatch,
    replace: toolCallStore.replace,
    peek,
    policyOf: (toolName) => settings.policies.get(toolName),
    hasOpenCalls: () => open.size > 0,
    isFinished(batchKey) {
      const batch = batches.get(batchKey);
      return batch === undefined || isFinished(batch);
    },
    openBatch(messageId, step) {
      const key = createToolBatchKey(messageId, step);
      const known = batches.get(key);
      if (known === undefined) {
        batches.set(key, createTaskBatch(key));
        dispatch({ type: 'batch-opened', batchKey: key, messageId, step, streaming: true });
      } else if (!known.streaming) {
        known.streaming = true;
        dispatch({ type: 'stream-started', batchKey: key });
      }
      return key;
    },
    addCall(batchKey, call, options = {}) {
      const key = createToolCallKey(batchKey, call.toolCallId);
      const known = tasks.get(key);
      if (known === undefined) {
        const task = createTask(batchKey, call, options);
        const added = toAdded(task, toolOf(call.toolName), { ...options, title: call.title }, clock);
        if (options.status !== 'interrupted') begin(task, added);
        else {
          dispatch({ batchKey, ...added });
          if (options.interruption?.type !== 'never-started')
            void settleByService(task, toolOf(task.toolName), life, clock);
        }
        // That a batch is at work is told at once, as its end is.
        if (batches.get(batchKey)?.tasks.length === 1) updates.publish();
      } else if (!isSameCall(known, call)) conflict(known);
      return key;
    },
    addEndedCall(batchKey, call, ending) {
      if (tasks.has(createToolCallKey(batchKey, call.toolCallId))) return;
      const task = createTask(batchKey, call, {});
      dispatch({ batchKey, ...toAdded(task, toolOf(call.toolName), { title: call.title }, clock) });
      life.settle(task, ending);
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
      cancel(batch.tasks.filter(isUnstarted), 'not-run');
      batch.streaming = false;
      dispatch({ type: 'stream-ended', batchKey });
    },
    requireApproval(ref, why) {
      const task = taskOf(ref);
      if (task === undefined || task.approved) return;
      life.hold(task, why);
      const batch = batches.get(task.batchKey);
      if (batch !== undefined && !isFinished(batch)) open.add(task.batchKey);
    },
    overrule(ref, ending, by) {
      const task = tasks.get(keyOf(ref));
      if (task !== undefined) life.overrule(task, ending, createCancelledError('answered'), by);
    },
    reconsider() {
      for (const task of tasks.values()) life.reconsider(task);
    },
    async runCalls(calls) {
      const batchKey = runner.openBatch(createRunId(clock), 0);
      const keys = calls.map((call) => runner.addCall(batchKey, call));
      runner.endStep(batchKey);
      const batch = batches.get(batchKey);
      if (batch !== undefined && !isFinished(batch)) {
        await new Promise<void>((resolve) => settledListeners.set(batchKey, resolve));
        settledListeners.delete(batchKey);
      }
      return keys.flatMap((key) => store.getState().batches[batchKey]?.calls[key] ?? []);
    },
    retry: (ref) => retry(taskOf(ref)),
    retryFailed(ref) {
      for (const task of tasksOf(ref)) if (statusOf(task) === 'failed') retry(task);
    },
    run(ref) {
      const task = taskOf(ref);
      if (task === undefined || statusOf(task) !== 'interrupted') return;
      begin(task, { type: 'call-resumed', key: task.key, at: clock.now() });
    },
    cancel(ref) {
      const task = taskOf(ref);
      if (task !== undefined) cancel([task], 'user');
    },
    cancelAll: (ref) => runner.abort('user', ref),
    approve(ref) {
      const task = tasks.get(currentKey(ref));
      const chosen = task === undefined ? tasksOf(ref).filter(({ policy }) => !policy.destructive) : [task];
      for (const each of chosen) if (statusOf(each) === 'awaiting-approval') life.approve(each);
    },
    deny(ref, reason) {
      const task = taskOf(ref);
      if (task === undefined || statusOf(task) !== 'awaiting-approval') return;
      life.settle(task, {
        type: 'approval-denied',
        error: new ToolCallError('denied', reason || DENIED_WITHOUT_REASON),
      });
    },
    respond(ref, output) {
      const task = taskOf(ref);
      if (task !== undefined && statusOf(task) === 'awaiting-input') life.answer(task, output);
    },
    skip(ref) {
      const task = taskOf(ref);
      if (task === undefined) return;
      life.skip([task]);
      const call = life.recordOf(task);
      if (call?.status === 'interrupted')
        life.settle(task, { type: 'call-failed', error: createInterruptedError(call.interruption) });
      else if (call?.status === 'awaiting-input') {
        life.settle(task, { type: 'call-failed', error: new ToolCallError('denied', 'The user did not answer') });
      }
    },
    resend() {},
    invalidate: (filter = {}) => life.invalidate(filter),
    setSuspended(next) {
      suspended = next;
      life.setConcurrency(suspended ? 0 : settings.concurrency);
    },
    abort: (by, ref) => cancel(tasksOf(ref), by),
    currentKey,
    idempotencyKeyOf: (ref) => taskOf(ref)?.idempotencyKey,
    moveBatch(batchKey, messageId) {
      const key = moveToolBatchKey(batchKey, messageId);
      const batch = batches.get(batchKey);
      if (batch === undefined || batches.has(key)) return batchKey;
      moveTasks(batch, key, batches, tasks);
      if (open.delete(batchKey)) open.add(key);
      moved.note(batchKey, key);
      dispatch({ type: 'batch-moved', batchKey, messageId });
      for (const task of tasks.values()) {
        const waitingFor = findMovedWait(life.recordOf(task)?.waitingFor, currentKey);
        if (waitingFor !== undefined)
          dispatch({ type: 'wait-changed', batchKey: task.batchKey, key: task.key, waitingFor });
      }
      updates.publish();
      return key;
    },
    forget(ref) {
      const batchKey = currentKey(ref);
      const forgotten = tasksOf(batchKey);
      // First of all, so that nobody who hears of it adds a call.
      batches.delete(batchKey);
      open.delete(batchKey);
      cancel(forgotten, 'superseded');
      for (const { key } of forgotten) tasks.delete(key);
      moved.forget(batchKey);
      dispatch({ type: 'batch-forgotten', batchKey });
      updates.publish();
      settledListeners.get(batchKey)?.();
    },
    setOptions(next) {
      if (isSameSettings(next, settings.source)) return;
      settings = readSettings(next, plugins);
      if (!suspended) life.setConcurrency(settings.concurrency);
    },
  };
  // What a person does is seen at once, not with the next frame.
  afterCommands(runner, updates.publish);
  return runner;

  function createTask(batchKey: ToolBatchKey, runnerCall: RunnerCall, options: AddCallOptions): ToolCallTask {
    const batch = batches.get(batchKey);
    if (batch === undefined) {
      throw new Error(
        `There is no open batch ${batchKey}, so the call would run outside of any: call openBatch(messageId, step) first.`,
      );
    }
    const { toolCallId, toolName, input } = runnerCall;
    const { messages = () => [], approved = false, approvalAsked = false } = options;
    const key = createToolCallKey(batchKey, toolCallId);
    // Where a call has moved away, another one of this key is not to be taken for it.
    const idempotencyKey = options.idempotencyKey ?? (moved.has(batchKey) ? `${key}/${sequence}` : key);
    const policy = policyOf(toolName);
    const call = { idempotencyKey, key, batchKey, toolCallId, toolName, input };
    const task = createToolCallTask({ ...call, sequence: sequence++, messages, policy, approved, approvalAsked });
    tasks.set(key, task);
    open.add(batchKey);
    batch.tasks.push(task);
    return task;
  }

  function toolOf(toolName: string): ToolSet[string] | undefined {
    return Object.hasOwn(settings.tools, toolName) ? settings.tools[toolName] : undefined;
  }

  function policyOf(toolName: string): ResolvedToolPolicy {
    return settings.policies.get(toolName) ?? UNKNOWN_TOOL_POLICY;
  }

  function retry(task: ToolCallTask | undefined): void {
    if (task === undefined || selectRetryBlock(peek().batches[task.batchKey], life.recordOf(task)) !== undefined)
      return;
    begin(task, { type: 'call-retried', key: task.key, at: clock.now() });
  }

  /** A run uses the tool and the policy that are there when it begins. */
  function begin(task: ToolCallTask, event: ToolCallEvent): void {
    task.byHand = event.type !== 'call-added';
    task.tool = toolOf(task.toolName);
    task.policy = policyOf(task.toolName);
    open.add(task.batchKey);
    life.begin(task, event);
  }

  /** One id for two different calls: a result can answer only one of them, so neither is answered. */
  function conflict(task: ToolCallTask): void {
    const error = new ToolCallError(
      'invalid-input',
      `The model gave the id ${task.toolCallId} to two different calls of one step, so a result could not say which it answers`,
    );
    life.overrule(task, { type: 'call-failed', error }, error);
  }

  function cancel(chosen: readonly ToolCallTask[], by: ToolCallCancelledBy): void {
    life.settleAll(chosen, { type: 'call-cancelled', error: createCancelledError(by) });
    life.skip(chosen);
  }
}
