import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createHandExecute } from '../harness/deferred.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

const numbered = z.object({ n: z.number() });

function createTools() {
  const read = createHandExecute<{ n: number }, unknown>();
  const write = createHandExecute<{ n: number }, unknown>();
  return {
    read,
    write,
    tools: {
      read: clientTool({ inputSchema: numbered, readOnly: true, retry: 0, execute: read.execute }),
      write: clientTool({ inputSchema: numbered, execute: write.execute }),
    },
  };
}

describe('useParallelTools', () => {
  it('starts a read while the model still streams and a write when the answer has ended', async () => {
    const { tools, read, write } = createTools();
    const { ask, call, settle } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).call('b', 'write', { n: 2 });
    await settle();
    expect(read.invocations).toHaveLength(1);
    expect(write.invocations).toHaveLength(0);
    expect(call('b')).toMatchObject({ status: 'queued', waitingFor: { type: 'step-end' } });
    response.finish();
    await settle();
    expect(write.invocations).toHaveLength(1);
  });

  it('runs all calls at once and sends every result in one follow-up', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle, chat } = renderChat({ tools });
    const response = await ask();
    response.start();
    for (const n of [1, 2, 3]) response.call(`c${n}`, 'read', { n });
    response.finish();
    await settle();
    expect(read.invocations.map(({ input }) => input.n)).toEqual([1, 2, 3]);
    expect(chat().isRunning).toBe(true);
    read.invocations[2]!.resolve('three');
    read.invocations[0]!.reject(new Error('no one'));
    await settle();
    expect(transport.responses).toHaveLength(1);
    read.invocations[1]!.resolve('two');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['c1: output-error', 'c2: output-available', 'c3: output-available']);
    followUp.write({ type: 'start' }, { type: 'start-step' }).text('Done').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(chat().isRunning).toBe(false);
    expect(chat().isBusy).toBe(false);
  });

  it('runs a failed call again before the batch was sent', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle, chat, call } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await settle();
    read.invocations[0]!.reject(new Error('first try'));
    await settle();
    expect(call('a').status).toBe('failed');
    chat().toolCalls.retry(call('a'));
    expect(call('a').status).toBe('running');
    read.invocations[1]!.resolve('b');
    await settle();
    expect(transport.responses).toHaveLength(1);
    read.invocations[2]!.resolve('a');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
  });

  it('runs a failed call again after the batch was sent, and sends again only when it succeeds', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle, chat, call } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await settle();
    read.invocations[0]!.reject(new Error('down'));
    read.invocations[1]!.resolve('b');
    (await transport.next()).start().text('a is missing').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    read.invocations[2]!.reject(new Error('still down'));
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(chat().messages.at(-1)?.parts.at(-1)).toMatchObject({ type: 'text', text: 'a is missing' });
    chat().toolCalls.retry(call('a'));
    read.invocations[3]!.resolve('a at last');
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
    expect(again.messages.at(-1)?.parts.filter(({ type }) => type === 'text')).toEqual([]);
    again.start().text('all there').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(3);
    expect(read.invocations).toHaveLength(4);
  });

  it('aborts the running calls on stop and sends nothing', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle, chat, call } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    await settle();
    await chat().stop();
    await settle();
    const { abortSignal } = read.invocations[0]!.options as { abortSignal: AbortSignal };
    expect(abortSignal.aborted).toBe(true);
    expect(call('a').status).toBe('cancelled');
    expect(partStates(chat().messages)).toEqual(['a: output-error']);
    read.invocations[0]!.resolve('too late');
    await settle();
    expect(transport.responses).toHaveLength(1);
    expect(chat().isBusy).toBe(false);
  });

  it('runs nothing twice in StrictMode', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle } = renderChat({ tools }, { strict: true });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).finish();
    await settle();
    expect(read.invocations).toHaveLength(1);
    read.invocations[0]!.resolve('a');
    await transport.next();
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('aborts the tools and the request on unmount', async () => {
    const { tools, read } = createTools();
    const { ask, settle, view } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 });
    await settle();
    view.unmount();
    await settle();
    const { abortSignal } = read.invocations[0]!.options as { abortSignal: AbortSignal };
    expect(abortSignal.aborted).toBe(true);
    expect(abortSignal.reason).toMatchObject({ kind: 'cancelled', by: 'unmount' });
    expect(response.request?.abortSignal?.aborted).toBe(true);
  });

  it('closes open calls before a new message goes out', async () => {
    const { tools, read } = createTools();
    const { ask, transport, settle, chat } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await settle();
    read.invocations[0]!.resolve('a');
    await settle();
    void chat().sendMessage({ text: 'Never mind' });
    const second = await transport.next();
    expect(second.messages.at(-1)).toMatchObject({ role: 'user' });
    expect(partStates(second.messages.slice(0, -1))).toEqual(['a: output-available', 'b: output-error']);
    second.start().text('Fine').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('reports a tool that nobody registered and goes on', async () => {
    const { tools } = createTools();
    const { ask, transport, call } = renderChat({ tools });
    const response = await ask();
    response.start().call('a', 'nobody', {}).finish();
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-error']);
    expect(call('a')).toMatchObject({ status: 'failed', error: { kind: 'unknown-tool' } });
  });
});
