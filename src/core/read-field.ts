/**
 * Owns the reading of a field of a value of which nothing is known. A getter may throw: that is the caller's affair.
 */
export function readField(value: unknown, field: PropertyKey): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), field);
}

/** The title of a tool, or of a message part; `undefined` where it has none that can be read. */
export function readTitle(titled: object | undefined): string | undefined {
  const title = readField(titled, 'title');
  return typeof title === 'string' && title.trim() !== '' ? title : undefined;
}
