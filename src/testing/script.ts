/** Owns the words of which a scripted model's answers are made: `says`, `calls`, and what can go wrong. */
import type { FinishReason, UIMessageChunk } from 'ai';
import type { ScriptedResponse } from './scripted-response.ts';
import type { TestClock } from './test-clock.ts';
import type { TestRequest } from './test-request.ts';

/** What a part of an answer is written with. */
export interface ScriptStage {
  readonly response: ScriptedResponse;
  readonly clock: Pick<TestClock, 'sleep'>;
  /** An id that no call of the chat has yet. */
  nextCallId(): string;
  /** How the answer ends, unless one of its parts ends it. */
  finishReason: FinishReason;
}

/** A part of an answer: what `says`, `calls` and the others make. */
export interface ScriptPart {
  readonly play: (stage: ScriptStage) => void | PromiseLike<void>;
  /** The request fails before there is an answer. */
  readonly refusal?: Error;
}

/** One answer of the model: its parts, or a function that makes them when the request has come. */
export type ScriptedAnswer =
  | ScriptPart
  | readonly ScriptPart[]
  | ((request: TestRequest) => ScriptPart | readonly ScriptPart[]);

/** The model's answers, one for each request; or one function that answers all of them. */
export type Script = readonly ScriptedAnswer[] | ((request: TestRequest) => ScriptPart | readonly ScriptPart[]);

/** A call of the model: the tool's name, the input (`{}` where there is none), and an id, if it matters. */
export type ScriptedCall = readonly [toolName: string, input?: unknown, toolCallId?: string];

/** The model says something. */
export function says(text: string): ScriptPart {
  return { play: ({ response }) => void response.text(text) };
}

/** The model calls tools, at the same time: `calls(['getOrder', { orderId: '42' }], ['getPolicy'])`. */
export function calls(...made: readonly ScriptedCall[]): ScriptPart {
  return {
    play(stage) {
      stage.finishReason = 'tool-calls';
      for (const [toolName, input, toolCallId = stage.nextCallId()] of made)
        stage.response.call(toolCallId, toolName, input);
    },
  };
}

/** The model takes its time: milliseconds of the test's clock. */
export function pauses(milliseconds: number): ScriptPart {
  return {
    play: ({ clock, response }) =>
      // A request that was aborted wants no more of it.
      clock.sleep(milliseconds, { abortSignal: response.request?.abortSignal }).catch(() => undefined),
  };
}

/** The answer ends for this reason: `'length'`, `'content-filter'`, … */
export function finishes(finishReason: FinishReason): ScriptPart {
  return { play: (stage) => void (stage.finishReason = finishReason) };
}

/** The server says in the middle of the answer that something went wrong, and ends it. */
export function fails(errorText = 'The model is overloaded'): ScriptPart {
  return {
    play({ response }) {
      response.write({ type: 'error', errorText });
      response.close();
    },
  };
}

/** The connection breaks in the middle of the answer. */
export function cuts(): ScriptPart {
  return { play: ({ response }) => response.fail(new TypeError('network error')) };
}

/** The request fails, and there is no answer: the server is down, or says 500. */
export function refuses(error: Error | string = 'Failed to fetch'): ScriptPart {
  return { play: () => undefined, refusal: typeof error === 'string' ? new TypeError(error) : error };
}

/** Chunks of the AI SDK as they are, for whatever else a server can send. */
export function writes(...chunks: readonly UIMessageChunk[]): ScriptPart {
  return { play: ({ response }) => void response.write(...chunks) };
}

/** Writes an answer: its beginning, its parts, and a good end unless a part has ended it. */
export async function playAnswer(parts: readonly ScriptPart[], stage: ScriptStage, messageId?: string): Promise<void> {
  const { response } = stage;
  response.start(messageId);
  for (const part of parts) {
    if (response.isClosed) return;
    await part.play(stage);
  }
  if (!response.isClosed) response.finish(stage.finishReason);
}
