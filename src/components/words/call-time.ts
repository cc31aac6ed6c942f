/** Owns which time of a call is shown: whole seconds while it changes, exact once it is settled. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { measureCall } from '../../core/selectors.ts';
import { isSettled } from '../../core/tool-call.ts';
import type { ToolCallLabels } from './labels.ts';

/** Whether the time of a call goes on. */
export function isTimeRunning(call: DisplayedToolCall): boolean {
  return call.status === 'running' || call.status === 'retrying';
}

/** The milliseconds to show, or `undefined` for a call without a time. */
export function readTime(call: DisplayedToolCall, now: number): number | undefined {
  if (call.status === 'input-streaming') return undefined;
  if (call.status === 'retrying') return Math.max(1, Math.ceil((call.retryAt - now) / 1000)) * 1000;
  const time = measureCall(call, now);
  if (isSettled(call)) return time;
  return call.status === 'running' && time !== undefined ? Math.floor(time / 1000) * 1000 : undefined;
}

/** The words of what {@link readTime} read. */
export function writeTime(call: DisplayedToolCall, time: number | undefined, labels: ToolCallLabels): string | null {
  if (time === undefined || time <= 0) return null;
  if (call.status === 'retrying') return labels.retryIn(time);
  return call.status === 'running' ? labels.elapsed(time) : labels.duration(time);
}
