/** The journal's place in a real IndexedDB: what goes in comes out, all or nothing, and a connection that is closed is opened again. */
import { beforeEach, describe, expect, it } from 'vitest';
import { indexedDbStorage, memoryStorage, type JournalRow, type JournalStorage } from 'use-parallel-tools/durable';

const NAME = 'storage-under-test';
const row = (id: string, chatId: string, at: number, data: unknown = { id }): JournalRow => ({
  id,
  chatId,
  at,
  version: 1,
  data,
});
const idsOf = async (storage: JournalStorage, chatId?: string) =>
  (await storage.read(chatId)).map(({ id }) => id).sort();

/** As a later version of the library, or the page itself, does. */
const deleteDatabase = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.addEventListener('success', resolve);
    request.addEventListener('blocked', reject);
  });

beforeEach(deleteDatabase);

describe.each([
  ['indexedDbStorage', () => indexedDbStorage({ name: NAME })],
  ['memoryStorage', memoryStorage],
])('%s', (_, create) => {
  it('gives the rows of a chat, and those of all chats', async () => {
    const storage = create();
    await storage.write([row('a', 'one', 1), row('b', 'two', 2), row('c', 'one', 3)], { durability: 'strict' });
    await storage.write([row('a', 'one', 4, { new: true })], { durability: 'relaxed' });
    expect(await idsOf(storage, 'one')).toEqual(['a', 'c']);
    expect(await idsOf(storage)).toEqual(['a', 'b', 'c']);
    expect((await storage.read('one')).find(({ id }) => id === 'a')).toEqual(row('a', 'one', 4, { new: true }));
  });

  it('removes what it is told to, what is old, and what is too much', async () => {
    const storage = create();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await storage.write(
      ids.map((id, index) => row(id, 'one', index)),
      { durability: 'relaxed' },
    );
    await storage.remove(['b']);
    await storage.prune({ before: 1, keep: 2 });
    expect(await idsOf(storage)).toEqual(['d', 'e']);
  });

  it('keeps nothing of rows of which one cannot be stored', async () => {
    const storage = create();
    const wrong = row('b', 'one', 2, () => {});
    await expect(storage.write([row('a', 'one', 1), wrong], { durability: 'strict' })).rejects.toThrow('clone');
    expect(await idsOf(storage)).toEqual([]);
  });
});

it('lets go of the database for whoever wants it alone, and opens it again', async () => {
  const storage = indexedDbStorage({ name: NAME });
  await storage.write([row('a', 'one', 1)], { durability: 'strict' });
  await deleteDatabase();
  await storage.write([row('b', 'one', 1)], { durability: 'strict' });
  expect(await idsOf(storage)).toEqual(['b']);
});

it('rejects where a later version of the database is there', async () => {
  await new Promise((resolve) => {
    const request = indexedDB.open(NAME, 2);
    request.addEventListener('success', () => {
      request.result.close();
      resolve(undefined);
    });
  });
  await expect(indexedDbStorage({ name: NAME }).read()).rejects.toThrow('version');
});
