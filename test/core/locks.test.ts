import { describe, expect, it } from 'vitest';
import { createLockTable, toLockModes, type LockRequest } from '../../src/core/locks.ts';

/** `w:a r:b` as modes. */
const modesOf = (text: string) =>
  new Map(text.split(' ').map((part) => [part.slice(2), part.startsWith('w') ? 'write' : 'read'] as const));

/** A table whose requests go by their sequence numbers. */
function createTable() {
  const table = createLockTable<LockRequest>();
  const requests = new Map<number, LockRequest>();
  const requestOf = (sequence: number) => requests.get(sequence)!;
  return {
    join(sequence: number, modes: string) {
      requests.set(sequence, { sequence, locks: modesOf(modes) });
      return table.join(requestOf(sequence));
    },
    leave: (sequence: number) => table.leave(requestOf(sequence)).map((request) => request.sequence),
    blockOf(sequence: number) {
      const block = table.blockOf(requestOf(sequence));
      return block && { key: block.key, heldBy: block.heldBy.sequence };
    },
    takeDisturbed: () => [...table.takeDisturbed()].map((request) => request.sequence),
  };
}

describe('toLockModes', () => {
  it('writes what is both read and written', () => {
    expect([...toLockModes({ read: ['a', 'b'], write: ['b', 'c'] })]).toEqual([
      ['a', 'read'],
      ['b', 'write'],
      ['c', 'write'],
    ]);
    expect(toLockModes({}).size).toBe(0);
  });
});

describe('createLockTable', () => {
  it('lets readers share and keeps a writer alone', () => {
    const { join, leave } = createTable();
    expect(join(1, 'r:a')).toBe(true);
    expect(join(2, 'r:a')).toBe(true);
    expect(join(3, 'w:a')).toBe(false);
    expect(leave(1)).toEqual([]);
    expect(leave(2)).toEqual([3]);
  });

  it('keeps later readers behind a waiting writer: a stream of them cannot starve it', () => {
    const { join, leave } = createTable();
    join(1, 'r:a');
    join(2, 'w:a');
    expect(join(3, 'r:a')).toBe(false);
    expect(join(4, 'r:a')).toBe(false);
    expect(leave(1)).toEqual([2]);
    expect(leave(2)).toEqual([3, 4]);
  });

  it('grants all keys together, or none', () => {
    const { join, leave, blockOf } = createTable();
    join(1, 'w:a');
    expect(join(2, 'w:a w:b')).toBe(false);
    expect(join(3, 'w:b')).toBe(false);
    expect(blockOf(3)).toEqual({ key: 'b', heldBy: 2 });
    expect(leave(1)).toEqual([2]);
    expect(leave(2)).toEqual([3]);
  });

  it('puts a latecomer at its place in call order, but takes nothing from a holder', () => {
    const { join, leave, blockOf } = createTable();
    join(5, 'w:a');
    join(7, 'w:a');
    expect(join(3, 'w:a')).toBe(false);
    expect(blockOf(7)).toEqual({ key: 'a', heldBy: 5 });
    expect(leave(5)).toEqual([3]);
    expect(leave(3)).toEqual([7]);
  });

  it('does not let two calls wait for each other when a latecomer stands between a waiter and a holder', () => {
    const { join, leave } = createTable();
    expect(join(1, 'w:b')).toBe(true);
    expect(join(5, 'r:a w:b')).toBe(false);
    expect(join(6, 'r:a')).toBe(true);
    expect(join(3, 'w:a w:b')).toBe(false);
    expect(leave(1)).toEqual([]);
    expect(leave(6)).toEqual([3]);
    expect(leave(3)).toEqual([5]);
  });

  it('lets readers pass a reader that waits for another key', () => {
    const { join, leave } = createTable();
    join(1, 'w:b');
    expect(join(2, 'r:a w:b')).toBe(false);
    expect(join(3, 'r:a')).toBe(true);
    expect(leave(1)).toEqual([2]);
  });

  it('grants readers behind a reader that has to wait on', () => {
    const { join, leave } = createTable();
    join(1, 'w:a');
    join(2, 'w:b');
    join(3, 'r:a w:b');
    join(4, 'r:a');
    expect(leave(1)).toEqual([4]);
    expect(leave(2)).toEqual([3]);
  });

  it('goes on to the next when a waiter gives up', () => {
    const { join, leave } = createTable();
    join(1, 'r:a');
    join(2, 'w:a');
    join(3, 'r:a');
    expect(leave(2)).toEqual([3]);
  });

  it('grants several calls in call order', () => {
    const { join, leave } = createTable();
    join(1, 'w:a w:b');
    join(2, 'w:b');
    join(3, 'w:a');
    expect(leave(1)).toEqual([2, 3]);
  });

  it('names a holder rather than who merely stands before', () => {
    const { join, blockOf } = createTable();
    join(1, 'r:a');
    join(2, 'w:a');
    join(3, 'w:a');
    expect(blockOf(3)).toEqual({ key: 'a', heldBy: 1 });
  });

  it('names, far down the line, who stands before: that changes only when this one leaves', () => {
    const { join, leave, blockOf, takeDisturbed } = createTable();
    for (const sequence of [1, 2, 3, 4, 6]) join(sequence, 'w:a');
    join(7, 'r:a');
    join(8, 'r:a');
    expect([4, 6, 7, 8].map((sequence) => blockOf(sequence)?.heldBy)).toEqual([3, 4, 6, 6]);
    takeDisturbed();
    leave(1);
    expect(takeDisturbed()).toEqual([3, 4, 6]);
    expect([3, 4, 6, 7, 8].map((sequence) => blockOf(sequence)?.heldBy)).toEqual([2, 2, 4, 6, 6]);
    leave(6);
    expect(takeDisturbed()).toEqual(expect.arrayContaining([7, 8]));
    expect([7, 8].map((sequence) => blockOf(sequence)?.heldBy)).toEqual([4, 4]);
  });

  it('tells a reader that its key is free, and that it waits for another', () => {
    const { join, leave, blockOf, takeDisturbed } = createTable();
    join(1, 'w:b');
    join(2, 'w:a');
    for (const sequence of [3, 4, 5, 6]) join(sequence, 'r:a w:b');
    takeDisturbed();
    expect(leave(2)).toEqual([]);
    expect(takeDisturbed()).toEqual([3, 4, 5, 6]);
    expect(blockOf(6)).toEqual({ key: 'b', heldBy: 5 });
  });

  it('tells whose answer may have changed, once', () => {
    const { join, leave, takeDisturbed } = createTable();
    join(1, 'w:a');
    join(3, 'w:a');
    takeDisturbed();
    join(2, 'w:a');
    expect(takeDisturbed()).toEqual(expect.arrayContaining([3]));
    leave(1);
    expect(takeDisturbed()).toEqual([3]);
    expect(takeDisturbed()).toEqual([]);
    leave(3);
    expect(takeDisturbed()).toEqual([]);
  });

  it('forgets who left, and does not mind who was never there', () => {
    const { join, leave, takeDisturbed } = createTable();
    join(1, 'w:a');
    join(3, 'w:a');
    join(2, 'w:a');
    leave(3);
    expect(takeDisturbed()).toEqual([2]);
    expect(leave(3)).toEqual([]);
  });
});
