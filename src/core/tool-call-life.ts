/**
 * Owns the life of one call: check its input, ask for approval, wait for its turn, and settle. It reports what happens as events
 * to the store; who asks for a life to begin or end is the runner's affair, how a call is attempted that of `call-attempts.ts`.
 *
 * Whoever hears an event, and every function of a policy, may give commands at once. So the task's own state is changed before an
 * event goes out, and looked at again after.
 */
import { createCallAttempts } from './call-attempts.ts';
import { createCallLine, type CallLine } from './call-line.ts';
import type { Clock } from './clock.ts';
import { createCancelledError, ToolCallError } from './errors.ts';
import { changeInput, findTwin, isSameJson } from './identical-calls.ts';
import { toLockModes } from './locks.ts';
import { findOrderBlock } from './order.ts';
import { checkOutput } from './output.ts';
import type { FrameUpdates } from './frame-updates.ts';
import { askReasons, fillInput, type FilledInput, type ToolCallsPlugin } from './plugins.ts';
import { askPolicy, expectAnswer, expectLocks } from './policy-answers.ts';
import { checkInput, whenChecked } from './schema.ts';
import {
  endRun,
  enter,
  isFinished,
  isInLine,
  startRun,
  listGated,
  withoutHold,
  type TaskBatch,
  type ToolCallTask,
} from './tool-call-task.ts';
import type { ToolCallStore } from './tool-call-store.ts';
import {
  isSameWait,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallEnding,
  type ToolCallEvent,
  type ToolCallWait,
} from './tool-call.ts';
import { isRunByPage } from './tool.ts';
import type { ApproveOptions } from './tool-calls.ts';

export interface ToolCallLifeOptions {
  readonly clock: Clock;
  readonly store: ToolCallStore;
  readonly updates: FrameUpdates;
  readonly concurrency: number;
  readonly plugins: readonly ToolCallsPlugin[];
  readonly batches: ReadonlyMap<ToolBatchKey, TaskBatch>;
  readonly onBatchSettled: (batchKey: ToolBatchKey) => void;
  /** Why there is no tool of that name. */
  readonly explainMissing: (toolName: string) => ToolCallError;
}

export interface ToolCallLife {
  /** Starts from the input: at the first run, at a manual retry, after a reload. `event` says which. */
  begin(task: ToolCallTask, event: ToolCallEvent): void;
  /** A person said yes, to an input of theirs if they gave one that fits; or a rule did. */
  approve(task: ToolCallTask, options?: ApproveOptions): void;
  /** Looks again whether a gated call may join the line. */
  advance(task: ToolCallTask): void;
  /** Takes a call out of the line to wait for a person. One that has begun, and is safe to repeat, is stopped and begins again after the yes. */
  hold(task: ToolCallTask, why?: 'unknown-end' | 'signed'): void;
  /** Takes a person's answer as the output, if it fits. */
  answer(task: ToolCallTask, output: unknown): void;
  /** Gives up on held failures: their batch goes on. */
  skip(tasks: readonly ToolCallTask[]): void;
  settle(task: ToolCallTask, ending: ToolCallEnding): void;
  settleAll(tasks: readonly ToolCallTask[], ending: ToolCallEnding): void;
  /** Ends a call with what somebody else says, whatever it came to here. What runs is aborted with `reason`. */
  overrule(task: ToolCallTask, ending: ToolCallEnding, reason: ToolCallError, by?: ToolCall['answeredBy']): void;
  /** Asks the plugins again about a call that has not started. */
  reconsider(task: ToolCallTask): void;
  /** Known results are stale, and so are those on their way. */
  readonly invalidate: CallLine['invalidate'];
  readonly takeTurn: CallLine['takeTurn'];
  recordOf(task: ToolCallTask): ToolCall | undefined;
  setConcurrency(concurrency: number): void;
}

export function createToolCallLife({
  clock,
  store: { peek },
  updates,
  concurrency,
  plugins,
  batches,
  onBatchSettled,
  explainMissing,
}: ToolCallLifeOptions): ToolCallLife {
  const { record, tell } = updates;
  const line = createCallLine({
    clock,
    concurrency,
    plugins,
    settle,
    onStart: (tasks) => startAttempts(tasks),
    onWait: tellWait,
  });
  const startAttempts = createCallAttempts({ clock, updates, scheduler: line, plugins, recordOf, settle, fail });

  function recordOf({ batchKey, key }: ToolCallTask): ToolCall | undefined {
    return peek().batches[batchKey]?.calls[key];
  }

  function tellWait(task: ToolCallTask, waitingFor: ToolCallWait): void {
    if (isSameWait(recordOf(task)?.waitingFor, waitingFor)) return;
    tell(task, { type: 'wait-changed', waitingFor });
  }

  // ── From the call to its turn ──────────────────────────────────────────────

  function begin(task: ToolCallTask, event: ToolCallEvent): void {
    const batch = batches.get(task.batchKey);
    if (batch !== undefined) {
      if (task.run > 0) batch.finished = 0;
      batch.isOrdered ||= task.policy.sequential;
    }
    startRun(task);
    const isCurrent = enter(task, 'checking');
    record({ ...event, batchKey: task.batchKey });
    if (!isCurrent()) return;
    checkFit(task, task.input, (error, parsedInput) => {
      if (!isCurrent()) return;
      if (error !== undefined) return fail(task, error);
      task.parsedInput = parsedInput;
      askApproval(task, isCurrent);
    });
  }

  /** Gives the input as the tool wants it, or why it does not fit. */
  function checkFit(
    task: ToolCallTask,
    input: unknown,
    then: (error: ToolCallError | undefined, parsedInput?: unknown) => void,
  ): void {
    const { tool, toolName, batchKey, run } = task;
    if (tool === undefined) return then(explainMissing(toolName));
    task.fill = undefined;
    let filled: FilledInput;
    try {
      filled = fillInput(plugins, recordOf(task), input, peek().batches[batchKey]);
    } catch (thrown) {
      // SAFETY: `fillInput` throws nothing else.
      return then(thrown as ToolCallError);
    }
    // Whoever heard of what a plugin noted may have cancelled the call.
    if (task.run !== run || task.phase === 'settled') return;
    if ('waitFor' in filled) {
      const { key: call, toolName } = filled.waitFor;
      task.fill = () => checkFit(task, input, then);
      batches.get(batchKey)?.gated.add(task);
      return tellWait(task, { type: 'order', call, toolName });
    }
    whenChecked(checkInput(tool.inputSchema, filled.input), (result) => {
      if (result.success) return then(undefined, result.value);
      then(new ToolCallError('invalid-input', `The input does not fit ${toolName}: ${result.message}`));
    });
  }

  function askApproval(task: ToolCallTask, isCurrent: () => boolean): void {
    const { approval } = task.policy;
    let needed = task.approvalAsked || approval === true;
    if (typeof approval === 'function' && !task.approved && !needed) {
      const answer = askPolicy(task, 'approval', () => expectAnswer(approval(task.parsedInput)), fail);
      if (answer === undefined || !isCurrent()) return;
      needed = answer;
    }
    if (task.approved) return pass(task);
    const reasons = reasonsFor(task);
    if (!isCurrent()) return;
    if (!needed && reasons.length === 0) return pass(task);
    ask(task, reasons, !needed);
  }

  function reasonsFor(task: ToolCallTask): string[] {
    const call = plugins.length === 0 ? undefined : recordOf(task);
    return call === undefined ? [] : askReasons(plugins, call);
  }

  function ask(task: ToolCallTask, reasons: readonly string[], isPlugins: boolean, unknownEnd = false): void {
    task.phase = 'person';
    task.isAskedByPlugins = isPlugins;
    const signed = task.inputSigned && { inputSigned: true };
    const said = { ...(reasons.length > 0 && { reasons }), ...(unknownEnd && { unknownEnd }), ...signed };
    line.leave([task], () => tell(task, { type: 'approval-required', ...said }));
  }

  function grant(task: ToolCallTask, change: Pick<ApproveOptions, 'input' | 'byRule'>): void {
    const isCurrent = enter(task, 'person');
    // What the server asked is answered once.
    task.approved = task.approvalAsked || !change.byRule;
    tell(task, { type: 'approval-granted', at: clock.now(), ...change });
    if (isCurrent()) pass(task);
  }

  /** The call is valid and approved. */
  function pass(task: ToolCallTask): void {
    task.phase = 'gated';
    task.fill = undefined;
    advance(task);
  }

  /** Nothing runs: a person answers, and waits for nobody. But until the answer is complete the server may ask whether there is to be one. */
  function askPerson(task: ToolCallTask, streaming: boolean): void {
    if (streaming && task.policy.needsApproval) return tellWait(task, { type: 'step-end' });
    task.phase = 'person';
    tell(task, { type: 'input-required' });
  }

  /** Lets a gated call through to the scheduler's line when nothing of its batch is in its way. */
  function advance(task: ToolCallTask): void {
    const batch = batches.get(task.batchKey);
    if (task.phase !== 'gated' || batch === undefined) return;
    batch.gated.add(task);
    if (!isRunByPage(task.tool)) return askPerson(task, batch.streaming);
    const { start, after, dedupe, coalesce } = task.policy;
    // Until the answer is complete, a call that `after` waits for may still come, and one to run together with.
    const isForStepEnd = start === 'step-end' || after.length > 0 || coalesce?.wait === 'step-end';
    if (batch.streaming && isForStepEnd) return tellWait(task, { type: 'step-end' });
    const twin = dedupe ? findTwin(batch.tasks, task) : undefined;
    // Held is the one that ran: there a person decides for all of them.
    if (twin?.ending !== undefined && !twin.held) return settle(task, withoutHold(twin.ending));
    const block = twin ?? (batch.isOrdered || after.length > 0 ? findOrderBlock(batch.tasks, task) : undefined);
    if (block !== undefined) return tellWait(task, { type: 'order', call: block.key, toolName: block.toolName });
    enqueue(task);
  }

  function enqueue(task: ToolCallTask): void {
    const { policy, parsedInput } = task;
    const isCurrent = enter(task, 'gated');
    const ask = () => toLockModes(expectLocks(policy.locks ? policy.locks(parsedInput) : {}));
    const modes = askPolicy(task, 'locks', ask, fail);
    if (modes === undefined || !isCurrent()) return;
    task.phase = 'queued';
    line.join(task, modes);
  }

  // ── The end ────────────────────────────────────────────────────────────────

  function fail(task: ToolCallTask, error: ToolCallError): void {
    settle(task, { type: 'call-failed', error, held: task.policy.onFailure === 'hold' });
  }

  /** The first ending wins. */
  function settle(task: ToolCallTask, ending: ToolCallEnding): void {
    settleAll([task], ending);
  }

  function settleAll(chosen: readonly ToolCallTask[], ending: ToolCallEnding): void {
    const open = chosen.filter((task) => task.phase !== 'settled');
    endAll(open, ending, ending, ending.type === 'call-succeeded' ? undefined : ending.error);
  }

  /**
   * Ends calls together, so that none of them starts in the room that another one leaves: slots and locks are given back, then
   * the store hears of it, then the tools are told, then others start.
   */
  function endAll(
    ended: readonly ToolCallTask[],
    ending: ToolCallEnding,
    event: ToolCallEnding | Omit<Extract<ToolCallEvent, { type: 'call-overruled' }>, 'key' | 'at'>,
    reason: ToolCallError | undefined,
  ): void {
    const running = ended.flatMap((task) => endRun(task, ending) ?? []);
    for (const task of ended) updates.dropReport(task);
    line.leave(ended, () => {
      const at = clock.now();
      record(...ended.map(({ batchKey, key }) => ({ ...event, batchKey, key, at })));
      if (reason !== undefined) for (const started of running) started.cancel(reason);
    });
    goOn(ended);
  }

  /** The call began before anybody asked for a yes: what it came to does not count. Of one that is not safe to repeat, it does. */
  function startAgain(task: ToolCallTask, { status, answeredBy }: ToolCall): void {
    const isOver = status === 'denied' || status === 'cancelled' || answeredBy !== undefined;
    if (isOver || status === 'awaiting-approval' || !(task.policy.readOnly || task.policy.idempotent)) return;
    const error = createCancelledError('superseded');
    const attempt = endRun(task, { type: 'call-cancelled', error });
    updates.dropReport(task);
    line.leave([task], () => {
      begin(task, { type: 'call-retried', key: task.key, at: clock.now() });
      attempt?.cancel(error);
    });
  }

  /** Something of these calls' batches has come to its end: what waited for it may go on. */
  function goOn(ended: readonly ToolCallTask[]): void {
    for (const batchKey of new Set(ended.map((task) => task.batchKey))) {
      const batch = batches.get(batchKey);
      if (batch === undefined) continue;
      for (const task of listGated(batch)) (task.fill ?? advance)(task);
      if (isFinished(batch)) onBatchSettled(batchKey);
    }
  }

  return {
    begin,
    advance,
    settle,
    settleAll,
    overrule(task, ending, reason, by) {
      line.disown(task);
      endAll([task], ending, { type: 'call-overruled', ending, reason, ...(by !== undefined && { by }) }, reason);
    },
    invalidate: line.invalidate,
    takeTurn: line.takeTurn,
    recordOf,
    setConcurrency: line.setConcurrency,
    approve(task, { input, byRule } = {}) {
      if (input === undefined || isSameJson(input, task.input)) return grant(task, byRule ? { byRule } : {});
      if (task.inputSigned) return;
      const { run } = task;
      checkFit(task, input, (error, parsedInput) => {
        if (task.run !== run || recordOf(task)?.status !== 'awaiting-approval') return;
        if (error !== undefined) return tell(task, { type: 'input-rejected', error });
        changeInput(task, input);
        task.parsedInput = parsedInput;
        grant(task, { input });
      });
    },
    hold(task, why) {
      task.approvalAsked = true;
      task.inputSigned ||= why === 'signed';
      const call = recordOf(task);
      if (call !== undefined && call.attempts.length > 0) return startAgain(task, call);
      if (isInLine(task) || call?.status === 'awaiting-input')
        ask(task, reasonsFor(task), false, why === 'unknown-end');
    },
    reconsider(task) {
      if (task.fill !== undefined) return task.fill();
      if (task.approved) return;
      const isAsked = task.phase === 'person' && task.isAskedByPlugins;
      if (!isAsked && !isInLine(task)) return;
      const reasons = reasonsFor(task);
      if (reasons.length > 0) return ask(task, reasons, true);
      if (!isAsked) return;
      tell(task, { type: 'approval-dropped', at: clock.now() });
      pass(task);
    },
    answer(task, output) {
      const { run } = task;
      whenChecked(checkOutput(task.tool?.outputSchema, output), (result) => {
        if (task.run !== run || recordOf(task)?.status !== 'awaiting-input') return;
        if (result.success) return settle(task, { type: 'call-succeeded', output: result.value });
        const error = new ToolCallError('invalid-output', `The answer to ${task.toolName} ${result.message}`);
        tell(task, { type: 'input-rejected', error });
      });
    },
    skip(chosen) {
      const held = chosen.filter((task) => task.held);
      for (const task of held) task.held = false;
      record(...held.map(({ batchKey, key }) => ({ type: 'call-skipped' as const, batchKey, key })));
      goOn(held);
    },
  };
}
