/**
 * Owns starts per interval, by key: a sliding window over the last starts, so that no `interval` ever holds more than `limit`.
 */
import type { ToolRateLimit } from './tool.ts';

export interface RateLimiter {
  /** The epoch millisecond from which a start is allowed; `now` or earlier means at once. */
  availableAt(key: string, limit: ToolRateLimit, now: number): number;
  /** Notes a start. */
  start(key: string, limit: ToolRateLimit, now: number): void;
}

export function createRateLimiter(): RateLimiter {
  const starts = new Map<string, number[]>();

  return {
    availableAt(key, { limit, interval }, now) {
      const line = starts.get(key) ?? [];
      const first = line[line.length - limit];
      return first === undefined ? now : first + interval;
    },
    start(key, { limit }, now) {
      const line = starts.get(key) ?? [];
      line.push(now);
      // Two windows are kept, cut in one go: cutting one off each time would cost the whole line each time.
      if (line.length > limit * 2) line.splice(0, line.length - limit);
      starts.set(key, line);
    },
  };
}
