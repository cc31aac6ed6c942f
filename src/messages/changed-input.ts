/**
 * Owns how the model learns that a person has changed the input of its call. It reads its own call in the messages with the input that ran, so the
 * result has to say what it had asked for.
 */
import { isSameJson } from '../core/identical-calls.ts';
import type { ToolCall } from '../core/tool-call.ts';
import type { ToolPartResult } from './message-parts.ts';

/** The result with the input that ran and a note of what was changed; itself where nothing was. */
export function withChange(call: ToolCall, result: ToolPartResult | undefined): ToolPartResult | undefined {
  const { input, modelInput } = call;
  if (result === undefined || !('modelInput' in call) || isSameJson(modelInput, input)) return result;
  const note = describeChange(modelInput, input);
  if (result.state === 'output-error') return { ...result, input, errorText: `${result.errorText}\n\n${note}` };
  return { ...result, input, output: addNote(result.output, note) };
}

/** What was changed, in words: each field of an object, or the whole. */
export function describeChange(before: unknown, now: unknown): string {
  const [left, right] = [fieldsOf(before), fieldsOf(now)];
  const names = left && right && [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const changed = names?.filter((name) => !isSameJson(left?.[name], right?.[name]));
  const changes = changed?.map((name) => `\`${name}\` ${describe(left?.[name], right?.[name])}`);
  return `The user changed the input before it ran: ${changes?.join('; ') ?? describe(before, now)}.`;
}

function describe(before: unknown, now: unknown): string {
  return `from ${write(before)} to ${write(now)}`;
}

const LONGEST_VALUE = 300;

function write(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** An object keeps its fields, so that what reads them goes on; of an MCP result the model sees the content alone. */
function addNote(output: unknown, note: string): unknown {
  if (typeof output === 'string') return `${output}\n\n${note}`;
  const fields = fieldsOf(output);
  if (fields === undefined) return { output, changedByUser: note };
  const { content } = fields;
  return Array.isArray(content)
    ? { ...fields, content: [...(content as unknown[]), { type: 'text', text: note }] }
    : { ...fields, changedByUser: note };
}
