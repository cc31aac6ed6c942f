/**
 * Owns shared and exclusive locks by key. A call stands in the line of each of its keys, at its place in call order, and holds
 * all of them at once when nothing that conflicts stands before it in any. So a writer cannot be starved by later readers, and
 * since a holder never waits for a lock and a waiter only for holders and earlier calls, there is no deadlock.
 */
import type { ToolLocks } from './tool.ts';

export interface LockRequest {
  readonly id: string;
  /** Its place in call order: a lower number stands before a higher one, except before a holder. */
  readonly sequence: number;
  readonly modes: ReadonlyMap<string, 'read' | 'write'>;
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
const TOLD_WAITERS = 64;

export interface LockTable {
  /** Joins the lines. Returns whether every lock is held at once. */
  join(request: LockRequest): boolean;
  /** Leaves the lines and gives back what was held. Returns the ids that now hold all their locks, in call order. */
  leave(id: string): string[];
  /** What the request waits for now, or `undefined` when it holds its locks. */
  blockOf(id: string): LockBlock | undefined;
  /** The first waiters behind the keys of the last `join` or `leave`, whose {@link blockOf} may have changed. */
  takeDisturbed(): Set<string>;
  /** How many requests hold or wait. */
  readonly size: number;
}

/** Normalises what a tool's `locks` function returned: a key both read and written is written. */
export function toLockModes(locks: ToolLocks): Map<string, 'read' | 'write'> {
  const modes = new Map<string, 'read' | 'write'>();
  for (const key of locks.read ?? []) modes.set(key, 'read');
  for (const key of locks.write ?? []) modes.set(key, 'write');
  return modes;
}

export function createLockTable(): LockTable {
  const lines = new Map<string, Waiter[]>();
  const waiters = new Map<string, Waiter>();
  let disturbed = new Set<string>();

  function blockIn(waiter: Waiter, key: string, line: readonly Waiter[]): LockBlock | undefined {
    const mode = waiter.request.modes.get(key);
    let first: LockBlock | undefined;
    for (const other of line) {
      if (other === waiter) break;
      if (mode === 'read' && other.request.modes.get(key) === 'read') continue;
      if (other.held) return { key, heldBy: other.request.id };
      first ??= { key, heldBy: other.request.id };
    }
    return first;
  }

  function blockOf(waiter: Waiter): LockBlock | undefined {
    for (const key of waiter.request.modes.keys()) {
      const block = blockIn(waiter, key, lines.get(key) ?? []);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** Grants what can be granted at the head of a line. Only waiters with nothing that conflicts before them are looked at. */
  function grantHead(line: readonly Waiter[], key: string, granted: Waiter[]): void {
    for (const [index, waiter] of line.entries()) {
      const writes = waiter.request.modes.get(key) === 'write';
      if (writes && index > 0) return;
      if (!waiter.held && blockOf(waiter) === undefined) {
        waiter.held = true;
        granted.push(waiter);
      }
      if (writes) return;
    }
  }

  function disturb(line: readonly Waiter[]): void {
    for (const waiter of line.slice(0, TOLD_WAITERS)) if (!waiter.held) disturbed.add(waiter.request.id);
  }

  return {
    join(request) {
      const waiter: Waiter = { request, held: false };
      waiters.set(request.id, waiter);
      for (const key of request.modes.keys()) {
        let line = lines.get(key);
        if (line === undefined) lines.set(key, (line = []));
        let place = line.length;
        while (place > 0 && !line[place - 1]!.held && line[place - 1]!.request.sequence > request.sequence) place--;
        line.splice(place, 0, waiter);
        if (place < line.length - 1) disturb(line);
      }
      waiter.held = blockOf(waiter) === undefined;
      return waiter.held;
    },
    leave(id) {
      const waiter = waiters.get(id);
      if (waiter === undefined) return [];
      waiters.delete(id);
      disturbed.delete(id);
      const granted: Waiter[] = [];
      const touched: [string, Waiter[]][] = [];
      for (const key of waiter.request.modes.keys()) {
        const line = lines.get(key) ?? [];
        line.splice(line.indexOf(waiter), 1);
        if (line.length === 0) lines.delete(key);
        else touched.push([key, line]);
      }
      for (const [key, line] of touched) grantHead(line, key, granted);
      for (const [, line] of touched) disturb(line);
      return granted.sort((left, right) => left.request.sequence - right.request.sequence).map(({ request }) => request.id);
    },
    blockOf(id) {
      const waiter = waiters.get(id);
      return waiter === undefined || waiter.held ? undefined : blockOf(waiter);
    },
    takeDisturbed() {
      const taken = disturbed;
      disturbed = new Set();
      return taken;
    },
    get size() {
      return waiters.size;
    },
  };
}
