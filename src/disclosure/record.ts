/**
 * Owns the record of what was given to the model: one entry for each result at the time it went out, kept when the conversation is trimmed, and its export. An
 * export is a chain of hashes, so that one that was changed afterwards is known. It holds no outputs.
 */
import type { PluginHost } from '../core/plugins.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { ToolBatchKey } from '../core/tool-call.ts';
import { callsOf, disclosedOf, factsOf, isSameCall, toSources, type AnswerSource } from './sources.ts';

/** One result as a request carried it. Times are epoch milliseconds. */
export interface DisclosureEntry extends Omit<AnswerSource, 'key' | 'attempts'> {
  readonly at: number;
  readonly generation: number;
  readonly bytes: number;
  readonly attempts: readonly {
    readonly startedAt: number;
    readonly endedAt?: number | undefined;
    readonly error?: string | undefined;
  }[];
}

/** Where the record is kept over a reload, as long as that keeps anything: a `toolCallJournal()` of `use-parallel-tools/durable`. */
export interface RecordJournal {
  keepRecord(chatId: string, record: readonly object[]): void;
  recordOf(chatId: string): PromiseLike<readonly object[]>;
}

/** Puts what was kept before a reload in front of what was noted since. */
export async function recallRecord(journal: RecordJournal, { chatId, store, record }: PluginHost): Promise<void> {
  // SAFETY: the journal gives what it was given.
  const kept = (await journal.recordOf(chatId)) as readonly DisclosureEntry[];
  const { record: known = [] } = factsOf(store.getState());
  const before = listNew(kept, known);
  if (before.length > 0) record({ record: [...before, ...known] });
}

/** Those of the entries that are not in the record. */
function listNew(entries: readonly DisclosureEntry[], record: readonly DisclosureEntry[]): DisclosureEntry[] {
  return entries.filter(
    (entry) => !record.some((each) => each.generation === entry.generation && isSameCall(each, entry)),
  );
}

/** A request carries the results of a batch: adds those that none did before. */
export function addToRecord(
  { chatId, store, policyOf, record, clock }: PluginHost,
  batchKey: ToolBatchKey,
  journal: RecordJournal | undefined,
): void {
  const state = store.getState();
  const { record: known = [] } = factsOf(state);
  const told = toSources(callsOf(state, batchKey), policyOf).map(({ key, ...source }): DisclosureEntry => {
    const call = selectToolCall(state, key)!;
    const attempts = call.attempts.map(({ error, ...times }) => ({ ...times, error: error?.kind }));
    return { at: clock.now(), ...source, generation: call.generation, bytes: disclosedOf(call).bytes, attempts };
  });
  const entries = listNew(told, known);
  if (entries.length === 0) return;
  const all = [...known, ...entries];
  record({ record: all });
  // An input that must not be stored is not in it.
  const toKeep = ({ input, ...entry }: DisclosureEntry) =>
    policyOf(entry.toolName)?.persist === true ? { ...entry, input } : entry;
  journal?.keepRecord(chatId, all.map(toKeep));
}

export interface ExportRecordOptions {
  /** @default 'json' */
  format?: 'json' | 'csv';
}

/** An entry in an export: `hash` is the SHA-256 of `previous` and the entry's own JSON, `previous` the hash of the entry before. */
export type ExportedEntry = DisclosureEntry & { readonly previous: string; readonly hash: string };

/** In the order of their columns. SAFETY: each is a field of an entry; a test reads them all. */
const COLUMNS = (
  'at messageId step toolCallId toolName title generation status input labels untrusted bytes changed withheld approved attempts settledAt ' +
  'previous hash'
).split(' ') as (keyof ExportedEntry)[];

/**
 * What the model was given in this chat, as text: which calls, with which input and labels, who approved them, what was withheld and when. No outputs. Needs a
 * secure context (https or localhost), where the browser can hash.
 */
export async function exportRecord(
  { store }: { readonly store: { getState(): ToolCallState } },
  { format = 'json' }: ExportRecordOptions = {},
): Promise<string> {
  const entries = await chain(factsOf(store.getState()).record ?? []);
  if (format === 'json') return `${JSON.stringify(entries, null, 2)}\n`;
  const rows = entries.map((entry) => COLUMNS.map((column) => toCell(entry[column])).join(','));
  return [COLUMNS.join(','), ...rows, ''].join('\r\n');
}

/** Whether a JSON export is as it was made: no entry changed, taken out, put in or moved. Entries cut off at its end are not noticed. */
export async function verifyRecord(json: string): Promise<boolean> {
  try {
    const entries = JSON.parse(json) as ExportedEntry[];
    const again = await chain(entries.map(({ previous: _previous, hash: _hash, ...entry }) => entry));
    return JSON.stringify(again) === JSON.stringify(entries);
  } catch {
    return false;
  }
}

async function chain(record: readonly DisclosureEntry[]): Promise<ExportedEntry[]> {
  const entries: ExportedEntry[] = [];
  let previous = '';
  for (const entry of record) {
    const text = JSON.stringify(entry);
    const hash = await hashText(previous + text);
    // JSON has no `undefined`: the entry is hashed as it will be read.
    entries.push({ ...(JSON.parse(text) as DisclosureEntry), previous, hash });
    previous = hash;
  }
  return entries;
}

async function hashText(text: string): Promise<string> {
  // oxlint-disable-next-line no-restricted-globals -- a hash has nothing to do with randomness
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Quoted, and harmless where a spreadsheet opens it: a text that begins a formula is led by an apostrophe. */
function toCell(value: unknown): string {
  const text = typeof value === 'string' ? value.replace(/^[=+\-@\t\r]/, "'$&") : (JSON.stringify(value) ?? '');
  return `"${text.replaceAll('"', '""')}"`;
}
