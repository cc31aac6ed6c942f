/** Owns when a call waited, ran, failed and backed off, read from its times. Pure; where it is drawn is `scale.ts`. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolCall, ToolCallAttempt } from '../../core/tool-call.ts';

/** @selector [data-phase="queued"] */
export type TimelinePhase = 'queued' | 'running' | 'backoff';

/** A stretch of a call's life, in epoch milliseconds. */
export interface TimelineSpan {
  readonly phase: TimelinePhase;
  readonly from: number;
  readonly to: number;
  /** How an attempt ended, unless it ended well. */
  readonly outcome?: 'failed' | 'cancelled';
  /** It goes on: `to` is now. */
  readonly isLive?: boolean;
}

/** A wait shorter than this is none (ms). */
const SHORTEST_WAIT = 10;

/** What a call did, in order, before manual retries too. One that only a message part knows has no times, and so no spans. */
export function listSpans(call: DisplayedToolCall, now: number): TimelineSpan[] {
  if (call.status === 'input-streaming') return [];
  const earlier = call.earlierRuns?.flatMap((run) => listRunSpans({ ...run, status: 'failed' }, now)) ?? [];
  return [...earlier, ...listRunSpans(call, now)];
}

/** What a call did since it was last retried. */
export function listRunSpans(
  call: Pick<ToolCall, 'status' | 'queuedAt' | 'attempts' | 'settledAt'>,
  now: number,
): TimelineSpan[] {
  const attempts = call.attempts.filter(({ startedAt }) => startedAt > 0);
  const settledAt = call.settledAt !== undefined && call.settledAt > 0 ? call.settledAt : undefined;
  const spans: TimelineSpan[] = [];
  const first = attempts[0];
  if (call.queuedAt > 0) {
    if (first !== undefined) spans.push({ phase: 'queued', from: call.queuedAt, to: first.startedAt });
    else if (call.status === 'queued') spans.push(untilNow('queued', call.queuedAt, now));
    else if (call.status === 'cancelled' && settledAt !== undefined) {
      spans.push({ phase: 'queued', from: call.queuedAt, to: settledAt });
    }
  }
  attempts.forEach((attempt, index) => {
    spans.push(toSpan(attempt, settledAt, now));
    const next = attempts[index + 1];
    if (attempt.endedAt === undefined) return;
    if (next !== undefined) spans.push({ phase: 'backoff', from: attempt.endedAt, to: next.startedAt });
    else if (call.status === 'retrying') spans.push(untilNow('backoff', attempt.endedAt, now));
    else if (call.status === 'queued') spans.push(untilNow('queued', attempt.endedAt, now));
  });
  return spans.filter(({ phase, from, to, isLive }) => isLive || phase === 'running' || to - from >= SHORTEST_WAIT);
}

function toSpan(
  { startedAt, endedAt, error }: ToolCallAttempt,
  settledAt: number | undefined,
  now: number,
): TimelineSpan {
  const to = endedAt ?? settledAt;
  if (to === undefined) return untilNow('running', startedAt, now);
  return {
    phase: 'running',
    from: startedAt,
    to,
    ...(error !== undefined && { outcome: error.kind === 'cancelled' ? 'cancelled' : 'failed' }),
  };
}

function untilNow(phase: TimelinePhase, from: number, now: number): TimelineSpan {
  return { phase, from, to: Math.max(from, now), isLive: true };
}

/** Whether something of the call goes on by itself. */
export function isAtWork(
  call: DisplayedToolCall,
): call is Extract<ToolCall, { status: 'queued' | 'running' | 'retrying' }> {
  return call.status === 'queued' || call.status === 'running' || call.status === 'retrying';
}
