/**
 * Owns what the model reads in place of an output: without what is private, and no larger than fits. It never throws, and nothing of an output is in
 * the words that say why the model does not get it.
 */
import { ToolCallError } from '../core/errors.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { isPromiseLike } from '../core/schema.ts';
import type { ToolCall } from '../core/tool-call.ts';

/**
 * Why the model does not get an output: a person or the page said no, a new message of the user passed it, it is too large, or what is private in it
 * could not be taken out.
 */
export type Withheld = 'by-person' | 'by-page' | 'unsent' | 'too-large' | 'redaction-failed' | 'labels-failed';

/** What an output carries, and what of it the model is given. Kept in `call.plugins.disclosure`. */
export interface CallDisclosure {
  readonly labels: readonly string[];
  readonly untrusted: boolean;
  /** The model reads something else than the tool's output: parts of it were taken out, or it was shortened. */
  readonly changed?: 'redacted' | 'shortened' | undefined;
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

/** What is noted of a call of which nothing is known yet. */
export const NOTHING_KNOWN: CallDisclosure = { labels: [], untrusted: false, bytes: 0 };

type DisclosedPolicy = Pick<ResolvedToolPolicy, 'labels' | 'untrusted' | 'redact' | 'maxModelBytes' | 'shorten'>;

/** The labels of an output. @throws what the policy's function throws, and where it gives no list of strings */
export function readLabels({ labels }: Pick<DisclosedPolicy, 'labels'>, input: unknown, output: unknown): string[] {
  const given: unknown = typeof labels === 'function' ? labels(input, output) : labels;
  if (Array.isArray(given) && given.every((label) => typeof label === 'string')) return [...new Set(given)];
  throw new TypeError('Expected `labels` to give an array of strings at once.');
}

/** `left` is asked when the value is there: calls that settled meanwhile have taken of what fits into one step. */
export function toModelValue(
  policy: DisclosedPolicy | undefined,
  { input }: Pick<ToolCall, 'input'>,
  output: unknown,
  maxBytes: number,
  left: () => number,
): ModelValue | Promise<ModelValue> {
  const { redact, shorten, maxModelBytes = maxBytes, untrusted = false } = policy ?? {};
  const facts = { ...NOTHING_KNOWN, untrusted };
  let step: Withheld = 'labels-failed';
  const withhold = (fault?: unknown): ModelValue => ({ facts: { ...facts, withheld: step }, fault });
  const take = (redacted: unknown): ModelValue => {
    const limit = Math.min(maxModelBytes, left());
    let value = redacted;
    let bytes = countBytes(writeJson(value));
    const isTooLarge = bytes > limit;
    if (isTooLarge) {
      step = 'too-large';
      value = shorten?.(value, { maxBytes: limit });
      bytes = value === undefined ? Infinity : countBytes(writeJson(value));
      if (bytes > limit) return withhold();
    }
    const isRedacted = redact !== undefined && writeJson(value) !== writeJson(output);
    return {
      facts: { ...facts, bytes, changed: isTooLarge ? 'shortened' : isRedacted ? 'redacted' : undefined },
      value,
    };
  };
  try {
    if (policy !== undefined) facts.labels = readLabels(policy, input, output);
    step = 'redaction-failed';
    const redacted = redact === undefined ? output : redact(output, { input, labels: facts.labels });
    return isPromiseLike(redacted) ? Promise.resolve(redacted).then(take).catch(withhold) : take(redacted);
  } catch (fault) {
    return withhold(fault);
  }
}

export const writeJson = (value: unknown): string => JSON.stringify(value) ?? 'null';

/** The bytes of a text in UTF-8. */
export function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

const REASONS: Record<Withheld, string> = {
  'by-person': 'the user does not share it',
  'by-page': 'the page does not share it',
  unsent: 'the user sent a new message',
  'too-large': 'it is too large. Ask for less',
  'redaction-failed': 'its redaction failed',
  'labels-failed': 'its labels are not known',
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
  const { redact, labels = [] } = policy ?? {};
  const isPrivate = redact !== undefined || typeof labels === 'function' || labels.length > 0;
  if (!isOfTool || !isPrivate || !text.includes(error.message)) return text;
  return `${toolName} failed. What it says is withheld, since it may quote private data.`;
}
