/**
 * Owns what the runner remembers of one call beside its record in the store: where it stands, its parsed input, its attempt.
 */
import type { ToolSet } from 'ai';
import type { CancelTimer, Clock } from './clock.ts';
import type { Attempt } from './attempts.ts';
import type { LockModes } from './locks.ts';
import type { OrderedCall } from './order.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import { readTitle } from './read-field.ts';
import type { AddCallOptions, RunnerCall } from './runner-interface.ts';
import type { ToolBatchKey, ToolCallEnding, ToolCallEvent, ToolCallKey, ToolCallProgress } from './tool-call.ts';

/**
 * Where a call stands: `checking` its input, with a `person`, `gated` (step end, order), in the scheduler's line (`queued`), `preparing` for an
 * attempt (plugins), `running`, in `backoff`, or `settled`.
 */
export type ToolCallPhase =
  | 'checking'
  | 'person'
  | 'gated'
  | 'queued'
  | 'preparing'
  | 'running'
  | 'backoff'
  | 'settled';

export interface ToolCallTask extends OrderedCall {
  /** What the scheduler knows it by: never changed. */
  readonly id: string;
  /** What its tool is told it is: the key that it had at first, whatever becomes of the id of its message. Another input has another one. */
  idempotencyKey: string;
  key: ToolCallKey;
  batchKey: ToolBatchKey;
  readonly toolCallId: string;
  /** What runs. */
  input: unknown;
  /** The server has signed the input. */
  inputSigned: boolean;
  /** Its place in call order, over all batches. */
  readonly sequence: number;
  readonly messages: () => readonly unknown[];
  /** As it was when this run began: what changes later is for later calls. */
  tool: ToolSet[string] | undefined;
  policy: ResolvedToolPolicy;
  phase: ToolCallPhase;
  /** It failed, and its batch waits for a person to retry or skip it. */
  held: boolean;
  /** How this run ended. */
  ending: ToolCallEnding | undefined;
  /** A person asked for this run: a retry, or one after a reload. */
  byHand: boolean;
  /** Raised at every run, so that what an earlier run still awaits is dropped. */
  run: number;
  parsedInput: unknown;
  /** Asks again what its input comes to, while that waits for another call. */
  fill: (() => void) | undefined;
  /** What it reads and writes, once it has joined the line. */
  locks: LockModes;
  approved: boolean;
  /** Somebody beside the policy (the server) wants a person's yes. */
  approvalAsked: boolean;
  /** Only plugins want a person's yes, and may want it no more. */
  isAskedByPlugins: boolean;
  /** Attempts of this run that failed. */
  failures: number;
  attempt: Attempt | undefined;
  cancelBackoff: CancelTimer | undefined;
  /** What the tool reported since the last frame. */
  report: { progress?: ToolCallProgress; output?: { value: unknown } } | undefined;
}

/** The calls of one batch, in call order. */
export interface TaskBatch {
  key: ToolBatchKey;
  readonly tasks: ToolCallTask[];
  /** Calls that were told to wait for the batch; some of them may wait no more. */
  readonly gated: Set<ToolCallTask>;
  /** So many of the first calls are known to be finished. */
  finished: number;
  /** A call has (or had) a policy with `sequential`. */
  isOrdered: boolean;
  streaming: boolean;
}

export function createTaskBatch(key: ToolBatchKey): TaskBatch {
  return { key, tasks: [], gated: new Set(), finished: 0, isOrdered: false, streaming: true };
}

/** Whether all calls are finished; those of no batch are. Looks on from where it stopped the last time. */
export function isFinished(batch: TaskBatch | undefined): boolean {
  if (batch === undefined) return true;
  const { tasks } = batch;
  while (tasks[batch.finished]?.finished === true) batch.finished++;
  return batch.finished === tasks.length;
}

/** The calls that wait for their batch, in call order. */
export function listGated({ gated }: TaskBatch): ToolCallTask[] {
  for (const task of gated) if (task.phase !== 'gated' && task.fill === undefined) gated.delete(task);
  return [...gated].sort((left, right) => left.sequence - right.sequence);
}

export interface NewToolCallTask extends Pick<
  ToolCallTask,
  | 'idempotencyKey'
  | 'key'
  | 'batchKey'
  | 'toolCallId'
  | 'toolName'
  | 'input'
  | 'inputSigned'
  | 'sequence'
  | 'messages'
  | 'policy'
  | 'approved'
  | 'approvalAsked'
> {}

const NO_LOCKS: LockModes = new Map();

export function createToolCallTask(fields: NewToolCallTask): ToolCallTask {
  return {
    ...fields,
    id: String(fields.sequence),
    tool: undefined,
    phase: 'person',
    held: false,
    ending: undefined,
    byHand: false,
    run: 0,
    parsedInput: undefined,
    fill: undefined,
    locks: NO_LOCKS,
    isAskedByPlugins: false,
    failures: 0,
    attempt: undefined,
    cancelBackoff: undefined,
    report: undefined,
    get after() {
      return this.policy.after;
    },
    get sequential() {
      return this.policy.sequential;
    },
    get admitted() {
      return (
        this.phase === 'queued' || this.phase === 'preparing' || this.phase === 'running' || this.phase === 'backoff'
      );
    },
    get finished() {
      return this.phase === 'settled' && !this.held;
    },
  };
}

/** Whether a call waits for its turn: for its batch, in the line, or for a plugin at the head of it. */
export function isInLine({ phase, failures }: ToolCallTask): boolean {
  return failures === 0 && (phase === 'gated' || phase === 'queued' || phase === 'preparing');
}

/** Whether nothing of this run has been attempted yet. */
export function isUnstarted({ phase, failures }: ToolCallTask): boolean {
  return failures === 0 && phase !== 'running' && phase !== 'settled';
}

/** Puts a call where it stands from now on. Gives whether it still stands there, in the same run and after the same attempts. */
export function enter(task: ToolCallTask, phase: ToolCallPhase): () => boolean {
  const { run, failures } = task;
  task.phase = phase;
  return () => task.run === run && task.phase === phase && task.failures === failures;
}

/** A run begins: the first, a manual retry, one after a reload. */
export function startRun(task: ToolCallTask): void {
  task.run++;
  task.held = false;
  task.ending = undefined;
  task.fill = undefined;
  task.failures = 0;
}

/** A run ends. Gives the attempt that was running, which still has to be told. */
export function endRun(task: ToolCallTask, ending: ToolCallEnding): Attempt | undefined {
  const { attempt } = task;
  task.cancelBackoff?.();
  task.cancelBackoff = undefined;
  task.attempt = undefined;
  task.fill = undefined;
  task.phase = 'settled';
  task.held = ending.type === 'call-failed' && ending.held === true;
  task.ending = ending;
  return attempt;
}

/** How a call ends that takes the result of an identical one. */
export function withoutHold(ending: ToolCallEnding): ToolCallEnding {
  return ending.type === 'call-failed' ? { type: 'call-failed', error: ending.error } : ending;
}

/** The event that puts a call into the store. */
export function toAdded(
  { key, toolCallId, toolName, input, inputSigned, policy }: ToolCallTask,
  tool: ToolSet[string] | undefined,
  options: Pick<AddCallOptions, 'status' | 'interruption'> & Pick<RunnerCall, 'title' | 'modelInput'>,
  clock: Clock,
): Extract<ToolCallEvent, { type: 'call-added' }> {
  const { status = 'queued', interruption, title = readTitle(tool), modelInput } = options;
  const call = {
    key,
    toolCallId,
    toolName,
    input,
    ...(modelInput !== undefined && { modelInput }),
    ...(inputSigned && { inputSigned }),
    destructive: policy.destructive,
    status,
    ...(title !== undefined && { title }),
    ...(interruption !== undefined && { interruption }),
  };
  return { type: 'call-added', call, at: clock.now() };
}
