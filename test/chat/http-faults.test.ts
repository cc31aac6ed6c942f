// Real HTTP, and everything that goes wrong on it: nothing runs twice, nothing is lost, the user can go on, and every request is one
// that the SDK's own server functions take.
import { DefaultChatTransport, type UIMessage } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { startStreamServer } from '../harness/stream-server.ts';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { listCalls } from 'use-parallel-tools/core';

const partStates = (message: UIMessage | undefined) =>
  message?.parts.flatMap((part) => ('toolCallId' in part ? `${part.toolCallId}: ${part.state}` : []));

let server: Awaited<ReturnType<typeof startStreamServer>>;
beforeEach(async () => void (server = await startStreamServer()));
afterEach(() => {
  server.close();
  expect(server.problems).toEqual([]);
});

function openChat() {
  const hand = createHandTools();
  const transport = new DefaultChatTransport<UIMessage>({ api: server.url });
  const { chat, bridge, functions } = createParallelChat<UIMessage>({ tools: hand.tools, transport });
  const unmount = bridge.mount();
  const batches = () => Object.values(bridge.toolCalls.store.getState().batches);
  return {
    ...hand,
    chat,
    ...functions,
    toolCalls: bridge.toolCalls,
    unmount,
    statuses: () => batches().flatMap((batch) => listCalls(batch).map((call) => `${call.toolCallId}: ${call.status}`)),
    call: (id: string) =>
      batches()
        .flatMap(listCalls)
        .findLast(({ toolCallId }) => toolCallId === id)!,
    halt: () => batches().at(-1)?.halt,
    async idle() {
      await expect.poll(() => ['ready', 'error'].includes(chat.status)).toBe(true);
    },
  };
}

/** The first answer: a read, which has started, and a write, which waits for its end. */
async function ask() {
  const opened = openChat();
  void opened.sendMessage({ text: 'Hi' });
  const request = await server.next();
  request.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
  await expect.poll(opened.statuses).toEqual(['r: running', 'w: queued']);
  return { ...opened, request };
}

/** The chat takes another message, and its calls run and are sent. */
async function expectToGoOn(opened: ReturnType<typeof openChat>) {
  const before = opened.reads.length;
  void opened.sendMessage({ text: 'And now?' });
  const request = await server.next();
  expect(request.messages.at(-1)?.role).toBe('user');
  request.start().call('again', 'read', { n: 9 }).finish();
  await expect.poll(() => opened.reads.length).toBe(before + 1);
  opened.reads[before]!.resolve('fine');
  const followUp = await server.next();
  expect(partStates(followUp.messages.at(-1))).toEqual(['again: output-available']);
  followUp.start().text('Done').finish('stop');
  await opened.idle();
  expect(opened.chat.status).toBe('ready');
}

describe('a connection that is cut', () => {
  it('before the tool calls leaves a chat that takes the next message', async () => {
    const opened = openChat();
    void opened.sendMessage({ text: 'Hi' });
    (await server.next()).start('m').text('Let me').cut();
    await expect.poll(() => opened.chat.status).toBe('error');
    await expectToGoOn(opened);
    expect(server.requests).toHaveLength(3);
  });

  it('in a tool call runs what is complete and nothing else', async () => {
    const opened = openChat();
    void opened.sendMessage({ text: 'Hi' });
    const request = await server.next();
    request.start('m').call('r', 'read', { n: 1 });
    request.write(
      { type: 'tool-input-start', toolCallId: 'half', toolName: 'write' },
      { type: 'tool-input-delta', toolCallId: 'half', inputTextDelta: '{"n"' },
    );
    await expect.poll(opened.statuses).toEqual(['r: running']);
    request.cut();
    await expect.poll(() => opened.chat.status).toBe('error');
    opened.reads[0]!.resolve(1);
    await expect.poll(opened.statuses).toEqual(['r: succeeded']);
    expect(opened.writes).toHaveLength(0);
    await expectToGoOn(opened);
  });

  it('after the tool calls keeps the result of the read and does not run the write', async () => {
    const opened = await ask();
    opened.request.cut();
    await expect.poll(() => opened.chat.status).toBe('error');
    opened.reads[0]!.resolve(1);
    await expect.poll(() => partStates(opened.chat.lastMessage)).toEqual(['r: output-available', 'w: output-error']);
    expect(opened.writes).toHaveLength(0);
    expect(server.requests).toHaveLength(1);
    opened.toolCalls.retry(opened.call('w'));
    await expect.poll(() => opened.writes.length).toBe(1);
    opened.writes[0]!.resolve(2);
    const followUp = await server.next();
    expect(partStates(followUp.messages.at(-1))).toEqual(['r: output-available', 'w: output-available']);
    followUp.start('m').text('Done').finish('stop');
    await expectToGoOn(opened);
  });

  it('in the follow-up keeps the results; resend sends them again and runs nothing', async () => {
    const opened = await ask();
    opened.request.finish();
    await expect.poll(() => opened.writes.length).toBe(1);
    opened.reads[0]!.resolve(1);
    opened.writes[0]!.resolve(2);
    (await server.next()).start('m').text('Half an').cut();
    await expect.poll(() => opened.chat.status).toBe('error');
    opened.toolCalls.resend();
    const again = await server.next();
    expect(partStates(again.messages.at(-1))).toEqual(['r: output-available', 'w: output-available']);
    expect(again.messages.at(-1)?.parts.some(({ type }) => type === 'text')).toBe(false);
    again.start('m').text('Done').finish('stop');
    await opened.idle();
    expect([opened.reads.length, opened.writes.length]).toEqual([1, 1]);
    await expectToGoOn(opened);
  });
});

describe('an answer that ends badly', () => {
  it.each([
    [
      'by an error chunk after complete calls',
      (r: Request) => r.write({ type: 'error', errorText: 'overloaded' }).end(),
    ],
    ['with length', (r: Request) => r.finish('length')],
    ['with content-filter', (r: Request) => r.finish('content-filter')],
    ['without a finish chunk', (r: Request) => r.end()],
  ] as const)('%s runs no write, sends nothing by itself, and resend goes on', async (_, end) => {
    const opened = await ask();
    end(opened.request);
    await expect.poll(() => opened.call('w').status).toBe('cancelled');
    opened.reads[0]!.resolve(1);
    await expect.poll(() => partStates(opened.chat.lastMessage)).toEqual(['r: output-available', 'w: output-error']);
    expect(opened.writes).toHaveLength(0);
    expect(server.requests).toHaveLength(1);
    expect(opened.halt()).toMatch(/cut|error/);
    opened.toolCalls.resend();
    const followUp = await server.next();
    followUp.start('m').text('Done').finish('stop');
    await opened.idle();
    await expectToGoOn(opened);
  });
});

describe('a follow-up', () => {
  async function followUp() {
    const opened = await ask();
    opened.request.finish();
    await expect.poll(() => opened.writes.length).toBe(1);
    opened.reads[0]!.resolve(1);
    opened.writes[0]!.resolve(2);
    return { ...opened, followUp: await server.next() };
  }

  it('that is refused with 500 is not repeated by itself; resend sends the same results', async () => {
    const opened = await followUp();
    opened.followUp.refuse(500);
    await expect.poll(() => opened.chat.status).toBe('error');
    expect(opened.halt()).toBe('error');
    expect(server.requests).toHaveLength(2);
    opened.toolCalls.resend();
    const again = await server.next();
    expect(again.messages).toEqual(opened.followUp.messages);
    again.start('m').text('Done').finish('stop');
    await opened.idle();
    expect([opened.reads.length, opened.writes.length]).toEqual([1, 1]);
    await expectToGoOn(opened);
  });

  it('that is refused with 500 may be left behind: the next message carries the results', async () => {
    const opened = await followUp();
    opened.followUp.refuse(500);
    await expect.poll(() => opened.chat.status).toBe('error');
    await expectToGoOn(opened);
    expect(partStates(server.requests[2]!.messages[1])).toEqual(['r: output-available', 'w: output-available']);
  });

  it('that is slow is waited for: nothing is sent beside it', async () => {
    const opened = await followUp();
    expect(opened.chat.status).toBe('submitted');
    opened.toolCalls.resend();
    opened.followUp.start('m');
    opened.followUp.text('Slow');
    await expect.poll(() => opened.chat.status).toBe('streaming');
    expect(server.requests).toHaveLength(2);
    opened.followUp.finish('stop');
    await opened.idle();
    await expectToGoOn(opened);
  });

  it('that is slow gives way to the next message', async () => {
    const opened = await followUp();
    await expectToGoOn(opened);
    expect(partStates(server.requests[2]!.messages[1])).toEqual(['r: output-available', 'w: output-available']);
  });

  it('with further calls runs each once and is followed up once a step', async () => {
    const opened = await followUp();
    opened.followUp.start('m').call('r2', 'read', { n: 3 }).call('w2', 'write', { n: 4 }).finish();
    await expect.poll(() => [opened.reads.length, opened.writes.length]).toEqual([2, 2]);
    opened.writes[1]!.reject(new Error('sold out'));
    opened.reads[1]!.resolve(3);
    const second = await server.next();
    expect(partStates(second.messages.at(-1))).toEqual([
      'r: output-available',
      'w: output-available',
      'r2: output-available',
      'w2: output-error',
    ]);
    second.start('m').text('Done').finish('stop');
    await opened.idle();
    expect(server.requests).toHaveLength(3);
    await expectToGoOn(opened);
  });

  it('with another message id is one more message, and its calls run and are sent', async () => {
    const opened = await followUp();
    opened.followUp.start('other').call('r2', 'read', { n: 3 }).finish();
    await expect.poll(() => opened.reads.length).toBe(2);
    opened.reads[1]!.resolve(3);
    const second = await server.next();
    expect(partStates(second.messages.at(-1))?.at(-1)).toBe('r2: output-available');
    second.start('other').text('Done').finish('stop');
    await opened.idle();
    expect([opened.reads.length, opened.writes.length]).toEqual([2, 1]);
    await expectToGoOn(opened);
  });
});

describe('a page that is left', () => {
  it('in the middle of a follow-up ends the request and starts nothing', async () => {
    const opened = await ask();
    opened.request.finish();
    await expect.poll(() => opened.writes.length).toBe(1);
    opened.reads[0]!.resolve(1);
    opened.writes[0]!.resolve(2);
    const followUp = await server.next();
    followUp.start('m').call('r2', 'read', { n: 3 });
    await expect.poll(() => opened.reads.length).toBe(2);
    opened.unmount();
    await opened.idle();
    expect(opened.reads[1]!.options.abortSignal.aborted).toBe(true);
    expect([opened.reads.length, opened.writes.length]).toEqual([2, 1]);
    expect(server.requests).toHaveLength(2);
  });
});

type Request = Awaited<ReturnType<typeof ask>>['request'];
