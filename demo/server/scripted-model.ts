// Owns the model that the demo uses when no API key is set: an AI SDK language model whose words come from rules and not from a network.
// It streams as a provider does: text word by word, tool inputs in pieces, all calls of a step in one response.
import { setTimeout as wait } from 'node:timers/promises';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { readConversation } from './scripted/conversation.ts';
import { takeTurn, type ScriptedTurn } from './scripted/turn.ts';

export interface ScriptedModelOptions {
  /** Multiplies the delays between pieces; `0` streams without any. @default 1 */
  pace?: number;
}

/** Milliseconds before the first piece, and after a piece of each kind. */
const delays = { first: 350, word: 22, inputPiece: 14, letters: 35, call: 30 };

export function createScriptedModel({ pace = 1 }: ScriptedModelOptions = {}): LanguageModelV4 {
  const turnFor = (options: LanguageModelV4CallOptions): ScriptedTurn =>
    takeTurn(
      readConversation(
        options.prompt,
        (options.tools ?? []).map(({ name }) => name),
      ),
    );
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: 'scripted',
    supportedUrls: {},
    doStream: async (options) => ({ stream: toStream(streamParts(turnFor(options), options, pace)) }),
    doGenerate: async (options) => {
      const turn = turnFor(options);
      return {
        content: [
          { type: 'text', text: turn.text },
          ...turn.calls.map((call) => ({
            type: 'tool-call' as const,
            toolCallId: createCallId(),
            toolName: call.toolName,
            input: JSON.stringify(call.input),
          })),
        ],
        finishReason: finishReasonOf(turn),
        usage: usageOf(turn, options),
        warnings: [],
      };
    },
  };
}

async function* streamParts(
  turn: ScriptedTurn,
  options: LanguageModelV4CallOptions,
  pace: number,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const rest = (milliseconds: number) =>
    pace > 0
      ? wait(milliseconds * pace, undefined, options.abortSignal ? { signal: options.abortSignal } : {})
      : Promise.resolve();

  yield { type: 'stream-start', warnings: [] };
  await rest(delays.first);
  if (turn.text) {
    yield { type: 'text-start', id: 'text' };
    for (const delta of turn.text.split(/(?<=\s)(?=\S)/)) {
      yield { type: 'text-delta', id: 'text', delta };
      await rest(delays.word);
    }
    yield { type: 'text-end', id: 'text' };
  }
  for (const { toolName, input, isLong } of turn.calls) {
    const toolCallId = createCallId();
    const json = JSON.stringify(input);
    yield { type: 'tool-input-start', id: toolCallId, toolName };
    for (const delta of json.match(isLong ? /.{1,6}/gsu : /.{1,24}/gsu) ?? []) {
      yield { type: 'tool-input-delta', id: toolCallId, delta };
      await rest(isLong ? delays.letters : delays.inputPiece);
    }
    yield { type: 'tool-input-end', id: toolCallId };
    yield { type: 'tool-call', toolCallId, toolName, input: json };
    await rest(delays.call);
  }
  yield { type: 'finish', finishReason: finishReasonOf(turn), usage: usageOf(turn, options) };
}

function toStream(parts: AsyncGenerator<LanguageModelV4StreamPart>): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error);
      }
    },
    cancel: async () => void (await parts.return(undefined)),
  });
}

const createCallId = () => `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;

const finishReasonOf = ({ calls }: ScriptedTurn) =>
  calls.length > 0 ? { unified: 'tool-calls' as const, raw: 'tool_calls' } : { unified: 'stop' as const, raw: 'stop' };

/** A token is about four letters. */
function usageOf(turn: ScriptedTurn, { prompt }: LanguageModelV4CallOptions) {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4);
  const [input, output] = [tokens(prompt), tokens([turn.text, turn.calls])];
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}
