/**
 * Owns what is kept of a chat's past: its events, requests and status changes, in order and bounded, and the state before the first of them. The
 * state at any entry is made by the store's own reducer.
 */
import { createToolCallStore, type ToolCallState, type ToolCallStoreEvent } from '../core/tool-call-store.ts';

/** A request that went out. */
export interface LoggedRequest {
  readonly messages: readonly { readonly id: string; readonly role: string }[];
  readonly body: object | undefined;
  /** The words of the user that it answers first, or `undefined` for a follow-up. */
  readonly question: string | undefined;
}

/** One thing that happened. `at` is epoch milliseconds. */
export type LogEntry = { readonly at: number; readonly number: number } & (
  | { readonly type: 'event'; readonly event: ToolCallStoreEvent }
  | { readonly type: 'status'; readonly status: string }
  | { readonly type: 'request'; readonly request: LoggedRequest }
  | { readonly type: 'simulation'; readonly words: string }
);

type WithoutPlace<TEntry> = TEntry extends unknown ? Omit<TEntry, 'at' | 'number'> : never;

export interface EventLog {
  /** The entries that are kept, oldest first. The array is changed in place; `version` says whether it was. */
  readonly entries: readonly LogEntry[];
  readonly version: number;
  add(entry: WithoutPlace<LogEntry>, at: number): void;
  /** The state after the first `count` of the entries. */
  stateAfter(count: number): ToolCallState;
  clear(state: ToolCallState): void;
}

/** How many entries are kept. */
const MOST_ENTRIES = 10_000;
/** How many of them go at once: to cut one off each time would cost the whole log each time, and many at once a long task. */
const CUT = 100;

/** @param first the state when the log begins */
export function createEventLog(first: ToolCallState, most: number = MOST_ENTRIES): EventLog {
  const entries: LogEntry[] = [];
  const cut = Math.min(CUT, most);
  let base = first;
  let version = 0;
  let next = 1;
  /** The last state that was asked for: scrubbing goes on from there. */
  let reached: { readonly count: number; readonly store: ReturnType<typeof createToolCallStore> } | undefined;

  function replay(from: number, to: number, store: ReturnType<typeof createToolCallStore>): void {
    for (let index = from; index < to; index++) {
      const entry = entries[index];
      if (entry?.type === 'event') store.record(entry.event);
    }
  }

  function stateAfter(count: number): ToolCallState {
    const isAhead = reached !== undefined && reached.count <= count;
    const store = isAhead ? reached!.store : createToolCallStore(base);
    replay(isAhead ? reached!.count : 0, count, store);
    reached = { count, store };
    return store.store.getState();
  }

  return {
    entries,
    get version() {
      return version;
    },
    add(entry, at) {
      version++;
      const last = entries.at(-1);
      const added = { ...entry, at, number: next } as LogEntry; // SAFETY: the fields that were left out are put back.
      if (last !== undefined && isSameReport(last, added)) {
        entries[entries.length - 1] = { ...added, number: last.number };
        if (reached !== undefined && reached.count === entries.length) reached = undefined;
        return;
      }
      next++;
      entries.push(added);
      if (entries.length <= most) return;
      base = stateAfter(cut);
      entries.splice(0, cut);
      reached = undefined;
    },
    stateAfter,
    clear(state) {
      base = state;
      reached = undefined;
      entries.length = 0;
      version++;
    },
  };
}

/** A tool that reports or streams without a pause replaces its last report. */
function isSameReport(last: LogEntry, next: LogEntry): boolean {
  if (last.type !== 'event' || next.type !== 'event') return false;
  const [before, after] = [last.event, next.event];
  return (
    (after.type === 'progress-reported' || after.type === 'output-streamed') &&
    before.type === after.type &&
    before.key === after.key
  );
}
