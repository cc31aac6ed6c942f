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

  function lineOf(key: string, now: number): number[] {
    let line = starts.get(key) ?? [];
    // A clock that was set back would keep the window closed for as long: starts that lie ahead of it count as made now.
    if ((line.at(-1) ?? now) > now) line = line.map((at) => Math.min(at, now));
    starts.set(key, line);
    return line;
  }

  return {
    availableAt(key, { limit, interval }, now) {
      const line = lineOf(key, now);
      const first = line[line.length - limit];
      return first === undefined ? now : first + interval;
    },
    start(key, { limit }, now) {
      const line = lineOf(key, now);
      line.push(now);
      // Two windows are kept, cut in one go: cutting one off each time would cost the whole line each time.
      if (line.length > limit * 2) line.splice(0, line.length - limit);
    },
  };
}
