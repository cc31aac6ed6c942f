/** Owns what values of options have to be, and the errors where they are not. Thrown at once, as `TypeError`. */
import { misuse } from './misuse.ts';

export { show } from './show.ts';

/** Whether `value` is an integer from `min` up, or `Infinity`. */
export function isCount(value: unknown, min: number): value is number {
  return typeof value === 'number' && value >= min && (Number.isInteger(value) || value === Infinity);
}

/** Whether `value` is a finite number from `min` up. */
export function isMilliseconds(value: unknown, min: number): value is number {
  return Number.isFinite(value) && (value as number) >= min;
}

/** Throws unless `value` is an integer from `min` up, or `Infinity`. */
export function expectCount(name: string, value: unknown, min: number): asserts value is number {
  if (!isCount(value, min)) throw misuse('value', name, `an integer from ${min} up`, value);
}

/** Throws unless `value` is a finite number of milliseconds from `min` up. */
export function expectMilliseconds(name: string, value: unknown, min: number): asserts value is number {
  if (!isMilliseconds(value, min)) throw misuse('value', name, `milliseconds from ${min} up`, value);
}

/** Throws unless `value` is one of `choices`. */
export function expectOneOf(name: string, value: unknown, choices: readonly string[]): void {
  if (typeof value === 'string' && choices.includes(value)) return;
  throw misuse('value', name, choices.map((choice) => `'${choice}'`).join(' or '), value);
}

/** Throws unless a field or option fits; `owner` says whose it is. */
export function expectField(field: string, owner: string, value: unknown, fits: boolean): void {
  if (!fits) throw misuse('field', field, owner, value);
}
