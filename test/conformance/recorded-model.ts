// Owns: a recording's model, as its own provider package makes it, over a `fetch` that answers with recorded bodies.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createVertex } from '@ai-sdk/google-vertex';
import { createGroq } from '@ai-sdk/groq';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createXai } from '@ai-sdk/xai';
import { simulateStreamingMiddleware, wrapLanguageModel } from 'ai';
import type { Recording } from './recordings.ts';

type WrappedModel = Parameters<typeof wrapLanguageModel>[0]['model'];

export interface RecordedModel {
  readonly model: WrappedModel;
  /** The bodies that the provider package sent, parsed. */
  readonly requests: unknown[];
}

/**
 * @param onPiece before each event of a body, when all that the one before it said has been read
 * @throws when the recording names a package that is not listed here
 */
export function createRecordedModel(
  recording: Recording,
  bodies: readonly string[],
  onPiece: () => void = () => {},
): RecordedModel {
  const requests: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    const body = bodies[requests.length];
    requests.push(JSON.parse(String(init?.body)));
    if (body === undefined) throw new Error(`Nothing was recorded for request ${requests.length} of ${recording.id}`);
    const contentType = recording.kind === 'sse' ? 'text/event-stream' : 'application/json';
    return new Response(toPieces(body, onPiece), { headers: { 'content-type': contentType } });
  };
  const model = createModel(recording, { apiKey: 'test', fetch });
  return {
    model: recording.kind === 'sse' ? model : wrapLanguageModel({ model, middleware: simulateStreamingMiddleware() }),
    requests,
  };
}

function createModel({ package: name, provider, model }: Recording, options: ProviderOptions): WrappedModel {
  switch (name) {
    case '@ai-sdk/anthropic':
      return createAnthropic(options)(model);
    case '@ai-sdk/google':
      return createGoogleGenerativeAI(options)(model);
    case '@ai-sdk/google-vertex':
      return createVertex(options)(model);
    case '@ai-sdk/groq':
      return createGroq(options)(model);
    case '@ai-sdk/openai (chat)':
      return createOpenAI(options).chat(model);
    case '@ai-sdk/openai (responses)':
      return createOpenAI(options).responses(model);
    // The last major version of @ai-sdk/xai that speaks the chat API of the recordings.
    case '@ai-sdk/xai (chat)':
      return createXai(options).chat(model);
    case '@ai-sdk/openai-compatible':
      return createOpenAICompatible({ ...options, name: provider, baseURL: 'https://provider.test/v1' })(model);
    default:
      throw new Error(`${name} decodes this recording: add it to recorded-model.ts`);
  }
}

interface ProviderOptions {
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
}

/** A body that arrives event by event, each in its own turn of the event loop. */
function toPieces(body: string, onPiece: () => void): ReadableStream<Uint8Array> {
  const pieces = body.split(/(?<=\r?\n\r?\n)/);
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      const piece = pieces.shift();
      if (piece === undefined) return controller.close();
      onPiece();
      controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}
