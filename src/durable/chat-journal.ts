/** Owns the journal of one chat: what it knows of calls that were found after a reload, and how the page comes and goes. What it notes is in `call-notes.ts`. */
import type { CancelTimer, Clock } from '../core/clock.ts';
import type { PendingCall, PluginHost, Recollection, ToolCallsPlugin } from '../core/plugins.ts';
import { toolBatchKeyOf } from '../core/tool-call.ts';
import { createCallNotes } from './call-notes.ts';
import { createFollowUpNotes } from './follow-up-notes.ts';
import { findEntry, rowIdOf, toToolCallEnding, type JournalEntry } from './journal-entry.ts';
import type { Durability } from './journal-rows.ts';
import { readUnsure } from './unsure-calls.ts';

/** What the journal of a page does for that of a chat. */
export interface JournalContext {
  readonly clock: Clock;
  /** How long after the page was left a write goes on by itself that had not started (ms). */
  readonly resumeWithin: number;
  /** Refuses to start a write whose intent could not be stored. */
  readonly isRequired: boolean;
  /** Gives whether the entry is safe. */
  put(entry: JournalEntry, durability: Durability): Promise<boolean>;
  remove(entries: readonly JournalEntry[]): void;
  /** Whether the storage may hold an older entry of this call. */
  mayHold(entry: JournalEntry): boolean;
  /** Notes that the chat is there. */
  touch(chatId: string): void;
  /** The entries of a chat, and when it was last there (epoch ms). */
  load(chatId: string): Promise<LoadedEntries>;
  /** Forgets what is old, once for a page. */
  prune(): PromiseLike<void>;
}

export interface LoadedEntries {
  readonly entries: readonly JournalEntry[];
  readonly seenAt: number;
}

/** How long after a failure a page that is about to be left has to go (ms): less than the bridge gives it. */
const LAST_MOMENTS = 900;

export function createChatJournal(journal: JournalContext, chatId: string): ToolCallsPlugin {
  const { clock } = journal;
  let host: PluginHost | undefined;
  /** What was there when the chat was mounted. */
  let arrival: Promise<LoadedEntries> | undefined;
  let loading: Promise<LoadedEntries> | undefined;
  /** The page is being left, or may be: the browser ends its requests. */
  let isLeaving = false;
  let cancelReturn: CancelTimer | undefined;
  let cancelBeat: CancelTimer | undefined;
  const getHost = () => host;
  const notes = createCallNotes({ journal, chatId, getHost, isFailureInDoubt: stayUnlessGone });
  const followUps = createFollowUpNotes({ ...notes, load, getHost, isLeaving: () => isLeaving });

  // ── What was known before the reload ───────────────────────────────────────

  /** One look at the storage serves all calls that are found together. */
  function load(): Promise<LoadedEntries> {
    loading ??= journal.load(chatId).finally(() => (loading = undefined));
    return loading;
  }

  async function recall(call: PendingCall): Promise<Recollection | undefined> {
    arrival ??= load();
    const [{ seenAt }, known] = await Promise.all([arrival, load()]);
    const messages = host?.getMessages();
    const found = findEntry(known.entries, call, messages && new Set(messages.map(({ id }) => id)));
    if (found === undefined) return undefined;
    const isSibling = ({ key }: JournalEntry) => toolBatchKeyOf(key) === toolBatchKeyOf(found.key);
    const isClosed = known.entries.some((entry) => isSibling(entry) && entry.isClosed === true);
    const entry = { ...found, key: call.key, input: call.input, ...(isClosed && { isClosed }) };
    notes.restore(entry);
    const isLate = clock.now() - seenAt > journal.resumeWithin;
    return toRecollection(entry, isLate && host?.policyOf(call.toolName)?.onReload !== 'run');
  }

  // ── The page ───────────────────────────────────────────────────────────────

  /** What fails because the page is left may have come through. After `beforeunload` the user may have stayed: then it was a failure. */
  function stayUnlessGone(): boolean {
    if (isLeaving) cancelReturn ??= clock.setTimer(comeBack, LAST_MOMENTS);
    return isLeaving;
  }

  function comeBack(): void {
    cancelReturn?.();
    cancelReturn = undefined;
    isLeaving = false;
    if (host !== undefined) noteAll(host);
  }

  /** Takes note of what the store has already. */
  function noteAll(given: PluginHost): void {
    notes.noteAll(given);
    for (const batch of Object.values(given.store.getState().batches))
      if (batch.told !== undefined || batch.halt !== undefined) followUps.close(batch.key);
  }

  /** Says now and then that the page is there, as long as a call waits. */
  function beat(): void {
    if (notes.hasWaiting()) journal.touch(chatId);
    cancelBeat = clock.setTimer(beat, Math.max(1_000, journal.resumeWithin / 4));
  }

  function watchPage(): () => void {
    const { window } = globalThis;
    const mayLeave = () => void (isLeaving = true);
    const leave = () => {
      isLeaving = true;
      cancelReturn?.();
      // Only `pageshow` brings it back from here.
      cancelReturn = () => {};
      notes.flush();
      journal.touch(chatId);
    };
    const stop = new AbortController();
    window?.addEventListener('beforeunload', mayLeave, stop);
    window?.addEventListener('pagehide', leave, stop);
    window?.addEventListener('pageshow', comeBack, stop);
    return () => stop.abort();
  }

  return {
    name: 'journal',
    connect(given) {
      host = given;
      arrival = load();
      void arrival.then(journal.prune);
      noteAll(given);
      const stops = [given.subscribe(followUps.hear), given.subscribe(notes.hear), watchPage()];
      cancelBeat = clock.setTimer(beat, 1_000);
      return () => {
        notes.flush();
        for (const stop of stops) stop();
        cancelBeat?.();
        cancelReturn?.();
        arrival = undefined;
        host = undefined;
      };
    },
    recall,
    beforeAttempt: notes.noteAttempt,
    owesFollowUp: followUps.owes,
    beforeFollowUp(batch) {
      const isReady = followUps.isReady(batch);
      const isHeld = notes.flush();
      return isReady && !isHeld ? 'send' : 'hold';
    },
  };
}

function toRecollection(entry: JournalEntry, isAsked: boolean): Recollection {
  const { approved = false, idempotencyKey, change, startedAt, settledAt = startedAt ?? 0 } = entry;
  const kept = { approved, idempotencyKey, ...change };
  if (entry.ending !== undefined)
    return { type: 'settled', ending: toToolCallEnding(entry.ending), ...(change && { input: change.input }) };
  if (entry.state === 'settled') return { type: 'ended', at: settledAt, ...kept };
  if (entry.state === 'started') return { type: 'started', ...(startedAt !== undefined && { at: startedAt }), ...kept };
  if (readUnsure().includes(rowIdOf(entry))) return { type: 'started', ...kept };
  return { type: 'never-started', ask: isAsked, isCut: entry.isWhole !== true, ...kept };
}
