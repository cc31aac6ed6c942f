/**
 * Owns the turns of the real event loop, for waiting until what is ready has happened. Functions are taken when this file is loaded, so that a
 * test's fake timers do not stop them.
 */
// The published types of src have no Node.
declare const setImmediate: ((callback: () => void) => unknown) | undefined;

// oxlint-disable-next-line no-restricted-globals -- the real time, which this file is about
const later: (callback: () => void, delay?: number) => unknown = globalThis.setTimeout;
const soon = typeof setImmediate === 'function' ? setImmediate : later;

/** Lets everything that is ready to go on go on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}

/** Some turns: streams and renders take several. */
export async function drain(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}

/** Real milliseconds, for what is outside of the test: a file, a worker. */
export function waitReally(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void later(resolve, milliseconds));
}
