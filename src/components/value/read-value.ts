/**
 * Owns the reading of any value whatever into a bounded tree that can be shown: cycles, throwing getters, proxies, DOM
 * nodes, megabytes. It never throws and never changes the value. How the tree looks is `lines.ts`.
 */

/** A value as it will be shown. `text` of a string is its real text, not yet quoted. */
export type ReadValue =
  | { readonly type: 'string'; readonly text: string; readonly cut: number; readonly isBlob?: boolean }
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'circular' }
  | { readonly type: 'unreadable' }
  | {
      readonly type: 'list' | 'record';
      /** The class, where it is not a plain object or array: `Map(2)`. */
      readonly prefix: string;
      readonly entries: readonly { readonly key?: string; readonly value: ReadValue }[];
      /** How many entries are left out. */
      readonly rest: number;
    };

export interface ReadLimits {
  /** Levels of nesting. */
  depth: number;
  /** Entries of one object or array. */
  entries: number;
  /** Entries of the whole value. */
  total: number;
  /** Characters of all strings together. */
  characters: number;
}

/** What is shown at first, and each time that a person asks for more. */
export const READ_LIMITS: readonly [ReadLimits, ...ReadLimits[]] = [
  { depth: 8, entries: 100, total: 1000, characters: 20_000 },
  { depth: 16, entries: 1000, total: 5000, characters: 200_000 },
  { depth: 32, entries: 5000, total: 10_000, characters: 1_000_000 },
];

/** Whether something of the value was left out that higher limits would show. */
export function isCut(value: ReadValue): boolean {
  switch (value.type) {
    case 'string':
      return value.cut > 0 && value.isBlob !== true;
    case 'list':
    case 'record':
      return value.rest > 0 || value.entries.some((entry) => isCut(entry.value));
    default:
      return false;
  }
}

/** Reads a value, bounded by `limits`. */
export function readValue(value: unknown, limits: ReadLimits = READ_LIMITS[0]): ReadValue {
  return readNested(value, { limits, path: new Set(), left: limits.total, leftCharacters: limits.characters });
}

interface Reading {
  readonly limits: ReadLimits;
  /** The objects on the way down to here: meeting one again is a cycle. */
  readonly path: Set<object>;
  /** How many entries may still be read. */
  left: number;
  leftCharacters: number;
}

function readNested(value: unknown, reading: Reading): ReadValue {
  try {
    switch (typeof value) {
      case 'string':
        return readString(value, reading);
      case 'bigint':
        return { type: 'literal', text: `${value}n` };
      case 'function':
        return { type: 'literal', text: `ƒ ${String(value.name)}()` };
      case 'object':
        return value === null ? { type: 'literal', text: 'null' } : readObject(value, reading);
      default:
        return { type: 'literal', text: Object.is(value, -0) ? '-0' : String(value) };
    }
  } catch {
    return { type: 'unreadable' };
  }
}

function readString(text: string, reading: Reading): ReadValue {
  const isBlob = text.length > SHORTEST_BLOB && BLOB.test(text.slice(0, SHORTEST_BLOB));
  const shown = Math.min(isBlob ? BLOB_SHOWN : text.length, reading.leftCharacters);
  reading.leftCharacters -= shown;
  return { type: 'string', text: text.slice(0, shown), cut: text.length - shown, ...(isBlob && { isBlob }) };
}

/** Nobody reads base64: its beginning says what it is. */
const BLOB = /^data:[\w.+/;=-]*,|^[\w+/-]+$/;
const SHORTEST_BLOB = 500;
const BLOB_SHOWN = 60;

function readObject(value: object, reading: Reading): ReadValue {
  if (reading.path.has(value)) return { type: 'circular' };
  const leaf = readLeaf(value);
  if (leaf !== undefined) return leaf;
  reading.path.add(value);
  try {
    if (value instanceof Map) {
      const keys = [...take(value.keys(), limitOf(reading))];
      return readEntries('record', describeClass(value, value.size), value.size, reading, (index) => ({
        key: describeKey(keys[index]),
        value: value.get(keys[index]),
      }));
    }
    if (value instanceof Set) {
      const items = [...take(value.values(), limitOf(reading))];
      return readEntries('list', describeClass(value, value.size), value.size, reading, (i) => ({ value: items[i] }));
    }
    if (Array.isArray(value)) {
      return readEntries('list', '', value.length, reading, (index) => ({ value: value[index] as unknown }));
    }
    if (ArrayBuffer.isView(value) && 'length' in value) {
      // SAFETY: every view with a length (all but DataView) is indexed by number.
      const items = value as unknown as ArrayLike<unknown>;
      const prefix = describeClass(value, items.length);
      return readEntries('list', prefix, items.length, reading, (index) => ({ value: items[index] }));
    }
    const keys = Object.keys(value);
    return readEntries('record', describeClass(value), keys.length, reading, (index) => {
      const key = keys[index] ?? '';
      return { key, value: (value as Record<string, unknown>)[key] };
    });
  } finally {
    reading.path.delete(value);
  }
}

/** Objects that are shown as one word. */
function readLeaf(value: object): ReadValue | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? { type: 'literal', text: 'Invalid Date' }
      : { type: 'string', text: value.toISOString(), cut: 0 };
  }
  if (value instanceof Error) return { type: 'literal', text: `${value.name}: ${value.message}`.slice(0, 500) };
  if (value instanceof RegExp || value instanceof URL) return { type: 'literal', text: String(value) };
  if (value instanceof ArrayBuffer) return { type: 'literal', text: `ArrayBuffer(${value.byteLength})` };
  if ('nodeType' in value && 'nodeName' in value && typeof value.nodeType === 'number') {
    return { type: 'literal', text: `<${String(value.nodeName).toLowerCase()}>` };
  }
  return undefined;
}

function readEntries(
  type: 'list' | 'record',
  prefix: string,
  size: number,
  reading: Reading,
  readEntry: (index: number) => { key?: string; value: unknown },
): ReadValue {
  const entries: { key?: string; value: ReadValue }[] = [];
  const shown = Math.min(size, reading.path.size > reading.limits.depth ? 0 : limitOf(reading));
  for (let index = 0; index < shown && reading.left > 0; index++) {
    reading.left--;
    entries.push(readOne(index, reading, readEntry));
  }
  return { type, prefix, entries, rest: size - entries.length };
}

/** One entry; a getter that throws costs only itself. */
function readOne(
  index: number,
  reading: Reading,
  readEntry: (index: number) => { key?: string; value: unknown },
): { key?: string; value: ReadValue } {
  try {
    const { key, value } = readEntry(index);
    return { ...(key !== undefined && { key }), value: readNested(value, reading) };
  } catch {
    return { value: { type: 'unreadable' } };
  }
}

function limitOf(reading: Reading): number {
  return Math.min(reading.limits.entries, reading.left);
}

function* take<TItem>(items: Iterable<TItem>, count: number): Iterable<TItem> {
  let taken = 0;
  for (const item of items) {
    if (taken++ >= count) return;
    yield item;
  }
}

function describeClass(value: object, size?: number): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  if (prototype === null || prototype === Object.prototype) return '';
  const name = prototype.constructor?.name;
  if (typeof name !== 'string' || name === '' || name === 'Object') return '';
  return size === undefined ? name : `${name}(${size})`;
}

function describeKey(key: unknown): string {
  return typeof key === 'object' && key !== null ? '{…}' : String(key).slice(0, 100);
}
