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
  if (result === undefined || modelInput === undefined || isSameJson(modelInput, input)) return result;
  const note = describeChange(modelInput, input);
  return result.state === 'output-error'
    ? { ...result, input, errorText: `${result.errorText}\n\n${note}` }
    : { ...result, input, output: addNote(result.output, note) };
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
function addNote(output: unknown, note: string): unknown {
  if (typeof output === 'string') return `${output}\n\n${note}`;
  if (!isRecord(output)) return { output, changedByUser: note };
  const { content } = output;
  return Array.isArray(content)
    ? { ...output, content: [...(content as unknown[]), { type: 'text', text: note }] }
    : { ...output, changedByUser: note };
}
