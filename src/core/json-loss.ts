/**
 * Owns which objects JSON can write but would empty: those whose data is not in fields of their own.
 */
import { advise } from './misuse.ts';
import { readField } from './read-field.ts';

/** The commonest of them, by their tag. They are refused even where a page gave them fields. */
const EMPTIED = ['Error', 'Map', 'Promise', 'Response', 'Set'] as const;

/** Says what JSON would lose of an object with these fields of its own; `undefined` where it loses nothing. */
export function findLoss(value: object, fields: readonly string[]): string | undefined {
  if (Symbol.asyncIterator in value) return `is an AsyncIterable${advise('stream')}`;
  const isBytes = ArrayBuffer.isView(value);
  const isList = (isBytes || fields[0] === '0') && Symbol.iterator in value;
  if (!isList && isPlain(value)) return undefined;
  if (typeof readField(value, 'nodeType') === 'number' && typeof readField(value, 'nodeName') === 'string') {
    return `is a DOM node${advise('node')}`;
  }
  const tag = value instanceof Error ? 'Error' : Object.prototype.toString.call(value).slice(8, -1);
  const name = withArticle(tag === 'Object' ? readClassName(value) : tag);
  if (isList) return `is ${name}, which JSON turns into {"0":…}${advise(isBytes ? 'bytes' : 'list')}`;
  const known = EMPTIED.find((each) => each === tag);
  // The one field that an event has of its own says only whether the browser made it.
  const isEmptied = fields.length === 0 || (tag.endsWith('Event') && fields.every((field) => field === 'isTrusted'));
  return known || isEmptied ? `is ${name}, which JSON empties${advise(known ?? 'class')}` : undefined;
}

/** Whether it is an object as `{ … }` makes it, in this page or in a frame. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function readClassName(value: object): string {
  const name = readField(readField(value, 'constructor'), 'name');
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'class instance';
}

/** As it is spoken: `an Error`, `an HTMLCollection`, `a Uint8Array`, `a Set`. */
function withArticle(name: string): string {
  return `${/^[AEIOaeio]|^[FHLMNRSX][A-Z]/.test(name) ? 'an' : 'a'} ${name}`;
}
