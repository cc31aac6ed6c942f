/** Owns the comparison of two runs of one session: which calls were made, in which order they started, and what they came to. */
import { isSameJson } from '../core/identical-calls.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { ToolCallKey } from '../core/tool-call.ts';
import { WITHHELD_OUTPUT } from '../session/spoken-values.ts';

/** What a call came to in one run. */
export interface SessionResult {
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'denied' | 'open';
  readonly output?: unknown;
  /** The words of its error. */
  readonly error?: string;
}

interface ComparedCall {
  readonly toolCallId: string;
  readonly toolName: string;
}

/** What is not as it was. `message` says it in words. */
export type SessionDifference = { readonly message: string } & (
  | ({ readonly type: 'missing-call' | 'new-call' } & ComparedCall)
  | ({ readonly type: 'result'; readonly recorded: SessionResult; readonly replayed: SessionResult } & ComparedCall)
  /** Names of tools, in the order in which their calls started. */
  | { readonly type: 'order'; readonly recorded: readonly string[]; readonly replayed: readonly string[] }
  | { readonly type: 'requests'; readonly recorded: number; readonly replayed: number }
);

/** One run. */
export interface SessionRun {
  readonly events: readonly ToolCallStoreEvent[];
  readonly requests: number;
}

/** `isRedacted`: the recorded values are not the session's own, and are not compared. */
export function findDifferences(recorded: SessionRun, replayed: SessionRun, isRedacted: boolean): SessionDifference[] {
  const [before, now] = [readRun(recorded.events), readRun(replayed.events)];
  const missing = [...before.calls].filter(([id]) => !now.calls.has(id));
  const added = [...now.calls].filter(([id]) => !before.calls.has(id));
  const both = [...before.calls].flatMap(([id, call]) => {
    const other = now.calls.get(id);
    return other === undefined ? [] : [[call, other] as const];
  });
  return [
    ...missing.map(([, call]): SessionDifference => ({
      type: 'missing-call',
      ...nameOf(call),
      message: `${call.toolName} was called, and is not any more.`,
    })),
    ...added.map(([, call]): SessionDifference => ({
      type: 'new-call',
      ...nameOf(call),
      message: `${call.toolName} is called, and was not before.`,
    })),
    ...both.flatMap(([call, other]) =>
      isSameResult(call.result, other.result, isRedacted) ? [] : describeResult(call, other.result),
    ),
    ...findOrder(before.starts, now.starts),
    ...findRequests(recorded.requests, replayed.requests),
  ];
}

interface RunCall extends ComparedCall {
  result: SessionResult;
}

/** The calls of a run by an id that both runs have, and the tools in the order in which calls started. */
function readRun(events: readonly ToolCallStoreEvent[]) {
  const calls = new Map<string, RunCall>();
  const byKey = new Map<ToolCallKey, RunCall>();
  const counts = new Map<string, number>();
  const starts: { readonly id: string; readonly toolName: string }[] = [];
  for (const event of events) {
    if (event.type === 'call-added') {
      const { key, toolCallId, toolName } = event.call;
      // Providers use ids again: the second call of an id is another one.
      const count = (counts.get(toolCallId) ?? 0) + 1;
      counts.set(toolCallId, count);
      const call: RunCall = { toolCallId, toolName, result: { status: 'open' } };
      calls.set(`${toolCallId}#${count}`, call);
      byKey.set(key, call);
    }
    const call = 'key' in event ? byKey.get(event.key) : undefined;
    if (call === undefined) continue;
    if (event.type === 'attempt-started' && !starts.some(({ id }) => id === call.toolCallId))
      starts.push({ id: call.toolCallId, toolName: call.toolName });
    call.result = readResult(event) ?? call.result;
  }
  return { calls, starts };
}

function readResult(event: ToolCallStoreEvent): SessionResult | undefined {
  switch (event.type) {
    case 'call-succeeded':
      return { status: 'succeeded', output: event.output ?? null };
    case 'call-failed':
      return { status: 'failed', error: event.error.message };
    case 'call-cancelled':
      return { status: 'cancelled', error: event.error.message };
    case 'approval-denied':
      return { status: 'denied', error: event.error.message };
    case 'call-overruled':
      return readResult({ ...event.ending, key: event.key, at: event.at, batchKey: event.batchKey });
    case 'call-retried':
      return { status: 'open' };
    default:
      return undefined;
  }
}

function isSameResult(left: SessionResult, right: SessionResult, isRedacted: boolean): boolean {
  if (left.status !== right.status) return false;
  if (isRedacted || isSameJson(left.output, WITHHELD_OUTPUT)) return true;
  return left.status === 'succeeded' ? isSameJson(left.output, right.output) : left.error === right.error;
}

function describeResult({ result, ...call }: RunCall, replayed: SessionResult): SessionDifference[] {
  const message = `${call.toolName} (${call.toolCallId}) ${sayResult(result)}, and now ${sayResult(replayed)}.`;
  return [{ type: 'result', ...call, recorded: result, replayed, message }];
}

function sayResult({ status, output, error }: SessionResult): string {
  if (status === 'open') return 'had no result';
  return status === 'succeeded' ? `gave ${JSON.stringify(output)}` : `was ${status}: ${error}`;
}

function findOrder(
  before: readonly { readonly id: string; readonly toolName: string }[],
  now: readonly { readonly id: string; readonly toolName: string }[],
): SessionDifference[] {
  // Calls that only one run has are other differences.
  const common = (of: typeof before, other: typeof before) =>
    of.filter(({ id }) => other.some((each) => each.id === id));
  const [left, right] = [common(before, now), common(now, before)];
  if (left.every(({ id }, index) => right[index]?.id === id)) return [];
  const recorded = left.map(({ toolName }) => toolName);
  const replayed = right.map(({ toolName }) => toolName);
  return [
    {
      type: 'order',
      recorded,
      replayed,
      message: `Calls started in the order ${recorded.join(', ')}, and now ${replayed.join(', ')}.`,
    },
  ];
}

function findRequests(recorded: number, replayed: number): SessionDifference[] {
  if (recorded === replayed) return [];
  return [{ type: 'requests', recorded, replayed, message: `${recorded} requests were sent, and now ${replayed}.` }];
}

function nameOf({ toolCallId, toolName }: ComparedCall): ComparedCall {
  return { toolCallId, toolName };
}
