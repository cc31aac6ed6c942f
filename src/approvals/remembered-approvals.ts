/** Owns the rules of a page: which there are, where they are stored, and how the tabs of a page hear of each other's. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { systemClock, type Clock } from '../core/clock.ts';
import { expectCount, expectMilliseconds } from '../core/expect.ts';
import { reportTo } from '../core/misuse.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import type { JournalStorage } from '../durable/journal-storage.ts';
import { createChatApprovals, type ApprovalRules } from './chat-approvals.ts';
import { readRow, rowIdOf, RULES, toRow } from './rule-rows.ts';
import { isLive, judgeQuestion, NAME, type RememberedApproval } from './rules.ts';

export interface RememberedApprovalsOptions {
  /** Where answers are kept over a reload: `indexedDbStorage({ name: 'approvals' })` of `use-parallel-tools/durable`. @default none: they end with the page */
  storage?: JournalStorage;
  /** How long an answer is remembered (ms). @default for ever */
  ttl?: number;
  /** How many later calls an answer is given to. @default Infinity */
  maxUses?: number;
  /** Hears what the storage throws. */
  onError?: (error: unknown) => void;
  /** Time; for tests. @default the system's */
  clock?: Clock;
}

/** What is remembered on a page. */
export interface ApprovalMemoryState {
  /** Those that were given or used last come last. */
  readonly rules: readonly RememberedApproval[];
  /** Whether the storage was read. */
  readonly isLoaded: boolean;
}

/** A plugin for `useParallelTools({ plugins })` that gives a person's answers to later calls. One serves every chat of a page. */
export interface ApprovalMemory extends ToolCallsPlugin {
  /** A Zustand store of what is remembered. Read only. */
  readonly store: StoreApi<ApprovalMemoryState>;
  /** Forgets an answer, or all of them: the next call asks again. Calls that it has answered go on. */
  forget(rule?: string | { readonly id: string }): void;
  /** Reads the storage. Mounted chats and lists have done so. */
  load(): Promise<void>;
  /** Reads the storage, and keeps `store` in step with what other tabs remember and forget. Mounted chats and lists do so. Returns what ends it. */
  watch(): () => void;
}

/** What a tab tells the others: that the storage has changed, or that a person has forgotten an answer that is in none. */
type TabWord = 'changed' | { readonly forgotten: string };

/**
 * Remembers what a person has said of calls that ask for approval, where they say so: `approve(call, { remember })`, `deny(call, reason, { remember })`.
 *
 * @throws TypeError on options that make no sense
 */
export function rememberedApprovals(options: RememberedApprovalsOptions = {}): ApprovalMemory {
  const { storage, ttl, maxUses, clock = systemClock } = options;
  if (ttl !== undefined) expectMilliseconds('`ttl`', ttl, 1);
  if (maxUses !== undefined) expectCount('`maxUses`', maxUses, 1);
  const store = createStore<ApprovalMemoryState>(() => ({ rules: [], isLoaded: storage === undefined }));
  const chats = new Set<() => void>();
  let watchers = 0;
  /** What the storage has yet to hear, by id. */
  const unsaved = new Map<string, RememberedApproval | undefined>();
  let channel: BroadcastChannel | undefined;
  let loading: Promise<void> | undefined;
  /** One visit to the storage after another, or an older word could come last. */
  let visits: Promise<void> = Promise.resolve();

  function report(thrown: unknown): void {
    reportTo(options.onError, 'approvals', thrown);
  }

  function visit(work: (at: JournalStorage) => Promise<void>): Promise<void> {
    if (storage === undefined) return visits;
    visits = visits.then(() => work(storage)).catch(report);
    return visits;
  }

  const rulesOf = () => store.getState().rules;

  function put(id: string, rule: RememberedApproval | undefined): void {
    const known = rulesOf().find((each) => each.id === id);
    const others = rulesOf().filter((each) => each !== known);
    if (rule === undefined && known === undefined) return;
    store.setState({ rules: rule === undefined ? others : [...others, rule] });
    if (rule !== undefined) listen();
    const stored = rule?.isStored === true ? rule : undefined;
    if (stored === undefined && known?.isStored !== true) return;
    unsaved.set(id, stored);
    void visit(async (at) => {
      if (stored === undefined) await at.remove([rowIdOf(id)]);
      else await at.write([toRow(stored, clock.now())], { durability: 'relaxed' });
      if (unsaved.get(id) === stored) unsaved.delete(id);
      tell('changed');
    });
  }

  function openChannel(): BroadcastChannel | undefined {
    if (typeof BroadcastChannel !== 'function') return undefined;
    const opened = new BroadcastChannel(RULES);
    // In Node a channel keeps the process alive.
    (opened as { unref?: () => void }).unref?.();
    return opened;
  }

  /** Also from a page that has no chat, and listens to nobody. */
  function tell(word: TabWord): void {
    const speaker = channel ?? openChannel();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel between pages of one origin, not a window
    speaker?.postMessage(word);
    if (speaker !== channel) speaker?.close();
  }

  /** A page on which there is nothing to hear of has no channel: it may keep the browser from keeping the page. */
  function listen(): void {
    if (channel !== undefined || watchers === 0) return;
    channel = openChannel();
    channel?.addEventListener('message', ({ data }: MessageEvent<TabWord>) => {
      if (data === 'changed') return void read();
      const forgotten = rulesOf().find(({ id, isStored }) => id === data?.forgotten && !isStored);
      if (forgotten !== undefined) put(forgotten.id, undefined);
    });
  }

  function watch(): () => void {
    watchers++;
    loading ??= read();
    if (storage !== undefined || rulesOf().length > 0) listen();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--watchers > 0) return;
      channel?.close();
      channel = undefined;
      loading = undefined;
    };
  }

  function read(): Promise<void> {
    return visit(async (at) => {
      const found = (await at.read(RULES)).flatMap(readRow);
      const kept = found.filter(({ id }) => !unsaved.has(id));
      const own = rulesOf().filter(({ id, isStored }) => !isStored || unsaved.get(id) !== undefined);
      store.setState({ rules: [...kept, ...own], isLoaded: true });
      for (const rule of kept) if (!isLive(rule, clock.now())) put(rule.id, undefined);
      askAgain();
    });
  }

  function askAgain(): void {
    for (const ask of chats) ask();
  }

  const rules: ApprovalRules = {
    now: clock.now,
    limits: { ttl, maxUses },
    // What a journal must not keep of a call is not kept here.
    isStored: (persist) => storage !== undefined && persist === true,
    find(question, chatId) {
      const { rule, voided } = judgeQuestion(rulesOf(), question, chatId, clock.now());
      for (const { id } of voided) put(id, undefined);
      return rule;
    },
    keep(rule) {
      put(rule.id, rule);
      // The call that the person has answered goes first: calls start in their order.
      void Promise.resolve().then(askAgain);
    },
    countUse(rule) {
      const used = { ...rule, uses: rule.uses + 1 };
      put(rule.id, isLive(used, clock.now()) ? used : undefined);
    },
    subscribe: (listener) => store.subscribe(listener),
    listUnstored: (chatId) =>
      rulesOf().filter((rule) => !rule.isStored && (rule.chatId === undefined || rule.chatId === chatId)),
    adopt(before, now) {
      const gone = before.filter(({ id }) => now.every((rule) => rule.id !== id));
      for (const { id } of gone) if (rulesOf().some((rule) => rule.id === id && !rule.isStored)) put(id, undefined);
      for (const rule of now) put(rule.id, rule);
    },
    join(ask) {
      chats.add(ask);
      const stop = watch();
      return () => {
        chats.delete(ask);
        stop();
      };
    },
  };

  return {
    name: NAME,
    forChat: (chatId) => createChatApprovals(rules, chatId),
    store,
    load: () => (loading ??= read()),
    watch,
    forget(rule) {
      const meant = typeof rule === 'object' ? rule.id : rule;
      for (const { id, isStored } of rulesOf().filter((each) => meant === undefined || each.id === meant)) {
        put(id, undefined);
        if (!isStored) tell({ forgotten: id });
      }
    },
  };
}
