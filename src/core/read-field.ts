/**
 * Owns the reading of a field of a value of which nothing is known. A getter may throw: that is the caller's affair.
 */
export function readField(value: unknown, field: PropertyKey): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), field);
}
