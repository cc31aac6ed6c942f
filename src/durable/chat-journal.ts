/** Owns the journal of one chat: what it notes of the chat's calls, and what it knows of those that were found after a reload. */
import type { CancelTimer, Clock } from '../core/clock.ts';
import { ToolCallError } from '../core/errors.ts';
import type { PendingCall, PluginHost, Recollection, ToolCallsPlugin } from '../core/plugins.ts';
import { listCalls } from '../core/selectors.ts';
import type { SettledToolCall } from '../core/settled-callbacks.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import {
  isSettled,
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
  type NewToolCall,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallEnding,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { createFollowUpNotes } from './follow-up-notes.ts';
import { findEntry, rowIdOf, toJournalEnding, toToolCallEnding, type JournalEntry } from './journal-entry.ts';
import type { Durability } from './journal-rows.ts';
import { addUnsure, readUnsure, removeUnsure } from './unsure-calls.ts';

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

interface ChatJournalState {
  host: PluginHost | undefined;
  /** What was there when the chat was mounted. */
  arrival: Promise<LoadedEntries> | undefined;
  loading: Promise<LoadedEntries> | undefined;
  /** Entries whose way to the storage has not ended, and whether a batch waits for that. */
  unsaved: number;
  isHolding: boolean;
  /** The page is being left, or may be: the browser ends its requests. */
  isLeaving: boolean;
  cancelReturn: CancelTimer | undefined;
  cancelBeat: CancelTimer | undefined;
}

export function createChatJournal(journal: JournalContext, chatId: string): ToolCallsPlugin {
  const { clock } = journal;
  const state: ChatJournalState = {
    host: undefined,
    arrival: undefined,
    loading: undefined,
    unsaved: 0,
    isHolding: false,
    isLeaving: false,
    cancelReturn: undefined,
    cancelBeat: undefined,
  };
  /** Every call of the chat, by its key now; some are in memory only. */
  const entries = new Map<ToolCallKey, JournalEntry>();
  /** Calls that came back, and have yet to enter the store. */
  const restored = new Set<ToolCallKey>();
  /** Calls that were found in loaded messages: how their answer ended is known from before, or not at all. */
  const recalled = new Set<ToolCallKey>();
  /** Batches that the unmount ended: the next mount wants to know of them. */
  const left = new Set<ToolBatchKey>();

  const followUps = createFollowUpNotes({
    listOf,
    save,
    load,
    getHost: () => state.host,
    isLeaving: () => state.isLeaving,
  });

  // ── What happens to calls ──────────────────────────────────────────────────

  async function save(entry: JournalEntry, durability: Durability = 'relaxed'): Promise<boolean> {
    entries.set(entry.key, entry);
    state.unsaved++;
    const isSafe = await journal.put(withoutPrivate(entry), durability);
    state.unsaved--;
    if (isSafe && entry.attempt !== undefined && entry.state !== 'waiting') removeUnsure(rowIdOf(entry));
    if (state.unsaved === 0 && state.isHolding) {
      state.isHolding = false;
      state.host?.reconsider();
    }
    return isSafe;
  }

  /** What may be kept of an entry. */
  function withoutPrivate({ input, change, ending, ...entry }: JournalEntry): JournalEntry {
    const persist = state.host?.policyOf(entry.toolName)?.persist ?? true;
    return {
      ...entry,
      ...(persist === true && { input }),
      // A yes to an input that is not kept is no yes to the model's.
      ...(change !== undefined && (persist === true ? { change } : { approved: false })),
      ...(persist !== false && ending !== undefined && { ending }),
    };
  }

  /** Whether it matters that a call had not ended: one that only reads runs again whatever is known. */
  function isTracked(toolName: string): boolean {
    const policy = state.host?.policyOf(toolName);
    return policy !== undefined && !(policy.readOnly && policy.onReload === 'run');
  }

  function noteAdded(call: NewToolCall | ToolCall): void {
    const { key, toolCallId, toolName, input, status } = call;
    if (restored.delete(key)) state.host?.record({ restored: entries.get(key)?.state }, key);
    if (entries.has(key)) return;
    const idempotencyKey = state.host?.idempotencyKeyOf(key) ?? key;
    const isUnknown = status === 'interrupted';
    const entry = { chatId, key, toolCallId, toolName, input, idempotencyKey };
    entries.set(key, { ...entry, state: isUnknown ? 'started' : 'waiting' });
    if (!isUnknown && isTracked(toolName)) void save({ ...entry, state: 'waiting' });
  }

  function noteEnding(key: ToolCallKey, ending: ToolCallEnding, isOverruled = false): void {
    const entry = entries.get(key);
    if (entry === undefined || (entry.state === 'settled' && !isOverruled)) return;
    if (ending.type !== 'call-succeeded' && ending.error.by === 'unmount') return void left.add(toolBatchKeyOf(key));
    // What fails because the page is left may have come through.
    if (ending.type === 'call-failed' && state.isLeaving) return stayUnlessGone();
    void save({ ...entry, state: 'settled', settledAt: clock.now(), ending: toJournalEnding(ending) });
  }

  /** After `beforeunload` the user may have stayed: then it was a failure. */
  function stayUnlessGone(): void {
    state.cancelReturn ??= clock.setTimer(() => comeBack(), LAST_MOMENTS);
  }

  function comeBack(): void {
    state.cancelReturn?.();
    state.cancelReturn = undefined;
    state.isLeaving = false;
    if (state.host !== undefined) noteAll(state.host);
  }

  /** The answer has ended, and what waited for that may start. */
  function noteStepEnd(batchKey: ToolBatchKey): void {
    for (const entry of listOf(batchKey)) {
      if (entry.state !== 'waiting' || entry.isWhole === true || recalled.has(entry.key)) continue;
      const whole = { ...entry, isWhole: true };
      entries.set(entry.key, whole);
      if (isTracked(entry.toolName)) void save(whole);
    }
  }

  /** A person wants it to run. */
  function noteRun(key: ToolCallKey, input?: unknown): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    const { ending: _, settledAt: _at, ...rest } = entry;
    void save({ ...rest, ...changeOf(key, input), state: 'waiting', isWhole: true });
  }

  function changeOf(key: ToolCallKey, input: unknown): Pick<JournalEntry, 'change'> {
    return input === undefined ? {} : { change: { input, idempotencyKey: state.host?.idempotencyKeyOf(key) ?? key } };
  }

  function listOf(batchKey: ToolBatchKey): JournalEntry[] {
    return [...entries.values()].filter(({ key }) => toolBatchKeyOf(key) === batchKey);
  }

  function forget(batchKey: ToolBatchKey): void {
    const forgotten = listOf(batchKey);
    for (const { key } of forgotten) {
      entries.delete(key);
      recalled.delete(key);
    }
    if (!left.delete(batchKey)) journal.remove(forgotten);
  }

  function move(from: ToolBatchKey, to: ToolBatchKey): void {
    for (const entry of listOf(from)) {
      entries.delete(entry.key);
      void save({ ...entry, key: moveToolCallKey(entry.key, to) });
    }
  }

  function hear(event: ToolCallStoreEvent): void {
    followUps.hear(event);
    switch (event.type) {
      case 'call-added':
        return noteAdded(event.call);
      case 'approval-granted': {
        const entry = entries.get(event.key);
        if (entry !== undefined)
          void save({ ...entry, ...changeOf(event.key, event.input), ...(!event.byRule && { approved: true }) });
        return;
      }
      case 'call-succeeded':
      case 'call-failed':
      case 'call-cancelled':
      case 'approval-denied':
        return noteEnding(event.key, event);
      case 'call-overruled':
        return noteEnding(event.key, event.ending, true);
      case 'call-skipped': {
        const entry = entries.get(event.key);
        if (entry?.ending?.type === 'call-failed') void save({ ...entry, ending: { ...entry.ending, held: false } });
        return;
      }
      case 'call-retried':
        return noteRun(event.key, event.input);
      case 'call-resumed':
        return noteRun(event.key);
      case 'stream-ended':
        return noteStepEnd(event.batchKey);
      case 'batch-moved':
        return move(event.batchKey, moveToolBatchKey(event.batchKey, event.messageId));
      case 'batch-forgotten':
        return forget(event.batchKey);
      default:
    }
  }

  /** Takes note of what the store has already. */
  function noteAll({ store }: PluginHost): void {
    for (const batch of Object.values(store.getState().batches)) {
      for (const call of listCalls(batch)) {
        noteAdded(call);
        if (isSettled(call)) noteEnding(call.key, toEnding(call));
      }
      if (!batch.streaming) noteStepEnd(batch.key);
      if (batch.told !== undefined || batch.halt !== undefined) followUps.close(batch.key);
    }
  }

  /** Before the tool runs, its intent is safe. */
  async function noteIntent(entry: JournalEntry): Promise<void> {
    if (await save(entry, 'strict')) return;
    if (journal.isRequired)
      throw new ToolCallError('execution', 'The tool did not run, since its start could not be stored in the browser');
    // What the storage may hold says that it never started.
    if (!journal.mayHold(entry) || addUnsure(rowIdOf(entry))) return;
    throw new ToolCallError(
      'execution',
      'The tool did not run, since the browser stores nothing any more: after a reload it would run again',
    );
  }

  // ── What was known before the reload ───────────────────────────────────────

  /** One look at the storage serves all calls that are found together. */
  function load(): Promise<LoadedEntries> {
    state.loading ??= journal.load(chatId).finally(() => (state.loading = undefined));
    return state.loading;
  }

  async function recall(call: PendingCall): Promise<Recollection | undefined> {
    state.arrival ??= load();
    const [{ seenAt }, known] = await Promise.all([state.arrival, load()]);
    const messages = state.host?.getMessages();
    const found = findEntry(known.entries, call, messages && new Set(messages.map(({ id }) => id)));
    if (found === undefined) return undefined;
    const isSibling = ({ key }: JournalEntry) => toolBatchKeyOf(key) === toolBatchKeyOf(found.key);
    const isClosed = known.entries.some((entry) => isSibling(entry) && entry.isClosed === true);
    const entry = { ...found, key: call.key, input: call.input, ...(isClosed && { isClosed }) };
    entries.set(call.key, entry);
    restored.add(call.key);
    recalled.add(call.key);
    const isLate = clock.now() - seenAt > journal.resumeWithin;
    return toRecollection(entry, isLate && state.host?.policyOf(call.toolName)?.onReload !== 'run');
  }

  // ── The page ───────────────────────────────────────────────────────────────

  /** Says now and then that the page is there, as long as a call waits. */
  function beat(): void {
    if ([...entries.values()].some((entry) => entry.state === 'waiting')) journal.touch(chatId);
    state.cancelBeat = clock.setTimer(beat, Math.max(1_000, journal.resumeWithin / 4));
  }

  function watchPage(): () => void {
    const { window } = globalThis;
    const mayLeave = () => void (state.isLeaving = true);
    const leave = () => {
      state.isLeaving = true;
      state.cancelReturn?.();
      // Only `pageshow` brings it back from here.
      state.cancelReturn = () => {};
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
    connect(host) {
      state.host = host;
      state.arrival = load();
      void state.arrival.then(journal.prune);
      noteAll(host);
      const stops = [host.subscribe(hear), watchPage()];
      state.cancelBeat = clock.setTimer(beat, 1_000);
      return () => {
        for (const stop of stops) stop();
        state.cancelBeat?.();
        state.cancelReturn?.();
        state.arrival = undefined;
        state.host = undefined;
      };
    },
    recall,
    beforeAttempt(call, attempt) {
      const policy = state.host?.policyOf(call.toolName);
      const known = entries.get(call.key);
      if (known === undefined || policy === undefined) return undefined;
      const entry: JournalEntry = { ...known, state: 'started', attempt, startedAt: clock.now() };
      if (!policy.readOnly && !policy.idempotent) return noteIntent(entry);
      if (isTracked(call.toolName)) void save(entry);
      return undefined;
    },
    owesFollowUp: followUps.owes,
    beforeFollowUp(batch) {
      const isReady = followUps.isReady(batch);
      state.isHolding = state.unsaved > 0;
      return isReady && !state.isHolding ? 'send' : 'hold';
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

function toEnding(call: SettledToolCall): ToolCallEnding {
  if (call.status === 'succeeded') return { type: 'call-succeeded', output: call.output };
  return { type: ENDINGS[call.status], error: call.error, held: call.held === true };
}

const ENDINGS = { failed: 'call-failed', denied: 'approval-denied', cancelled: 'call-cancelled' } as const;
