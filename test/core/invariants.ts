// Owns: what must hold at every moment of every schedule (DESIGN, section 9), checked against the store and what tools see.
import { isSettled, type ToolCall, type ToolCallStatus } from '../../src/core/tool-call.ts';
import { selectToolCalls } from '../../src/core/selectors.ts';
import type { ToolRunner } from '../../src/core/runner-interface.ts';
import type { FakeClock } from './fake-clock.ts';
import { createReuseModel } from './reuse-model.ts';
import type { ScenarioTool } from './scenario.ts';

/** One invocation of a tool, as the tool sees it. */
export interface Execution {
  readonly call: ToolCall;
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** What it shares with the calls that run together with it. */
  readonly request: { readonly signal: AbortSignal } | undefined;
  /** What it gives if it succeeds; no other execution gives the same. */
  readonly output: number;
  /** The tool came to an end by itself. */
  ended: boolean;
}

export interface InvariantsOptions {
  readonly runner: ToolRunner;
  readonly clock: FakeClock;
  readonly toolOf: (toolName: string) => ScenarioTool | undefined;
  readonly concurrency: () => number;
  readonly rateOf: (toolName: string) => { key: string; limit: number; interval: number } | undefined;
  readonly locksOf: (call: ToolCall) => ReadonlyMap<string, 'read' | 'write'>;
  readonly needsApproval: (call: ToolCall) => boolean;
}

const NEXT: Record<ToolCallStatus, readonly ToolCallStatus[]> = {
  queued: ['queued', 'awaiting-approval', 'awaiting-input', 'running', 'succeeded', 'failed', 'cancelled'],
  'awaiting-approval': ['queued', 'denied', 'failed', 'cancelled'],
  'awaiting-input': ['awaiting-input', 'awaiting-approval', 'succeeded', 'failed', 'cancelled'],
  interrupted: ['queued', 'failed', 'cancelled'],
  running: ['running', 'retrying', 'queued', 'succeeded', 'failed', 'cancelled'],
  retrying: ['queued', 'failed', 'cancelled'],
  succeeded: ['queued', 'failed'],
  failed: ['queued', 'failed'],
  denied: ['failed'],
  cancelled: ['queued', 'failed'],
};

/** What a call waits for that has its locks. */
const HOLDS_LOCKS = new Set<string | undefined>(['coalesce', 'slot', 'rate-limit']);

export function createInvariants(options: InvariantsOptions) {
  const { runner, clock, toolOf, rateOf, locksOf } = options;
  const violations: string[] = [];
  const executions: Execution[] = [];
  const settled = new Set<string>();
  const sequence = new Map<string, number>();
  /** Calls that hold their locks and wait for a slot or a rate limit. */
  const granted = new Set<string>();
  /** Running calls that held their locks before their last attempt started. */
  const grantedBefore = new Set<string>();
  const approved = new Set<string>();
  const starts = new Map<string, number[]>();
  const reuse = createReuseModel(options);

  const claim = (holds: boolean, what: string) => {
    if (!holds) violations.push(what);
  };
  const calls = () => selectToolCalls(runner.store.getState());
  const isOnItsWay = ({ status, key }: ToolCall) =>
    status === 'running' || status === 'retrying' || (status === 'queued' && granted.has(key));
  const conflicts = (left: ToolCall, right: ToolCall) =>
    [...locksOf(left)].some(([key, mode]) => {
      const other = locksOf(right).get(key);
      return other !== undefined && (mode === 'write' || other === 'write');
    });

  runner.store.subscribe((state, previous) => {
    for (const [batchKey, batch] of Object.entries(state.batches)) {
      const before = previous.batches[batchKey];
      if (before === batch) continue;
      for (const key of batch.order) {
        const call = batch.calls[key]!;
        const last = before?.calls[key];
        if (last === undefined) sequence.set(key, sequence.size);
        if (last === call) continue;
        if (last !== undefined) checkStep(last, call);
        if (last?.status === 'queued' && call.status === 'running') checkSlots();
        noteLocks(call);
      }
    }
  });

  /** When a call starts: later somebody may lower the limit, and nobody is stopped for that. */
  function checkSlots(): void {
    const isAlone = (call: ToolCall) => toolOf(call.toolName)?.coalesce === undefined;
    const running = calls().filter((call) => call.status === 'running' && isAlone(call)).length;
    claim(running <= options.concurrency(), `${running} calls run at once`);
  }

  /** Calls that run together hold one slot. */
  function countSlots(toolName?: string): number {
    const now = new Map(calls().map((call) => [call.key, call]));
    const isOfTool = ({ call }: Execution) => toolName === undefined || call.toolName === toolName;
    const on = executions.filter((execution) => isOfTool(execution) && isOn(execution, now.get(execution.call.key)));
    return new Set(on.map((execution) => execution.request ?? execution)).size;
  }

  function isOn({ call, attempt }: Execution, current: ToolCall | undefined): boolean {
    return (
      current?.status === 'running' && current.generation === call.generation && current.attempts.length === attempt
    );
  }

  function checkStep(last: ToolCall, call: ToolCall): void {
    const step = `${call.key}: ${last.status} → ${call.status}`;
    claim(NEXT[last.status].includes(call.status), `${step} is no step of the state machine`);
    // What began before anybody asked for a yes begins again.
    const isAskedLate = last.status === 'running' && call.status === 'queued';
    claim(!isAskedLate || call.generation === last.generation + 1, `${step} goes back`);
    if (isSettled(last)) {
      const isConflict = call.status === 'failed' && call.generation === last.generation;
      const isRetry = call.status === 'queued' && call.generation === last.generation + 1;
      claim(isConflict || isRetry, `${step} changes a final result`);
    } else if (last.status === 'awaiting-approval' && call.status === 'queued') approved.add(call.key);
    else if (isSettled(call)) {
      const settlement = `${call.key} in generation ${call.generation}`;
      claim(!settled.has(settlement), `${settlement} settles twice`);
      settled.add(settlement);
      if (isCopy(call)) return;
      violations.push(...reuse.onSettled(call));
      if (call.reused !== undefined) checkLocks(call, !granted.has(call.key));
    }
  }

  /** It has the result of an identical call of its batch (`dedupe`), whatever was written since. */
  function isCopy(call: ToolCall): boolean {
    if (toolOf(call.toolName)?.dedupe !== true || call.attempts.length > 0) return false;
    const isTwin = ({ key, toolName, output, input }: ToolCall) =>
      key !== call.key &&
      toolName === call.toolName &&
      output === call.output &&
      JSON.stringify(input) === JSON.stringify(call.input);
    return Object.values(runner.store.getState().batches[call.batchKey]?.calls ?? {}).some(isTwin);
  }

  /** From the first wait for a slot, or the first attempt, to its end a call holds its locks. */
  function noteLocks(call: ToolCall): void {
    if (call.status === 'queued') {
      if (HOLDS_LOCKS.has(call.waitingFor?.type) || waitsForEqual(call)) granted.add(call.key);
      else if (call.waitingFor !== undefined || call.attempts.length === 0) granted.delete(call.key);
    } else if (call.status === 'running' || call.status === 'retrying') {
      if (granted.has(call.key)) grantedBefore.add(call.key);
      granted.add(call.key);
    } else {
      granted.delete(call.key);
      grantedBefore.delete(call.key);
    }
  }

  /** It waits for the result of an equal call, and holds its locks. */
  function waitsForEqual({ toolName, waitingFor }: ToolCall): boolean {
    const isOfTool = waitingFor?.type === 'order' && waitingFor.toolName === toolName;
    return isOfTool && reuse.isUsedBy(toolName) && !waitsForBatch(toolName);
  }

  /** Calls of the tool wait for calls of it without holding anything. */
  function waitsForBatch(toolName: string): boolean {
    const tool = toolOf(toolName);
    return tool?.dedupe === true || tool?.sequential === true;
  }

  function checkLocks(call: ToolCall, isFirst: boolean): void {
    const isUnclear = waitsForBatch(call.toolName) && reuse.isUsedBy(call.toolName);
    const place = sequence.get(call.key)!;
    for (const other of calls()) {
      if (other.key === call.key || !conflicts(call, other)) continue;
      claim(!isOnItsWay(other), `${call.key} starts beside ${other.key}, which holds a lock that it needs`);
      const waits = other.status === 'queued' && other.waitingFor?.type === 'lock';
      const overtakes =
        isFirst && !isUnclear && !grantedBefore.has(call.key) && waits && sequence.get(other.key)! < place;
      claim(!overtakes, `${call.key} overtakes ${other.key} at a lock`);
    }
  }

  function checkOrder(call: ToolCall, tool: ScenarioTool): void {
    const batch = runner.store.getState().batches[call.batchKey]!;
    const isEager = runner.policyOf(call.toolName)?.start === 'eager' && tool.coalesce?.wait !== 'step-end';
    claim(!batch.streaming || isEager, `${call.key} starts before step end`);
    const after = runner.policyOf(call.toolName)?.after ?? [];
    for (const other of Object.values(batch.calls)) {
      if (other.key === call.key) continue;
      const isOpen = !isSettled(other) || (other.status === 'failed' && other.held === true);
      // A call that is retried comes too late for those that were let through when it had failed.
      claim(
        !(isOpen && other.generation === 0 && after.includes(other.toolName)),
        `${call.key} starts before ${other.key}, which it comes after`,
      );
      const isActive = other.status === 'running' || other.status === 'retrying';
      const isBarrier = tool.sequential || toolOf(other.toolName)?.sequential === true;
      claim(!(isActive && isBarrier), `${call.key} starts beside ${other.key}, and one of them is sequential`);
      const isTwin =
        tool.dedupe && other.toolName === call.toolName && JSON.stringify(other.input) === JSON.stringify(call.input);
      claim(!(isTwin && (isActive || other.status === 'succeeded')), `${call.key} does again what ${other.key} does`);
    }
  }

  function checkExecution(execution: Execution): void {
    const { call, attempt, signal } = execution;
    const tool = toolOf(call.toolName)!;
    claim(call.status === 'running', `${call.key} is executed while ${call.status}`);
    claim(!signal.aborted, `${call.key} is executed with an aborted signal`);
    claim(!options.needsApproval(call) || approved.has(call.key), `${call.key} runs without approval`);
    claim(attempt === call.attempts.length, `${call.key} says attempt ${attempt} at its ${call.attempts.length}th`);
    claim(attempt <= tool.retry + 1, `${call.key} is attempted ${attempt} times`);
    claim(execution.idempotencyKey === call.key, `${call.key} has another idempotency key`);
    const twice = executions.some(
      (other) => other.call.key === call.key && other.call.generation === call.generation && other.attempt === attempt,
    );
    claim(!twice, `${call.key} makes attempt ${attempt} twice`);
    checkLocks(call, attempt === 1);
    if (attempt === 1) checkOrder(call, tool);
  }

  return {
    violations,
    onInvalidate: reuse.onInvalidate,
    /** Called by a tool, first thing: with one execution, or with those that run together. */
    onExecute(started: readonly Execution[]): void {
      started.forEach(checkExecution);
      started.forEach(reuse.onExecute);
      executions.push(...started);
      const { toolName } = started[0]!.call;
      const tool = toolOf(toolName)!;
      claim(started.length <= (tool.coalesce?.max ?? 1), `${started.length} calls run together`);
      claim(countSlots() <= options.concurrency(), `${countSlots()} slots are taken`);
      const ofTool = countSlots(toolName);
      claim(ofTool <= (tool.concurrency ?? Infinity), `${ofTool} slots of ${toolName} are taken`);
      const rate = rateOf(toolName);
      if (rate === undefined) return;
      const line = [...(starts.get(rate.key) ?? []), clock.now()];
      starts.set(rate.key, line);
      const inWindow = line.filter((at) => at > clock.now() - rate.interval).length;
      claim(inWindow <= rate.limit, `${inWindow} starts in ${rate.interval} ms of rate limit ${rate.key}`);
    },
    /** Called after every command, when nothing is ready to go on. */
    check(): void {
      const now = new Map(calls().map((call) => [call.key, call]));
      for (const execution of executions) {
        const { call, signal, ended, request } = execution;
        const runs = isOn(execution, now.get(call.key));
        claim(ended || runs || signal.aborted, `${call.key} is over, and its tool was not told`);
        claim(!(runs && signal.aborted), `${call.key} runs with an aborted signal`);
        if (request === undefined) continue;
        const isUnwanted = executions.every((other) => other.request !== request || other.signal.aborted);
        claim(request.signal.aborted === isUnwanted, `the request of ${call.key} is aborted: ${!isUnwanted}`);
      }
      for (const call of now.values()) {
        if (call.status !== 'queued') continue;
        const wait = call.waitingFor;
        claim(wait !== undefined, `${call.key} waits for nothing`);
        const other = wait?.type === 'lock' ? now.get(wait.heldBy) : wait?.type === 'order' ? now.get(wait.call) : call;
        const isOver = other === undefined || (isSettled(other) && !(other.status === 'failed' && other.held === true));
        claim(!isOver, `${call.key} waits for ${other?.key}, which is over`);
        claim(wait?.type !== 'rate-limit' || wait.until >= clock.now(), `${call.key} waits for a time that has passed`);
      }
    },
  };
}
