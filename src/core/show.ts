/** Owns how a value is written in an error: as its author would write it. */

/** Shows a value and its type: `0 (number)`. */
export function show(value: unknown): string {
  if (value === undefined) return '`undefined`';
  if (value === null) return '`null`';
  if (typeof value === 'string') return `\`'${value}'\` (string)`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `\`${String(value)}\` (${typeof value})`;
}
