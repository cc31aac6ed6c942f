/**
 * Owns how a call is attempted once it is its turn: what `execute` receives, and whether its outcome settles the call or sends it
 * into backoff.
 */
import type { ModelMessage } from 'ai';
import { createAttempt, nextDelay } from './attempts.ts';
import type { Clock } from './clock.ts';
import { explainError, ToolCallError } from './errors.ts';
import { findFailure } from './failure-output.ts';
import { takeSnapshot } from './json-snapshot.ts';
import { checkOutput } from './output.ts';
import { normalizeProgress, type FrameUpdates } from './frame-updates.ts';
import { prepareAttempt, wrapTool, type ToolCallsPlugin } from './plugins.ts';
import type { Scheduler } from './scheduler.ts';
import type { ToolCall, ToolCallEnding } from './tool-call.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ClientToolExecutionOptions } from './tool.ts';

export interface CallAttemptsOptions {
  readonly clock: Clock;
  readonly updates: FrameUpdates;
  readonly scheduler: Pick<Scheduler, 'pause' | 'resume'>;
  readonly plugins: readonly ToolCallsPlugin[];
  readonly recordOf: (task: ToolCallTask) => ToolCall | undefined;
  readonly settle: (task: ToolCallTask, ending: ToolCallEnding) => void;
  readonly fail: (task: ToolCallTask, error: ToolCallError) => void;
}

/** Gives the function that makes the next attempt of a call which holds its locks and a slot. */
export function createCallAttempts({
  clock,
  updates,
  scheduler,
  plugins,
  recordOf,
  settle,
  fail,
}: CallAttemptsOptions) {
  return function prepare(task: ToolCallTask): void {
    const call = plugins.length === 0 ? undefined : recordOf(task);
    if (call === undefined) return attempt(task);
    const { run, failures } = task;
    task.phase = 'preparing';
    const isCurrent = () => task.run === run && task.phase === 'preparing' && task.failures === failures;
    const tellWait = (name: string) => {
      const { batchKey, key } = task;
      if (isCurrent()) updates.record({ type: 'wait-changed', batchKey, key, waitingFor: { type: 'plugin', name } });
    };
    const ready = prepareAttempt(plugins, call, failures + 1, tellWait);
    // Whoever heard of it may have cancelled the call.
    if (!isCurrent()) return;
    if (ready === undefined) return attempt(task);
    ready.then(
      () => isCurrent() && attempt(task),
      (error: ToolCallError) => isCurrent() && attempt(task, error),
    );
  };

  /** `refusal`: why the tool is not to run. */
  function attempt(task: ToolCallTask, refusal?: ToolCallError): void {
    const { batchKey, key, run, failures, tool, policy } = task;
    const isCurrent = () => task.run === run && task.phase === 'running' && task.failures === failures;
    task.phase = 'running';
    updates.record({ type: 'attempt-started', batchKey, key, at: clock.now() });
    // Whoever heard of it may have cancelled the call.
    if (!isCurrent()) return;
    task.attempt = createAttempt({
      clock,
      timeout: policy.timeout,
      // SAFETY: the parsed input is what the tool's schema gives; the client's options extend the SDK's.
      execute(abortSignal) {
        if (refusal !== undefined) throw refusal;
        const options = createExecutionOptions(task, abortSignal, isCurrent);
        const runTool = (extra?: object) =>
          tool?.execute?.(task.parsedInput as never, joinOptions(options, extra) as never);
        const call = plugins.length === 0 ? undefined : recordOf(task);
        return call === undefined ? runTool() : wrapTool(plugins, call, runTool)();
      },
      findFailure: (output) => findFailure(task.toolName, policy, output, clock.now()),
      check: (output) => checkOutput(tool?.outputSchema, output),
      onOutput(result) {
        if (result.success) return settle(task, { type: 'call-succeeded', output: result.value });
        fail(task, new ToolCallError('invalid-output', `The output of ${task.toolName} ${result.message}`));
      },
      onFailure: (error) => handleFailure(task, error, isCurrent),
      onPreliminary(value) {
        const snapshot = takeSnapshot(value);
        // What cannot be shown yet may still become an output that can: the schema has the last word.
        if (snapshot.success) updates.report(task, { output: { value: snapshot.value } });
      },
    });
    task.attempt.run();
  }

  function createExecutionOptions(
    task: ToolCallTask,
    abortSignal: AbortSignal,
    isCurrent: () => boolean,
  ): ClientToolExecutionOptions {
    return {
      toolCallId: task.toolCallId,
      toolName: task.toolName,
      get messages() {
        // SAFETY: whoever added the call says what the conversation is; the chat bridge gives model messages.
        return task.messages() as ModelMessage[];
      },
      abortSignal,
      attempt: task.failures + 1,
      idempotencyKey: task.idempotencyKey,
      reportProgress(progress) {
        if (isCurrent()) updates.report(task, { progress: normalizeProgress(progress) });
      },
      context: {},
    };
  }

  function handleFailure(task: ToolCallTask, error: ToolCallError, isCurrent: () => boolean): void {
    const { batchKey, key } = task;
    let delay: number | undefined;
    try {
      delay = nextDelay(task.policy, task.failures, error, clock);
    } catch (thrown) {
      const what = `\`retry\` or \`retryDelay\` of ${task.toolName}, asked about "${error.message}", threw`;
      return fail(task, explainError(what, thrown));
    }
    // The policy's functions may have cancelled the call.
    if (!isCurrent()) return;
    if (delay === undefined) return fail(task, error);
    const at = clock.now();
    task.failures++;
    task.phase = 'backoff';
    task.attempt = undefined;
    updates.dropReport(task);
    task.cancelBackoff = clock.setTimer(() => endBackoff(task), delay);
    scheduler.pause(task.id, () =>
      updates.record({
        type: 'attempt-failed',
        batchKey,
        key,
        error,
        at,
        retryAt: at + delay,
        ...(typeof task.policy.retry === 'number' && { maxAttempts: task.policy.retry + 1 }),
      }),
    );
  }

  function endBackoff(task: ToolCallTask): void {
    const { batchKey, key } = task;
    task.cancelBackoff = undefined;
    task.phase = 'queued';
    scheduler.resume(task.id, () => updates.record({ type: 'backoff-ended', batchKey, key }));
  }
}

/** The options with what plugins add: the getters stay getters, since a tool that does not look must pay nothing. */
function joinOptions(options: object, extra: object | undefined): object {
  if (extra === undefined) return options;
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(options), ...Object.getOwnPropertyDescriptors(extra) },
  );
}
