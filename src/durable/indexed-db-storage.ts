/**
 * Owns the place in the browser's IndexedDB, through `idb`: promises over transactions, with durability and indexes, which `idb-keyval` has not.
 * The database is opened when it is first needed, and again if the browser closed it.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import type { JournalRow } from './journal-entry.ts';
import type { JournalStorage } from './journal-storage.ts';

interface Schema extends DBSchema {
  rows: { key: string; value: JournalRow; indexes: { chatId: string; at: number } };
}

type RowStore = IDBPObjectStore<Schema, ['rows'], 'rows', 'readwrite'>;

export interface IndexedDbStorageOptions {
  /** The database's name: another one for each user that shares a browser. @default 'use-parallel-tools' */
  name?: string;
}

/** Keeps rows in the browser's IndexedDB. */
export function indexedDbStorage({ name = 'use-parallel-tools' }: IndexedDbStorageOptions = {}): JournalStorage {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const forget = () => void (opened = undefined);

  async function open(): Promise<IDBPDatabase<Schema>> {
    try {
      opened ??= openDB<Schema>(name, 1, {
        upgrade(database) {
          const rows = database.createObjectStore('rows', { keyPath: 'id' });
          rows.createIndex('chatId', 'chatId');
          rows.createIndex('at', 'at');
        },
        // A later version of the library, or the page itself, wants the database for itself.
        blocking(_current, _blocked, event) {
          (event.target as IDBDatabase).close();
          forget();
        },
        terminated: forget,
      });
      return await opened;
    } catch (thrown) {
      forget();
      throw thrown;
    }
  }

  async function withDatabase<TResult>(work: (database: IDBPDatabase<Schema>) => Promise<TResult>): Promise<TResult> {
    try {
      return await work(await open());
    } catch (thrown) {
      // The connection is closed, and nothing was done.
      if (!(thrown instanceof DOMException) || thrown.name !== 'InvalidStateError') throw thrown;
      forget();
      return work(await open());
    }
  }

  return {
    read: (chatId) =>
      withDatabase((database) =>
        chatId === undefined ? database.getAll('rows') : database.getAllFromIndex('rows', 'chatId', chatId),
      ),
    write: (rows, { durability }) =>
      withDatabase((database) =>
        transact(
          database,
          durability,
          rows.map((row) => (store) => store.put(row)),
        ),
      ),
    remove: (ids) => withDatabase((database) => removeAll(database, ids)),
    prune: ({ before, keep }) =>
      withDatabase(async (database) => {
        const expired = await database.getAllKeysFromIndex('rows', 'at', IDBKeyRange.upperBound(before, true));
        const surplus = (await database.count('rows')) - keep;
        const oldest = surplus > 0 ? await database.getAllKeysFromIndex('rows', 'at', null, surplus) : [];
        await removeAll(database, [...expired, ...oldest]);
      }),
  };
}

function removeAll(database: IDBPDatabase<Schema>, ids: readonly string[]): Promise<void> {
  return transact(
    database,
    'relaxed',
    ids.map((id) => (store) => store.delete(id)),
  );
}

/** Makes requests in one transaction. One that cannot be made ends it, and nothing of it is kept. */
async function transact(
  database: IDBPDatabase<Schema>,
  durability: IDBTransactionDurability,
  requests: readonly ((store: RowStore) => Promise<unknown>)[],
): Promise<void> {
  const transaction = database.transaction('rows', 'readwrite', { durability });
  const made: Promise<unknown>[] = [transaction.done];
  try {
    for (const request of requests) made.push(request(transaction.store));
  } catch (thrown) {
    transaction.abort();
    await Promise.allSettled(made);
    throw thrown;
  }
  await Promise.all(made);
}
