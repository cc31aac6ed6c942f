/**
 * Owns which calls there are, and the commands: it begins and ends their lives (`tool-call-life.ts`). Usable without React and
 * without a chat; it decides nothing about the conversation.
 */
import type { ToolSet } from 'ai';
import { systemClock } from './clock.ts';
import {
  createCancelledError,
  createConflictError,
  createMissingToolError,
  type ToolCallCancelledBy,
} from './errors.ts';
import { createFrameUpdates } from './frame-updates.ts';
import { changeInput, isSameCall, isSameJson } from './identical-calls.ts';
import { misuse } from './misuse.ts';
import { createMovedKeys, findMovedWait, moveTasks } from './moved-keys.ts';
import { UNKNOWN_TOOL_POLICY, type ResolvedToolPolicy } from './policy.ts';
import type { AddCallOptions, ChatRunner, RunnerCall } from './runner-interface.ts';
import { settleByService } from './reconcile.ts';
import { createRunnerSettings, type ToolRunnerOptions } from './runner-settings.ts';
import { selectRetryBlock, selectToolCall } from './selectors.ts';
import { createAnswers } from './person-answers.ts';
import { createToolCallLife } from './tool-call-life.ts';
import {
  createTaskBatch,
  createToolCallTask,
  isFinished,
  isUnstarted,
  toAdded,
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
import { isRunByPage } from './tool.ts';
import { keyOf, wrapCommands, type ToolBatchRef, type ToolCallRef } from './tool-calls.ts';

/**
 * Creates the runner of a chat. `onSettled` hears of each batch that is at its end, or is forgotten.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, an `after` that names no tool or forms a cycle
 */
export function createChatRunner(options: ToolRunnerOptions, onSettled?: (batchKey: ToolBatchKey) => void): ChatRunner {
  const { clock = systemClock, plugins = [] } = options;
  const toolCallStore = options.store ?? createToolCallStore();
  const { store, subscribe, peek } = toolCallStore;
  const updates = createFrameUpdates(clock, toolCallStore);
  const dispatch = updates.record;
  const tasks = new Map<ToolCallKey, ToolCallTask>();
  const batches = new Map<ToolBatchKey, TaskBatch>();
  /** Batches with a call that is not finished. */
  const open = new Set<ToolBatchKey>();
  const moved = createMovedKeys();
  const settings = createRunnerSettings(options);
  const { getRegistry, current } = settings;
  let suspended = false;
  let sequence = 0;
  const life = createToolCallLife({
    clock,
    store: toolCallStore,
    updates,
    concurrency: current().concurrency,
    plugins,
    batches,
    onBatchSettled(batchKey) {
      open.delete(batchKey);
      updates.publish();
      onSettled?.(batchKey);
    },
    explainMissing: (toolName) => runner.explainMissing(toolName),
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

  function isDirect(batchKey: ToolBatchKey): boolean {
    return peek().batches[batchKey]?.direct !== undefined;
  }

  function currentKey(ref: ToolCallRef | ToolBatchRef): string {
    const key = keyOf(ref);
    return tasks.has(key) || batches.has(key) ? key : moved.currentOf(key);
  }

  const runner: ChatRunner = {
    store,
    subscribe,
    dispatch,
    mirror: toolCallStore.mirror,
    peek,
    getRegistry,
    watchTools: settings.watchTools,
    getTools: () => current().tools,
    policyOf: (toolName) => current().policies.get(toolName),
    hasOpenCalls: () => [...open].some((batchKey) => !isDirect(batchKey)),
    isFinished: (batchKey) => isFinished(batches.get(batchKey)),
    openBatch(messageId, step, direct) {
      const key = createToolBatchKey(messageId, step);
      const known = batches.get(key);
      if (known === undefined) {
        batches.set(key, createTaskBatch(key));
        dispatch({ type: 'batch-opened', batchKey: key, messageId, step, streaming: true, ...(direct && { direct }) });
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
        const added = toAdded(task, toolOf(call.toolName), { ...options, ...call }, clock);
        if (options.status !== 'interrupted') begin(task, added);
        else {
          dispatch({ batchKey, ...added });
          if (options.interruption?.type !== 'never-started')
            void settleByService(task, toolOf(task.toolName), life, clock);
        }
        // That a batch is at work is told at once, as its end is.
        if (batches.get(batchKey)?.tasks.length === 1) updates.publish();
      } else if (!isSameCall(known, call) && !isSameJson(life.recordOf(known)?.modelInput, call.input)) {
        const error = createConflictError(known.toolCallId);
        life.overrule(known, { type: 'call-failed', error }, error);
      }
      return key;
    },
    addEndedCall(batchKey, call, ending) {
      if (tasks.has(createToolCallKey(batchKey, call.toolCallId))) return;
      const task = createTask(batchKey, call, {});
      dispatch({ batchKey, ...toAdded(task, toolOf(call.toolName), call, clock) });
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
      if (!runner.isFinished(task.batchKey)) open.add(task.batchKey);
    },
    overrule(ref, ending, by) {
      const task = tasks.get(keyOf(ref));
      if (task !== undefined) life.overrule(task, ending, createCancelledError('answered'), by);
    },
    reconsider() {
      for (const task of tasks.values()) life.reconsider(task);
    },
    canRunAgain(ref) {
      // A tab that follows has records without calls.
      const call = selectToolCall(peek(), currentKey(ref));
      if (call?.status !== 'succeeded' || call.answeredBy !== undefined) return false;
      const isBlocked = peek().batches[call.batchKey]?.retryBlock !== undefined;
      return !isBlocked && policyOf(call.toolName).readOnly && isRunByPage(toolOf(call.toolName));
    },
    retry: (ref, options) => retry(taskOf(ref), options?.input),
    retryFailed(ref) {
      for (const task of tasksOf(ref)) if (statusOf(task) === 'failed') retry(task);
    },
    run(ref) {
      const task = taskOf(ref);
      if (task === undefined) return;
      const isAgain = runner.canRunAgain(task);
      if (isAgain || statusOf(task) === 'interrupted')
        begin(task, { type: isAgain ? 'call-retried' : 'call-resumed', key: task.key, at: clock.now() });
    },
    cancel(ref) {
      const task = taskOf(ref);
      if (task !== undefined) cancel([task], 'user');
    },
    cancelAll: (ref) => runner.abort('user', ref),
    ...createAnswers({ life, taskOf, tasksOf }),
    undo() {},
    resend() {},
    invalidate: life.invalidate,
    setSuspended(next) {
      suspended = next;
      life.setConcurrency(suspended ? 0 : current().concurrency);
    },
    takeTurn(ref, then) {
      const task = taskOf(ref);
      return task && life.takeTurn(task, sequence++, () => then(task.parsedInput));
    },
    abort(by, ref) {
      const isForAll = ref !== undefined || by === 'user' || by === 'unmount';
      cancel(isForAll ? tasksOf(ref) : tasksOf(ref).filter(({ batchKey }) => !isDirect(batchKey)), by);
    },
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
      onSettled?.(batchKey);
    },
    explainMissing: (toolName) => createMissingToolError(toolName, getRegistry()?.wasThere(toolName)),
    noteTools() {
      current();
      const isGone = ({ tool, policy }: ToolCallTask) =>
        tool !== undefined && policy.onUnmount === 'abort' && getRegistry()?.hasGone(tool) === true;
      cancel(tasksOf(undefined).filter(isGone), 'unavailable');
    },
    setOptions(next) {
      if (settings.set(next) && !suspended) life.setConcurrency(current().concurrency);
    },
  };
  // What a person does is seen at once, not with the next frame.
  wrapCommands(runner, (run) => {
    run();
    updates.publish();
  });
  return runner;

  function createTask(batchKey: ToolBatchKey, runnerCall: RunnerCall, options: AddCallOptions): ToolCallTask {
    const batch = batches.get(batchKey);
    if (batch === undefined) throw misuse('no-batch', batchKey);
    const { toolCallId, toolName, input } = runnerCall;
    const { messages = () => [], approved = false, approvalAsked = false, inputSigned = false } = options;
    const key = createToolCallKey(batchKey, toolCallId);
    // Where a call has moved away, another one of this key is not to be taken for it.
    const idempotencyKey = options.idempotencyKey ?? (moved.has(batchKey) ? `${key}/${sequence}` : key);
    const policy = policyOf(toolName);
    const call = { idempotencyKey, key, batchKey, toolCallId, toolName, input, inputSigned };
    const task = createToolCallTask({ ...call, sequence: sequence++, messages, policy, approved, approvalAsked });
    tasks.set(key, task);
    open.add(batchKey);
    batch.tasks.push(task);
    return task;
  }

  function toolOf(toolName: string): ToolSet[string] | undefined {
    const { tools } = current();
    return Object.hasOwn(tools, toolName) ? tools[toolName] : undefined;
  }

  function policyOf(toolName: string): ResolvedToolPolicy {
    return current().policies.get(toolName) ?? UNKNOWN_TOOL_POLICY;
  }

  function retry(task: ToolCallTask | undefined, input?: unknown): void {
    if (task === undefined) return;
    const isChanged = input !== undefined && !isSameJson(input, task.input);
    if (selectRetryBlock(peek().batches[task.batchKey], life.recordOf(task), isChanged) !== undefined) return;
    if (isChanged) changeInput(task, input);
    begin(task, { type: 'call-retried', key: task.key, at: clock.now(), ...(isChanged && { input }) });
  }

  /** A run uses the tool and the policy that are there when it begins. */
  function begin(task: ToolCallTask, event: ToolCallEvent): void {
    task.byHand = event.type !== 'call-added';
    task.tool = toolOf(task.toolName);
    task.policy = policyOf(task.toolName);
    open.add(task.batchKey);
    life.begin(task, event);
  }

  function cancel(chosen: readonly ToolCallTask[], by: ToolCallCancelledBy): void {
    if (chosen.length === 0) return;
    life.settleAll(chosen, { type: 'call-cancelled', error: createCancelledError(by) });
    life.skip(chosen);
  }
}
