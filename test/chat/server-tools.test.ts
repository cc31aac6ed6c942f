// A real `streamText` behind real HTTP that has the last word on calls which the page could run: it denies them, or runs them itself.
import { DefaultChatTransport, tool, type ToolSet, type UIMessage } from 'ai';
import { convertArrayToReadableStream, MockLanguageModelV3 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toolDefinitions } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { startChatServer, type ChatServer } from '../conformance/chat-server.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { createParallelChat } from '../../src/react/parallel-chat.ts';

beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
let server: ChatServer;
let unmount: () => void;
afterEach(() => {
  unmount();
  server.close();
  vi.unstubAllEnvs();
});

type StreamResult = Awaited<ReturnType<MockLanguageModelV3['doStream']>>;
type StreamPart = StreamResult['stream'] extends ReadableStream<infer TPart> ? TPart : never;

/** A model that makes these calls, and says "Done" once it has been told of them. */
function createModel(...calls: readonly [id: string, toolName: string][]) {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  return new MockLanguageModelV3({
    doStream: async ({ prompt }): Promise<StreamResult> => {
      const isTold = prompt.at(-1)?.role === 'tool';
      const said: StreamPart[] = isTold
        ? [
            { type: 'text-start', id: 't' },
            { type: 'text-delta', id: 't', delta: 'Done' },
            { type: 'text-end', id: 't' },
          ]
        : calls.map(([toolCallId, toolName], n) => ({
            type: 'tool-call',
            toolCallId,
            toolName,
            input: JSON.stringify({ n }),
          }));
      const unified = isTold ? ('stop' as const) : ('tool-calls' as const);
      return {
        stream: convertArrayToReadableStream<StreamPart>([
          { type: 'stream-start', warnings: [] },
          ...said,
          { type: 'finish', usage, finishReason: { unified, raw: unified } },
        ]),
      };
    },
  });
}

const onServer = (execute: () => unknown) => tool({ inputSchema: z.object({ n: z.number() }), execute });

async function openChat(
  options: Parameters<typeof startChatServer>[0],
  policies: Parameters<typeof createHandTools>[0] = {},
) {
  server = await startChatServer(options);
  const hand = createHandTools(policies);
  const transport = new DefaultChatTransport<UIMessage>({ api: server.url });
  const { chat, bridge, functions } = createParallelChat<UIMessage>({ tools: hand.tools as ToolSet, transport });
  unmount = bridge.mount();
  const calls = () => Object.values(bridge.toolCalls.store.getState().batches).flatMap(listCalls);
  return {
    ...hand,
    ...functions,
    chat,
    calls,
    statuses: () => calls().map(({ toolCallId, status }) => `${toolCallId}: ${status}`),
    states: () =>
      chat.messages
        .filter(({ role }) => role === 'assistant')
        .flatMap(({ parts }) => parts)
        .flatMap((part) => ('toolCallId' in part ? `${part.toolCallId}: ${part.state}` : [])),
    text: () => chat.lastMessage?.parts.findLast((part) => part.type === 'text')?.text,
    /** The answer has ended, and whatever would be sent for it has been sent. */
    async ended(requests: number) {
      await expect.poll(() => server.requests.length).toBe(requests);
      await expect.poll(() => chat.status).toBe('ready');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(chat.status).toBe('ready');
      expect(server.requests).toHaveLength(requests);
    },
  };
}

// Fact 32; `toolApproval` is new in AI SDK 7.
describe.runIf(!isAiSdk6)('a tool that `toolApproval` denies', () => {
  const definitions = () => toolDefinitions(createHandTools().tools) as ToolSet;
  const toolApproval = { write: { type: 'denied', reason: 'Not today' } } as const;

  it.each([
    ['does not run', {}],
    ['with `approval: true` asks nobody', { write: { approval: true } }],
  ])('%s, its part stays as it was, and the chat goes on', async (_, policies) => {
    const model = createModel(['a', 'write']);
    const opened = await openChat({ model, tools: definitions(), toolApproval }, policies);
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.calls()).toMatchObject([{ status: 'denied', error: { message: 'Not today' } }]);
    expect(opened.writes).toHaveLength(0);
    expect(opened.chat.lastMessage?.parts.at(-1)).toMatchObject({
      state: 'output-denied',
      approval: { approved: false, isAutomatic: true, reason: 'Not today' },
    });
    void opened.sendMessage({ text: 'And now?' });
    await opened.ended(2);
    expect(opened.writes).toHaveLength(0);
  });

  it('is aborted where it had started', async () => {
    const model = createModel(['a', 'write']);
    const opened = await openChat({ model, tools: definitions(), toolApproval }, { write: { start: 'eager' } });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.statuses()).toEqual(['a: denied']);
    expect(opened.writes.every(({ options }) => options.abortSignal.aborted)).toBe(true);
  });

  it('counts as answered beside a read of the page: one follow-up, which the server takes', async () => {
    const model = createModel(['r', 'read'], ['a', 'write']);
    const opened = await openChat({ model, tools: definitions(), toolApproval });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    opened.reads[0]!.resolve('ours');
    await opened.ended(2);
    expect(opened.states().slice(-2)).toEqual(['r: output-available', 'a: output-denied']);
    expect(opened.text()).toBe('Done');
    expect(opened.writes).toHaveLength(0);
  });
});

// Fact 34.
describe('a tool that the server runs too', () => {
  it('runs there only, and nothing is sent', async () => {
    const run = vi.fn(() => "the server's");
    const opened = await openChat({ model: createModel(['a', 'write']), tools: { write: onServer(run) } });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.calls()).toMatchObject([{ status: 'succeeded', output: "the server's" }]);
    expect(run).toHaveBeenCalledTimes(1);
    expect(opened.writes).toHaveLength(0);
    expect(opened.states()).toEqual(['a: output-available']);
  });

  it('is aborted here where it had started: card and message say what the server says', async () => {
    const run = () => new Promise((resolve) => setTimeout(() => resolve("the server's"), 60));
    const opened = await openChat({ model: createModel(['a', 'read']), tools: { read: onServer(run) } });
    void opened.sendMessage({ text: 'Hi' });
    await expect.poll(opened.statuses).toEqual(['a: running']);
    await opened.ended(1);
    expect(opened.reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(opened.calls()).toMatchObject([{ status: 'succeeded', output: "the server's" }]);
    expect(opened.chat.lastMessage?.parts.at(-1)).toMatchObject({ output: "the server's" });
  });

  it("goes on in the server's own loop, in the same answer", async () => {
    const opened = await openChat({
      model: createModel(['a', 'write'], ['b', 'read']),
      tools: { write: onServer(() => 1), read: onServer(() => 2) },
      stopWhen: ({ steps }) => steps.length === 5,
    });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.statuses()).toEqual(['a: succeeded', 'b: succeeded']);
    expect(opened.text()).toBe('Done');
    expect(opened.writes).toHaveLength(0);
  });

  it('fails as it failed there', async () => {
    const broken = onServer(() => {
      throw new Error('no table');
    });
    const opened = await openChat({ model: createModel(['a', 'write']), tools: { write: broken } });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.calls()).toMatchObject([{ status: 'failed', error: { message: 'no table' } }]);
    expect(opened.writes).toHaveLength(0);
    expect(opened.states()).toEqual(['a: output-error']);
  });

  it('beside one that only the page has: one follow-up with both', async () => {
    const { write: definition } = toolDefinitions(createHandTools().tools) as ToolSet;
    const opened = await openChat({
      model: createModel(['a', 'read'], ['b', 'write']),
      tools: { read: onServer(() => "the server's"), write: definition! },
    });
    void opened.sendMessage({ text: 'Hi' });
    await opened.ended(1);
    expect(opened.statuses()).toEqual(['a: succeeded', 'b: running']);
    opened.writes[0]!.resolve('ours');
    await opened.ended(2);
    expect(opened.states().slice(-2)).toEqual(['a: output-available', 'b: output-available']);
    expect(opened.text()).toBe('Done');
  });
});
