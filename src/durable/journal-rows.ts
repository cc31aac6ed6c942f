/**
 * Owns the way to the storage: rows that change in one turn of the event loop go in one transaction, those that change while one is under
 * way in the next. It never rejects and never waits for ever: whoever waits hears whether their row is safe.
 */
import type { Clock } from '../core/clock.ts';
import type { JournalRow } from './journal-entry.ts';
import type { JournalStorage } from './journal-storage.ts';

export type Durability = 'strict' | 'relaxed';

/** How long anybody waits for the storage (ms). */
const PATIENCE = 3_000;

interface Change {
  /** The row, or `undefined` where it is to go. Made when it is its turn, since `encode` takes time. */
  readonly make: (() => PromiseLike<JournalRow>) | undefined;
  readonly durability: Durability;
  readonly tell: (isSafe: boolean) => void;
}

export interface JournalRows {
  /** Puts a row in the place of the one with the same id. Settles with whether it is safe; with `false` where the storage does not answer. */
  put(id: string, make: () => PromiseLike<JournalRow>, durability: Durability): Promise<boolean>;
  remove(ids: readonly string[]): Promise<boolean>;
  /** The rows of a chat, or all rows, with what changed so far; none where the storage does not answer. */
  read(chatId?: string): Promise<readonly JournalRow[]>;
  /** Whether the storage may hold a row that is older than the one that was to be put in its place. */
  mayHold(id: string): boolean;
}

export function createJournalRows(
  storage: JournalStorage,
  clock: Clock,
  onError: (thrown: unknown) => void,
): JournalRows {
  let isBusy = false;
  let isDown = false;
  const held = new Set<string>();
  let changes = new Map<string, Change[]>();
  let under: Promise<unknown> = Promise.resolve();

  function change(id: string, next: Omit<Change, 'tell'>): Promise<boolean> {
    const isSafe = new Promise<boolean>((tell) => {
      changes.set(id, [...(changes.get(id) ?? []), { ...next, tell }]);
    });
    if (!isBusy) {
      isBusy = true;
      under = Promise.resolve().then(writeAll);
    }
    return isSafe;
  }

  /** Waits for the storage, but not where it is known not to answer: then it is `instead`. */
  function wait<TAnswer>(answer: Promise<TAnswer>, instead: TAnswer): Promise<TAnswer> {
    if (isDown) return Promise.resolve(instead);
    return new Promise((resolve) => {
      const cancel = clock.setTimer(() => {
        if (!isDown) onError(new Error(`The storage did not answer within ${PATIENCE / 1000} s`));
        isDown = true;
        resolve(instead);
      }, PATIENCE);
      void answer.then((given) => {
        cancel();
        resolve(given);
      });
    });
  }

  async function read(chatId: string | undefined): Promise<readonly JournalRow[]> {
    await under;
    try {
      const rows = await storage.read(chatId);
      isDown = false;
      for (const { id } of rows) held.add(id);
      return rows;
    } catch (thrown) {
      onError(thrown);
      return [];
    }
  }

  async function writeAll(): Promise<void> {
    while (changes.size > 0) {
      const taken = changes;
      changes = new Map();
      // One transaction after another, or an older row could come last.
      await writeSome(taken);
    }
    isBusy = false;
  }

  async function writeSome(taken: ReadonlyMap<string, readonly Change[]>): Promise<void> {
    const made = await Promise.all([...taken.values()].map((all) => makeRow(all.at(-1)?.make)));
    const rows = made.flatMap((row) => row ?? []);
    const gone = [...taken].flatMap(([id, all]) => (all.at(-1)?.make === undefined ? id : []));
    const isStrict = [...taken.values()].flat().some(({ durability }) => durability === 'strict');
    const unheld = rows.filter(({ id }) => !held.has(id));
    for (const { id } of rows) held.add(id);
    let isSafe = true;
    try {
      if (rows.length > 0) await storage.write(rows, { durability: isStrict ? 'strict' : 'relaxed' });
      if (gone.length > 0) await storage.remove(gone);
      for (const id of gone) held.delete(id);
      isDown = false;
    } catch (thrown) {
      isSafe = false;
      for (const { id } of unheld) held.delete(id);
      onError(thrown);
    }
    const safe = new Set([...gone, ...rows.map(({ id }) => id)]);
    for (const [id, all] of taken) for (const { tell } of all) tell(isSafe && safe.has(id));
  }

  /** A row that cannot be made leaves the others alone. */
  async function makeRow(make: Change['make']): Promise<JournalRow | undefined> {
    try {
      return await make?.();
    } catch (thrown) {
      onError(thrown);
      return undefined;
    }
  }

  return {
    put: (id, make, durability) => wait(change(id, { make, durability }), false),
    async remove(ids) {
      const all = ids.map((id) => change(id, { make: undefined, durability: 'relaxed' }));
      return wait(
        Promise.all(all).then((each) => each.every(Boolean)),
        false,
      );
    },
    read: (chatId) => wait(read(chatId), []),
    mayHold: (id) => held.has(id),
  };
}
