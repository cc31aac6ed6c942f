/** Owns how the tab that leads tells the others what happens to calls and messages, and how they show it. */
import type { UIMessage } from 'ai';
import type { CancelTimer, Clock } from '../core/clock.ts';
import type { PluginHost } from '../core/plugins.ts';
import type { ToolCallState, ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { TabNews } from './tab-messages.ts';

/** The plugin's name, in the store too. */
export const NAME = 'tabs';

/** How long messages wait for the next ones while an answer streams (ms). */
const PIECE = 50;
/** What costs less is told at once (ms); what costs more takes a tenth of the time at most. */
const CHEAP = 5;

export interface NewsWriter {
  /** Tells everything. */
  tellAll(): void;
  tell(event: ToolCallStoreEvent): void;
  /** Messages or status may have changed. */
  look(): void;
  /** Tells at once what waits: something is about to be done that must not be done again by a tab that does not know of it. */
  tellNow(): void;
  /** Nothing more is told. */
  stop(): void;
}

/** For the tab that leads. `post` is given the news without the number of its leadership. */
export function createNewsWriter(
  { store, getMessages, getStatus }: PluginHost,
  clock: Clock,
  post: (news: Omit<TabNews, 'term'>) => void,
): NewsWriter {
  let number = 0;
  let events: ToolCallStoreEvent[] = [];
  let told: readonly UIMessage[] = [];
  let wasBusy = false;
  /** Messages wait until then. */
  let quietUntil = 0;
  let isDue = false;
  let cancelTimer: CancelTimer | undefined;

  function flush(): void {
    const messages = getMessages();
    const isBusy = isAtWork();
    const now = clock.now();
    const isWaiting = now < quietUntil;
    const keep = isWaiting ? told.length : countSame(told, messages);
    const rest = isWaiting ? [] : messages.slice(keep);
    if (isWaiting) cancelTimer ??= clock.setTimer(flushLate, quietUntil - now);
    if (events.length === 0 && isBusy === wasBusy && keep === told.length && rest.length === 0) return;
    number++;
    write({ type: 'news', number, records: events, keep, rest, isBusy });
    if (!isWaiting) noteTold(messages, now);
  }

  function flushLate(): void {
    cancelTimer = undefined;
    flush();
  }

  function write(news: Omit<TabNews, 'term'>): void {
    events = [];
    wasBusy = news.isBusy;
    post(news);
  }

  function noteTold(messages: readonly UIMessage[], startedAt: number): void {
    told = [...messages];
    const cost = clock.now() - startedAt;
    quietUntil = startedAt + Math.max(isAtWork() ? PIECE : 0, cost < CHEAP ? 0 : cost * 10);
  }

  function isAtWork(): boolean {
    return getStatus() === 'submitted' || getStatus() === 'streaming';
  }

  /** At the end of this turn: a timer of a tab in the background would take a second. */
  function flushSoon(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      if (isDue) flush();
      isDue = false;
    });
  }

  return {
    tellAll() {
      const messages = getMessages();
      const now = clock.now();
      number = 0;
      write({ type: 'news', number, records: store.getState(), keep: 0, rest: messages, isBusy: isAtWork() });
      noteTold(messages, now);
    },
    tell(event) {
      if (event.type === 'plugin-event' && event.plugin === NAME) return;
      events.push(event);
      flushSoon();
    },
    look: flushSoon,
    tellNow() {
      quietUntil = 0;
      flush();
    },
    stop() {
      isDue = false;
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}

export interface NewsReader {
  read(news: TabNews): void;
  /** The chat may be idle by now. */
  look(): void;
}

/** For a tab that follows. */
export function createNewsReader(host: PluginHost): NewsReader {
  let theirs: readonly UIMessage[] = [];
  let isShown = true;

  function look(): void {
    if (isShown) return;
    try {
      host.setMessages(theirs);
      isShown = true;
    } catch {
      // The chat of this tab is at work: once it is not.
    }
  }

  return {
    read({ number, records, keep, rest, isBusy }) {
      const own = host.store.getState().plugins?.[NAME];
      if ('batches' in records) host.mirror(withOwn(records, own));
      else if (records.length > 0) host.mirror(records);
      if (number === 0 || keep < theirs.length || rest.length > 0) {
        theirs = [...theirs.slice(0, keep), ...rest];
        isShown = false;
        look();
      }
      if ((own as { isBusy?: boolean } | undefined)?.isBusy !== isBusy) host.record({ isBusy });
    },
    look,
  };
}

/** Their records with what this tab says of itself. */
function withOwn({ batches, plugins }: ToolCallState, own: object | undefined): ToolCallState {
  return { batches, plugins: { ...plugins, ...(own !== undefined && { [NAME]: own }) } };
}

function countSame(before: readonly UIMessage[], now: readonly UIMessage[]): number {
  let same = 0;
  while (same < now.length && same < before.length && before[same] === now[same]) same++;
  return same;
}
