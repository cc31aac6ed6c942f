/** Owns what a journal knows of one call: as an object, as the row that is stored, and how it is known again after a reload. */
import { ToolCallError, type ToolCallCancelledBy, type ToolCallErrorKind } from '../core/errors.ts';
import { isSameJson } from '../core/identical-calls.ts';
import type { PendingCall } from '../core/plugins.ts';
import { toolBatchKeyOf, type ToolCallEnding, type ToolCallKey } from '../core/tool-call.ts';

/** What a journal knows of one call. Times are epoch milliseconds. */
export interface JournalEntry {
  readonly chatId: string;
  /** The call's key in the store, as it was last. */
  readonly key: ToolCallKey;
  readonly toolCallId: string;
  readonly toolName: string;
  /** The key that the tool is given: the same for every attempt, retry and reload of the call. */
  readonly idempotencyKey: string;
  /** Absent where the tool's `persist` keeps it out. */
  readonly input?: unknown;
  /** What a person has put in the place of the input, and the key that the tool is given with it. */
  readonly change?: { readonly input: unknown; readonly idempotencyKey: string };
  /** `started`: an attempt may have begun, and no end of it is known. */
  readonly state: 'waiting' | 'started' | 'settled';
  /** The answer that made the call has ended well, as far as this step goes. */
  readonly isWhole?: boolean;
  /** The model was told of its batch, or is not to be told of it: no follow-up is owed. One call of a batch says so for all. */
  readonly isClosed?: boolean;
  /** A person has said yes. */
  readonly approved?: boolean;
  /** The number of the last attempt, from 1, and when it was about to begin. */
  readonly attempt?: number;
  readonly startedAt?: number;
  readonly settledAt?: number;
  /** How it ended. Absent where the tool's `persist` keeps that out. */
  readonly ending?: JournalEnding;
}

/** How a call ended, as JSON can carry it. */
export type JournalEnding =
  | { readonly type: 'call-succeeded'; readonly output: unknown }
  | {
      readonly type: 'call-failed' | 'call-cancelled' | 'approval-denied';
      readonly error: JournalError;
      readonly held?: boolean;
    };

/** A call's error without its cause, which may be anything. */
export interface JournalError {
  readonly kind: ToolCallErrorKind;
  readonly message: string;
  readonly by?: ToolCallCancelledBy;
  readonly retryAfter?: number;
  readonly status?: number;
  readonly body?: string;
}

/** What is stored of a call, or (`data: null`) when a chat was last seen. */
export interface JournalRow {
  /** Made of the chat's id and the call's idempotency key. */
  readonly id: string;
  readonly chatId: string;
  /** When it was written (epoch ms). */
  readonly at: number;
  /** Rows of a later version are left alone. */
  readonly version: number;
  /** The {@link JournalEntry}, as the journal's `encode` made it. */
  readonly data: unknown;
}

/** The version of rows that this library writes. */
export const ROW_VERSION = 1;

export function rowIdOf({ chatId, idempotencyKey }: Pick<JournalEntry, 'chatId' | 'idempotencyKey'>): string {
  return JSON.stringify([chatId, idempotencyKey]);
}

export function toJournalEnding(ending: ToolCallEnding): JournalEnding {
  if (ending.type === 'call-succeeded') return { type: ending.type, output: ending.output };
  const isHeld = ending.type === 'call-failed' && ending.held === true;
  return { type: ending.type, error: toPlainError(ending.error), ...(isHeld && { held: true }) };
}

export function toToolCallEnding(ending: JournalEnding): ToolCallEnding {
  return ending.type === 'call-succeeded' ? ending : { ...ending, error: toToolCallError(ending.error) };
}

/** The error as JSON, and a channel between tabs, can carry it. */
export function toPlainError({ kind, message, by, retryAfter, status, body }: ToolCallError): JournalError {
  // SAFETY: JSON drops what is not there.
  return JSON.parse(JSON.stringify({ kind, message, by, retryAfter, status, body })) as JournalError;
}

export function toToolCallError({ kind, message, ...options }: JournalError): ToolCallError {
  return new ToolCallError(kind, message, options);
}

/** What was read, if it is an entry: storage is outside, and may hold anything. */
export function readEntry(value: unknown): JournalEntry | undefined {
  // SAFETY: each field that is used is looked at first.
  const entry = value as Partial<JournalEntry> | null | undefined;
  const texts = [entry?.chatId, entry?.key, entry?.toolCallId, entry?.toolName, entry?.idempotencyKey];
  const isEntry =
    texts.every((text) => typeof text === 'string') &&
    ['waiting', 'started', 'settled'].includes(String(entry?.state)) &&
    (entry?.ending === undefined || isEnding(entry.ending));
  return isEntry ? (entry as JournalEntry) : undefined;
}

function isEnding(ending: JournalEnding): boolean {
  if (ending.type === 'call-succeeded') return ending.output !== undefined;
  const isKnown = ['call-failed', 'call-cancelled', 'approval-denied'].includes(ending.type);
  return isKnown && typeof ending.error?.kind === 'string' && typeof ending.error.message === 'string';
}

/**
 * The entry of a call that was found in loaded messages. Its message may have had another id: then it is known by its own id, if the
 * message that the entry names is not there. Providers use ids again, so tool and input have to be the same.
 */
export function findEntry(
  entries: readonly JournalEntry[],
  call: PendingCall,
  messageIds: ReadonlySet<string> | undefined,
): JournalEntry | undefined {
  const alike = entries.filter(
    (entry) =>
      entry.toolCallId === call.toolCallId &&
      entry.toolName === call.toolName &&
      (!('input' in entry) || isSameJson(entry.input, call.input)),
  );
  const moved = alike.filter(({ key }) => messageIds?.has(messageIdOf(key)) === false);
  return alike.find(({ key }) => key === call.key) ?? (moved.length === 1 ? moved[0] : undefined);
}

/** A call's key is `messageId/step/toolCallId`: what is left without its last part, and without the last part of that. */
function messageIdOf(key: ToolCallKey): string {
  return toolBatchKeyOf(toolBatchKeyOf(key));
}
