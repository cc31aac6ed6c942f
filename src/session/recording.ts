/**
 * Owns what a session is: what happened to the calls of a chat, when, and what was said.
 */
import type { UIMessage } from 'ai';
import type { ToolCallState, ToolCallStoreEvent } from '../core/tool-call-store.ts';

/** One thing that happened. `at` is milliseconds since the recording began. */
export type SessionEntry =
  | { readonly at: number; readonly type: 'event'; readonly event: ToolCallStoreEvent }
  /**
   * A request went out (`request`), or the conversation is about to be trimmed (`messages`). `messages` are those from `from` on; the ones before are as in
   * the entry of either type before this one.
   */
  | {
      readonly at: number;
      readonly type: 'request' | 'messages';
      readonly from: number;
      readonly messages: readonly UIMessage[];
    };

/** What a recorder knows of a session. */
export interface SessionRecording {
  readonly chatId: string;
  /** When the recording began (epoch milliseconds). */
  readonly startedAt: number;
  /** The records that were there when the recording began. */
  readonly initial: ToolCallState;
  /** What happened since, in order. */
  readonly log: readonly SessionEntry[];
  /** The conversation as it is now. */
  readonly messages: readonly UIMessage[];
  /** Other values stand in the place of its own. */
  readonly isRedacted?: true;
}

/** A recording as its file has it: plain JSON. `readSession` gives the recording of it. */
export interface ToolCallSession {
  readonly format: 'use-parallel-tools/session';
  readonly version: 1;
  readonly chatId: string;
  readonly startedAt: number;
  readonly initial: unknown;
  readonly log: readonly unknown[];
  readonly messages: readonly unknown[];
  readonly isRedacted?: true;
}

/** A conversation at one moment. */
export interface SessionSnapshot {
  readonly type: 'request' | 'messages';
  readonly at: number;
  readonly messages: readonly UIMessage[];
}

/** The conversations of a recording, in order: as each request carried it, as it was before it was trimmed, and, last, as it was at the end. */
export function listSnapshots({
  log,
  messages,
}: Pick<SessionRecording, 'log' | 'messages'>): readonly SessionSnapshot[] {
  let last: readonly UIMessage[] = [];
  const snapshots = log.flatMap((entry) => {
    if (entry.type === 'event') return [];
    last = [...last.slice(0, entry.from), ...entry.messages];
    return { type: entry.type, at: entry.at, messages: last };
  });
  return [...snapshots, { type: 'messages', at: log.at(-1)?.at ?? 0, messages }];
}
