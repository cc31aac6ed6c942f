/**
 * Owns what a journal knows of follow-ups: of which batches the model was told, or is not to be told any more. It is noted before the request
 * leaves, so that a page that comes back sends what was not sent, and nothing twice.
 */
import { isSameJson } from '../core/identical-calls.ts';
import type { PendingCall, PluginHost } from '../core/plugins.ts';
import { listCalls } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import { toolBatchKeyOf, type ToolBatch, type ToolBatchKey, type ToolCall } from '../core/tool-call.ts';
import type { LoadedEntries } from './chat-journal.ts';
import { findEntry, type JournalEntry } from './journal-entry.ts';

interface FollowUpNotesContext {
  listOf(batchKey: ToolBatchKey): readonly JournalEntry[];
  /** Gives whether the entry is safe. */
  save(entry: JournalEntry): Promise<boolean>;
  load(): Promise<LoadedEntries>;
  getHost(): PluginHost | undefined;
  /** The page is being left: what ends now may not be meant. */
  isLeaving(): boolean;
}

export interface FollowUpNotes {
  /** Whether a batch may be sent: that it is has been noted, or is being noted now. */
  isReady(batch: ToolBatch): boolean;
  /** Whether a step of loaded messages has yet to be sent, and that it is sent now is noted. */
  owes(calls: readonly PendingCall[]): boolean;
  /** No follow-up of the batch is owed. */
  close(batchKey: ToolBatchKey): void;
  hear(event: ToolCallStoreEvent): void;
}

export function createFollowUpNotes({ listOf, save, load, getHost, isLeaving }: FollowUpNotesContext): FollowUpNotes {
  /** Steps of loaded messages, and whether they are to be sent; not as long as the storage has not said. */
  const owed = new Map<ToolBatchKey, boolean>();

  function isClosed(batchKey: ToolBatchKey): boolean {
    return listOf(batchKey).some((entry) => entry.isClosed === true);
  }

  function close(batchKey: ToolBatchKey): void {
    const [first] = listOf(batchKey);
    if (first !== undefined && !isClosed(batchKey)) void save({ ...first, isClosed: true });
  }

  function reopen(batchKey: ToolBatchKey): void {
    for (const { isClosed: wasClosed, ...entry } of listOf(batchKey)) if (wasClosed === true) void save(entry);
  }

  function isReady(batch: ToolBatch): boolean {
    const calls = listCalls(batch);
    if (listOf(batch.key).length === 0 || calls.every(({ answeredBy }) => answeredBy === 'server')) return true;
    if (!isClosed(batch.key)) {
      // Not before all others have let it go: it may take them days.
      if (isSameJson(batch.heldBy, ['journal'])) close(batch.key);
      return false;
    }
    const isKnown = listOf(batch.key).every(({ ending }) => ending !== undefined);
    if (batch.told !== undefined || !isKnown || !calls.every(isAsBefore)) return true;
    // The page before this one sent it, from messages that were not kept.
    queueMicrotask(() => getHost()?.mirror([{ type: 'batch-told', batchKey: batch.key }]));
    return false;
  }

  function owes(calls: readonly PendingCall[]): boolean {
    const batchKey = calls[0]?.batchKey;
    if (batchKey === undefined) return false;
    const isOwed = owed.get(batchKey);
    if (isOwed === undefined) {
      owed.set(batchKey, false);
      void findOwed(batchKey, calls);
    }
    return isOwed === true;
  }

  async function findOwed(batchKey: ToolBatchKey, calls: readonly PendingCall[]): Promise<void> {
    const { entries } = await load();
    const host = getHost();
    if (host === undefined) return void owed.delete(batchKey);
    const messageIds = new Set(host.getMessages().map(({ id }) => id));
    const found = calls.flatMap((call) => {
      const entry = findEntry(entries, call, messageIds);
      return entry === undefined ? [] : { call, entry };
    });
    const known = new Set(found.map(({ entry }) => toolBatchKeyOf(entry.key)));
    const wasClosed = entries.some(({ key, isClosed }) => isClosed === true && known.has(toolBatchKeyOf(key)));
    const [first] = found;
    if (first === undefined || wasClosed) return;
    const { key, input } = first.call;
    // Sent without a note, it would be sent again after each reload.
    if (!(await save({ ...first.entry, key, input, isClosed: true }))) return;
    owed.set(batchKey, true);
    getHost()?.reconsider();
  }

  return {
    isReady,
    owes,
    close,
    hear(event) {
      switch (event.type) {
        case 'batch-told':
          owed.set(event.batchKey, false);
          return close(event.batchKey);
        case 'batch-halted':
          // The unmount halts batches too, and then there is no host a moment later.
          if (event.halt !== undefined)
            queueMicrotask(() => getHost() !== undefined && !isLeaving() && close(event.batchKey));
          return;
        case 'batch-reopened':
          return reopen(event.batchKey);
        case 'batch-forgotten':
          return void owed.delete(event.batchKey);
        default:
      }
    },
  };
}

/** Whether a call ended before the reload, and has not run since. */
function isAsBefore({ attempts, plugins }: ToolCall): boolean {
  // SAFETY: the journal's own fact.
  const facts = plugins?.['journal'] as { readonly restored?: JournalEntry['state'] } | undefined;
  return facts?.restored === 'settled' && attempts.length === 0;
}
