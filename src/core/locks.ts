/**
 * Owns shared and exclusive locks by key. A call stands in the line of each of its keys, at its place in call order, and gets
 * all of them at once when no holder conflicts with it and nobody before it in any line does. So a writer cannot be starved by
 * later readers; and since a holder never waits for a lock, and a waiter only for holders and for earlier calls, there is no
 * deadlock.
 */
import type { ToolLocks } from './tool.ts';

export type LockModes = ReadonlyMap<string, 'read' | 'write'>;

export interface LockRequest {
  /** Its place in call order: a lower number stands before a higher one, but takes nothing from a holder. */
  readonly sequence: number;
  readonly locks: LockModes;
}

/** One key: who holds it (readers, or one writer), and who waits for it, in call order. */
interface LockLine<TRequest> {
  readonly holders: Set<TRequest>;
  readonly waiting: TRequest[];
}

/** What keeps a request from its locks: one key, and who holds it (or stands before it in the line). */
export interface LockBlock<TRequest> {
  readonly key: string;
  readonly heldBy: TRequest;
}

/** How many at the head of a line are told who holds it. The others are told who stands before them, which seldom changes. */
const TOLD_HOLDER = 2;

/** Requests are told apart by identity. */
export interface LockTable<TRequest extends LockRequest> {
  /** Joins the lines. Returns whether every lock is held at once. */
  join(request: TRequest): boolean;
  /** Leaves the lines and gives back what was held. Returns those that now hold all their locks, in call order. */
  leave(request: TRequest): TRequest[];
  /** What a request that holds nothing waits for now. */
  blockOf(request: TRequest): LockBlock<TRequest> | undefined;
  /** Those whose {@link blockOf} may have changed since the last time; some of them may hold their locks by now. */
  takeDisturbed(): ReadonlySet<TRequest>;
}

/** Normalises what a tool's `locks` function returned: a key both read and written is written. */
export function toLockModes(locks: ToolLocks): LockModes {
  const modes = new Map<string, 'read' | 'write'>();
  for (const key of locks.read ?? []) modes.set(key, 'read');
  for (const key of locks.write ?? []) modes.set(key, 'write');
  return modes;
}

/** Throws unless it is what a tool's `locks` function may return. */

export function createLockTable<TRequest extends LockRequest>(): LockTable<TRequest> {
  const lines = new Map<string, LockLine<TRequest>>();
  const nobody: ReadonlySet<TRequest> = new Set();
  let disturbed = new Set<TRequest>();

  function lineOf(key: string): LockLine<TRequest> {
    let line = lines.get(key);
    if (line === undefined) lines.set(key, (line = { holders: new Set(), waiting: [] }));
    return line;
  }

  /** Who keeps the request from this key: a holder (the first speaks for all), or the first before it in the line. */
  function findBlocker(request: TRequest, key: string): TRequest | undefined {
    const { holders, waiting } = lineOf(key);
    const [holder] = holders;
    if (holder !== undefined && conflict(holder, request, key)) return holder;
    for (const other of waiting) {
      if (other === request) break;
      if (conflict(other, request, key)) return other;
    }
    return undefined;
  }

  /** Far down the line: the last one before the request that it has to let through. */
  function findPredecessor(request: TRequest, key: string): TRequest | undefined {
    const { waiting } = lineOf(key);
    for (let place = 0; place < TOLD_HOLDER; place++) if (waiting[place] === request) return undefined;
    // The one that has just moved up to them, or one that joins at the end.
    let place = (waiting[TOLD_HOLDER] === request ? TOLD_HOLDER : waiting.lastIndexOf(request)) - 1;
    while (place >= 0 && !conflict(waiting[place]!, request, key)) place--;
    return waiting[place];
  }

  /** Gives the request its locks if it can have all of them. */
  function grant(request: TRequest): boolean {
    const { locks } = request;
    for (const key of locks.keys()) if (findBlocker(request, key) !== undefined) return false;
    for (const key of locks.keys()) {
      const { holders, waiting } = lineOf(key);
      remove(waiting, request);
      holders.add(request);
    }
    return true;
  }

  /** Grants what can be granted at the head of a line: a writer, or readers up to the first writer. */
  function grantHead(key: string, granted: TRequest[]): void {
    const { waiting } = lineOf(key);
    let index = 0;
    for (let request = waiting[0]; request !== undefined; request = waiting[index]) {
      if (grant(request)) granted.push(request);
      else {
        disturbed.add(request);
        index++;
      }
      if (isWriter(request, key)) return;
    }
  }

  /** What these were told may hold no more: the head of the line with the one just behind, and those from `place` to the next writer. */
  function disturb({ waiting }: LockLine<TRequest>, key: string, place: number): void {
    for (let index = 0; index <= TOLD_HOLDER && index < waiting.length; index++) disturbed.add(waiting[index]!);
    for (let index = place; index < waiting.length; index++) {
      disturbed.add(waiting[index]!);
      if (isWriter(waiting[index]!, key)) return;
    }
  }

  return {
    join(request) {
      for (const key of request.locks.keys()) {
        const line = lineOf(key);
        const { waiting } = line;
        let place = waiting.length;
        while (place > 0 && waiting[place - 1]!.sequence > request.sequence) place--;
        waiting.splice(place, 0, request);
        if (place < waiting.length - 1) disturb(line, key, place + 1);
      }
      return grant(request);
    },
    leave(request) {
      const { locks } = request;
      const granted: TRequest[] = [];
      for (const key of locks.keys()) {
        const line = lineOf(key);
        if (!line.holders.delete(request)) disturb(line, key, remove(line.waiting, request));
      }
      for (const key of locks.keys()) grantHead(key, granted);
      for (const key of locks.keys()) {
        const line = lineOf(key);
        if (line.holders.size + line.waiting.length === 0) lines.delete(key);
        else disturb(line, key, Infinity);
      }
      disturbed.delete(request);
      return granted.sort((left, right) => left.sequence - right.sequence);
    },
    blockOf(request) {
      for (const key of request.locks.keys()) {
        const blocker = findBlocker(request, key);
        if (blocker !== undefined) return { key, heldBy: findPredecessor(request, key) ?? blocker };
      }
      return undefined;
    },
    takeDisturbed() {
      if (disturbed.size === 0) return nobody;
      const taken = disturbed;
      disturbed = new Set();
      return taken;
    },
  };
}

function isWriter({ locks }: LockRequest, key: string): boolean {
  return locks.get(key) === 'write';
}

function conflict(left: LockRequest, right: LockRequest, key: string): boolean {
  return isWriter(left, key) || isWriter(right, key);
}

/** Takes a request out of a line. Returns the place where it stood. */
function remove<TRequest>(waiting: TRequest[], request: TRequest): number {
  // Mostly it stands first; with thousands behind it, `splice` would move them all.
  if (waiting[0] === request) {
    waiting.shift();
    return 0;
  }
  const place = waiting.lastIndexOf(request);
  if (place < 0) return Infinity;
  waiting.splice(place, 1);
  return place;
}
