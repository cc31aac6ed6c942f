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

/** The labels of an output: none without a policy. @throws what the policy's function throws, and where it gives no list of strings */
export function readLabels(
  policy: Pick<DisclosedPolicy, 'labels'> | undefined,
  input: unknown,
  output: unknown,
): string[] {
  const { labels = [] } = policy ?? {};
  const given: unknown = typeof labels === 'function' ? labels(input, output) : labels;
  if (Array.isArray(given) && given.every((label) => typeof label === 'string')) return [...new Set(given)];
  throw new TypeError('Expected `labels` to give an array of strings at once.');
}

/** `left` is asked when the value is there: calls that settled meanwhile have taken of what fits into one step. */
export function toModelValue(
  policy: DisclosedPolicy | undefined,
  { input, answeredBy }: Pick<ToolCall, 'input' | 'answeredBy'>,
  output: unknown,
  maxBytes: number,
  left: () => number,
): ModelValue | Promise<ModelValue> {
  const { shorten, maxModelBytes = maxBytes, untrusted = false } = policy ?? {};
  // What somebody else has put into the message is there as it is.
  const redact = answeredBy === undefined ? policy?.redact : undefined;
  const facts = { ...NOTHING_KNOWN, untrusted };
  let step: Withheld = 'labels-failed';
  const withhold = (fault?: unknown): ModelValue => ({ facts: { ...facts, withheld: step }, fault });
  const take = (redacted: unknown): ModelValue => {
    const limit = Math.min(maxModelBytes, left());
    let value = redacted;
    let json = writeJson(value);
    let changed: CallDisclosure['changed'] = redact && json !== writeJson(output) ? 'redacted' : undefined;
    if (countBytes(json) > limit) {
      step = 'too-large';
      changed = 'shortened';
      value = shorten?.(value, { maxBytes: limit });
      json = writeJson(value);
      if (value === undefined || countBytes(json) > limit) return withhold();
    }
    return { facts: { ...facts, bytes: countBytes(json), changed }, value };
  };
  try {
    facts.labels = readLabels(policy, input, output);
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

/** What the model reads of an output. @throws ToolCallError with the words for what it does not read */
export function readModelValue({ toolName }: Pick<ToolCall, 'toolName'>, { value, facts }: ModelValue): unknown {
  if (facts.withheld === undefined) return value;
  throw new ToolCallError('denied', `The output of ${toolName} was withheld: ${REASONS[facts.withheld]}.`);
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
