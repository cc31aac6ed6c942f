/**
 * Owns the record of what was given to the model: one entry for each result at the time it went out, kept when the conversation is trimmed, and its export. An
 * export is a chain of hashes, so that one that was changed afterwards is known. It holds no outputs.
 */
import type { PluginHost } from '../core/plugins.ts';
import { listCalls } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { ToolBatchKey } from '../core/tool-call.ts';
import { factsOf, toSource, type AnswerSource } from './sources.ts';

/** One result as a request carried it. Times are epoch milliseconds. */
export interface DisclosureEntry extends Omit<AnswerSource, 'key' | 'attempts'> {
  readonly at: number;
  readonly generation: number;
  readonly bytes: number;
  readonly attempts: readonly { readonly startedAt: number; readonly endedAt?: number; readonly error?: string }[];
}

interface ChatFacts {
  readonly record?: readonly DisclosureEntry[];
}

function recordOf(state: ToolCallState): readonly DisclosureEntry[] {
  return (state.plugins?.['disclosure'] as ChatFacts | undefined)?.record ?? [];
}

/** A request carries the results of a batch: adds those that none did before. */
export function addToRecord({ store, policyOf, record }: PluginHost, batchKey: ToolBatchKey, at: number): void {
  const state = store.getState();
  const batch = state.batches[batchKey];
  const known = recordOf(state);
  const entries = (batch === undefined ? [] : listCalls(batch)).flatMap((call): DisclosureEntry[] => {
    const source = toSource(call, policyOf(call.toolName));
    if (source === undefined || known.some((entry) => isOf(entry, source, call.generation))) return [];
    const { key: _, attempts, ...rest } = source;
    const bytes = factsOf(call).disclosed?.bytes ?? 0;
    return [
      {
        at,
        ...rest,
        generation: call.generation,
        bytes,
        attempts: attempts.map(({ error, ...times }) => ({
          ...times,
          ...(error !== undefined && { error: error.kind }),
        })),
      },
    ];
  });
  if (entries.length > 0) record({ record: [...known, ...entries] });
}

function isOf(entry: DisclosureEntry, source: AnswerSource, generation: number): boolean {
  const { messageId, step, toolCallId } = source;
  return (
    entry.generation === generation &&
    entry.messageId === messageId &&
    entry.step === step &&
    entry.toolCallId === toolCallId
  );
}

export interface ExportRecordOptions {
  /** @default 'json' */
  format?: 'json' | 'csv';
}

/** An entry in an export: `hash` is the SHA-256 of `previous` and the entry's own JSON, `previous` the hash of the entry before. */
export type ExportedEntry = DisclosureEntry & { readonly previous: string; readonly hash: string };

const COLUMNS = [
  'at',
  'messageId',
  'step',
  'toolCallId',
  'toolName',
  'generation',
  'status',
  'input',
  'labels',
  'untrusted',
  'bytes',
  'changed',
  'withheld',
  'approved',
  'attempts',
  'settledAt',
  'previous',
  'hash',
] as const satisfies readonly (keyof ExportedEntry)[];

/**
 * What the model was given in this chat, as text: which calls, with which input and labels, who approved them, what was withheld and when. No outputs. Needs a
 * secure context (https or localhost), where the browser can hash.
 */
export async function exportRecord(
  { store }: { readonly store: { getState(): ToolCallState } },
  { format = 'json' }: ExportRecordOptions = {},
): Promise<string> {
  const entries = await chain(recordOf(store.getState()));
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
  for (const entry of record) {
    const previous = entries.at(-1)?.hash ?? '';
    // JSON has no `undefined`: the entry is hashed as it will be read.
    const plain = JSON.parse(JSON.stringify(entry)) as DisclosureEntry;
    entries.push({ ...plain, previous, hash: await hash(previous + JSON.stringify(plain)) });
  }
  return entries;
}

async function hash(text: string): Promise<string> {
  // oxlint-disable-next-line no-restricted-globals -- a hash has nothing to do with randomness
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Quoted, and harmless where a spreadsheet opens it: a text that begins a formula is led by an apostrophe. */
function toCell(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return `"${(/^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text).replaceAll('"', '""')}"`;
}
