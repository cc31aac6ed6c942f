// Proves: whatever becomes of the page, of its chat or of the agent, and whatever a call waits for by then, the browser's agent gets an answer, as data.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { callReports, clientTool, createToolRegistry, type ToolCall, type ToolCallsPlugin } from 'use-parallel-tools';
import { answerConsent, disclosure } from 'use-parallel-tools/disclosure';
import { says, createTestChat } from 'use-parallel-tools/testing';
import { offerTools, type WebMcpTool } from 'use-parallel-tools/webmcp';
import { z } from 'zod';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { createHandExecute } from '../harness/deferred.ts';

const inputSchema = z.object({ n: z.number() });

/** Its tools wait, each for something else. */
async function createWorld() {
  const window = new EventTarget();
  vi.stubGlobal('window', window);
  onTestFinished(() => void vi.unstubAllGlobals());
  const { execute, invocations } = createHandExecute<{ n: number }, { abortSignal: AbortSignal }>();
  const fail = (): string => {
    throw new Error('the line is down');
  };
  const tools = {
    run: clientTool({ inputSchema, readOnly: true, retry: 0, execute }),
    line: clientTool({ inputSchema, readOnly: true, concurrency: 1, execute }),
    again: clientTool({ inputSchema, readOnly: true, retry: 3, retryDelay: 60_000, execute: fail }),
    ask: clientTool({ inputSchema, execute }),
    question: clientTool({ inputSchema, readOnly: true, outputSchema: z.string() }),
    read: clientTool({ inputSchema, readOnly: true, execute: ({ n }) => n }),
    fail: clientTool({ inputSchema, readOnly: true, retry: 0, execute: fail }),
  };
  // It never says what may be read of a failure.
  const silent: ToolCallsPlugin = { name: 'silent', errorToModel: () => new Promise<string>(() => {}) };
  const plugins = [disclosure({ consent: () => 'ask' }), silent, callReports()];
  const registry = createToolRegistry();
  const chat = createTestChat({ tools, plugins, registry, script: [says('Hello.'), says('Bye.')] });
  const offered = new Map<string, WebMcpTool>();
  const modelContext = { registerTool: (tool: WebMcpTool) => void offered.set(tool.name, tool) };
  const offer = new AbortController();
  const names = Object.keys(tools);
  await offerTools(chat.toolCalls, { names, modelContext, signal: offer.signal, report: true });
  /** The agent calls a tool, without a browser that answers for the page. */
  const call = (name: string, signal?: AbortSignal) =>
    offered.get(name)!.execute({ n: 1 }, signal === undefined ? {} : { signal });
  return { chat, window, invocations, offer, call };
}
type World = Awaited<ReturnType<typeof createWorld>>;

interface Row {
  tool: string;
  status: ToolCall['status'];
  /** What the agent reads when the page goes. */
  left: RegExp;
}

const CLOSED = /^Cancelled: the page/;
const UNSENT = /^It ran, but its result was not sent/;
const rows: Row[] = [
  { tool: 'line', status: 'queued', left: CLOSED },
  { tool: 'ask', status: 'awaiting-approval', left: CLOSED },
  { tool: 'question', status: 'awaiting-input', left: CLOSED },
  { tool: 'run', status: 'running', left: CLOSED },
  { tool: 'again', status: 'retrying', left: CLOSED },
  { tool: 'read', status: 'succeeded', left: UNSENT },
  { tool: 'fail', status: 'failed', left: UNSENT },
];

/** What an agent has by now: its answer, or nothing. */
async function answerOf(calling: Promise<unknown>): Promise<unknown> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([calling, Promise.resolve('nothing')]);
}

const failure = (text: unknown) => ({ isError: true, content: [{ type: 'text', text }] });

describe.each(rows)('a call of $tool that is $status, and has no answer yet', ({ tool, status, left }) => {
  async function begin() {
    const world = await createWorld();
    if (tool === 'line') void world.call('line');
    const agent = new AbortController();
    const calling = world.call(tool, agent.signal);
    await world.chat.until(() => world.chat.call(tool).status === status);
    expect(await answerOf(calling)).toBe('nothing');
    return { ...world, agent, calling };
  }

  it('is answered when the page is unmounted', async () => {
    const { chat, calling } = await begin();
    chat.unmount();
    expect(await answerOf(calling)).toEqual(failure(expect.stringMatching(left)));
  });

  it('is answered when the browser leaves the page', async () => {
    const { window, calling, chat, invocations } = await begin();
    window.dispatchEvent(new Event('pagehide'));
    expect(await answerOf(calling)).toEqual(failure(expect.stringMatching(left)));
    // It may be shown again, and nobody waits for the call then.
    expect(chat.calls.at(-1)?.settledAt).toBeDefined();
    if (status === 'running') expect(invocations[0]?.options.abortSignal.aborted).toBe(true);
  });

  it('is answered when the agent gives it up', async () => {
    const { agent, calling } = await begin();
    agent.abort();
    expect(await answerOf(calling)).toEqual(failure(expect.stringContaining('the one who made the call gave it up')));
  });

  it.each<[string, (world: World) => void]>([
    ['the user stops the chat', ({ chat }) => chat.stop()],
    ['the conversation is cleared', ({ chat }) => chat.setMessages([])],
    ['the user says something', ({ chat }) => chat.send('Hi')],
    ['the page takes its tools back', ({ offer }) => offer.abort()],
  ])('goes on when %s, and is answered by what ends it', async (_, happen) => {
    const world = await begin();
    happen(world);
    await world.chat.until(() => world.chat.status === 'ready');
    expect(await answerOf(world.calling)).toBe('nothing');
    expect(world.chat.call(tool).status).toBe(status);
    world.chat.unmount();
    expect(await answerOf(world.calling)).toEqual(failure(expect.stringMatching(left)));
  });
});

it('is answered when it comes to a page that has gone, and when its agent has given up before', async () => {
  const { chat, call } = await createWorld();
  expect(await answerOf(call('run', AbortSignal.abort()))).toEqual(failure(expect.stringContaining('gave it up')));
  expect(chat.calls).toEqual([]);
  chat.unmount();
  expect(await answerOf(call('run'))).toEqual(failure(expect.stringMatching(CLOSED)));
});

it('is answered by the person where the page only seemed to go, as StrictMode has it', async () => {
  const { bridge } = createParallelChat({
    tools: { read: clientTool({ inputSchema, readOnly: true, execute: ({ n }) => n }) },
    plugins: [disclosure({ consent: () => 'ask' })],
  } as never);
  const unmount = bridge.mount();
  const offered = new Map<string, WebMcpTool>();
  const modelContext = { registerTool: (tool: WebMcpTool) => void offered.set(tool.name, tool) };
  await offerTools(bridge.toolCalls, { names: ['read'], modelContext });
  const calling = offered.get('read')!.execute({ n: 7 });
  expect(await answerOf(calling)).toBe('nothing');
  unmount();
  const unmountAgain = bridge.mount();
  expect(await answerOf(calling)).toBe('nothing');
  const [batch] = Object.values(bridge.toolCalls.store.getState().batches);
  answerConsent(bridge.toolCalls, batch!);
  expect(await answerOf(calling)).toBe(7);
  unmountAgain();
});

it('is told to the chat’s model once the page is back, though its agent has been answered', async () => {
  const requests: string[] = [];
  const { bridge, functions } = createParallelChat({
    tools: { read: clientTool({ inputSchema, readOnly: true, execute: ({ n }) => `the secret ${n}` }) },
    plugins: [disclosure({ consent: () => 'ask' }), callReports()],
    transport: {
      sendMessages: async ({ messages }: { messages: unknown }) => {
        requests.push(JSON.stringify(messages));
        return new ReadableStream();
      },
    },
  } as never);
  const unmount = bridge.mount();
  const offered = new Map<string, WebMcpTool>();
  const modelContext = { registerTool: (tool: WebMcpTool) => void offered.set(tool.name, tool) };
  await offerTools(bridge.toolCalls, { names: ['read'], modelContext, report: true });
  const calling = offered.get('read')!.execute({ n: 7 });
  await answerOf(calling);
  unmount();
  expect(await answerOf(calling)).toEqual(failure(expect.stringMatching(UNSENT)));
  const unmountAgain = bridge.mount();
  await answerOf(calling);
  answerConsent(bridge.toolCalls, Object.values(bridge.toolCalls.store.getState().batches)[0]!);
  await answerOf(calling);
  void functions.sendMessage({ text: 'Hi' });
  await answerOf(calling);
  expect(requests.join()).toContain('the secret 7');
  unmountAgain();
});
