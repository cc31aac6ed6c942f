// What this library makes of the SDK's facts where no other file shows it. docs/contributing/facts.md has the whole list.
import { renderHook } from '@testing-library/react';
import type { UIMessage } from 'ai';
import { StrictMode } from 'react';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { clientTool, useChatTools, useParallelTools } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { createDeferred } from '../harness/deferred.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

const numbered = z.object({ n: z.number() });
const question: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };

/** What nobody catches in this test, instead of failing it. */
function catchUnhandled(): unknown[] {
  const reasons: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => void reasons.push(reason));
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  return reasons;
}

// Fact 1.
describe("the page's own onToolCall", () => {
  it('may throw: its error surfaces by itself, and the calls go on', async () => {
    const unhandled = catchUnhandled();
    const { tools, reads } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({
      tools,
      onToolCall: () => {
        throw new Error('broken page');
      },
    });
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await settle();
    expect(chat().status).toBe('ready');
    for (const read of reads) read.resolve('fine');
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
    expect(unhandled).toEqual([expect.objectContaining({ message: 'broken page' }), expect.anything()]);
  });
});

// Fact 4.
describe('a read with `needsApproval`', () => {
  it('does not start before the answer has ended, nor before the yes that the server asks for', async () => {
    const { tools, reads } = createHandTools();
    const read = { ...tools.read, needsApproval: true };
    const { ask, call, chat, settle } = renderChat({ tools: { read } });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await settle();
    expect(reads).toHaveLength(0);
    response.write({ type: 'tool-approval-request', toolCallId: 'a', approvalId: '1' }).finish();
    await settle();
    expect(call('a').status).toBe('awaiting-approval');
    expect(reads).toHaveLength(0);
    chat().toolCalls.approve(call('a'));
    await settle();
    expect(reads).toHaveLength(1);
  });
});

// Fact 10.
describe('a tool that streams its output', () => {
  it('shows each value in the store, and writes only the last one', async () => {
    const more = createDeferred();
    const count = clientTool({
      inputSchema: z.object({}),
      readOnly: true,
      async *execute() {
        yield 1;
        await more.promise;
        yield 2;
      },
    });
    const { ask, call, chat, transport } = renderChat({ tools: { count } });
    (await ask()).start('m').call('a', 'count').finish();
    await expect.poll(() => call('a').output).toBe(1);
    expect(call('a').status).toBe('running');
    expect(partStates(chat().messages)).toEqual(['a: input-available']);
    more.resolve(undefined);
    expect((await transport.next()).messages.at(-1)!.parts.at(-1)).toMatchObject({
      state: 'output-available',
      output: 2,
    });
  });
});

// Fact 20.
describe('a page that renders with other options', () => {
  it('has its latest tools run, its latest callbacks called and its latest transport asked', async () => {
    const [first, second] = [new ScriptedTransport(), new ScriptedTransport()];
    const told: string[] = [];
    const optionsOf = (name: string, transport: ScriptedTransport) => ({
      transport,
      tools: { read: clientTool({ inputSchema: numbered, readOnly: true, execute: () => name }) },
      onFinish: () => void told.push(name),
    });
    const view = renderHook(
      (options: ReturnType<typeof optionsOf>) => useParallelTools<typeof options.tools, UIMessage>(options),
      {
        initialProps: optionsOf('old', first),
      },
    );
    view.rerender(optionsOf('new', second));
    void view.result.current.sendMessage({ text: 'Hi' });
    (await second.next()).start('m').call('a', 'read', { n: 1 }).finish();
    expect((await second.next()).messages.at(-1)!.parts.at(-1)).toMatchObject({ output: 'new' });
    expect(told).toEqual(['new']);
    expect(first.responses).toEqual([]);
  });
});

// Fact 28.
describe('loaded history under StrictMode', () => {
  const load = (part: object): UIMessage[] => [
    question,
    {
      id: 'm',
      role: 'assistant',
      parts: [{ type: 'step-start' }, { toolCallId: 'a', input: { n: 1 }, ...part } as UIMessage['parts'][number]],
    },
  ];

  it('runs a pending read once, and sends one follow-up', async () => {
    const { tools, reads } = createHandTools();
    const messages = load({ type: 'tool-read', state: 'input-available' });
    const { transport, settle } = renderChat({ tools, messages }, { strict: true });
    await settle();
    expect(reads).toHaveLength(1);
    reads[0]!.resolve(1);
    (await transport.next()).start('m').text('One').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(1);
  });

  it('sends what fails at once, though the first mount is taken back', async () => {
    const { tools } = createHandTools({ read: { onReload: 'fail' } });
    const messages = load({ type: 'tool-read', state: 'input-available' });
    const { transport, settle } = renderChat({ tools, messages }, { strict: true });
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-error']);
    await settle();
    expect(followUp.request?.abortSignal?.aborted).toBe(false);
    expect(transport.responses).toHaveLength(1);
  });
});

// Fact 31.
describe('five hundred calls', () => {
  async function run() {
    const { tools, reads } = createHandTools();
    const transport = new ScriptedTransport();
    const { chat, bridge, functions } = createParallelChat<UIMessage>({
      tools,
      transport,
      throttle: 0,
      concurrency: 500,
    });
    onTestFinished(bridge.mount());
    void functions.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start('m');
    for (let n = 0; n < 500; n++) response.call(`c${n}`, 'read', { n });
    response.finish();
    await expect.poll(() => chat.status).toBe('ready');
    await drain();
    expect(reads).toHaveLength(500);
    let writes = 0;
    chat['~registerMessagesCallback'](() => void writes++);
    return { chat, reads, transport, writes: () => writes };
  }

  it('cost the messages one write for all the results of one turn', async () => {
    const { chat, reads, writes, transport } = await run();
    // All but one, so that nothing is sent yet.
    for (const read of reads.slice(1)) read.resolve('done');
    await expect
      .poll(() => partStates(chat.messages).filter((state) => state.endsWith('output-available')).length)
      .toBe(499);
    expect(writes()).toBe(1);
    reads[0]!.resolve('done');
    expect(partStates((await transport.next()).messages)).toHaveLength(500);
    expect(writes()).toBe(2);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  it('that fail cost the messages one write, when the batch closes', async () => {
    const { reads, writes, transport } = await run();
    for (const read of reads.slice(1)) {
      read.reject(new Error('down'));
      await Promise.resolve();
    }
    await drain();
    expect(writes()).toBe(0);
    reads[0]!.reject(new Error('down'));
    await transport.next();
    expect(writes()).toBe(1);
  });

  it('that report their progress cost the page no render at all', async () => {
    const { tools, reads } = createHandTools();
    const transport = new ScriptedTransport();
    let renders = 0;
    const view = renderHook(() => {
      renders++;
      return useParallelTools<typeof tools, UIMessage>({ tools, transport, throttle: 0, concurrency: 500 });
    });
    void view.result.current.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start('m');
    for (let n = 0; n < 500; n++) response.call(`c${n}`, 'read', { n });
    response.finish();
    await expect.poll(() => reads.length).toBe(500);
    await expect.poll(() => view.result.current.status).toBe('ready');
    await drain();
    const { store } = view.result.current.toolCalls;
    const known = store.getState();
    const before = renders;
    for (const { options } of reads) options.reportProgress({ fraction: 0.5 });
    await expect.poll(() => store.getState()).not.toBe(known);
    const [batch] = Object.values(store.getState().batches);
    expect(listCalls(batch!).every(({ progress }) => progress?.fraction === 0.5)).toBe(true);
    await drain();
    expect(renders).toBe(before);
  });
});

// Rule 1.
describe('a result', () => {
  it('is in the messages while its siblings run, a failure only when the batch closes', async () => {
    const { tools, reads } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).call('c', 'read', { n: 3 });
    transport.responses[0]!.finish();
    await settle();
    reads[0]!.resolve(1);
    reads[1]!.reject(new Error('down'));
    await expect
      .poll(() => partStates(chat().messages))
      .toEqual(['a: output-available', 'b: input-available', 'c: input-available']);
    reads[2]!.resolve(3);
    expect(partStates((await transport.next()).messages)).toEqual([
      'a: output-available',
      'b: output-error',
      'c: output-available',
    ]);
  });

  it('is not written while the answer streams', async () => {
    const { tools, reads } = createHandTools();
    const { ask, chat, settle } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await settle();
    reads[0]!.resolve(1);
    await settle();
    expect(partStates(chat().messages)).toEqual(['a: input-available']);
    response.finish();
    await settle();
    expect(partStates(chat().messages)).toEqual(['a: output-available']);
  });

  // Fact 2.
  it('goes through addToolOutput in a chat that has no setMessages, whatever that makes of it', async () => {
    const unhandled = catchUnhandled();
    const { tools, reads } = createHandTools();
    const told: object[] = [];
    const part = { type: 'tool-read', toolCallId: 'a', state: 'input-available', input: { n: 1 } } as const;
    const messages: UIMessage[] = [
      question,
      { id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, part, { ...part, toolCallId: 'b' }] },
    ];
    const chat = {
      id: 'bare',
      messages,
      status: 'ready' as const,
      sendMessage: async () => {},
      stop: async () => {},
      addToolOutput: async (output: object) => {
        told.push(output);
        throw new Error('the predicate of the page');
      },
    };
    renderHook(() => useChatTools(chat, { tools }));
    await drain();
    reads[0]!.resolve(1);
    await expect
      .poll(() => told)
      .toContainEqual({ tool: 'read', toolCallId: 'a', state: 'output-available', output: 1 });
    await drain();
    expect(unhandled).toEqual([]);
  });
});

// Rule 1 and invariant 6: the same under StrictMode, where React mounts twice.
describe('a batch under StrictMode', () => {
  it('is written and sent once, a retried call included', async () => {
    const { tools, reads } = createHandTools();
    const transport = new ScriptedTransport();
    const view = renderHook(() => useParallelTools<typeof tools, UIMessage>({ tools, transport, throttle: 0 }), {
      wrapper: StrictMode,
    });
    const chat = () => view.result.current;
    void chat().sendMessage({ text: 'Hi' });
    (await transport.next()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[0]!.resolve(1);
    reads[1]!.reject(new Error('down'));
    (await transport.next()).start('m').text('Without b').finish('stop');
    await drain();
    chat().toolCalls.retryFailed('m/0');
    await drain();
    reads[2]!.resolve(2);
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
    again.start('m').text('Both').finish('stop');
    await drain();
    expect([reads.length, transport.responses.length]).toEqual([3, 3]);
    expect(transport.problems).toEqual([]);
  });
});
