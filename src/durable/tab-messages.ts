/**
 * Owns what tabs say to each other, and how errors, which a channel does not carry whole, get through it. Whatever else is said on the
 * channel, by another version of the library too, is left alone: `VERSION` is raised with every change of what is said, events of the store
 * and commands included.
 */
import type { UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import type { ToolCallState, ToolCallStoreEvent } from '../core/tool-call-store.ts';
import { toPlainError, toToolCallError, type JournalError } from './journal-entry.ts';
import type { TabCommand } from './tab.ts';

export type TabMessage =
  /** A tab is there, and wants to know everything. `term`: the last leadership that it knows of. */
  | { readonly type: 'hello'; readonly term: number }
  /** A tab has taken the lead, and lets the one that led stop. */
  | { readonly type: 'claim'; readonly term: number }
  /** The tab that led has stopped. */
  | { readonly type: 'released' }
  | { readonly type: 'command'; readonly command: TabCommand }
  /** The tab that leads carries a command out. */
  | { readonly type: 'taken'; readonly id: string }
  | TabNews;

/** What has happened in the tab that leads. */
export interface TabNews {
  readonly type: 'news';
  /** Which leadership this is of; a later one has a higher number. */
  readonly term: number;
  /** 0 tells everything, what follows tells what has happened since. */
  readonly number: number;
  readonly records: ToolCallState | readonly ToolCallStoreEvent[];
  /** How many of the last messages are the same, and those that come after them. */
  readonly keep: number;
  readonly rest: readonly UIMessage[];
  /** The chat is submitted or streaming. */
  readonly isBusy: boolean;
}

/** The plugin's name, in the store too. */
export const NAME = 'tabs';

const SOURCE = 'use-parallel-tools/tabs';
const VERSION = 2;

/** The message as the channel carries it. */
export function wrapMessage(message: TabMessage): object {
  return { source: SOURCE, version: VERSION, message: mapErrors(message, pack) };
}

/** What was heard, if a tab of this version has said it. */
export function readMessage(data: unknown): TabMessage | undefined {
  // SAFETY: each field is looked at before it is used; a message of our own has the shape of its version.
  const { source, version, message } = (data ?? {}) as { source?: unknown; version?: unknown; message?: unknown };
  if (source !== SOURCE || version !== VERSION || typeof message !== 'object' || message === null) return undefined;
  const known = message as TabMessage;
  return Object.hasOwn(FIELDS, known.type) && FIELDS[known.type].every((field) => field in known)
    ? (mapErrors(known, unpack) as TabMessage)
    : undefined;
}

const FIELDS: Record<TabMessage['type'], readonly string[]> = {
  hello: ['term'],
  claim: ['term'],
  released: [],
  command: ['command'],
  taken: ['id'],
  news: ['term', 'number', 'records', 'keep', 'rest', 'isBusy'],
};

/** What is of tools and of the page: it may be large, and has no errors of ours. */
const OPAQUE: ReadonlySet<string> = new Set(['input', 'output', 'data', 'plugins', 'rest', 'args']);

/** A copy in which each error is what `map` makes of it, or the value itself where there is none. */
function mapErrors(value: unknown, map: (value: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const mapped = map(value);
  if (mapped !== undefined) return mapped;
  if (Array.isArray(value)) return value.map((item) => mapErrors(item, map));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, OPAQUE.has(key) ? field : mapErrors(field, map)]),
  );
}

function pack(value: object): unknown {
  return value instanceof ToolCallError ? { toolCallError: toPlainError(value) } : undefined;
}

function unpack(value: object): unknown {
  // SAFETY: what `pack` made, of this version.
  return 'toolCallError' in value ? toToolCallError(value.toolCallError as JournalError) : undefined;
}
