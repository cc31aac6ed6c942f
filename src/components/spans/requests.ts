/** Owns which lines of a timeline share a request (`executeMany`), and where it goes through them. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';

/** One request in one line. Plain data, so that two can be compared. */
export interface RequestLink {
  /** When it started (epoch ms). */
  readonly at: number;
  /** How many calls of the timeline share it. */
  readonly size: number;
  /** Where in it the line is; `'through'`: the call is no part of it, and stands between two that are. */
  readonly edge: 'start' | 'middle' | 'end' | 'through';
}

/** The requests of each line, in the order of the calls. */
export function linkRequests(calls: readonly DisplayedToolCall[]): readonly (readonly RequestLink[])[] {
  const members = new Map<number, { at: number; rows: number[] }>();
  calls.forEach((call, row) => {
    for (const { request, startedAt } of attemptsOf(call)) {
      if (request === undefined) continue;
      const shared = members.get(request) ?? { at: startedAt, rows: [] };
      shared.rows.push(row);
      members.set(request, shared);
    }
  });
  const links = calls.map((): RequestLink[] => []);
  for (const { at, rows } of members.values()) {
    const [first = 0] = rows;
    const last = rows.at(-1) ?? 0;
    for (let row = first; row <= last && rows.length > 1; row++) {
      const edge = row === first ? 'start' : row === last ? 'end' : rows.includes(row) ? 'middle' : 'through';
      links[row]?.push({ at, size: rows.length, edge });
    }
  }
  return links;
}

function attemptsOf(call: DisplayedToolCall) {
  if (call.status === 'input-streaming') return [];
  return [...(call.earlierRuns ?? []).flatMap(({ attempts }) => attempts), ...call.attempts];
}
