/**
 * Owns the keys that batches had before their message came to be known by another id: a page may still hold one of them, for a
 * frame or in an object of its own.
 */
import type { TaskBatch, ToolCallTask } from './tool-call-task.ts';
import {
  isSameWait,
  moveToolCallKey,
  toolBatchKeyOf,
  type ToolBatchKey,
  type ToolCallKey,
  type ToolCallWait,
} from './tool-call.ts';

export interface MovedKeys {
  /** A batch has another key now. */
  note(before: ToolBatchKey, now: ToolBatchKey): void;
  /** Whether a batch had this key before. */
  has(batchKey: ToolBatchKey): boolean;
  /** The key that a call or batch has now, of a key that none has. */
  currentOf(key: string): string;
  /** A batch is gone, and its old keys with it. */
  forget(batchKey: ToolBatchKey): void;
}

export function createMovedKeys(): MovedKeys {
  const moved = new Map<ToolBatchKey, ToolBatchKey>();
  return {
    note(before, now) {
      for (const [older, last] of moved) if (last === before) moved.set(older, now);
      moved.set(before, now);
      moved.delete(now);
    },
    has: (batchKey) => moved.has(batchKey),
    currentOf(key) {
      const batchKey = moved.get(toolBatchKeyOf(key));
      return batchKey === undefined ? (moved.get(key) ?? key) : moveToolCallKey(key, batchKey);
    },
    forget(batchKey) {
      for (const [before, now] of moved) if (now === batchKey) moved.delete(before);
    },
  };
}

/** What a call waits for, by the key that this has now; `undefined` where that says the same. */
export function findMovedWait(
  wait: ToolCallWait | undefined,
  currentOf: (key: string) => string,
): ToolCallWait | undefined {
  let next = wait;
  if (wait?.type === 'lock') next = { ...wait, heldBy: currentOf(wait.heldBy) };
  if (wait?.type === 'order') next = { ...wait, call: currentOf(wait.call) };
  return isSameWait(wait, next) ? undefined : next;
}

/** Gives a batch and its calls the keys that they have now, in the maps that know them too. */
export function moveTasks(
  batch: TaskBatch,
  key: ToolBatchKey,
  ...maps: readonly [Map<ToolBatchKey, TaskBatch>, Map<ToolCallKey, ToolCallTask>]
): void {
  batch.key = key;
  for (const task of batch.tasks) Object.assign(task, { batchKey: key, key: moveToolCallKey(task.key, key) });
  rekey(maps[0]);
  rekey(maps[1]);
}

/** Gives the values of a map the keys that they have now, in the order in which they stand. */
function rekey<TKey, TValue extends { readonly key: TKey }>(map: Map<TKey, TValue>): void {
  const values = [...map.values()];
  map.clear();
  for (const value of values) map.set(value.key, value);
}
