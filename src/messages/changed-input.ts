/**
 * Owns how the model learns what a person has done with its call. It reads its own call in the messages with the input that ran, so the
 * result has to say what it had asked for; and what plugins have to say beside a result stands in it as well.
 */
import { isSameJson } from '../core/identical-calls.ts';
import type { ToolCall } from '../core/tool-call.ts';
import type { ToolPartResult } from './message-parts.ts';

/** Sentences for the model, by the names of the fields that they stand in. */
type Notes = Readonly<Record<string, string>>;

/** The result with `notes`, and with the input that ran and a note of what was changed in it; itself where there is nothing to say. */
export function withNotes(
  { input, modelInput }: ToolCall,
  result: ToolPartResult | undefined,
  notes: Notes | undefined,
): ToolPartResult | undefined {
  if (result === undefined) return result;
  const isChanged = modelInput !== undefined && !isSameJson(modelInput, input);
  const all = { ...(isChanged && { changedByUser: describeChange(modelInput, input) }), ...notes };
  const text = Object.values(all).join('\n\n');
  if (text === '') return result;
  const ran = { ...result, ...(isChanged && { input }) };
  return ran.state === 'output-error'
    ? { ...ran, errorText: `${ran.errorText}\n\n${text}` }
    : { ...ran, output: addNotes(ran.output, all, text) };
}

/** What was changed, in words: each field of an object, or the whole. */
function describeChange(before: unknown, now: unknown): string {
  const [left, right] = [before, now].map((value) => (isRecord(value) ? value : { input: value }));
  const changes = Object.keys({ ...left, ...right })
    .filter((name) => !isSameJson(left![name], right![name]))
    .map((name) => `\`${name}\` from ${write(left![name])} to ${write(right![name])}`);
  return `The user changed the input before it ran: ${changes.join('; ')}.`;
}

function write(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object keeps its fields, so that what reads them goes on; of an MCP result the model sees the content alone. */
function addNotes(output: unknown, notes: Notes, text: string): unknown {
  if (typeof output === 'string') return `${output}\n\n${text}`;
  if (!isRecord(output)) return { output, ...notes };
  const { content } = output;
  return Array.isArray(content)
    ? { ...output, content: [...(content as unknown[]), { type: 'text', text }] }
    : { ...output, ...notes };
}
