/** Owns what a journal asks of the place where its rows are kept, and a place in memory. */
import type { JournalRow } from './journal-entry.ts';

/** Where a journal keeps its rows. Each function may reject or take long: the chat goes on as without a journal. */
export interface JournalStorage {
  /** The rows of a chat, or all rows. */
  read(chatId?: string): PromiseLike<readonly JournalRow[]>;
  /** Puts rows in the place of those with the same ids, all or none. Settles once they are safe: `strict` outlives a power cut, `relaxed` a crash. */
  write(rows: readonly JournalRow[], options: { readonly durability: 'strict' | 'relaxed' }): PromiseLike<void>;
  remove(ids: readonly string[]): PromiseLike<void>;
  /** Removes rows that were written before `before` (epoch ms), and the oldest of the others beyond `keep`. */
  prune(options: { readonly before: number; readonly keep: number }): PromiseLike<void>;
}

/** Keeps rows as long as the page lives: for tests and stories. */
export function memoryStorage(): JournalStorage {
  const rows = new Map<string, JournalRow>();
  return {
    read: async (chatId) =>
      structuredClone([...rows.values()].filter((row) => chatId === undefined || row.chatId === chatId)),
    async write(written) {
      for (const row of structuredClone(written)) rows.set(row.id, row);
    },
    async remove(ids) {
      for (const id of ids) rows.delete(id);
    },
    async prune({ before, keep }) {
      const newest = [...rows.values()].sort((left, right) => right.at - left.at);
      for (const [index, { id, at }] of newest.entries()) if (at < before || index >= keep) rows.delete(id);
    },
  };
}
