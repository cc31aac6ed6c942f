/**
 * Owns what the model reads in place of an output: without what is private, and no larger than fits. It never throws, and nothing of an output is in
 * the words that say why the model does not get it.
 */
import { ToolCallError } from '../core/errors.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { isPromiseLike } from '../core/schema.ts';
import type { ToolCall } from '../core/tool-call.ts';

/** Why the model does not get an output: a person or the page said no, it is too large, or what is private in it could not be taken out. */
export type Withheld = 'by-person' | 'by-page' | 'too-large' | 'redaction-failed' | 'labels-failed';

/** What an output carries, and what of it the model is given. Kept in `call.plugins.disclosure`. */
export interface CallDisclosure {
  readonly labels: readonly string[];
  readonly untrusted: boolean;
  /** The model reads something else than the tool's output: parts of it were taken out, or it was shortened. */
  readonly changed?: 'redacted' | 'shortened';
  /** The model gets nothing of the output. */
  readonly withheld?: Withheld;
  /** Bytes of JSON that go to the model. */
  readonly bytes: number;
}

/** What the model reads of a call: `value`, unless it is withheld. `fault`: what a function of the policy threw. */
export interface ModelValue {
  readonly facts: CallDisclosure;
  readonly value?: unknown;
  readonly fault?: unknown;
}

type DisclosedPolicy = Pick<ResolvedToolPolicy, 'labels' | 'untrusted' | 'redact' | 'maxModelBytes' | 'shorten'>;

/** The labels of an output. @throws what the policy's function throws, and where it gives no list of strings */
export function readLabels({ labels }: Pick<DisclosedPolicy, 'labels'>, input: unknown, output: unknown): string[] {
  const given: unknown = typeof labels === 'function' ? labels(input, output) : labels;
  if (Array.isArray(given) && given.every((label) => typeof label === 'string')) return [...new Set(given)];
  throw new TypeError('Expected `labels` to give an array of strings at once.');
}

/** `maxBytes` is asked when the value is there: calls that settled meanwhile have taken of what fits into one step. */
export function toModelValue(
  policy: DisclosedPolicy | undefined,
  { input }: Pick<ToolCall, 'input'>,
  output: unknown,
  maxBytes: () => number,
): ModelValue | Promise<ModelValue> {
  const untrusted = policy?.untrusted ?? false;
  let labels: readonly string[] = [];
  const withhold = (withheld: Withheld, fault?: unknown): ModelValue => ({
    facts: { labels, untrusted, withheld, bytes: 0 },
    fault,
  });
  try {
    labels = policy === undefined ? [] : readLabels(policy, input, output);
  } catch (fault) {
    return withhold('labels-failed', fault);
  }
  const take = (value: unknown): ModelValue => {
    const isRedacted = policy?.redact !== undefined && writeJson(value) !== writeJson(output);
    const fit = fitInto(value, Math.min(policy?.maxModelBytes ?? Infinity, maxBytes()), policy?.shorten);
    if (fit === undefined) return withhold('too-large');
    const changed = fit.isShortened ? 'shortened' : isRedacted ? 'redacted' : undefined;
    return { facts: { labels, untrusted, ...(changed && { changed }), bytes: fit.bytes }, value: fit.value };
  };
  try {
    const redacted = policy?.redact === undefined ? output : policy.redact(output, { input, labels });
    if (!isPromiseLike(redacted)) return take(redacted);
    return Promise.resolve(redacted)
      .then(take)
      .catch((fault: unknown) => withhold('redaction-failed', fault));
  } catch (fault) {
    return withhold('redaction-failed', fault);
  }
}

/** A value that fits, shortened if need be; `undefined` where it does not fit. @throws for what JSON cannot write */
function fitInto(value: unknown, maxBytes: number, shorten: DisclosedPolicy['shorten']) {
  const bytes = countBytes(writeJson(value));
  if (bytes <= maxBytes) return { value, bytes, isShortened: false };
  try {
    const short = shorten?.(value, { maxBytes });
    const shortBytes = countBytes(writeJson(short));
    return short !== undefined && shortBytes <= maxBytes
      ? { value: short, bytes: shortBytes, isShortened: true }
      : undefined;
  } catch {
    return undefined;
  }
}

const writeJson = (value: unknown) => JSON.stringify(value) ?? 'null';

/** The bytes of a text in UTF-8. */
export function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

const REASONS: Record<Withheld, string> = {
  'by-person': 'the user does not share it',
  'by-page': 'the page does not share it',
  'too-large': 'it is too large. Ask for less',
  'redaction-failed': 'what is private in it could not be taken out',
  'labels-failed': 'it is not known what is private in it',
};

/** What the model reads in place of an output that is withheld. */
export function explainWithheld({ toolName }: Pick<ToolCall, 'toolName'>, withheld: Withheld): ToolCallError {
  return new ToolCallError('denied', `The output of ${toolName} was withheld: ${REASONS[withheld]}.`);
}

/**
 * What the model reads of a failure. The tool's own words may quote what is private, and are withheld where the tool has labels or redacts. Words of
 * the page's own (`errorText`) go out, as long as they do not repeat them.
 */
export function toModelError(
  { toolName, error }: Pick<ToolCall, 'toolName' | 'error'>,
  policy: DisclosedPolicy | undefined,
  text: string,
): string {
  const isOfTool = error?.kind === 'execution' || error?.kind === 'invalid-output';
  if (!isOfTool || !isPrivate(policy) || !text.includes(error.message)) return text;
  return `${toolName} failed. What it says is withheld, since it may quote private data.`;
}

function isPrivate(policy: DisclosedPolicy | undefined): boolean {
  if (policy === undefined) return false;
  return policy.redact !== undefined || typeof policy.labels === 'function' || policy.labels.length > 0;
}
