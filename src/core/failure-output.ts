/**
 * Owns outputs that say that the tool failed. A tool should throw, but MCP tools answer with `isError: true`, and other services
 * have conventions of their own, which the policy's `isFailure` knows.
 */
import { explainError, readRetryAfter, ToolCallError } from './errors.ts';
import { show } from './expect.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import { readField } from './read-field.ts';

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
    if (answer !== true && typeof answer !== 'string') {
      // A promise above all: it would count as a yes.
      throw new TypeError(`Expected it to return a boolean or a string, at once, got ${show(answer)}.`);
    }
    const message = answer === true ? `${toolName} answered that it failed` : answer;
    return new ToolCallError('execution', message, { cause: output, retryAfter: readRetryAfter(output, now) });
  } catch (thrown) {
    return explainError(`\`isFailure\` of ${toolName} threw`, thrown);
  }
}
