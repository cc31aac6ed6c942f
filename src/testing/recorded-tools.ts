/** Owns tools that do what they did in a session: the same results, after the same time, by the test's clock. Their policies are today's. */
import type { ToolSet } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import type { ClientToolExecutionOptions } from '../core/tool.ts';
import type { ToolCallKey } from '../core/tool-call.ts';
import type { SessionRecording } from '../session/recording.ts';
import type { TestClock } from './test-clock.ts';

/** What an attempt came to, and how long it took (ms). One without an outcome was ended by somebody else. */
interface RecordedAttempt {
  duration: number;
  outcome?: { readonly output: unknown } | { readonly error: ToolCallError };
}

/** Gives each tool the results that a session has of it. A tool without `execute` is a person's to answer, as it is. */
export function createRecordedTools<TTools extends ToolSet>(
  tools: TTools,
  recording: SessionRecording,
  clock: TestClock,
): TTools {
  const attempts = readAttempts(recording);
  const execute = async (
    _input: unknown,
    { toolCallId, abortSignal }: ClientToolExecutionOptions,
  ): Promise<unknown> => {
    const attempt = attempts.get(toolCallId)?.shift();
    if (attempt === undefined)
      throw new ToolCallError('execution', 'The session has no result of this call, or of this attempt');
    const { duration, outcome } = attempt;
    // A timeout is the policy's to notice.
    const isEndless = outcome === undefined || ('error' in outcome && outcome.error.kind === 'timeout');
    if (isEndless)
      return new Promise((_, reject) =>
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error)),
      );
    await clock.sleep(duration, { abortSignal });
    if ('error' in outcome) throw outcome.error;
    return outcome.output;
  };
  const recorded = Object.entries(tools).map(([name, tool]) => {
    const { executeMany, coalesce: _, ...rest } = tool as typeof tool & { executeMany?: unknown; coalesce?: unknown };
    return [name, rest.execute === undefined && executeMany === undefined ? tool : { ...rest, execute }];
  });
  // SAFETY: the same tools with other functions in them.
  return Object.fromEntries(recorded) as TTools;
}

/** The attempts of each call, by its id, in order. */
function readAttempts({ log }: SessionRecording): Map<string, RecordedAttempt[]> {
  const attempts = new Map<string, RecordedAttempt[]>();
  const running = new Map<ToolCallKey, { readonly at: number; readonly attempt: RecordedAttempt }>();
  const ids = new Map<ToolCallKey, string>();
  for (const entry of log) {
    if (entry.type !== 'event' || !('key' in entry.event || entry.event.type === 'call-added')) continue;
    const { event, at } = entry;
    if (event.type === 'call-added') ids.set(event.call.key, event.call.toolCallId);
    if (!('key' in event)) continue;
    const { key } = event;
    if (event.type === 'attempt-started') {
      const attempt: RecordedAttempt = { duration: 0 };
      const id = ids.get(key) ?? key;
      attempts.set(id, [...(attempts.get(id) ?? []), attempt]);
      running.set(key, { at, attempt });
    }
    const current = running.get(key);
    if (current === undefined) continue;
    if (event.type === 'call-succeeded') current.attempt.outcome = { output: event.output };
    else if (event.type === 'attempt-failed' || event.type === 'call-failed')
      current.attempt.outcome = { error: event.error };
    else continue;
    current.attempt.duration = at - current.at;
    running.delete(key);
  }
  return attempts;
}
