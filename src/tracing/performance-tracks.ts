/** Owns the tracks of tool calls in Chrome's performance panel: each call as one measure, and what it did in the meantime as marks of time. */
import type { ToolCallsPlugin } from '../core/plugins.ts';
import { onTrace, type ToolCallTrace } from './on-trace.ts';

/** A piece of a call's time (epoch ms). */
export interface TracePhase {
  readonly phase: 'queued' | 'locked' | 'running' | 'backoff' | 'follow-up';
  readonly from: number;
  readonly to: number;
}

const GROUP = 'Tool calls';
const COLORS: Record<TracePhase['phase'], string> = {
  queued: 'tertiary-light',
  locked: 'tertiary-dark',
  running: 'primary',
  backoff: 'warning',
  'follow-up': 'secondary',
};

/** Chrome's `console.timeStamp`, which costs a fraction of a microsecond and is not in TypeScript's library. */
type TimeStamp = (label: string, start: number, end: number, track: string, group: string, color: string) => void;

/** Shows tool calls in Chrome's performance panel while it records: `plugins: [performanceTracks()]`. Other browsers keep only the measures. */
export function performanceTracks(): ToolCallsPlugin {
  /** When the last call of each step ended. */
  const ends = new Map<string, number>();
  return onTrace((trace) => {
    // oxlint-disable-next-line no-restricted-globals -- the panel has a timeline of its own, on which the clock's times are put
    const { timeOrigin } = performance;
    const track = String(trace.attributes['gen_ai.tool.call.id'] ?? trace.name);
    const detail = {
      dataType: 'track-entry',
      track,
      trackGroup: GROUP,
      color: trace.isError ? 'error' : 'primary-dark',
    };
    const start = Math.max(0, trace.startTime - timeOrigin);
    const end = Math.max(start, trace.endTime - timeOrigin);
    // oxlint-disable-next-line no-restricted-globals -- as above
    performance.measure(trace.name, { start, end, detail: { devtools: detail } });
    const { timeStamp } = console as unknown as { timeStamp?: TimeStamp };
    const isCall = 'gen_ai.tool.call.id' in trace.attributes;
    if (isCall) ends.set(trace.parentSpanId ?? '', trace.endTime);
    const settledAt = ends.get(trace.spanId) ?? trace.endTime;
    ends.delete(trace.spanId);
    if (typeof timeStamp !== 'function') return;
    const phases = isCall ? listPhases(trace) : [{ phase: 'follow-up', from: settledAt, to: trace.endTime } as const];
    for (const { phase, from, to } of phases)
      timeStamp.call(console, phase, from - timeOrigin, to - timeOrigin, track, GROUP, COLORS[phase]);
  });
}

/** What a call did from its start to its end: it waited, it ran, it waited for its next attempt. */
export function listPhases({ startTime, endTime, events }: ToolCallTrace): TracePhase[] {
  const phases: TracePhase[] = [];
  let phase = 'queued' as TracePhase['phase'];
  let from = startTime;
  const turn = (to: number, next: TracePhase['phase']) => {
    if (to > from) phases.push({ phase, from, to });
    from = Math.max(from, to);
    phase = next;
  };
  for (const { name, at, attributes } of events) {
    const waits = attributes['wait.type'] === 'lock' ? 'locked' : 'queued';
    if (name === 'waiting' && phase !== 'backoff' && phase !== waits) turn(at, waits);
    if (name === 'attempt.started') turn(at, 'running');
    if (name === 'attempt.failed') turn(at, 'backoff');
  }
  turn(endTime, phase);
  return phases;
}
