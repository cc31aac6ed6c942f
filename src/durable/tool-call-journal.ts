/** Owns the journal of a page: its options, its rows, and what a page asks of it. What stands beside one chat is in `chat-journal.ts`. */
import { systemClock, type Clock } from '../core/clock.ts';
import { expectCount, expectMilliseconds } from '../core/expect.ts';
import { reportTo } from '../core/misuse.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import { createChatJournal, type JournalContext } from './chat-journal.ts';
import { indexedDbStorage } from './indexed-db-storage.ts';
import { readEntry, ROW_VERSION, rowIdOf, type JournalEntry, type JournalRow } from './journal-entry.ts';
import { createJournalRows } from './journal-rows.ts';
import type { JournalStorage } from './journal-storage.ts';

export interface ToolCallJournalOptions {
  /** Where rows are kept. @default indexedDbStorage() */
  storage?: JournalStorage;
  /** How long rows are kept (ms). @default 7 days */
  retention?: number;
  /** How many rows are kept, the newest. @default 1000 */
  maxEntries?: number;
  /** A write that had not started when the page was left goes on by itself for so long (ms); later a person is asked. @default 60_000 */
  resumeWithin?: number;
  /** Refuses to start a call that is neither `readOnly` nor `idempotent` where its intent cannot be stored. @default false */
  required?: boolean;
  /** Hears what the storage, `encode` and `decode` throw, and of rows that cannot be read. */
  onError?: (error: unknown) => void;
  /** Makes of an entry, or of a record that it keeps, what is stored, to encrypt it for example; `decode` makes it the same again. */
  encode?: (entry: JournalEntry) => unknown;
  decode?: (stored: unknown) => unknown;
  /** Time; for tests. @default the system's */
  clock?: Clock;
}

/** A plugin for `useParallelTools({ plugins })` that remembers calls over a reload. One serves every chat of a page. */
export interface ToolCallJournal extends ToolCallsPlugin {
  /** What is known of calls, of one chat or of all. Empty where the storage fails. */
  list(chatId?: string): Promise<readonly JournalEntry[]>;
  /** Forgets the calls of a chat, or of all chats. Gives whether the storage did. */
  clear(chatId?: string): Promise<boolean>;
  /** Keeps the record of what a chat's model was given, as long as everything else: for `disclosure({ journal })`. */
  keepRecord(chatId: string, record: readonly object[]): void;
  /** The record that was kept. Empty where there is none, or the storage fails. */
  recordOf(chatId: string): Promise<readonly object[]>;
}

const DAY = 86_400_000;

/**
 * Remembers what calls were about to do and what they came to, so that a reload loses no result and runs no write twice.
 *
 * @throws TypeError on options that make no sense
 */
export function toolCallJournal(options: ToolCallJournalOptions = {}): ToolCallJournal {
  const { storage = indexedDbStorage(), retention = 7 * DAY, maxEntries = 1_000, resumeWithin = 60_000 } = options;
  const { required = false, clock = systemClock, encode = asIs, decode = asIs } = options;
  expectMilliseconds('`retention`', retention, 0);
  expectMilliseconds('`resumeWithin`', resumeWithin, 0);
  expectCount('`maxEntries`', maxEntries, 1);
  const rows = createJournalRows(storage, clock, report);
  let isPruned = false;

  function report(thrown: unknown): void {
    reportTo(options.onError, 'journal', thrown);
  }

  async function makeRow(entry: JournalEntry | KeptRecord, id: string): Promise<JournalRow> {
    // SAFETY: whoever encrypts does not look at what it is.
    const data = await encode(entry as JournalEntry);
    return { id, chatId: entry.chatId, at: clock.now(), version: ROW_VERSION, data };
  }

  async function readRecord(found: readonly JournalRow[]): Promise<readonly object[]> {
    try {
      const data = found.find(isRecord)?.data;
      // SAFETY: the field is looked at. Storage is outside, and may hold anything.
      const kept = (data && (await decode(data))) as Partial<KeptRecord> | undefined;
      return Array.isArray(kept?.record) ? kept.record : [];
    } catch (thrown) {
      report(thrown);
      return [];
    }
  }

  /** A row that cannot be read hides no other. */
  async function readRow({ version, data }: JournalRow): Promise<JournalEntry | undefined> {
    if (data === null) return undefined;
    try {
      if (version !== ROW_VERSION) throw new Error(`A row is of another version (${version})`);
      const entry = readEntry(await decode(data));
      if (entry === undefined) throw new Error('A row is no entry');
      return entry;
    } catch (thrown) {
      report(thrown);
      return undefined;
    }
  }

  async function readAll(found: readonly JournalRow[]): Promise<JournalEntry[]> {
    const entries = await Promise.all(found.filter(isOfCall).map(readRow));
    return entries.filter((entry) => entry !== undefined);
  }

  const context: JournalContext = {
    clock,
    resumeWithin,
    isRequired: required,
    put: (entry, durability) => {
      const id = rowIdOf(entry);
      return rows.put(id, () => makeRow(entry, id), durability);
    },
    remove: (entries) => void rows.remove(entries.map(rowIdOf)),
    mayHold: (entry) => rows.mayHold(rowIdOf(entry)),
    touch(chatId) {
      const id = JSON.stringify([chatId]);
      const row = async () => ({ id, chatId, at: clock.now(), version: ROW_VERSION, data: null });
      void rows.put(id, row, 'relaxed');
    },
    async load(chatId) {
      const found = await rows.read(chatId);
      return { entries: await readAll(found), seenAt: Math.max(0, ...found.map(({ at }) => at)) };
    },
    async prune() {
      if (isPruned) return;
      isPruned = true;
      try {
        await storage.prune({ before: clock.now() - retention, keep: maxEntries });
      } catch (thrown) {
        report(thrown);
      }
    },
  };

  return {
    name: 'journal',
    forChat: (chatId) => createChatJournal(context, chatId),
    list: async (chatId) => readAll(await rows.read(chatId)),
    keepRecord(chatId, record) {
      const id = recordIdOf(chatId);
      void rows.put(id, () => makeRow({ chatId, record }, id), 'relaxed');
    },
    recordOf: async (chatId) => readRecord(await rows.read(chatId)),
    clear: async (chatId) => rows.remove((await rows.read(chatId)).map(({ id }) => id)),
  };
}

const asIs = (value: unknown): unknown => value;

/** The record of a chat, which is a row of its own. */
interface KeptRecord {
  readonly chatId: string;
  readonly record: readonly object[];
}

const recordIdOf = (chatId: string) => JSON.stringify([chatId, 'record', 0]);
const isRecord = ({ id, chatId }: JournalRow) => id === recordIdOf(chatId);
/** The storage may be that of remembered approvals too. */
const isOfCall = (row: JournalRow) => !isRecord(row) && !row.chatId.startsWith('use-parallel-tools/');
