/**
 * Owns the pure questions about calls and batches: counts, progress, times, what can be retried. Nothing is written.
 */
import { batchIn, sharedBatchesOf } from './shared-batches.ts';
import type { ToolCallState } from './tool-call-store.ts';
import {
  isAwaitingPerson,
  isSettled,
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from './tool-call.ts';

/** The call with this key, if the store has it. */
export function selectToolCall(state: ToolCallState, key: ToolCallKey): ToolCall | undefined {
  return batchIn(state, toolBatchKeyOf(key))?.calls[key];
}

/** The batch with this key, if the store has it. */
export function selectToolBatch(state: ToolCallState, key: ToolBatchKey): ToolBatch | undefined {
  return batchIn(state, key);
}

/** Every call of the store in the order of its batches. */
export function selectToolCalls(state: ToolCallState): ToolCall[] {
  return Object.values(state.batches).flatMap(listCalls);
}

/** A batch's calls in call order. */
export function listCalls(batch: Pick<ToolBatch, 'order' | 'calls'>): ToolCall[] {
  return batch.order.flatMap((key) => batch.calls[key] ?? []);
}

/** The calls that no answer made (`toolCalls.call`, a browser's agent), each in a batch of its own, the last one last. */
export function selectDirectBatches(state: ToolCallState): ToolBatch[] {
  return Object.values(state.batches).filter(({ direct }) => direct !== undefined);
}

/** Whether a call of the conversation is queued, running, retrying or waits for a person. */
export function selectIsRunning(state: ToolCallState): boolean {
  const { old, recent } = sharedBatchesOf(state);
  const open = [...listOpen(old).map((key) => recent[key] ?? old[key]!), ...Object.values(recent)];
  return open.some((batch) => batch.direct === undefined && !isBatchSettled(batch));
}

/** The batches that are at work. A long chat has a thousand that are not, and asks at each change. */
function listOpen(batches: ToolCallState['batches']): ToolBatchKey[] {
  const known = openBatches.get(batches);
  if (known !== undefined) return known;
  const open = Object.keys(batches).filter((key) => batches[key] !== undefined && !isBatchSettled(batches[key]));
  openBatches.set(batches, open);
  return open;
}

const openBatches = new WeakMap<ToolCallState['batches'], ToolBatchKey[]>();

/** Whether every call of the batch has its final result and none is held for a person. */
export function isBatchSettled(batch: Pick<ToolBatch, 'calls'>): boolean {
  for (const key in batch.calls) {
    const call = batch.calls[key];
    if (call !== undefined && (!isSettled(call) || (call.status === 'failed' && call.held === true))) return false;
  }
  return true;
}

/** How many calls of a batch are in which state. `done` counts successes, `awaiting` those that need a person. */
export interface ToolBatchCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly denied: number;
  readonly active: number;
  readonly queued: number;
  readonly awaiting: number;
}

/** Counts a batch's calls by what people want to know. `active` is running or retrying. */
export function countCalls(calls: readonly Pick<ToolCall, 'status' | 'held'>[]): ToolBatchCounts {
  const counts = {
    total: calls.length,
    done: 0,
    failed: 0,
    cancelled: 0,
    denied: 0,
    active: 0,
    queued: 0,
    awaiting: 0,
  };
  for (const call of calls) {
    if (isAwaitingPerson(call as ToolCall)) counts.awaiting++;
    switch (call.status) {
      case 'succeeded':
        counts.done++;
        break;
      case 'failed':
        counts.failed++;
        break;
      case 'cancelled':
        counts.cancelled++;
        break;
      case 'denied':
        counts.denied++;
        break;
      case 'running':
      case 'retrying':
        counts.active++;
        break;
      case 'queued':
        counts.queued++;
        break;
      case 'awaiting-approval':
      case 'awaiting-input':
      case 'interrupted':
        break;
      default:
        call.status satisfies never;
    }
  }
  return counts;
}

/** The one status that stands for a whole batch. */
export type ToolBatchStatus = 'awaiting' | 'running' | 'failed' | 'succeeded' | 'cancelled';

/** A person's answer comes first, then work, then failure, then success. */
export function toBatchStatus(counts: ToolBatchCounts): ToolBatchStatus {
  if (counts.awaiting > 0) return 'awaiting';
  if (counts.active + counts.queued > 0) return 'running';
  if (counts.failed > 0) return 'failed';
  if (counts.done > 0) return 'succeeded';
  return counts.total === 0 ? 'running' : 'cancelled';
}

/** Times of a batch, in milliseconds. */
export interface ToolBatchTimes {
  /** How long at least one call of the batch was at work: what a person waited for. */
  readonly wall: number;
  /** The sum of all calls: what running them one after another would have taken. */
  readonly sequential: number;
  /** `sequential - wall`. */
  readonly saved: number;
}

/** Measures a batch; a call still at work counts up to `now` (epoch ms). Gaps without work (a person thinking) count for nothing. */
export function measureCalls(calls: readonly ToolCall[], now: number): ToolBatchTimes {
  const spans = calls.flatMap((call) => listWork(call, now)).sort((left, right) => left.from - right.from);
  let wall = 0;
  let sequential = 0;
  let reached = -Infinity;
  for (const { from, to } of spans) {
    sequential += to - from;
    if (to > reached) {
      wall += to - Math.max(from, reached);
      reached = to;
    }
  }
  return { wall, sequential, saved: Math.max(0, sequential - wall) };
}

/** When a call was at work: before each manual retry, and since. */
function listWork(call: ToolCall, now: number): { from: number; to: number }[] {
  const work = (call.earlierRuns ?? []).map((run) => ({ from: run.attempts[0]?.startedAt ?? 0, to: run.settledAt }));
  if (isTimed(call)) work.push({ from: call.startedAt, to: Math.max(call.settledAt ?? now, call.startedAt) });
  return work;
}

/** How long a call has been at work, over all attempts and waits between them, in milliseconds; `undefined` before its first attempt. */
export function measureCall(call: ToolCall, now: number): number | undefined {
  if (!isTimed(call)) return undefined;
  return Math.max(0, (call.settledAt ?? now) - call.startedAt);
}

/** A call that never started, or that was read from a message part (which keeps no times), has no time of its own. */
function isTimed(call: ToolCall): call is ToolCall & { startedAt: number } {
  return call.startedAt !== undefined && call.startedAt > 0;
}

/** Why a call cannot be retried. */
export type RetryBlock =
  /** It has not failed and was not cancelled. */
  | 'not-failed'
  /** Running it again could only fail again: its input does not fit, or nobody registered the tool. */
  | 'not-runnable'
  /** The user has written a later message. */
  | 'new-message'
  /** A later step ran a call that changes something: trimming would make the model forget it, and do it again. */
  | 'later-write';

/** Whether `retry(call)` would run the call again, and if not, why. `isChanged`: with another input. */
export function selectRetryBlock(
  batch: ToolBatch | undefined,
  call: ToolCall | undefined,
  isChanged = false,
): RetryBlock | undefined {
  if (call === undefined || (call.status !== 'failed' && call.status !== 'cancelled')) return 'not-failed';
  const isUnfit = isChanged ? call.inputSigned : call.error.kind === 'invalid-input';
  if (isUnfit === true || call.error.kind === 'unknown-tool') return 'not-runnable';
  return batch?.retryBlock;
}

/** Whether a yes to all calls of a batch leaves the call out: it is destructive, or a plugin has reasons to ask about it. */
export function wantsOwnYes(call: Pick<ToolCall, 'destructive' | 'reasons'>): boolean {
  return call.destructive || call.reasons !== undefined;
}
