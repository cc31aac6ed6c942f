// What a call is called: a real `streamText` sends the titles of its tools with its calls, and a page has titles of its own.
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { DefaultChatTransport, tool, type ToolSet, type UIMessage } from 'ai';
import { convertArrayToReadableStream, MockLanguageModelV3 } from 'ai/test';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool, groupMessageParts, MessageToolCalls, toolDefinitions, ToolCallsProvider, ToolCallTimeline } from 'use-parallel-tools'; // prettier-ignore
import { startChatServer, type ChatServer } from '../conformance/chat-server.ts';
import { drain, renderChat } from '../harness/render-chat.tsx';
import { createParallelChat } from '../../src/react/parallel-chat.ts';

const inputSchema = z.object({ n: z.number() });
const execute = () => new Promise<never>(() => {});
const read = { inputSchema, readOnly: true, execute };

type StreamPart =
  Awaited<ReturnType<MockLanguageModelV3['doStream']>>['stream'] extends ReadableStream<infer TPart> ? TPart : never;

/** A model that calls each of these tools once. */
const createModel = (...toolNames: string[]) =>
  new MockLanguageModelV3({
    doStream: async () => ({
      stream: convertArrayToReadableStream<StreamPart>([
        { type: 'stream-start', warnings: [] },
        ...toolNames.map((toolName, n) => ({ type: 'tool-call' as const, toolCallId: toolName, toolName, input: `{"n":${n}}` })),
        {
          type: 'finish',
          usage: { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } },
          finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
        },
      ]),
    }),
  }); // prettier-ignore

let server: ChatServer | undefined;
let unmount: (() => void) | undefined;
afterEach(() => {
  unmount?.();
  server?.close();
  cleanup();
});

/** Asks a real server whose tools are `definitions`; the page's own are `tools`. */
async function ask(definitions: ToolSet, tools: ToolSet) {
  server = await startChatServer({ model: createModel(...Object.keys(definitions)), tools: definitions });
  const transport = new DefaultChatTransport<UIMessage>({ api: server.url });
  const { chat, bridge, functions } = createParallelChat<UIMessage>({ tools, transport });
  unmount = bridge.mount();
  void functions.sendMessage({ text: 'Hi' });
  await expect.poll(() => chat.status).toBe('ready');
  await drain();
  return { message: chat.lastMessage!, toolCalls: bridge.toolCalls };
}

/** The titles of the store's calls, and those that the message shows, in order. */
function titlesOf({ message, toolCalls }: Awaited<ReturnType<typeof ask>>) {
  const [group] = groupMessageParts(message).filter(({ type }) => type === 'tool-calls');
  const shown = group?.type === 'tool-calls' ? group.batch.order.map((key) => group.batch.calls[key]?.title) : [];
  const batch = Object.values(toolCalls.store.getState().batches)[0];
  return { recorded: batch?.order.map((key) => batch.calls[key]?.title), shown };
}

describe('the title of a call', () => {
  it('is the one that the server sent, for its own tools too', async () => {
    const tools = { read: clientTool({ ...read, title: 'The page’s title' }) };
    const audit = tool({ title: 'Audit log', inputSchema, execute: () => 'noted' });
    const opened = await ask({ read: tool({ title: 'Look up an order', inputSchema }), audit }, tools);
    expect(titlesOf(opened)).toEqual({ recorded: ['Look up an order'], shown: ['Look up an order', 'Audit log'] });
  });

  it('goes to the server and comes back with what toolDefinitions makes of the page’s tools', async () => {
    const tools = { read: clientTool({ ...read, title: 'Look up an order' }) };
    expect(titlesOf(await ask(toolDefinitions(tools), tools))).toEqual({
      recorded: ['Look up an order'],
      shown: ['Look up an order'],
    });
  });

  it('is that of the page’s own tool where the server sent none', async () => {
    const tools = { read: clientTool({ ...read, title: 'The page’s title' }), write: clientTool({ ...read }) };
    const untitled = tool({ inputSchema });
    const opened = await ask({ read: untitled, write: untitled }, tools);
    expect(titlesOf(opened)).toEqual({ recorded: ['The page’s title', undefined], shown: [undefined, undefined] });
  });

  it.each([7, '', '  ', null, { text: 'Title' }])('is none where what was sent is no title: %j', async (title) => {
    const parts = [{ type: 'tool-read', toolCallId: 'a', state: 'input-available', input: { n: 1 }, title }];
    const messages = [{ id: 'm', role: 'assistant', parts }] as unknown as UIMessage[];
    const page = renderChat({ tools: { read: clientTool({ ...read, title: 'The page’s title' }) }, messages });
    await page.settle();
    expect(page.call('a').title).toBe('The page’s title');
  });

  it('is kept when the call is loaded, runs and is retried', async () => {
    const parts = [{ type: 'tool-read', toolCallId: 'a', state: 'input-available', input: { n: 1 }, title: 'As sent' }] as const;
    const failing = clientTool({ ...read, retry: 0, execute: () => Promise.reject(new Error('No')) });
    const page = renderChat({ tools: { read: failing }, messages: [{ id: 'm', role: 'assistant', parts: [...parts] }] });
    await page.settle();
    expect(page.call('a')).toMatchObject({ status: 'failed', title: 'As sent' });
    page.chat().toolCalls.retry(page.call('a'));
    expect(page.call('a')).toMatchObject({ generation: 1, title: 'As sent' });
  }); // prettier-ignore

  it('is there while the input is still written', async () => {
    const page = renderChat({ tools: {} });
    const chunk = { type: 'tool-input-start', toolCallId: 'a', toolName: 'search', title: 'Web search' } as const;
    (await page.ask()).start().write(chunk, { type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: '{"q":"s' });
    await page.settle();
    const [group] = groupMessageParts(page.chat().messages.at(-1)!);
    expect(group?.type === 'tool-calls' && Object.values(group.batch.calls)).toMatchObject([
      { status: 'input-streaming', title: 'Web search' },
    ]);
  });
});

it('is what cards, their buttons and the timeline show, in place of the name', async () => {
  const locks = () => ({ write: ['order:42'] });
  const tools = {
    first: clientTool({ inputSchema, title: 'Refund an order', readOnly: true, locks, execute }),
    second: clientTool({ inputSchema, readOnly: true, locks, execute }),
  };
  const { message, toolCalls } = await ask(toolDefinitions(tools), tools);
  const [group] = groupMessageParts(message).filter(({ type }) => type === 'tool-calls');
  if (group?.type !== 'tool-calls') throw new Error('The message has no calls.');
  const { container } = render(
    <ToolCallsProvider value={toolCalls}>
      <MessageToolCalls groups={groupMessageParts(message)} />
      <ToolCallTimeline batch={group.batch} />
    </ToolCallsProvider>,
  );
  const [card, other] = [...container.querySelectorAll<HTMLElement>('[data-slot="tool-call-card"]')];
  expect(within(card!).getByRole('button', { name: 'Refund an order' })).toBeTruthy();
  expect(within(card!).getByRole('button', { name: 'Cancel Refund an order: 0' })).toBeTruthy();
  expect(within(other!).getByRole('button', { name: 'second' })).toBeTruthy();
  expect(other!.textContent).toContain('Waiting for order:42, held by Refund an order');
  const lines = [...container.querySelectorAll('[data-slot="tool-call-timeline-name"]')];
  expect(lines.map((line) => line.textContent)).toEqual(['Refund an order', 'second']);
  expect(screen.queryByText('first')).toBeNull();
  act(() => toolCalls.cancelAll());
});
