/**
 * Owns the check of an output: that it fits the tool's `outputSchema`, and that it can travel. The follow-up is JSON, and what
 * JSON drops or chokes on would reach the model changed, or break the request with every sibling's result in it.
 */
import type { FlexibleSchema } from 'ai';
import { takeSnapshot } from './json-snapshot.ts';
import { checkSchema, mapChecked, type SchemaResult } from './schema.ts';

/**
 * Checks what a tool or a person gave. The schema sees the value itself; a snapshot of what it makes of that is stored and sent.
 * Never throws.
 */
export function checkOutput(schema: FlexibleSchema | undefined, output: unknown): SchemaResult | Promise<SchemaResult> {
  const result = schema === undefined ? { success: true as const, value: output } : checkSchema(schema, output);
  return mapChecked(result, (checked) => {
    if (!checked.success) return { success: false, message: `does not fit its outputSchema: ${checked.message}` };
    const snapshot = takeSnapshot(checked.value);
    if (!snapshot.success) return { success: false, message: `cannot be sent as JSON: ${snapshot.message}` };
    return { success: true, value: snapshot.value ?? null };
  });
}
