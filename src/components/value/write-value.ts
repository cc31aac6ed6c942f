/** Owns a value as text for the clipboard: all of it, as JSON where it can be. Never throws. */

/** The text of a value. A string is itself. */
export function writeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value, writeBigInt, 2) ?? String(value);
  } catch {
    return writePlain(value);
  }
}

function writeBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function writePlain(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}
