/**
 * Owns the snapshot of an output: what `JSON.parse(JSON.stringify(value))` gives, made in one walk that also finds what JSON would
 * empty, distort or choke on. Nothing of it is shared with the value, so a live object cannot change the record of a call.
 * Which objects JSON would empty is known to `json-loss.ts`.
 */
import { readMessage } from './errors.ts';
import { findLoss } from './json-loss.ts';
import { advise } from './misuse.ts';
import { readField } from './read-field.ts';
import type { SchemaResult } from './schema.ts';

/** `structuredClone`, with which the AI SDK copies messages, fails at some 1,600 levels, PHP's `json_decode` at 512. */
const MOST_LEVELS = 500;
/** A value that refers to the same object from many places grows without bound in JSON, which has to repeat it each time. */
const MOST_VALUES = 1_000_000;
/** JSON fills each hole of an array with `null`: a list indexed by an id can become megabytes of them. */
const MOST_HOLES = 1_000;

/** Where the walk is, and what it has found there. */
interface Walk {
  /** The objects around the current value, and the field of each that leads to it. */
  readonly parents: object[];
  readonly path: (string | number)[];
  values: number;
  problem: string | undefined;
}

/** Takes the snapshot, or says where JSON cannot carry the value and why. Never throws, whatever getters and proxies do. */
export function takeSnapshot(value: unknown): SchemaResult {
  const walk: Walk = { parents: [], path: [], values: 0, problem: undefined };
  try {
    return { success: true, value: copy(walk, '', value) };
  } catch (thrown) {
    const place = describePlace(walk);
    const message =
      walk.problem === undefined ? `reading ${place} threw: ${readMessage(thrown, 'It')}` : `${place} ${walk.problem}`;
    return { success: false, message };
  }
}

/** Ends the walk: the value at its place cannot be carried. */
function refuse(walk: Walk, problem: string): never {
  walk.problem = problem;
  throw new Error(problem);
}

function describePlace({ parents, path }: Walk): string {
  const place = path.slice(0, parents.length).join('.');
  if (parents.length === 0) return 'it';
  return `\`${place.length > 100 ? `${place.slice(0, 60)}…${place.slice(-30)}` : place}\``;
}

function copy(walk: Walk, key: string | number, original: unknown): unknown {
  if (++walk.values > MOST_VALUES)
    refuse(walk, `is one value more than an output may hold (${MOST_VALUES})${advise('less')}`);
  const value = typeof original === 'object' || typeof original === 'bigint' ? readJson(walk, key, original) : original;
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      return refuse(walk, `is ${value}, which JSON turns into null${advise('null')}`);
    case 'bigint':
      return refuse(walk, `is a BigInt${advise('bigint')}`);
    case 'object':
      return value === null ? null : copyObject(walk, key, value);
    default:
      return refuse(walk, `is a ${typeof value}${advise('plain')}`);
  }
}

/** What the value says that it is in JSON. As there, `toJSON` is asked once. */
function readJson(walk: Walk, key: string | number, value: object | bigint | null): unknown {
  const toJSON = readField(value, 'toJSON');
  if (typeof toJSON !== 'function') return value;
  const json: unknown = toJSON.call(value, String(key));
  if (json === null && value instanceof Date) {
    refuse(walk, `is an invalid Date, which JSON turns into null${advise('null')}`);
  }
  return json;
}

function copyObject(walk: Walk, key: string | number, value: object): unknown {
  const { parents } = walk;
  if (parents.includes(value)) refuse(walk, `refers back to itself${advise('cycle')}`);
  if (parents.length >= MOST_LEVELS) {
    refuse(walk, `is nested more than ${MOST_LEVELS} levels deep${advise('depth')}`);
  }
  if (Array.isArray(value)) return copyItems(walk, value);
  if (isBoxed(value)) return copy(walk, key, value.valueOf());
  // A megabyte of bytes has a million fields.
  const fields = ArrayBuffer.isView(value) ? [] : Object.keys(value);
  const loss = findLoss(value, fields);
  if (loss !== undefined) refuse(walk, loss);
  return copyFields(walk, value, fields);
}

/** `new Number(5)` and its like, which JSON unpacks. */
function isBoxed(value: object): boolean {
  // oxlint-disable-next-line unicorn/no-instanceof-builtins -- what is asked is whether it is an object, not which primitive it holds
  return value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt;
}

function copyItems(walk: Walk, list: readonly unknown[]): unknown[] {
  const { parents, path } = walk;
  const { length } = list;
  const items: unknown[] = [];
  let holes = 0;
  const depth = parents.push(list);
  for (let place = 0; place < length; place++) {
    path[depth - 1] = place;
    const item = list[place];
    if (item === undefined && !(place in list) && ++holes > MOST_HOLES) {
      parents.pop();
      refuse(walk, `is a list full of holes, which JSON turns into null${advise('holes')}`);
    }
    items.push(copy(walk, place, item) ?? null);
  }
  parents.pop();
  return items;
}

function copyFields(walk: Walk, value: object, fields: readonly string[]): object {
  const { parents, path } = walk;
  const depth = parents.push(value);
  const copied: Record<string, unknown> = {};
  for (const field of fields) {
    path[depth - 1] = field;
    const item = copy(walk, field, (value as Record<string, unknown>)[field]);
    if (item === undefined) continue;
    if (field === '__proto__') define(copied, field, item);
    else copied[field] = item;
  }
  parents.pop();
  return copied;
}

/** As JSON.parse does: a field like any other. */
function define(target: object, field: string, value: unknown): void {
  Object.defineProperty(target, field, { value, enumerable: true, configurable: true, writable: true });
}
