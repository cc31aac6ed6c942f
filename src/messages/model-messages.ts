/**
 * Owns what a tool reads as `options.messages`: the conversation as model messages. The SDK's `convertToModelMessages` is
 * asynchronous, and a tool that does not look must pay nothing; so this small synchronous reading is done when it is asked for.
 * The server's own conversion is what the model gets.
 */
import type { ModelMessage, UIMessage } from 'ai';
import { getToolPartName, isToolPart, type ToolPart } from './message-parts.ts';
import { isStepStart, partsOf, reasonOf } from './part-fields.ts';

type AssistantContent = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>;
type ToolContent = Extract<ModelMessage, { role: 'tool' }>['content'];
type UserContent = Exclude<Extract<ModelMessage, { role: 'user' }>['content'], string>;

/** Text, reasoning, files, tool calls and their results; other parts (data, sources, what cannot be read) are for the page only. */
export function toModelMessages(messages: readonly UIMessage[]): ModelMessage[] {
  return messages.flatMap((message) => (message?.role === 'assistant' ? fromAssistant(message) : fromOther(message)));
}

function fromOther(message: UIMessage): ModelMessage[] {
  const parts = partsOf(message).filter(isReadable);
  if (message?.role === 'system') {
    return [{ role: 'system', content: parts.map((part) => (part.type === 'text' ? part.text : '')).join('') }];
  }
  if (message?.role !== 'user') return [];
  const content: UserContent = parts.flatMap((part): UserContent => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'file') return [{ type: 'file', mediaType: part.mediaType, data: part.url }];
    return [];
  });
  return [{ role: 'user', content }];
}

/** One assistant message a step, and after it a tool message with the step's results. */
function fromAssistant(message: UIMessage): ModelMessage[] {
  const result: ModelMessage[] = [];
  let content: AssistantContent = [];
  let results: ToolContent = [];
  const endStep = () => {
    if (content.length > 0) result.push({ role: 'assistant', content });
    if (results.length > 0) result.push({ role: 'tool', content: results });
    content = [];
    results = [];
  };
  for (const part of partsOf(message).filter(isReadable)) {
    if (isStepStart(part)) endStep();
    else if (part.type === 'text') content.push({ type: 'text', text: part.text });
    else if (part.type === 'reasoning') content.push({ type: 'reasoning', text: part.text });
    else if (part.type === 'file') content.push({ type: 'file', mediaType: part.mediaType, data: part.url });
    else if (isToolPart(part) && part.state !== 'input-streaming') {
      const { toolCallId, input } = part;
      const toolName = getToolPartName(part);
      content.push({ type: 'tool-call', toolCallId, toolName, input });
      const output = toOutput(part);
      if (output !== undefined) results.push({ type: 'tool-result', toolCallId, toolName, output });
    }
  }
  endStep();
  return result;
}

function toOutput(part: ToolPart): Extract<ToolContent[number], { type: 'tool-result' }>['output'] | undefined {
  if (part.state === 'output-error') return { type: 'error-text', value: reasonOf(part) ?? '' };
  if (part.state === 'output-denied') {
    const reason = reasonOf(part);
    return { type: 'execution-denied', ...(reason !== undefined && { reason }) };
  }
  if (part.state !== 'output-available' || part.preliminary === true) return undefined;
  // SAFETY: an output that reached a message part was checked to be JSON.
  return typeof part.output === 'string'
    ? { type: 'text', value: part.output }
    : { type: 'json', value: (part.output ?? null) as never };
}

/** Not so is nothing at all, and a part that lacks what makes it one. */
function isReadable(part: UIMessage['parts'][number] | null): part is UIMessage['parts'][number] {
  switch (part?.type) {
    case 'text':
    case 'reasoning':
      return typeof part.text === 'string';
    case 'file':
      return typeof part.url === 'string' && typeof part.mediaType === 'string';
    default:
      return part !== null;
  }
}
