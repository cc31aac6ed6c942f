/**
 * Owns the checking of a value against a tool's schema, in any form that the AI SDK takes: Standard Schema (zod 3.24+, zod 4,
 * valibot, arktype), the SDK's `jsonSchema()` / `zodSchema()` and lazy ones, older zod. Synchronous where the schema is.
 */
import type { FlexibleSchema } from 'ai';
import { readMessage } from './errors.ts';
import { readField } from './read-field.ts';

export type SchemaResult =
  | { readonly success: true; readonly value: unknown }
  | { readonly success: false; readonly message: string };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** What a schema can look like from outside; only one of these is there. */
interface SchemaLike {
  readonly '~standard'?: { readonly validate: (value: unknown) => StandardResult | PromiseLike<StandardResult> };
  readonly validate?: (value: unknown) => SdkResult | PromiseLike<SdkResult>;
  readonly safeParseAsync?: (value: unknown) => PromiseLike<ZodResult>;
  readonly jsonSchema?: unknown;
}
type SdkResult =
  | { readonly success: true; readonly value: unknown }
  | { readonly success: false; readonly error: Error };
type ZodResult =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly StandardIssue[] } };

/** Checks `value`; gives the parsed value or why it does not fit. A schema that throws or rejects does not fit either. */
export function checkSchema(schema: FlexibleSchema, value: unknown): SchemaResult | Promise<SchemaResult> {
  try {
    // SAFETY: FlexibleSchema's members, seen through the one method that each has for checking.
    const like = (typeof schema === 'function' && !('~standard' in schema) ? schema() : schema) as SchemaLike;
    if (like['~standard'] !== undefined) return settle(like['~standard'].validate(value), fromStandard);
    if (like.validate !== undefined) return settle(like.validate(value), fromSdk);
    if (like.safeParseAsync !== undefined) return settle(like.safeParseAsync(value), fromZod);
    return { success: true, value };
  } catch (thrown) {
    return fromThrown(thrown);
  }
}

/**
 * Checks what a model sent. A call without arguments comes from some backends as `null`, `''` or nothing at all: where the schema
 * does not take that, but an object without fields, it is that.
 */
export function checkInput(schema: FlexibleSchema, input: unknown): SchemaResult | Promise<SchemaResult> {
  const result = checkSchema(schema, input);
  if (input !== undefined && input !== null && input !== '') return result;
  return mapChecked(result, (checked) => {
    if (checked.success && !isUncheckedObject(schema)) return checked;
    return mapChecked(checkSchema(schema, {}), (retried) => (retried.success ? retried : checked));
  });
}

/** Whether it is a JSON Schema as it came, such as an MCP tool's: it says that it describes an object, and cannot check. */
function isUncheckedObject(schema: FlexibleSchema): boolean {
  // SAFETY: as above.
  const like = schema as SchemaLike;
  const check = like['~standard'] ?? like.validate ?? like.safeParseAsync;
  return check === undefined && readField(like.jsonSchema, 'type') === 'object';
}

function settle<TResult>(
  result: TResult | PromiseLike<TResult>,
  read: (result: TResult) => SchemaResult,
): SchemaResult | Promise<SchemaResult> {
  return isPromiseLike(result) ? Promise.resolve(result).then(read).catch(fromThrown) : read(result);
}

/** Goes on with a result: at once where it is there. */
export function whenChecked(result: SchemaResult | Promise<SchemaResult>, then: (result: SchemaResult) => void): void {
  if (isPromiseLike(result)) void result.then(then);
  else then(result);
}

/** Makes another result of a result: at once where it is there. */
export function mapChecked(
  result: SchemaResult | Promise<SchemaResult>,
  map: (result: SchemaResult) => SchemaResult | Promise<SchemaResult>,
): SchemaResult | Promise<SchemaResult> {
  return isPromiseLike(result) ? result.then(map) : map(result);
}

/** Whether a value can be awaited to some purpose. */
export function isPromiseLike<TResult>(value: TResult | PromiseLike<TResult>): value is PromiseLike<TResult> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function fromStandard(result: StandardResult): SchemaResult {
  return result.issues === undefined
    ? { success: true, value: result.value }
    : { success: false, message: describeIssues(result.issues) };
}

function fromSdk(result: SdkResult): SchemaResult {
  return result.success ? result : { success: false, message: result.error.message };
}

function fromZod(result: ZodResult): SchemaResult {
  return result.success
    ? { success: true, value: result.data }
    : { success: false, message: describeIssues(result.error.issues) };
}

function fromThrown(thrown: unknown): SchemaResult {
  return { success: false, message: `the schema threw: ${readMessage(thrown, 'It')}` };
}

function describeIssues(issues: readonly StandardIssue[]): string {
  return issues
    .map(({ message, path }) => {
      const place = (path ?? [])
        .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
        .join('.');
      return place === '' ? message : `${place}: ${message}`;
    })
    .join('; ');
}
