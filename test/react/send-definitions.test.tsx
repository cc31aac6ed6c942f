// `sendDefinitions`: a server that does not have the page's tools gets them with each request, and reads them with its own functions.
import { renderHook } from '@testing-library/react';
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  DefaultChatTransport,
  simulateReadableStream,
  streamText,
  toUIMessageStream,
  validateUIMessages,
  type ToolSet,
  type UIMessage,
} from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { clientTool, describeTools, useParallelTools } from 'use-parallel-tools';
import { toolsFromDescriptions } from 'use-parallel-tools/server';
import { z } from 'zod';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, drain, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { expectConsole } from '../setup/console.ts';

describe.each(CHAT_WAYS)('%s with sendDefinitions', (way) => {
  it('sends the definitions of the tools with a message and with its follow-up, beside the body of the page', async () => {
    const { tools, reads } = createHandTools();
    const { chat, transport } = renderChat({ tools, sendDefinitions: true }, { way });
    const body = { tenant: 7, tools: await describeTools(tools) };
    void chat().sendMessage({ text: 'Hi' }, { body: { tenant: 7 } });
    const response = await transport.next();
    expect(response.request?.body).toEqual(body);
    response.start().call('a', 'read', { n: 1 }).finish();
    await expect.poll(() => reads.length).toBe(1);
    reads[0]!.resolve(1);
    expect((await transport.next()).request?.body).toEqual(body);
  });

  it('sends the tools that the page has by then', async () => {
    const { tools, reads } = createHandTools();
    const later = { ...tools, later: clientTool({ inputSchema: z.object({}), execute: () => 1 }) };
    const { ask, transport, view } = renderChat<ToolSet>({ tools, sendDefinitions: true }, { way });
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await expect.poll(() => reads.length).toBe(1);
    view.rerender({ tools: later, sendDefinitions: true });
    reads[0]!.resolve(1);
    expect((await transport.next()).request?.body).toEqual({ tools: await describeTools(later) });
  });
});

it('sends no definitions unless it is asked to', async () => {
  const { ask } = renderChat({ tools: createHandTools().tools });
  expect((await ask()).request?.body).toBeUndefined();
});

it('leaves a `tools` of the page’s own in the body, and says so', async () => {
  expectConsole('warn', 'a request has a `tools` in its body already');
  const { chat, transport } = renderChat({ tools: createHandTools().tools, sendDefinitions: true });
  void chat().sendMessage({ text: 'Hi' }, { body: { tools: 'mine' } });
  expect((await transport.next()).request?.body).toEqual({ tools: 'mine' });
});

it('gives the error of a tool that cannot be described to the page, and sends nothing', async () => {
  const opaque = { '~standard': { version: 1, vendor: 'mine', validate: (value: unknown) => ({ value }) } } as never;
  const tools = { opaque: clientTool({ inputSchema: opaque, execute: () => 1 }) };
  const { chat, transport } = renderChat({ tools, sendDefinitions: true });
  void chat().sendMessage({ text: 'Hi' });
  await expect.poll(() => chat().error?.message).toContain('`inputSchema` of tool `opaque`');
  expect(transport.responses).toHaveLength(0);
});

// AI SDK 6 has another end of a route.
it.runIf(!isAiSdk6)(
  'lets a route show tools that it does not have to the model, and check what they gave',
  async () => {
    const seenTools: unknown[] = [];
    const model = new MockLanguageModelV3({
      doStream: async ({ tools, prompt }) => {
        seenTools.push(tools?.map(({ name }) => name));
        const isTold = prompt.at(-1)?.role === 'tool';
        const call = { type: 'tool-call' as const, toolCallId: 'a', toolName: 'add', input: '{"a":1,"b":2}' };
        const text = ['text-start', 'text-delta', 'text-end'].map(
          (type) => ({ type, id: 't', delta: 'Three' }) as never,
        );
        const unified = isTold ? ('stop' as const) : ('tool-calls' as const);
        const tokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0, text: 1, reasoning: 0 };
        const usage = { inputTokens: tokens, outputTokens: tokens };
        const end = { type: 'finish' as const, usage, finishReason: { unified, raw: unified } };
        return { stream: simulateReadableStream({ chunks: [...(isTold ? text : [call]), end] }) };
      },
    });
    async function postChat(request: Request): Promise<Response> {
      const body = (await request.json()) as { messages: unknown; tools: unknown };
      const tools = toolsFromDescriptions(body.tools);
      const messages = await validateUIMessages({ messages: body.messages, tools });
      const result = streamText({ model, messages: await convertToModelMessages(messages, { tools }), tools });
      return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream, tools }) });
    }
    const transport = new DefaultChatTransport<UIMessage>({
      api: 'http://localhost/api/chat',
      fetch: (url, init) => postChat(new Request(url, init)),
    });
    const add = clientTool({
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.number(),
      execute: ({ a, b }) => a + b,
    });
    const { result } = renderHook(() =>
      useParallelTools<ToolSet, UIMessage>({ tools: { add }, transport, sendDefinitions: true }),
    );
    void result.current.sendMessage({ text: 'Hi' });
    const lastPart = () => result.current.messages.at(-1)?.parts.at(-1);
    await expect.poll(lastPart).toMatchObject({ type: 'text', text: 'Three' });
    await drain();
    expect(seenTools).toEqual([['add'], ['add']]);
  },
);
