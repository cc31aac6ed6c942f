/**
 * Owns how a call is attempted once it is its turn: what `execute` receives, and whether its outcome settles the call or sends it
 * into backoff.
 */
import type { ModelMessage } from 'ai';
import { createAttempt, nextDelay } from './attempts.ts';
import type { Clock } from './clock.ts';
import { createSharedRequest, type SharedRequest } from './coalesce.ts';
import { explainError, ToolCallError } from './errors.ts';
import { takeSnapshot } from './json-snapshot.ts';
import { checkOutput, findFailure } from './output.ts';
import { normalizeProgress, type FrameUpdates } from './frame-updates.ts';
import { prepareAttempt, wrapTool, type ToolCallsPlugin } from './plugins.ts';
import type { Scheduler } from './scheduler.ts';
import type { ToolCall, ToolCallEnding } from './tool-call.ts';
import { enter, type ToolCallTask } from './tool-call-task.ts';
import type { ClientTool, ClientToolExecutionOptions } from './tool.ts';

export interface CallAttemptsOptions {
  readonly clock: Clock;
  readonly updates: FrameUpdates;
  readonly scheduler: Pick<Scheduler, 'pause' | 'resume'>;
  readonly plugins: readonly ToolCallsPlugin[];
  readonly recordOf: (task: ToolCallTask) => ToolCall | undefined;
  readonly settle: (task: ToolCallTask, ending: ToolCallEnding) => void;
  readonly fail: (task: ToolCallTask, error: ToolCallError) => void;
}

/** Gives the function that makes the next attempt of calls which hold their locks and, together, a slot. */
export function createCallAttempts({
  clock,
  updates,
  scheduler,
  plugins,
  recordOf,
  settle,
  fail,
}: CallAttemptsOptions) {
  let requests = 0;

  /** One attempt of each call, once the plugins are ready for all of them: those of a tool with `executeMany` share a request. */
  return function start(tasks: readonly ToolCallTask[]): void {
    // The newest says how: a page may make its tools anew at every render.
    const { toolName, tool } = tasks.at(-1)!;
    const executeMany = (tool as ClientTool | undefined)?.executeMany;
    if (executeMany === undefined) {
      for (const task of tasks)
        prepare(task, (isCurrent, refusal) => {
          if (isCurrent()) attempt(task, refusal);
        });
      return;
    }
    const request = createSharedRequest(toolName, executeMany, clock);
    const number = tasks.length > 1 ? ++requests : undefined;
    const begins: (() => void)[] = [];
    let preparing = tasks.length;
    tasks.forEach((task, index) =>
      prepare(task, (isCurrent, refusal) => {
        begins[index] = () => isCurrent() && attempt(task, refusal, request, number);
        preparing--;
        if (preparing > 0) return;
        for (const begin of begins) begin();
        request.seal();
      }),
    );
  };

  /** Calls `then` once, when the plugins are ready for the attempt or the call has gone; `refusal`: why the tool is not to run. */
  function prepare(task: ToolCallTask, then: (isCurrent: () => boolean, refusal?: ToolCallError) => void): void {
    const isCurrent = enter(task, 'preparing');
    const call = plugins.length === 0 ? undefined : recordOf(task);
    const tellWait = (name: string) => {
      if (isCurrent()) updates.tell(task, { type: 'wait-changed', waitingFor: { type: 'plugin', name } });
    };
    const ready = call && prepareAttempt(plugins, call, task.failures + 1, tellWait);
    // Whoever heard of it may have cancelled the call.
    if (ready === undefined || !isCurrent()) return then(isCurrent);
    let isOver = false;
    const end = (refusal?: ToolCallError) => {
      if (!isOver) then(isCurrent, refusal);
      isOver = true;
    };
    // Calls that start together do not wait for one that was cancelled.
    task.attempt = { run() {}, cancel: () => end() };
    ready.then(() => end(), end);
  }

  /** `refusal`: why the tool is not to run. `request`: what the call shares with others, who know it by its `number`. */
  function attempt(task: ToolCallTask, refusal?: ToolCallError, request?: SharedRequest, number?: number): void {
    const { tool, policy } = task;
    const isCurrent = enter(task, 'running');
    updates.tell(task, { type: 'attempt-started', at: clock.now(), request: number });
    // Whoever heard of it may have cancelled the call.
    if (!isCurrent()) return;
    task.attempt = createAttempt({
      clock,
      timeout: policy.timeout,
      execute(abortSignal) {
        if (refusal !== undefined) throw refusal;
        const options = createExecutionOptions(task, abortSignal, isCurrent);
        const call = plugins.length === 0 ? undefined : recordOf(task);
        const runWith = (execute: (given: ClientToolExecutionOptions) => unknown) => {
          const runTool = (extra?: object) => execute(joinOptions(options, extra));
          return call === undefined ? runTool() : wrapTool(plugins, call, runTool, options)();
        };
        if (request !== undefined) return request.take(task.parsedInput, abortSignal, runWith);
        // SAFETY: the parsed input is what the tool's schema gives; the client's options extend the SDK's.
        return runWith((given) => tool?.execute?.(task.parsedInput as never, given as never));
      },
      findFailure: (output) => findFailure(task.toolName, policy, output, clock.now()),
      check: (output) => checkOutput(tool?.outputSchema, output),
      onOutput(result) {
        if (result.success) return settle(task, { type: 'call-succeeded', output: result.value });
        fail(task, new ToolCallError('invalid-output', `The output of ${task.toolName} ${result.message}`));
      },
      onFailure: (error) => handleFailure(task, error, isCurrent, request ?? clock),
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

  function handleFailure(
    task: ToolCallTask,
    error: ToolCallError,
    isCurrent: () => boolean,
    chance: Pick<Clock, 'random'>,
  ): void {
    let delay: number | undefined;
    try {
      delay = nextDelay(task.policy, task.failures, error, chance);
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
      updates.tell(task, {
        type: 'attempt-failed',
        error,
        at,
        retryAt: at + delay,
        ...(typeof task.policy.retry === 'number' && { maxAttempts: task.policy.retry + 1 }),
      }),
    );
  }

  function endBackoff(task: ToolCallTask): void {
    task.cancelBackoff = undefined;
    task.phase = 'queued';
    scheduler.resume(task.id, () => updates.tell(task, { type: 'backoff-ended' }));
  }
}

/** The options with what plugins add: the getters stay getters, since a tool that does not look must pay nothing. */
function joinOptions(options: ClientToolExecutionOptions, extra: object | undefined): ClientToolExecutionOptions {
  if (extra === undefined) return options;
  // SAFETY: what is joined may replace a field, as the plugin means it.
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(options), ...Object.getOwnPropertyDescriptors(extra) },
  ) as ClientToolExecutionOptions;
}
