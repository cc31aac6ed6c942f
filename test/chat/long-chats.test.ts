// A chat of a thousand messages: one more call reads none of the earlier ones. Times are a machine's; reads are counted.
import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { clientTool } from '../../src/core/tool.ts';
import { createParallelChat } from '../../src/react/parallel-chat.ts';

/** Two answers of calls and their texts: what a page that is reloaded finds. */
const history = Array.from({ length: 1000 }, (_, index): UIMessage => {
  if (index % 2 === 0) return { id: `u${index}`, role: 'user', parts: [{ type: 'text', text: 'Go' }] };
  const call = { type: 'tool-work', toolCallId: `c${index}`, state: 'output-available', input: {}, output: 1 } as const;
  return {
    id: `a${index}`,
    role: 'assistant',
    parts: [{ type: 'step-start' }, call, { type: 'step-start' }, { type: 'text', text: 'Done' }],
  };
});

/** The function of this library that reads: the SDK's own loops are its own. */
function findReader(): string | undefined {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites;
  // SAFETY: as it was just said that stacks are to be.
  const sites = new Error('who reads').stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  const files = sites.filter((site) => (site.getFileName() ?? '').includes('/') && !isHere(site));
  if (files[0]?.getFileName()?.includes('/src/') !== true || files[0].getFileName()?.includes('node_modules'))
    return undefined;
  return files.slice(0, 3).map(toPlace).join(' < ');
}

const toPlace = (site: NodeJS.CallSite) => `${site.getFileName()?.split('/src/').at(-1)}:${site.getLineNumber()}`;
const isHere = (site: NodeJS.CallSite) => site.getFileName()?.includes('long-chats.test') === true;

/** Messages that note who reads them. */
function watch(messages: readonly UIMessage[]) {
  const read = new Map<string, string>();
  const watched = messages.map(
    (message) =>
      new Proxy(message, {
        get(target, field) {
          const reader = findReader();
          if (reader !== undefined) read.set(target.id, reader);
          return Reflect.get(target, field) as unknown;
        },
      }),
  );
  return { watched, read };
}

const answer = (count: number, calls: number): UIMessageChunk[] => [
  { type: 'start', messageId: `new-${count}` },
  { type: 'start-step' },
  ...Array.from({ length: calls }, (_, index): UIMessageChunk => ({
    type: 'tool-input-available',
    toolCallId: `new-${count}-${index}`,
    toolName: 'work',
    input: {},
  })),
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'tool-calls' },
];
const text: UIMessageChunk[] = [
  { type: 'start' },
  { type: 'start-step' },
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: 'All done' },
  { type: 'text-end', id: 't' },
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'stop' },
];

const streamOf = (chunks: readonly UIMessageChunk[]) =>
  new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** A chat without a page, whose model calls the tool twice for each message and answers then. */
function openChat(messages: UIMessage[]) {
  let count = 0;
  const requests: UIMessage[][] = [];
  const transport: ChatTransport<UIMessage> = {
    async sendMessages({ messages: sent }) {
      requests.push(sent);
      return streamOf(sent.at(-1)?.role === 'user' ? answer(count++, 2) : text);
    },
    reconnectToStream: async () => null,
  };
  const tools = { work: clientTool({ inputSchema: z.object({}), readOnly: true, execute: async () => 1 }) };
  const chat = createParallelChat<UIMessage>({ id: 'long', messages, transport, tools });
  onTestFinished(chat.bridge.mount());
  return {
    requests,
    async turn() {
      await chat.functions.sendMessage({ text: 'Go' });
      const last = () => chat.chat.messages.at(-1)?.parts.at(-1);
      await expect.poll(() => chat.chat.status === 'ready' && last()?.type === 'text' && last()).toBeTruthy();
    },
  };
}

it('a turn with two calls reads none of a thousand earlier messages', async () => {
  const { watched, read } = watch(history);
  const { turn, requests } = openChat(watched);
  await turn();
  expect(read.size).toBe(history.length); // once, to know what is there
  await turn();
  read.clear();
  await turn();
  expect(requests).toHaveLength(6);
  expect([...new Set(read.values())]).toEqual([]);
});

it('a part that is still open in an old message is closed in every request, and what stands before it is not read', async () => {
  const open = structuredClone(history);
  Object.assign(open[501]!.parts[1]!, { state: 'input-available', output: undefined, type: 'tool-other' });
  const { watched, read } = watch(open);
  const { turn, requests } = openChat(watched);
  await turn();
  await turn();
  read.clear();
  await turn();
  for (const request of requests) expect(request[501]!.parts[1]).toMatchObject({ state: 'output-error' });
  const before = [...read].filter(([id]) => Number(id.slice(1)) < 500);
  expect(before.map(([, reader]) => reader)).toEqual([]);
});
