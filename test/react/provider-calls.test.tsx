// What becomes of calls that the provider runs itself (a web search) when they are stopped half-way.
import { createAnthropic } from '@ai-sdk/anthropic';
import { convertToModelMessages, generateText, type ModelMessage, type UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';
import type { ScriptedResponse } from '../harness/scripted-transport.ts';

const search = (response: ScriptedResponse, toolCallId = 'p') =>
  response.write({ type: 'tool-input-available', toolCallId, toolName: 'web_search', input: { query: 'shoes' }, providerExecuted: true }); // prettier-ignore

/** The ids of the calls in what a server would make of a request, and of their results. */
async function idsOf(messages: UIMessage[]) {
  const content = (await convertToModelMessages(messages)).flatMap((message): ModelMessage['content'][number][] => [
    ...message.content,
  ]);
  const of = (type: string) =>
    content.flatMap((part) =>
      typeof part === 'object' && part.type === type && 'toolCallId' in part ? part.toolCallId : [],
    );
  return { calls: of('tool-call'), results: of('tool-result') };
}

/** What Anthropic would get. */
async function sendToAnthropic(messages: UIMessage[]): Promise<string> {
  let body = '';
  const anthropic = createAnthropic({
    apiKey: 'none',
    fetch: async (_url, init) => {
      body = String(init?.body);
      return new Response('{}', { status: 400 });
    },
  });
  const tools = { web_search: anthropic.tools.webSearch_20250305() };
  const request = { model: anthropic('claude-sonnet-4-5'), tools, maxRetries: 0 };
  await generateText({ ...request, messages: await convertToModelMessages(messages) }).catch(() => undefined);
  return body;
}

async function stopHalfway() {
  const hand = createHandTools();
  const page = renderChat({ tools: hand.tools });
  search((await page.ask()).start().text('Looking'));
  await page.settle();
  await page.chat().stop();
  await page.settle();
  return { ...hand, ...page };
}

describe('a call of the provider’s own that was stopped half-way', () => {
  it('is left out of the next request, and stays in the messages', async () => {
    const { ask, chat } = await stopHalfway();
    const { messages } = await ask('Go on');
    expect(messages[1]?.parts.map(({ type }) => type)).toEqual(['step-start', 'text']);
    expect(chat().messages[1]?.parts.at(-1)).toMatchObject({ toolCallId: 'p', state: 'input-available' });
    const body = await sendToAnthropic(messages);
    expect(body).toContain('Looking');
    expect(body).not.toContain('server_tool_use');
  });

  it('is left out of follow-ups too', async () => {
    const { ask, reads, settle, transport } = await stopHalfway();
    (await ask('Go on')).start('answer-2').call('a', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve(1);
    expect(await idsOf((await transport.next()).messages)).toEqual({ calls: ['a'], results: ['a'] });
  });

  it('is left out where the page was loaded with it', async () => {
    const parts = [
      { type: 'text', text: 'Looking' },
      { type: 'dynamic-tool', toolName: 'web_search', toolCallId: 'p', state: 'input-available', input: {}, providerExecuted: true }, // prettier-ignore
    ] as const;
    const messages: UIMessage[] = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: 'a', role: 'assistant', parts: [...parts] },
    ];
    const { ask } = renderChat({ tools: createHandTools().tools, messages });
    expect(await idsOf((await ask()).messages)).toEqual({ calls: [], results: [] });
  });
});

describe('a call of the provider’s own', () => {
  it('that has its result goes out with it', async () => {
    const { ask, settle } = renderChat({ tools: createHandTools().tools });
    const response = search((await ask()).start());
    response
      .write({ type: 'tool-output-available', toolCallId: 'p', output: [], providerExecuted: true })
      .finish('stop');
    await settle();
    expect(await idsOf((await ask('Go on')).messages)).toEqual({ calls: ['p'], results: ['p'] });
  });

  it('that waits for the page’s calls stays in the follow-up: its result is still to come', async () => {
    const { tools, reads } = createHandTools();
    const { ask, settle, transport } = renderChat({ tools });
    search((await ask()).start())
      .call('a', 'read', { n: 1 })
      .finish();
    await settle();
    reads[0]!.resolve(1);
    expect(await idsOf((await transport.next()).messages)).toEqual({ calls: ['p', 'a'], results: ['a'] });
    // The harness counts results; that one is missing is what this test is about.
    expect(transport.problems.splice(0)).toEqual(['p has 0 results']);
  });
});
