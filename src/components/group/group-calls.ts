/**
 * Owns what a group makes of its batch: the message's calls with the store's records over them, and their sum. Pure.
 */
import type { DisplayedToolCall, MessageToolBatch } from '../../core/message-batch.ts';
import {
  countCalls,
  measureCalls,
  selectRetryBlock,
  toBatchStatus,
  type ToolBatchCounts,
  type ToolBatchStatus,
} from '../../core/selectors.ts';
import { isReadyToRun } from '../words/call-status.ts';
import { wantsOwnYes } from '../../core/selectors.ts';
import type { ToolBatch, ToolCall, ToolCallKey } from '../../core/tool-call.ts';
import { selectUndo, type CallUndo } from '../../core/undo-facts.ts';

/** A batch as a group shows it. */
export interface GroupCalls {
  readonly calls: readonly DisplayedToolCall[];
  readonly recorded: ToolBatch | undefined;
}

/** The keys of a group in call order: the message's, then those that only the store has so far. */
export function listKeys(batch: MessageToolBatch, recorded: ToolBatch | undefined): readonly ToolCallKey[] {
  const extra = recorded?.order.filter((key) => batch.calls[key] === undefined) ?? [];
  return extra.length === 0 ? batch.order : [...batch.order, ...extra];
}

/** Joins a message's batch with the store's; remembers the last answer, since every part of a header asks. */
export function createCallReader(batch: MessageToolBatch): (recorded: ToolBatch | undefined) => GroupCalls {
  let last: GroupCalls | undefined;
  return (recorded) => {
    if (last === undefined || last.recorded !== recorded) {
      const calls = listKeys(batch, recorded).flatMap((key) => recorded?.calls[key] ?? batch.calls[key] ?? []);
      last = { calls, recorded };
    }
    return last;
  };
}

/** What a group's header says and offers; primitives only, so that it compares shallowly. */
export interface GroupSummary extends ToolBatchCounts {
  readonly status: ToolBatchStatus;
  /** Failed calls that can be retried. */
  readonly retryable: number;
  /** Calls that can be cancelled. */
  readonly pending: number;
  /** Results that a person has yet to let go to the model (`use-parallel-tools/disclosure`). */
  readonly consent: number;
  /** Calls that were undone, and those that could not be. */
  readonly undone: number;
  readonly undoFailed: number;
  /** Calls that *Approve all* would approve: some want their own yes. */
  readonly approvable: number;
  /** Whether all of those wait only because the end of the model's answer is not known. */
  readonly isReadyToRun: boolean;
}

/** Counts a group's calls. One whose input still streams counts as queued. */
export function summarizeGroup(group: GroupCalls): GroupSummary {
  const known = summaries.get(group);
  if (known !== undefined) return known;
  const summary = count(group);
  summaries.set(group, summary);
  return summary;
}

/** Every part of a header asks for the same summary. */
const summaries = new WeakMap<GroupCalls, GroupSummary>();

function count({ calls, recorded }: GroupCalls): GroupSummary {
  const approvable = calls.filter((call) => call.status === 'awaiting-approval' && !wantsOwnYes(call));
  const consent = countConsent(recorded);
  const counts = countCalls(calls.map((call) => (call.status === 'input-streaming' ? { status: 'queued' } : call)));
  return {
    ...counts,
    status: consent > 0 ? 'awaiting' : toBatchStatus(counts),
    consent,
    retryable: calls.filter(
      (call) => call.status === 'failed' && selectRetryBlock(recorded, recorded?.calls[call.key]) === undefined,
    ).length,
    pending: calls.filter((call) => PENDING.has(call.status) && recorded?.calls[call.key] !== undefined).length,
    undone: countUndos(calls, 'undone'),
    undoFailed: countUndos(calls, 'failed'),
    approvable: approvable.length,
    isReadyToRun: approvable.length > 0 && approvable.every(isReadyToRun),
  };
}

function countUndos(calls: GroupCalls['calls'], status: CallUndo['status']): number {
  return calls.filter((call) => selectUndo(call)?.status === status).length;
}

function countConsent(recorded: ToolBatch | undefined): number {
  if (recorded?.halt !== undefined) return 0;
  const facts = recorded?.plugins?.['disclosure'] as { awaiting?: readonly string[] } | undefined;
  return facts?.awaiting?.length ?? 0;
}

/** How much of a group is done, from 0 to 1. */
export function shareDone({ done, total }: Pick<GroupSummary, 'done' | 'total'>): number {
  return total === 0 ? 0 : done / total;
}

const PENDING: ReadonlySet<DisplayedToolCall['status']> = new Set(['queued', 'running', 'retrying']);

/** The times of a group; `isExact` once nothing of it is at work. */
export function measureGroup({ calls }: GroupCalls, now: number): { wall: number; saved: number; isExact: boolean } {
  const timed = calls.filter((call): call is ToolCall => call.status !== 'input-streaming');
  const { wall, saved } = measureCalls(timed, now);
  return { wall, saved, isExact: !timed.some((call) => PENDING.has(call.status)) };
}
