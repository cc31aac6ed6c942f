/** Owns the model of the live chat story: four calls in one answer, then words about whatever results it is sent. Nothing leaves the browser. */
import { MockLanguageModelV4 } from 'ai/test';

type StreamPart =
  Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer TPart> ? TPart : never;
type Prompt = Parameters<MockLanguageModelV4['doStream']>[0]['prompt'];

const calls = [
  { toolName: 'getOrderStatus', input: { orderId: '42' } },
  { toolName: 'getReturnPolicy', input: { country: 'DE' } },
  { toolName: 'checkInventory', input: { sku: 'runner-2', size: 43 } },
  { toolName: 'convertCurrency', input: { amount: 49, from: 'EUR', to: 'USD' } },
];

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** `requests` counts what the model was asked: the question is one, each follow-up another. */
export function createShopModel() {
  const model = new MockLanguageModelV4({
    provider: 'story',
    modelId: 'scripted',
    doStream: async ({ prompt }) => ({ stream: toStream(hasResults(prompt) ? answer(prompt) : ask()) }),
  });
  return { model, requests: () => model.doStreamCalls.length };
}

function ask(): StreamPart[] {
  return [
    { type: 'text-start', id: 'text' },
    {
      type: 'text-delta',
      id: 'text',
      delta: 'I’ll look at the order, the policy, the stock and the rate at the same time.',
    },
    { type: 'text-end', id: 'text' },
    ...calls.map(({ toolName, input }) => ({
      type: 'tool-call' as const,
      toolCallId: `call-${toolName}`,
      toolName,
      input: JSON.stringify(input),
    })),
    { type: 'finish', finishReason: { unified: 'tool-calls', raw: 'tool_calls' }, usage },
  ];
}

function answer(prompt: Prompt): StreamPart[] {
  const failed = resultsIn(prompt).filter(({ output }) => output.type === 'error-text');
  const delta =
    failed.length === 0
      ? 'Order 42 was delivered, size 43 is in stock, and €49.00 is $56.90.'
      : `Order 42 was delivered and size 43 is in stock. Missing: ${failed.map(({ toolName }) => toolName).join(', ')}.`;
  return [
    { type: 'text-start', id: 'text' },
    { type: 'text-delta', id: 'text', delta },
    { type: 'text-end', id: 'text' },
    { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
  ];
}

function resultsIn(prompt: Prompt) {
  return prompt.flatMap((message) =>
    message.role === 'tool' ? message.content.flatMap((part) => (part.type === 'tool-result' ? part : [])) : [],
  );
}

const hasResults = (prompt: Prompt) => resultsIn(prompt).length > 0;

function toStream(parts: StreamPart[]): ReadableStream<StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}
