// A model that needs no key: it makes all its calls at once when the user has written, and counts the results when they come back.
// Put a real one in its place, such as `model: 'openai/gpt-5.4'`.
import { simulateReadableStream } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';

export interface ScriptedCall {
  toolName: string;
  input: object;
}

export function createScriptedModel(calls: ScriptedCall[]): MockLanguageModelV3 {
  return new MockLanguageModelV3({
    doStream: async ({ prompt }) => {
      const last = prompt.at(-1);
      const told = last?.role === 'tool' ? last.content : [];
      const results = told.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
      const good = results.filter(({ output }) => !output.type.startsWith('error'));
      const parts =
        results.length > 0
          ? say(`${good.length} of ${results.length} tools answered.`)
          : [...say('Let me look.'), ...calls.map(toPart)];
      const reason = results.length > 0 ? ('stop' as const) : ('tool-calls' as const);
      const finish = { type: 'finish' as const, finishReason: { unified: reason, raw: reason }, usage };
      return { stream: simulateReadableStream({ chunks: [...parts, finish], chunkDelayInMs: 30 }) };
    },
  });
}

const say = (text: string) => [
  { type: 'text-start' as const, id: 'text' },
  { type: 'text-delta' as const, id: 'text', delta: text },
  { type: 'text-end' as const, id: 'text' },
];

const toPart = ({ toolName, input }: ScriptedCall) => ({
  type: 'tool-call' as const,
  toolCallId: crypto.randomUUID(),
  toolName,
  input: JSON.stringify(input),
});

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
