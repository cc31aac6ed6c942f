/**
 * Owns the check that an output can travel: the follow-up is JSON, and what JSON drops or chokes on would reach the model
 * changed, or break the request with every sibling's result in it.
 */

/** Built-ins that JSON turns into `{}`, losing what they hold. */
const OPAQUE = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Promise',
  'ArrayBuffer',
  'Blob',
  'File',
  'Response',
  'Request',
  'Error',
  'RegExp',
]);

/**
 * Says why JSON cannot carry `value`, with the path to the part at fault, or `undefined` where it can. Never throws: a value
 * whose getters throw, or one nested too deeply, cannot be carried either.
 */
export function findJsonProblem(value: unknown): string | undefined {
  try {
    return findProblem(value, '', new Set()) ?? (JSON.stringify(value ?? null) === undefined ? 'it is nothing that JSON knows' : undefined);
  } catch (thrown) {
    if (thrown instanceof RangeError) return 'it is nested too deeply';
    return `reading it threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function findProblem(value: unknown, path: string, parents: Set<object>): string | undefined {
  const place = path === '' ? 'it' : `\`${path.slice(1)}\``;
  if (typeof value === 'bigint') return `${place} is a BigInt; return a string or a number`;
  if (typeof value === 'function') return `${place} is a function`;
  if (typeof value === 'symbol') return `${place} is a symbol`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (parents.has(value)) return `${place} refers back to itself`;
  const { toJSON, nodeType, nodeName } = value as { toJSON?: unknown; nodeType?: unknown; nodeName?: unknown };
  if (typeof toJSON === 'function') return findProblem(toJSON.call(value), path, new Set([...parents, value]));
  if (typeof nodeType === 'number' && typeof nodeName === 'string') return `${place} is a DOM node`;
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
