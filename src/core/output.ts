/**
 * Owns the check of an output: that it fits the tool's `outputSchema`, and that it can travel. The follow-up is JSON, and what
 * JSON drops or chokes on would reach the model changed, or break the request with every sibling's result in it.
 */
import type { FlexibleSchema } from 'ai';
import { readMessage } from './errors.ts';
import { readField } from './read-field.ts';
import { checkSchema, mapChecked, type SchemaResult } from './schema.ts';

/** Checks what a tool or a person gave; the parsed value is what is stored and sent. Never throws. */
export function checkOutput(schema: FlexibleSchema | undefined, output: unknown): SchemaResult | Promise<SchemaResult> {
  const result = schema === undefined ? { success: true as const, value: output } : checkSchema(schema, output);
  return mapChecked(result, (checked) => {
    if (!checked.success) return { success: false, message: `does not fit its outputSchema: ${checked.message}` };
    const problem = findJsonProblem(checked.value);
    if (problem !== undefined) return { success: false, message: `cannot be sent as JSON: ${problem}` };
    return { success: true, value: checked.value ?? null };
  });
}

/** Built-ins that JSON turns into `{}`, losing what they hold. */
const OPAQUE = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'Promise',
  'Generator',
  'ArrayBuffer',
  'DataView',
  'Blob',
  'File',
  'FormData',
  'Headers',
  'Response',
  'Request',
  'URLSearchParams',
  'Error',
  'RegExp',
]);

/**
 * Says why JSON cannot carry `value`, with the path to the part at fault, or `undefined` where it can. Never throws: a value
 * whose getters throw, or one nested too deeply, cannot be carried either.
 */
export function findJsonProblem(value: unknown): string | undefined {
  try {
    return findProblem(value, '', new Set());
  } catch (thrown) {
    return thrown instanceof RangeError ? 'it is nested too deeply' : `reading it threw: ${readMessage(thrown, 'It')}`;
  }
}

function findProblem(original: unknown, path: string, parents: Set<object>): string | undefined {
  const place = path === '' ? 'it' : `\`${path.slice(1)}\``;
  const value = readToJson(original);
  if (typeof value === 'bigint') return `${place} is a BigInt; return a string or a number`;
  if (typeof value === 'function') return `${place} is a function`;
  if (typeof value === 'symbol') return `${place} is a symbol`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (parents.has(value)) return `${place} refers back to itself`;
  if (typeof readField(value, 'nodeType') === 'number' && typeof readField(value, 'nodeName') === 'string') {
    return `${place} is a DOM node`;
  }
  if (isAsyncIterable(value)) return `${place} is an AsyncIterable; return it by itself, not inside of something else`;
  const tag = value instanceof Error ? 'Error' : Object.prototype.toString.call(value).slice(8, -1);
  if (OPAQUE.has(tag)) return `${place} is a ${tag}, which JSON turns into {}; return plain data`;
  parents.add(value);
  for (const [key, item] of Object.entries(value)) {
    const problem = findProblem(item, `${path}.${key}`, parents);
    if (problem !== undefined) return problem;
  }
  parents.delete(value);
  return undefined;
}

/** What JSON would see: as there, `toJSON` is asked once. */
function readToJson(value: unknown): unknown {
  const toJSON = typeof value === 'object' ? readField(value, 'toJSON') : undefined;
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

/** Whether a value is what an `async function*` gives. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
