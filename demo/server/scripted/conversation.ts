// Owns the reading of a model's prompt: the last thing the customer said, and what the tools have answered.
import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';

export type ToolOutcome =
  | { type: 'output'; value: unknown }
  | { type: 'error'; message: string }
  | { type: 'denied'; reason: string | undefined };

export interface ToolResult {
  toolName: string;
  input: unknown;
  outcome: ToolOutcome;
}

export interface Conversation {
  /** The customer's last message. */
  question: string;
  /** The results since that message, in call order. */
  results: ToolResult[];
  /** The results of earlier turns, oldest first. */
  earlierResults: ToolResult[];
  /** The tools that the model has now. */
  toolNames: readonly string[];
}

export function readConversation(prompt: LanguageModelV4Prompt, toolNames: readonly string[] = []): Conversation {
  const lastUser = prompt.findLastIndex((message) => message.role === 'user');
  const user = prompt[lastUser];
  const question =
    user?.role === 'user' ? user.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ') : '';
  return {
    question,
    results: readResults(prompt.slice(lastUser + 1)),
    earlierResults: readResults(prompt.slice(0, Math.max(0, lastUser))),
    toolNames,
  };
}

function readResults(messages: LanguageModelV4Prompt): ToolResult[] {
  const calls = new Map<string, { toolName: string; input: unknown }>();
  const results: ToolResult[] = [];
  for (const message of messages) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue;
    for (const part of message.content) {
      if (part.type === 'tool-call') calls.set(part.toolCallId, part);
      if (part.type !== 'tool-result') continue;
      const input = calls.get(part.toolCallId)?.input;
      results.push({ toolName: part.toolName, input, outcome: readOutcome(part.output) });
    }
  }
  return results;
}

function readOutcome(output: LanguageModelV4ToolResultOutput): ToolOutcome {
  switch (output.type) {
    case 'text':
    case 'json':
      return { type: 'output', value: output.value };
    case 'content':
      return { type: 'output', value: output.value };
    case 'error-text':
      return { type: 'error', message: output.value };
    case 'error-json':
      return { type: 'error', message: JSON.stringify(output.value) };
    case 'execution-denied':
      return { type: 'denied', reason: output.reason };
    default:
      return output satisfies never;
  }
}
