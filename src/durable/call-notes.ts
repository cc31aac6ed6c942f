/** Owns what a journal notes of a chat's calls, as it happens. What is known after a reload is in `chat-journal.ts`. */
import { ToolCallError } from '../core/errors.ts';
import type { PluginHost } from '../core/plugins.ts';
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
import type { JournalContext } from './chat-journal.ts';
import { rowIdOf, toJournalEnding, type JournalEntry } from './journal-entry.ts';
import type { Durability } from './journal-rows.ts';
import { addUnsure, removeUnsure } from './unsure-calls.ts';

interface CallNotesContext {
  readonly journal: JournalContext;
  readonly chatId: string;
  getHost(): PluginHost | undefined;
  /** Whether what fails now may have come through, since the page is being left: it is looked at again if the user stays. */
  isFailureInDoubt(): boolean;
}

export interface CallNotes {
  hear(event: ToolCallStoreEvent): void;
  /** Takes note of what the store has already. */
  noteAll(host: PluginHost): void;
  /** An attempt is about to begin. What it gives settles once the intent of a write is safe, and rejects where the tool must not run. */
  noteAttempt(call: ToolCall, attempt: number): Promise<void> | undefined;
  /** A call of loaded messages is known, and enters the store soon. */
  restore(entry: JournalEntry): void;
  /** Gives whether the entry is safe. */
  save(entry: JournalEntry, durability?: Durability): Promise<boolean>;
  /** Saves what has yet to be saved. Gives whether entries are on their way to the storage: batches that wait for that are asked about again then. */
  flush(): boolean;
  listOf(batchKey: ToolBatchKey): JournalEntry[];
  hasWaiting(): boolean;
}

/** How long (ms) the end of a call that only reads waits for those of others, unless a follow-up waits for it. */
const TOGETHER = 10;

export function createCallNotes({ journal, chatId, getHost, isFailureInDoubt }: CallNotesContext): CallNotes {
  /** Every call of the chat, by its key now; some are in memory only. */
  const entries = new Map<ToolCallKey, JournalEntry>();
  /** Calls that came back, and have yet to enter the store. */
  const restored = new Set<ToolCallKey>();
  /** Calls that were found in loaded messages: how their answer ended is known from before, or not at all. */
  const recalled = new Set<ToolCallKey>();
  /** Batches that the unmount ended: the next mount wants to know of them. */
  const left = new Set<ToolBatchKey>();
  /** Calls that only read and have ended a moment ago: what ends together is saved together. */
  const ended = new Set<ToolCallKey>();
  /** How many entries are on their way to the storage, and whether a batch waits for that. */
  let unsaved = 0;
  let isHolding = false;

  async function save(entry: JournalEntry, durability: Durability = 'relaxed'): Promise<boolean> {
    entries.set(entry.key, entry);
    unsaved++;
    const isSafe = await journal.put(withoutPrivate(entry), durability);
    unsaved--;
    if (isSafe && entry.attempt !== undefined && entry.state !== 'waiting') removeUnsure(rowIdOf(entry));
    if (unsaved === 0 && isHolding) {
      isHolding = false;
      getHost()?.reconsider();
    }
    return isSafe;
  }

  /** What may be kept of an entry. */
  function withoutPrivate({ input, change, ending, ...entry }: JournalEntry): JournalEntry {
    const persist = policyOf(entry)?.persist ?? true;
    return {
      ...entry,
      ...(persist === true && { input }),
      // A yes to an input that is not kept is no yes to the model's.
      ...(change !== undefined && (persist === true ? { change } : { approved: false })),
      ...(persist !== false && ending !== undefined && { ending }),
    };
  }

  function policyOf({ toolName }: Pick<JournalEntry, 'toolName'>) {
    return getHost()?.policyOf(toolName);
  }

  /** Keeps in mind what becomes of a call, and saves it where that matters: of a call that only reads, which runs again whatever is known, its end. */
  function note(entry: JournalEntry): void {
    const policy = policyOf(entry);
    if (policy !== undefined && !(policy.readOnly && policy.onReload === 'run')) return void save(entry);
    entries.set(entry.key, entry);
    if (entry.ending === undefined) return;
    if (ended.size === 0) journal.clock.setTimer(saveEnded, TOGETHER);
    ended.add(entry.key);
  }

  function saveEnded(): void {
    for (const key of ended) {
      const entry = entries.get(key);
      if (entry !== undefined) void save(entry);
    }
    ended.clear();
  }

  function noteAdded({ key, toolCallId, toolName, input, status }: NewToolCall | ToolCall): void {
    // Nobody waits after a reload for what no answer asked for.
    if (getHost()?.store.getState().batches[toolBatchKeyOf(key)]?.direct !== undefined) return;
    if (restored.delete(key)) getHost()?.record({ restored: entries.get(key)?.state }, key);
    if (entries.has(key)) return;
    const idempotencyKey = getHost()?.idempotencyKeyOf(key) ?? key;
    const entry = { chatId, key, toolCallId, toolName, input, idempotencyKey };
    if (status === 'interrupted') entries.set(key, { ...entry, state: 'started' });
    else note({ ...entry, state: 'waiting' });
  }

  function noteEnding(key: ToolCallKey, ending: ToolCallEnding, isOverruled = false): void {
    const entry = entries.get(key);
    if (entry === undefined || (entry.state === 'settled' && !isOverruled)) return;
    if (ending.type !== 'call-succeeded' && ending.error.by === 'unmount') return void left.add(toolBatchKeyOf(key));
    if (ending.type === 'call-failed' && isFailureInDoubt()) return;
    note({ ...entry, state: 'settled', settledAt: journal.clock.now(), ending: toJournalEnding(ending) });
  }

  /** The answer has ended, and what waited for that may start. */
  function noteStepEnd(batchKey: ToolBatchKey): void {
    for (const entry of listOf(batchKey)) {
      if (entry.state === 'waiting' && entry.isWhole !== true && !recalled.has(entry.key))
        note({ ...entry, isWhole: true });
    }
  }

  /** What a person has done to a call. */
  function notePerson(key: ToolCallKey, input: unknown, done: Partial<JournalEntry>): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    const change = input !== undefined && { input, idempotencyKey: getHost()?.idempotencyKeyOf(key) ?? key };
    void save({ ...entry, ...(change && { change }), ...done });
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
    switch (event.type) {
      case 'call-added':
        return noteAdded(event.call);
      case 'approval-granted':
        return notePerson(event.key, event.input, event.byRule ? {} : { approved: true });
      case 'call-succeeded':
      case 'call-failed':
      case 'call-cancelled':
      case 'approval-denied':
        return noteEnding(event.key, event);
      case 'call-overruled':
        return noteEnding(event.key, event.ending, true);
      case 'call-skipped': {
        const ending = entries.get(event.key)?.ending;
        if (ending?.type === 'call-failed') notePerson(event.key, undefined, { ending: { ...ending, held: false } });
        return;
      }
      case 'call-retried':
        return notePerson(event.key, event.input, AGAIN);
      case 'call-resumed':
        return notePerson(event.key, undefined, AGAIN);
      case 'stream-ended':
        return noteStepEnd(event.batchKey);
      case 'batch-moved':
        return move(event.batchKey, moveToolBatchKey(event.batchKey, event.messageId));
      case 'batch-forgotten':
        return forget(event.batchKey);
      default:
    }
  }

  function noteAll({ store }: PluginHost): void {
    for (const batch of Object.values(store.getState().batches)) {
      for (const call of listCalls(batch)) {
        noteAdded(call);
        if (isSettled(call)) noteEnding(call.key, toEnding(call));
      }
      if (!batch.streaming) noteStepEnd(batch.key);
    }
  }

  /** Before the tool runs, its intent is safe. */
  async function noteIntent(entry: JournalEntry): Promise<void> {
    if (await save(entry, 'strict')) return;
    // What the storage may hold says that it never started: that has to be noted elsewhere.
    if (!journal.isRequired && (!journal.mayHold(entry) || addUnsure(rowIdOf(entry)))) return;
    throw new ToolCallError('execution', 'The tool did not run, since its start could not be stored in the browser');
  }

  return {
    hear,
    noteAll,
    noteAttempt(call, attempt) {
      const known = entries.get(call.key);
      const policy = policyOf(call);
      if (known === undefined || policy === undefined) return undefined;
      const entry: JournalEntry = { ...known, state: 'started', attempt, startedAt: journal.clock.now() };
      if (!policy.readOnly && !policy.idempotent) return noteIntent(entry);
      note(entry);
      return undefined;
    },
    restore(entry) {
      entries.set(entry.key, entry);
      restored.add(entry.key);
      recalled.add(entry.key);
    },
    save,
    flush() {
      saveEnded();
      return (isHolding = unsaved > 0);
    },
    listOf,
    hasWaiting: () => [...entries.values()].some((entry) => entry.state === 'waiting'),
  };
}

/** A person wants it to run: what became of it before is over. */
const AGAIN = { state: 'waiting', isWhole: true, ending: undefined, settledAt: undefined } as const;

function toEnding(call: SettledToolCall): ToolCallEnding {
  if (call.status === 'succeeded') return { type: 'call-succeeded', output: call.output };
  return { type: ENDINGS[call.status], error: call.error, held: call.held === true };
}

const ENDINGS = { failed: 'call-failed', denied: 'approval-denied', cancelled: 'call-cancelled' } as const;
