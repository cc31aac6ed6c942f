/**
 * Owns what is asked of an output. Whether it says that the tool failed: a tool should throw, but MCP tools answer with `isError: true`, and other
 * services have conventions of their own, which the policy's `isFailure` knows. And that it fits the tool's `outputSchema` and can travel: the follow-up
 * is JSON, and what JSON drops or chokes on would reach the model changed, or break the request with every sibling's result in it.
 */
import type { FlexibleSchema } from 'ai';
import { explainError, readRetryAfter, ToolCallError } from './errors.ts';
import { takeSnapshot } from './json-snapshot.ts';
import { misuse } from './misuse.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import { readField } from './read-field.ts';
import { checkSchema, mapChecked, type SchemaResult } from './schema.ts';

/** The default of `isFailure`: a result of MCP with `isError: true`. Its text is the message. */
export function isMcpFailure(output: unknown): boolean | string {
  try {
    const content = readField(output, 'content');
    if (readField(output, 'isError') !== true || !Array.isArray(content)) return false;
    const texts = content.map((part) => (readField(part, 'type') === 'text' ? readField(part, 'text') : undefined));
    return texts.filter((text) => typeof text === 'string').join('\n') || true;
  } catch {
    // Whoever checks the output will say that it cannot be read.
    return false;
  }
}

/** The error of an output that says that the tool failed, or `undefined` for a good one. Never throws. */
export function findFailure(
  toolName: string,
  { isFailure }: Pick<ResolvedToolPolicy, 'isFailure'>,
  output: unknown,
  now: number,
): ToolCallError | undefined {
  try {
    const answer: unknown = isFailure(output);
    if (answer === undefined || answer === null || answer === false || answer === '') return undefined;
    // A promise above all: it would count as a yes.
    if (answer !== true && typeof answer !== 'string') throw misuse('answer', 'isFailure', answer);
    const message = answer === true ? `${toolName} answered that it failed` : answer;
    return new ToolCallError('execution', message, { cause: output, retryAfter: readRetryAfter(output, now) });
  } catch (thrown) {
    return explainError(`\`isFailure\` of ${toolName} threw`, thrown);
  }
}

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
