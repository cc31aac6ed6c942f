/** Owns what a batch took so long for: the chain of runs and waits that ends with its last call. Pure. */
import { listCalls } from '../core/selectors.ts';
import type { ToolBatch, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import type { WaitSpan } from './turns.ts';

/** A piece of the path. Times are epoch milliseconds. */
export interface PathPiece {
  readonly call: ToolCall;
  /** `backoff` counts the runs before it too: without the failure there would be neither. */
  readonly kind: 'running' | 'backoff' | WaitSpan['wait']['type'];
  readonly from: number;
  readonly to: number;
}

/** Ends that are this close to a start gave it its slot (ms). */
const CLOSE = 20;

/** The pieces in the order of time, the last of which ends the batch; none while nothing has settled. */
export function findCriticalPath(batch: ToolBatch, waits: ReadonlyMap<ToolCallKey, readonly WaitSpan[]>): PathPiece[] {
  const calls = listCalls(batch);
  const pieces: PathPiece[] = [];
  const seen = new Set<ToolCallKey>();
  let call = lastOf(calls);
  while (call !== undefined && !seen.has(call.key)) {
    seen.add(call.key);
    const { key } = call;
    const first = call.attempts[0]?.startedAt;
    const end = pieces[0]?.from ?? call.settledAt ?? first;
    if (first === undefined || end === undefined) break;
    pieces.unshift(...listRuns(call, end));
    const span = waits.get(key)?.findLast(({ from }) => from < first);
    const before = findBefore(calls, call, span, first);
    if (before !== undefined && before.settledAt !== undefined && before.settledAt <= first + CLOSE) {
      if (first - before.settledAt > CLOSE)
        pieces.unshift({ call, kind: span?.wait.type ?? 'slot', from: before.settledAt, to: first });
      call = before;
      continue;
    }
    const from = waits.get(key)?.[0]?.from ?? call.queuedAt;
    if (span !== undefined && first - from > CLOSE) pieces.unshift({ call, kind: span.wait.type, from, to: first });
    break;
  }
  return pieces;
}

function lastOf(calls: readonly ToolCall[]): ToolCall | undefined {
  return calls.reduce<ToolCall | undefined>(
    (last, call) => ((call.settledAt ?? 0) > (last?.settledAt ?? 0) && call.attempts.length > 0 ? call : last),
    undefined,
  );
}

/** The attempts of a call up to `end`: those that failed with their backoff, then the one that counted. */
function listRuns(call: ToolCall, end: number): PathPiece[] {
  const first = call.attempts[0]?.startedAt ?? end;
  const last = call.attempts.at(-1)?.startedAt ?? end;
  const runs: PathPiece[] = [{ call, kind: 'running', from: last, to: Math.max(end, last) }];
  return last > first ? [{ call, kind: 'backoff', from: first, to: last }, ...runs] : runs;
}

/** The call whose end let this one start. */
function findBefore(
  calls: readonly ToolCall[],
  call: ToolCall,
  span: WaitSpan | undefined,
  startedAt: number,
): ToolCall | undefined {
  if (span?.wait.type === 'order') {
    const { call: key } = span.wait;
    return calls.find((other) => other.key === key);
  }
  if (span?.wait.type !== 'lock' && span?.wait.type !== 'slot') return undefined;
  const holder = span.wait.type === 'lock' ? span.wait.heldBy : undefined;
  const known = calls.find((other) => other.key === holder);
  if (known !== undefined) return known;
  return calls
    .filter(
      (other) => other !== call && other.settledAt !== undefined && Math.abs(startedAt - other.settledAt) <= CLOSE,
    )
    .at(-1);
}
