// Owns: a page with a journal that a test can end at any moment, as a crash does, and open again on what it left: its messages and its disk.
import type { UIMessage } from 'ai';
import { onTestFinished } from 'vitest';
import { clientTool } from 'use-parallel-tools';
import { systemClock, type Clock, type ToolCallsPlugin } from 'use-parallel-tools/core';
import {
  memoryStorage,
  toolCallJournal,
  type JournalRow,
  type JournalStorage,
  type ToolCallJournalOptions,
} from 'use-parallel-tools/durable';
import { z } from 'zod';
import { createHandTools } from './hand-tools.ts';
import { drain, renderChat, type ChatWay } from './render-chat.tsx';

export type Policies = NonNullable<Parameters<typeof createHandTools>[0]>;

interface JournalPageOptions extends ToolCallJournalOptions {
  disk?: JournalStorage;
  messages?: UIMessage[];
  policies?: Policies;
  way?: ChatWay;
  /** What stands beside the journal. */
  plugins?: ToolCallsPlugin[];
}

/** A chat with a journal on `disk`. */
export function openJournalPage({
  disk = memoryStorage(),
  messages,
  policies,
  way,
  plugins = [],
  ...options
}: JournalPageOptions = {}) {
  const hand = createHandTools(policies);
  const form = clientTool({ inputSchema: z.object({ n: z.number() }), outputSchema: z.string() });
  const cut = cutOff(disk);
  const journal = toolCallJournal({ clock: cut.clock, ...options, storage: cut.storage });
  const tools = { ...hand.tools, form };
  const page = renderChat(
    { tools, plugins: [...plugins, journal], id: 'chat', ...(messages && { messages }) },
    { ...(way && { way }) },
  );
  onTestFinished(() => cut.end());
  return {
    ...hand,
    ...page,
    journal,
    disk,
    /** The page is gone from one moment to the next; what it left is there. Gives its messages. */
    async crash(): Promise<UIMessage[]> {
      cut.end();
      const left = structuredClone(page.chat().messages);
      page.view.unmount();
      await drain();
      return left;
    },
  };
}

/** A disk that a page which has ended does not reach any more, and time that has stopped for it. */
function cutOff(disk: JournalStorage) {
  let isOver = false;
  const reach = <TResult,>(work: () => PromiseLike<TResult>): PromiseLike<TResult> =>
    isOver ? new Promise<TResult>(() => {}) : work();
  const storage: JournalStorage = {
    read: (chatId) => reach(() => disk.read(chatId)),
    write: (rows, options) => reach(() => disk.write(rows, options)),
    remove: (ids) => reach(() => disk.remove(ids)),
    prune: (options) => reach(() => disk.prune(options)),
  };
  const clock: Clock = {
    ...systemClock,
    setTimer: (callback, delay) => systemClock.setTimer(() => !isOver && callback(), delay),
  };
  return { storage, clock, end: () => void (isOver = true) };
}

/** A disk whose functions a test may stop, count or break. */
export function createWatchedDisk(disk: JournalStorage = memoryStorage()) {
  const state = { gate: Promise.resolve() as Promise<unknown> };
  const writes: { rows: readonly JournalRow[]; durability: string }[] = [];
  const storage: JournalStorage = {
    ...disk,
    async write(rows, options) {
      writes.push({ rows, ...options });
      await state.gate;
      return disk.write(rows, options);
    },
  };
  return { storage, state, writes };
}

export const statesOf = (rows: readonly JournalRow[]) =>
  rows.flatMap(({ data }) => {
    const entry = data as { toolCallId: string; state: string } | null;
    return entry === null ? [] : `${entry.toolCallId}: ${entry.state}`;
  });
