/**
 * Owns the names of calls that ran though their intent could not be stored: what the storage holds of them says that they never started. The
 * browser's `localStorage` is another store, and answers at once.
 */
const NAME = 'use-parallel-tools/unsure-calls';
const MOST = 200;

/** Notes that a call may have run. Gives whether that is noted. */
export function addUnsure(id: string): boolean {
  return change((ids) => [...ids.filter((each) => each !== id), id].slice(-MOST));
}

/** The storage knows better now. */
export function removeUnsure(id: string): void {
  if (readUnsure().includes(id)) change((ids) => ids.filter((each) => each !== id));
}

export function readUnsure(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(globalThis.localStorage?.getItem(NAME) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function change(next: (ids: readonly string[]) => readonly string[]): boolean {
  try {
    globalThis.localStorage.setItem(NAME, JSON.stringify(next(readUnsure())));
    return true;
  } catch {
    return false;
  }
}
