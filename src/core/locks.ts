/**
 * Owns shared and exclusive locks by key. A call stands in the line of each of its keys, at its place in call order, and gets
 * all of them at once when no holder conflicts with it and nobody before it in any line does. So a writer cannot be starved by
 * later readers; and since a holder never waits for a lock, and a waiter only for holders and for earlier calls, there is no
 * deadlock.
 */
import type { ToolLocks } from './tool.ts';

export type LockModes = ReadonlyMap<string, 'read' | 'write'>;

export interface LockRequest {
  readonly id: string;
  /** Its place in call order: a lower number stands before a higher one, but takes nothing from a holder. */
  readonly sequence: number;
  readonly modes: LockModes;
}

/** One key: who holds it, and who waits for it, in call order. */
interface LockLine {
  readonly holders: Set<Waiter>;
  readonly waiting: Waiter[];
}

interface Waiter {
  readonly request: LockRequest;
  held: boolean;
}

/** What keeps a request from its locks: one key, and a call that holds it (or stands before it in the line). */
export interface LockBlock {
  readonly key: string;
  readonly heldBy: string;
}

/** How far down a line the waiters are told who holds the lock now; those behind learn it when they move up. */
const TOLD_WAITERS = 16;

export interface LockTable {
  /** Joins the lines. Returns whether every lock is held at once. */
  join(request: LockRequest): boolean;
  /** Leaves the lines and gives back what was held. Returns the ids that now hold all their locks, in call order. */
  leave(id: string): string[];
  /** What the request waits for now, or `undefined` when it holds its locks. */
  blockOf(id: string): LockBlock | undefined;
  /** The first waiters behind the keys of the last `join` or `leave`, whose {@link blockOf} may have changed. */
  takeDisturbed(): Set<string>;
}

/** Normalises what a tool's `locks` function returned: a key both read and written is written. */
export function toLockModes(locks: ToolLocks): LockModes {
  const modes = new Map<string, 'read' | 'write'>();
  for (const key of locks.read ?? []) modes.set(key, 'read');
  for (const key of locks.write ?? []) modes.set(key, 'write');
  return modes;
}

export function createLockTable(): LockTable {
  const lines = new Map<string, LockLine>();
  const waiters = new Map<string, Waiter>();
  let disturbed = new Set<string>();

  function lineOf(key: string): LockLine {
    let line = lines.get(key);
    if (line === undefined) lines.set(key, (line = { holders: new Set(), waiting: [] }));
    return line;
  }

  function findBlock({ request }: Waiter): LockBlock | undefined {
    for (const [key, mode] of request.modes) {
      const { holders, waiting } = lineOf(key);
      const conflicts = (other: Waiter) => mode === 'write' || other.request.modes.get(key) === 'write';
      for (const other of holders) if (conflicts(other)) return { key, heldBy: other.request.id };
      for (const other of waiting) {
        if (other.request === request) break;
        if (conflicts(other)) return { key, heldBy: other.request.id };
      }
    }
    return undefined;
  }

  /** Gives the waiter its locks if it can have all of them. */
  function grant(waiter: Waiter): boolean {
    if (findBlock(waiter) !== undefined) return false;
    waiter.held = true;
    for (const key of waiter.request.modes.keys()) {
      const { holders, waiting } = lineOf(key);
      waiting.splice(waiting.indexOf(waiter), 1);
      holders.add(waiter);
    }
    return true;
  }

  /** Grants what can be granted at the head of a line: a writer, or readers up to the first writer. */
  function grantHead(key: string, granted: Waiter[]): void {
    const { waiting } = lineOf(key);
    let index = 0;
    for (let waiter = waiting[0]; waiter !== undefined; waiter = waiting[index]) {
      if (grant(waiter)) granted.push(waiter);
      else index++;
      if (waiter.request.modes.get(key) === 'write') return;
    }
  }

  function disturb(waiting: readonly Waiter[]): void {
    for (const { request } of waiting.slice(0, TOLD_WAITERS)) disturbed.add(request.id);
  }

  return {
    join(request) {
      const waiter: Waiter = { request, held: false };
      waiters.set(request.id, waiter);
      for (const key of request.modes.keys()) {
        const { waiting } = lineOf(key);
        let place = waiting.length;
        while (place > 0 && waiting[place - 1]!.request.sequence > request.sequence) place--;
        waiting.splice(place, 0, waiter);
        if (place < waiting.length - 1) disturb(waiting);
      }
      return grant(waiter);
    },
    leave(id) {
      const waiter = waiters.get(id);
      if (waiter === undefined) return [];
      waiters.delete(id);
      disturbed.delete(id);
      const keys = [...waiter.request.modes.keys()];
      for (const key of keys) {
        const { holders, waiting } = lineOf(key);
        if (!holders.delete(waiter)) waiting.splice(waiting.indexOf(waiter), 1);
      }
      const granted: Waiter[] = [];
      for (const key of keys) grantHead(key, granted);
      for (const key of keys) {
        const { holders, waiting } = lineOf(key);
        if (holders.size + waiting.length === 0) lines.delete(key);
        else disturb(waiting);
      }
      return granted
        .sort((left, right) => left.request.sequence - right.request.sequence)
        .map(({ request }) => request.id);
    },
    blockOf(id) {
      const waiter = waiters.get(id);
      return waiter === undefined || waiter.held ? undefined : findBlock(waiter);
    },
    takeDisturbed() {
      const taken = disturbed;
      disturbed = new Set();
      return taken;
    },
  };
}
