// What passes through the tap: every chunk, in order, and never so many in one task that a page would stand still.
import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import { expect, it } from 'vitest';
import { tapTransport, type ResponseTapListener } from '../../src/sdk/response-tap.ts';

const listener: ResponseTapListener = {
  currentId: (messageId) => messageId,
  onRequest: (request) => request,
  beforeRequest: () => undefined,
  onChunk() {},
  onResponse() {},
  onResetStep() {},
  onReconnect() {},
};

const chunks: UIMessageChunk[] = [
  { type: 'start' },
  { type: 'start-step' },
  ...Array.from({ length: 100 }, (_, index): UIMessageChunk => ({
    type: 'tool-input-available',
    toolCallId: `c${index}`,
    toolName: 'work',
    input: {},
  })),
  { type: 'finish-step' },
  { type: 'finish' },
];

/** The answer as it comes through the tap, from a model that gives it in one piece. */
async function open(): Promise<ReadableStream<UIMessageChunk>> {
  const transport: ChatTransport<UIMessage> = {
    sendMessages: async () =>
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      }),
    reconnectToStream: async () => null,
  };
  return tapTransport(() => transport, listener).sendMessages({
    trigger: 'submit-message',
    chatId: 'chat',
    messageId: undefined,
    messages: [{ id: 'u', role: 'user', parts: [] }],
    abortSignal: undefined,
  });
}

function keepBusy(milliseconds: number): void {
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
}

/** Reads the answer as a chat that takes so long for each chunk. Gives how many chunks it had in each task. */
async function readInTasks(milliseconds: number): Promise<number[]> {
  const reader = (await open()).getReader();
  const seen: UIMessageChunk[] = [];
  const tasks = new Map<number, number>();
  let task = 0;
  let isOver = false;
  const count = () => {
    task++;
    if (!isOver) setImmediate(count);
  };
  count();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    seen.push(value);
    tasks.set(task, (tasks.get(task) ?? 0) + 1);
    keepBusy(milliseconds);
  }
  isOver = true;
  expect(seen).toEqual(chunks);
  return [...tasks.values()];
}

it('gives the page a turn between the calls of an answer that comes in one piece', async () => {
  const tasks = await readInTasks(2);
  expect(Math.max(...tasks)).toBeLessThanOrEqual(34);
  // No sooner: a page that is cold is as slow, and a few calls are to start together.
  expect(Math.max(...tasks)).toBeGreaterThanOrEqual(32);
  expect(tasks.length).toBeGreaterThan(2);
});

it('starts calls in one task where they take no time', async () => {
  const tasks = await readInTasks(0);
  expect(Math.max(...tasks)).toBeGreaterThan(32);
});

it('passes nothing on once the chat has let go of the answer', async () => {
  const reader = (await open()).getReader();
  for (let count = 0; count < 32; count++) {
    await reader.read();
    keepBusy(1);
  }
  const next = reader.read();
  await reader.cancel();
  expect(await next).toEqual({ done: true, value: undefined });
});
