/** Owns how the tab that leads tells the others what happens to calls and messages. */
import type { UIMessage } from 'ai';
import type { Clock } from '../core/clock.ts';
import type { PluginHost } from '../core/plugins.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import { createNewsPace } from './news-pace.ts';
import { NAME, type TabNews } from './tab-messages.ts';

export interface NewsWriter {
  /** Tells everything. */
  tellAll(): void;
  tell(event: ToolCallStoreEvent): void;
  /** Messages or status may have changed. */
  look(): void;
  /** Tells at the end of this turn what waits. */
  hurry(): void;
  /** Nothing more is told. */
  stop(): void;
}

/** For the tab that leads. `post` is given the news without the number of its leadership. */
export function createNewsWriter(
  { store, getMessages, getStatus }: PluginHost,
  clock: Clock,
  post: (news: Omit<TabNews, 'term'>) => void,
): NewsWriter {
  const pace = createNewsPace(clock, flush);
  let events: ToolCallStoreEvent[] = [];
  /** What the other tabs know. */
  let number = 0;
  let told: readonly UIMessage[] = [];
  let wasBusy = false;

  function flush(): void {
    // A whole answer does not wait: a tab that leads next goes on from it.
    if (wasBusy && !isAtWork()) pace.hurry();
    const messages = getMessages();
    const keep = countSame(told, messages);
    const isChanged = keep < told.length || keep < messages.length;
    const isWaiting = isChanged && pace.holdBack();
    if (events.length === 0 && isAtWork() === wasBusy && (isWaiting || !isChanged)) return;
    number++;
    write(events, isWaiting ? told : messages, isWaiting ? told.length : keep);
  }

  function write(records: TabNews['records'], messages: readonly UIMessage[], keep: number): void {
    const startedAt = clock.now();
    const isNew = messages !== told;
    events = [];
    wasBusy = isAtWork();
    post({ type: 'news', number, records, keep, rest: messages.slice(keep), isBusy: wasBusy });
    if (!isNew) return;
    told = [...messages];
    pace.noteTold(startedAt, wasBusy);
  }

  function isAtWork(): boolean {
    return getStatus() === 'submitted' || getStatus() === 'streaming';
  }

  return {
    tellAll() {
      number = 0;
      write(store.getState(), getMessages(), 0);
    },
    tell(event) {
      if (event.type === 'plugin-event' && event.plugin === NAME) return;
      events.push(event);
      pace.tellSoon();
    },
    look: pace.tellSoon,
    hurry() {
      pace.hurry();
      pace.tellSoon();
    },
    stop: pace.stop,
  };
}

function countSame(before: readonly UIMessage[], now: readonly UIMessage[]): number {
  let same = 0;
  while (same < now.length && same < before.length && before[same] === now[same]) same++;
  return same;
}
