/** Owns what a test reads of a request that the chat has sent. */
import type { UIMessage } from 'ai';
import { lastStepOf, readToolParts, readWord } from '../messages/message-parts.ts';
import { partsOf } from '../messages/part-fields.ts';
import type { SendOptions } from './scripted-response.ts';

/** The result of one call, as a request carries it to the model. */
export interface TestRequestResult {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
  /** What the model reads of a call that succeeded. */
  readonly output?: unknown;
  /** What the model reads of one that failed, or was cancelled or denied. */
  readonly errorText?: string;
}

/** One request. */
export interface TestRequest {
  /** The conversation that it carried. */
  readonly messages: readonly UIMessage[];
  /** The text of the last message, if that is the user's; the empty string in a follow-up. */
  readonly text: string;
  /** The results of the step that a follow-up goes on with, in call order; none in a request with a new message. */
  readonly results: readonly TestRequestResult[];
  readonly trigger: SendOptions['trigger'];
  readonly body: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: unknown;
}

export function createTestRequest({ messages, trigger, body, headers, metadata }: SendOptions): TestRequest {
  const last = messages.at(-1);
  return {
    messages,
    text: last?.role === 'user' ? textOf(last) : '',
    results: last?.role === 'assistant' ? resultsOf(last) : [],
    trigger,
    body,
    headers: Object.fromEntries(new Headers(headers)),
    metadata,
  };
}

/** The text of a message. */
export function textOf(message: UIMessage | undefined): string {
  return partsOf(message)
    .flatMap((part) => (part.type === 'text' ? part.text : []))
    .join('');
}

function resultsOf(message: UIMessage): TestRequestResult[] {
  const lastStep = lastStepOf(message);
  return readToolParts(message).flatMap(({ step, toolName, part }): TestRequestResult[] => {
    const word = readWord(part);
    if (step !== lastStep || word === undefined) return [];
    const call = { toolCallId: part.toolCallId, toolName, input: part.input };
    if (word.state === 'output-available') return [{ ...call, output: word.output }];
    return [{ ...call, errorText: (word.state === 'output-error' ? word.errorText : word.reason) ?? '' }];
  });
}
