/**
 * Owns the errors of misuse: what happened, why it matters, what to do. Thrown at once, as `TypeError`.
 */

/** Shows a value and its type as the user would write it: `0 (number)`. */
export function show(value: unknown): string {
  if (value === undefined) return '`undefined`';
  if (value === null) return '`null`';
  if (typeof value === 'string') return `\`'${value}'\` (string)`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `\`${String(value)}\` (${typeof value})`;
}

/** Throws unless `value` is an integer from `min` up, or, where there may be no limit, `Infinity`. */
export function expectCount(
  name: string,
  value: unknown,
  min: number,
  { finite = false } = {},
): asserts value is number {
  if (typeof value === 'number' && value >= min && (Number.isInteger(value) || (value === Infinity && !finite))) return;
  throw new TypeError(`Expected ${name} to be an integer from ${min} up, got ${show(value)}.`);
}

/** Throws unless `value` is a finite number of milliseconds from `min` up. `other` names what else the field may be. */
export function expectMilliseconds(name: string, value: unknown, min: number, other = ''): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min) return;
  throw new TypeError(`Expected ${name} to be milliseconds from ${min} up${other}, got ${show(value)}.`);
}

/** Throws unless `value` is one of `choices`. */
export function expectOneOf(name: string, value: unknown, choices: readonly string[], orElse = ''): void {
  if (typeof value === 'string' && choices.includes(value)) return;
  throw new TypeError(
    `Expected ${name} to be ${choices.map((choice) => `'${choice}'`).join(' or ')}${orElse}, got ${show(value)}.`,
  );
}

/** Throws unless `value` is of one of the `types`. */
export function expectType(
  name: string,
  value: unknown,
  ...types: readonly ('boolean' | 'function' | 'number')[]
): void {
  if (types.some((type) => typeof value === type)) return;
  throw new TypeError(`Expected ${name} to be ${types.map((type) => `a ${type}`).join(' or ')}, got ${show(value)}.`);
}
