/**
 * Owns the life of one call: check its input, ask for approval, wait for its turn, attempt, check the output, settle. It
 * reports what happens as events to the store; who asks for a life to begin or end is the runner's affair.
 */
import type { ModelMessage, ToolSet } from 'ai';
import { nextDelay, startAttempt } from './attempts.ts';
import type { Clock } from './clock.ts';
import { createCancelledError, createUnknownToolError, ToolCallError, toToolCallError } from './errors.ts';
import { show } from './expect.ts';
import { toLockModes } from './locks.ts';
import { findOrderBlock } from './order.ts';
import { findJsonProblem } from './output.ts';
import { createProgressReports, normalizeProgress } from './progress-reports.ts';
import { createScheduler } from './scheduler.ts';
import { checkSchema, isPromiseLike, type SchemaResult } from './schema.ts';
import { selectToolBatch } from './selectors.ts';
import { identityOf, type TaskBatch, type ToolCallTask } from './tool-call-task.ts';
import type { ToolCallStore } from './tool-call-store.ts';
import type { ToolBatchKey, ToolCall, ToolCallKey, ToolCallWait } from './tool-call.ts';
import type { ClientToolExecutionOptions, ToolLocks } from './tool.ts';

/** How a call ends. */
export type Ending =
  | { readonly type: 'call-succeeded'; readonly output: unknown }
  | { readonly type: 'call-failed'; readonly error: ToolCallError; readonly held?: boolean }
  | { readonly type: 'call-cancelled'; readonly error: ToolCallError }
  | { readonly type: 'approval-denied'; readonly error: ToolCallError };

export interface ToolCallLifeOptions {
  readonly clock: Clock;
  readonly store: ToolCallStore;
  readonly concurrency: number;
  /** The tools and what else may change, as they are now. */
  readonly settings: () => { readonly tools: ToolSet };
  readonly tasks: ReadonlyMap<ToolCallKey, ToolCallTask>;
  readonly batches: ReadonlyMap<ToolBatchKey, TaskBatch>;
  readonly onBatchSettled: (batchKey: ToolBatchKey) => void;
}

export interface ToolCallLife {
  /** Starts from the input: at the first run, at a manual retry, after a reload. */
  begin(task: ToolCallTask): void;
  /** Goes on after approval. */
  pass(task: ToolCallTask): void;
  /** Looks again whether a gated call may join the line. */
  advance(task: ToolCallTask): void;
  /** Takes a call that has not started out of the line, to wait for a person. */
  hold(task: ToolCallTask): void;
  /** Takes a person's answer as the output, if it fits. */
  answer(task: ToolCallTask, output: unknown): void;
  settle(task: ToolCallTask, ending: Ending): void;
  settleAll(tasks: readonly ToolCallTask[], ending: Ending): void;
  recordOf(task: ToolCallTask): ToolCall | undefined;
  setConcurrency(concurrency: number): void;
}

export function createToolCallLife({
  clock,
  store: { store, dispatch },
  concurrency,
  settings,
  tasks,
  batches,
  onBatchSettled,
}: ToolCallLifeOptions): ToolCallLife {
  const reports = createProgressReports(clock, dispatch);
  const scheduler = createScheduler({
    concurrency,
    clock,
    onStart: (id) => attempt(expectTask(id)),
    onWait: (id, waitingFor) => tellWait(expectTask(id), waitingFor),
  });

  function expectTask(key: ToolCallKey): ToolCallTask {
    const task = tasks.get(key);
    if (task === undefined) throw new Error(`The runner lost the call ${key}. This is a bug in use-parallel-tools.`);
    return task;
  }

  function tellWait({ batchKey, key }: ToolCallTask, waitingFor: ToolCallWait | undefined): void {
    dispatch({ type: 'wait-changed', batchKey, key, waitingFor });
  }

  // ── From the call to its turn ──────────────────────────────────────────────

  function begin(task: ToolCallTask): void {
    task.phase = 'checking';
    task.failures = 0;
    const run = ++task.run;
    const tool = Object.hasOwn(settings().tools, task.toolName) ? settings().tools[task.toolName] : undefined;
    if (tool === undefined) return fail(task, createUnknownToolError(task.toolName));
    whenChecked(checkSchema(tool.inputSchema, task.input), (result) => {
      if (task.run !== run || task.phase !== 'checking') return;
      if (!result.success) {
        return fail(task, new ToolCallError('invalid-input', `The input does not fit ${task.toolName}: ${result.message}`));
      }
      task.parsedInput = result.value;
      askApproval(task);
    });
  }

  function askApproval(task: ToolCallTask): void {
    const { approval } = task.policy;
    let needed = approval === true || task.approvalAsked;
    if (typeof approval === 'function' && !task.approved) {
      try {
        // SAFETY: the policy's functions take the tool's own parsed input.
        needed = approval(task.parsedInput as never) === true;
      } catch (thrown) {
        return fail(task, explain(`\`approval\` of ${task.toolName} threw`, thrown));
      }
    }
    if (!needed || task.approved) return pass(task);
    task.phase = 'person';
    dispatch({ type: 'approval-required', batchKey: task.batchKey, key: task.key });
  }

  /** The call is valid and approved. */
  function pass(task: ToolCallTask): void {
    if (settings().tools[task.toolName]?.execute === undefined) {
      task.phase = 'person';
      dispatch({ type: 'input-required', batchKey: task.batchKey, key: task.key });
      return;
    }
    task.phase = 'gated';
    advance(task);
  }

  /** Lets a gated call through to the scheduler's line when nothing of its batch is in its way. */
  function advance(task: ToolCallTask): void {
    const batch = batches.get(task.batchKey);
    if (task.phase !== 'gated' || batch === undefined) return;
    const { start, after, dedupe, locks } = task.policy;
    // Until the answer is complete, a call that `after` waits for may still come.
    if (batch.streaming && (start === 'step-end' || after.length > 0)) return tellWait(task, { type: 'step-end' });
    const twin = dedupe && task.run === 1 ? findTwin(batch, task) : undefined;
    if (twin?.settled) return copyResult(task, twin);
    const block = twin ?? findOrderBlock(batch.tasks, task);
    if (block !== undefined) return tellWait(task, { type: 'order', call: block.key, toolName: block.toolName });
    let modes: ReturnType<typeof toLockModes> = new Map();
    if (locks !== undefined) {
      try {
        modes = toLockModes(expectLocks(locks(task.parsedInput as never)));
      } catch (thrown) {
        return fail(task, explain(`\`locks\` of ${task.toolName} threw`, thrown));
      }
    }
    task.phase = 'queued';
    scheduler.enqueue({
      id: task.key,
      sequence: task.sequence,
      toolName: task.toolName,
      concurrency: task.policy.concurrency,
      rateLimit: task.policy.rateLimit,
      locks: modes,
    });
  }

  function findTwin(batch: TaskBatch, task: ToolCallTask): ToolCallTask | undefined {
    const identity = identityOf(task.toolName, task.input);
    const twin = batch.tasks.find(
      (other) => other.toolName === task.toolName && identityOf(other.toolName, other.input) === identity && statusOf(other) !== 'cancelled',
    );
    return twin === task ? undefined : twin;
  }

  function copyResult(task: ToolCallTask, twin: ToolCallTask): void {
    const call = recordOf(twin);
    if (call?.status === 'succeeded') return settle(task, { type: 'call-succeeded', output: call.output });
    fail(task, call?.error ?? createCancelledError('superseded'));
  }

  // ── Attempts ───────────────────────────────────────────────────────────────

  function attempt(task: ToolCallTask): void {
    if (task.phase !== 'queued') return;
    const { batchKey, key } = task;
    const run = task.run;
    const number = task.failures + 1;
    task.phase = 'running';
    dispatch({ type: 'attempt-started', batchKey, key, at: clock.now() });
    const isCurrent = () => task.run === run && task.phase === 'running' && task.failures === number - 1;
    const tool = settings().tools[task.toolName];
    const started = startAttempt({
      clock,
      timeout: task.policy.timeout,
      // SAFETY: the parsed input is what the tool's schema gives; the client's options extend the SDK's.
      execute: (abortSignal) => tool?.execute?.(task.parsedInput as never, createExecutionOptions(task, number, abortSignal, isCurrent) as never),
      onSuccess: (output) => {
        if (isCurrent()) checkOutput(task, output, isCurrent);
      },
      onFailure: (error) => {
        if (isCurrent()) handleFailure(task, error);
      },
      onPreliminary: (value) => {
        if (isCurrent()) reports.add(task, { output: { value } });
      },
    });
    if (isCurrent()) task.attempt = started;
  }

  function createExecutionOptions(task: ToolCallTask, number: number, abortSignal: AbortSignal, isCurrent: () => boolean): ClientToolExecutionOptions {
    return {
      toolCallId: task.toolCallId,
      // SAFETY: whoever added the call says what the conversation is; the chat bridge gives model messages.
      get messages() {
        return task.messages() as ModelMessage[];
      },
      abortSignal,
      attempt: number,
      idempotencyKey: task.key,
      reportProgress: (progress) => {
        if (isCurrent()) reports.add(task, { progress: normalizeProgress(progress) });
      },
      context: {},
    };
  }

  function checkOutput(task: ToolCallTask, output: unknown, isCurrent: () => boolean): void {
    const schema = settings().tools[task.toolName]?.outputSchema;
    whenChecked(schema === undefined ? { success: true, value: output } : checkSchema(schema, output), (result) => {
      if (!isCurrent()) return;
      const problem = result.success ? findJsonProblem(result.value) : undefined;
      if (!result.success) {
        fail(task, new ToolCallError('invalid-output', `The output of ${task.toolName} does not fit its outputSchema: ${result.message}`));
      } else if (problem !== undefined) {
        fail(task, new ToolCallError('invalid-output', `The output of ${task.toolName} cannot be sent as JSON: ${problem}`));
      } else {
        settle(task, { type: 'call-succeeded', output: result.value ?? null });
      }
    });
  }

  function handleFailure(task: ToolCallTask, error: ToolCallError): void {
    const { batchKey, key } = task;
    let delay: number | undefined;
    try {
      delay = nextDelay(task.policy, task.failures, error, clock);
    } catch (thrown) {
      return fail(task, explain(`\`retry\` of ${task.toolName} threw (after: ${error.message})`, thrown));
    }
    if (delay === undefined) return fail(task, error);
    const at = clock.now();
    task.failures++;
    task.phase = 'backoff';
    task.attempt = undefined;
    reports.drop(task);
    dispatch({ type: 'attempt-failed', batchKey, key, error, at, retryAt: at + delay });
    task.cancelBackoff = clock.setTimer(() => {
      task.cancelBackoff = undefined;
      task.phase = 'queued';
      dispatch({ type: 'backoff-ended', batchKey, key });
      scheduler.resume(key);
    }, delay);
    scheduler.pause(key);
  }

  // ── The end ────────────────────────────────────────────────────────────────

  function fail(task: ToolCallTask, error: ToolCallError): void {
    settle(task, { type: 'call-failed', error, held: task.policy.onFailure === 'hold' });
  }

  /** The first ending wins. */
  function settle(task: ToolCallTask, ending: Ending): void {
    settleAll([task], ending);
  }

  /**
   * Ends calls together, so that none of them starts in the room that another one leaves: first the store hears of it, then the
   * tools are told, then slots and locks are given back, those of waiting calls first.
   */
  function settleAll(chosen: readonly ToolCallTask[], ending: Ending): void {
    const open = chosen.filter((task) => task.phase !== 'settled');
    const running = open.flatMap(({ attempt: started }) => started ?? []);
    const released = [...open].sort((left, right) => Number(left.phase === 'running') - Number(right.phase === 'running'));
    for (const task of open) {
      task.phase = 'settled';
      task.cancelBackoff?.();
      task.cancelBackoff = undefined;
      task.attempt = undefined;
      reports.drop(task);
    }
    const at = clock.now();
    dispatch(...open.map(({ batchKey, key }) => ({ ...ending, batchKey, key, at })));
    if (ending.type !== 'call-succeeded') for (const started of running) started.cancel(ending.error);
    for (const { key } of released) scheduler.release(key);
    for (const batchKey of new Set(open.map((task) => task.batchKey))) {
      const batch = batches.get(batchKey);
      for (const task of batch?.tasks ?? []) if (task.phase === 'gated') advance(task);
      if (batch?.tasks.every((task) => task.settled) === true) onBatchSettled(batchKey);
    }
  }

  function recordOf(task: ToolCallTask): ToolCall | undefined {
    return selectToolBatch(store.getState(), task.batchKey)?.calls[task.key];
  }

  function statusOf(task: ToolCallTask): ToolCall['status'] | undefined {
    return recordOf(task)?.status;
  }

  return {
    begin,
    pass,
    advance,
    settle,
    settleAll,
    recordOf,
    setConcurrency: scheduler.setConcurrency,
    hold(task) {
      task.approvalAsked = true;
      if (task.phase !== 'gated' && task.phase !== 'queued') return;
      scheduler.release(task.key);
      task.phase = 'person';
      dispatch({ type: 'approval-required', batchKey: task.batchKey, key: task.key });
    },
    answer(task, output) {
      const { run, batchKey, key } = task;
      const schema = settings().tools[task.toolName]?.outputSchema;
      whenChecked(schema === undefined ? { success: true, value: output } : checkSchema(schema, output), (result) => {
        if (task.run !== run || recordOf(task)?.status !== 'awaiting-input') return;
        const problem = result.success ? findJsonProblem(result.value) : result.message;
        if (result.success && problem === undefined) return settle(task, { type: 'call-succeeded', output: result.value ?? null });
        const error = new ToolCallError('invalid-output', `The answer does not fit ${task.toolName}: ${problem}`);
        dispatch({ type: 'input-rejected', batchKey, key, error });
      });
    },
  };
}

function whenChecked(result: SchemaResult | Promise<SchemaResult>, then: (result: SchemaResult) => void): void {
  if (isPromiseLike(result)) void result.then(then);
  else then(result);
}

function expectLocks(locks: ToolLocks): ToolLocks {
  const fits = (keys: unknown) => keys === undefined || (Array.isArray(keys) && keys.every((key) => typeof key === 'string'));
  if (typeof locks === 'object' && locks !== null && fits(locks.read) && fits(locks.write)) return locks;
  throw new TypeError(`expected { read?: string[], write?: string[] }, got ${show(locks)}`);
}

function explain(what: string, thrown: unknown): ToolCallError {
  return new ToolCallError('execution', `${what}: ${toToolCallError(thrown, 0).message}`, { cause: thrown });
}
