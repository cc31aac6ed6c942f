/** Owns how the options of two sends become one: field by field, so that a follow-up's own header does not cost it the session's token. */
import type { ChatRequestOptions } from 'ai';

/** `over` wins where both say something: for one header, one field of `body`, one field of a `metadata` that is an object in both. */
export function mergeRequestOptions(
  base: ChatRequestOptions | undefined,
  over: ChatRequestOptions | undefined,
): ChatRequestOptions | undefined {
  if (base === undefined || over === undefined) return over ?? base;
  const headers = mergeHeaders(base.headers, over.headers);
  const body = mergeFields(base.body, over.body);
  const metadata = mergeFields(base.metadata, over.metadata);
  return {
    ...base,
    ...over,
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { body }),
    ...(metadata !== undefined && { metadata }),
  };
}

type RequestHeaders = ChatRequestOptions['headers'];

/** The names of headers know no case. */
function mergeHeaders(base: RequestHeaders, over: RequestHeaders): RequestHeaders {
  if (base === undefined || over === undefined) return over ?? base;
  const own = toEntries(over);
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return Object.fromEntries([...toEntries(base).filter(([name]) => !names.has(name.toLowerCase())), ...own]);
}

function toEntries(headers: NonNullable<RequestHeaders>): [string, string][] {
  return headers instanceof Headers ? [...headers] : Object.entries(headers);
}

function mergeFields<TValue>(base: TValue, over: TValue): TValue {
  if (over === undefined) return base;
  return isRecord(base) && isRecord(over) ? { ...base, ...over } : over;
}

/** Anything else (a list, a form's data) has no fields to merge. */
function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
