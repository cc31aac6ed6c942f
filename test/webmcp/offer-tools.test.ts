// Proves: the browser's agent calls chosen tools of a chat, and its calls are the chat's: checked, locked, limited, asked about, shown and cancelled as those of the model are.
import { describe, expect, it } from 'vitest';
import { callReports, clientTool, createToolRegistry, type ClientToolExecutionOptions } from 'use-parallel-tools';
import { disclosure } from 'use-parallel-tools/disclosure';
import { selectDirectBatches, type ToolCallsPlugin } from 'use-parallel-tools/core';
import { calls, createTestChat, says } from 'use-parallel-tools/testing';
import { offerTools, type OfferToolsOptions } from 'use-parallel-tools/webmcp';
import type { ToolSet } from 'ai';
import { z } from 'zod';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { createHandExecute } from '../harness/deferred.ts';
import { createModelContext } from '../harness/model-context.ts';
import { expectConsole } from '../setup/console.ts';

const order = z.object({ orderId: z.string() });

async function createWorld({
  plugins = [],
  ...options
}: Partial<OfferToolsOptions> & { readonly plugins?: ToolCallsPlugin[] } = {}) {
  const modelContext = createModelContext();
  const slow = createHandExecute<{ orderId: string }, ClientToolExecutionOptions>();
  const registry = createToolRegistry();
  const tools = {
    getOrder: clientTool({
      title: 'Look up an order',
      description: 'Gives an order',
      inputSchema: order,
      readOnly: true,
      untrusted: true,
      labels: ['personal'],
      execute: ({ orderId }) => ({ orderId, name: 'Ada' }),
      redact: ({ orderId }) => ({ orderId, name: 'hidden' }),
    }),
    refund: clientTool({ inputSchema: order, destructive: true, execute: ({ orderId }) => ({ refunded: orderId }) }),
    slow: clientTool({ inputSchema: order, readOnly: true, timeout: 1000, retry: 0, execute: slow.execute }),
    broken: clientTool({
      inputSchema: order,
      readOnly: true,
      retry: 0,
      execute: (): string => {
        throw new TypeError('the line is down');
      },
    }),
    private: clientTool({ inputSchema: order, readOnly: true, execute: () => 'nobody is to have it' }),
  };
  const chat = createTestChat({ tools, plugins, registry, script: [says('Hello.'), says('Bye.')] });
  const abort = new AbortController();
  const taken = await offerTools(chat.toolCalls, {
    names: ['getOrder', 'refund', 'slow', 'broken'],
    modelContext,
    signal: abort.signal,
    ...options,
  });
  const call = (name: string, input: unknown = { orderId: '1' }, signal?: AbortSignal) =>
    modelContext.agentCalls(name, input, signal);
  return { chat, modelContext, slow, registry, abort, taken, call };
}

const failure = (text: unknown) => ({ isError: true, content: [{ type: 'text', text }] });

describe('offerTools', () => {
  it('registers the named tools and no other, with their schemas and hints', async () => {
    const { modelContext, taken } = await createWorld();
    expect(taken).toEqual(['getOrder', 'refund', 'slow', 'broken']);
    expect(modelContext.names()).toEqual(taken);
    const [getOrder, refund] = await modelContext.getTools();
    expect(getOrder).toMatchObject({
      name: 'getOrder',
      title: 'Look up an order',
      description: 'Gives an order',
      inputSchema: { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'] },
      annotations: { readOnlyHint: true, untrustedContentHint: true, consequentialHint: false },
    });
    expect(refund).toMatchObject({
      description: 'refund',
      annotations: { readOnlyHint: false, untrustedContentHint: false, consequentialHint: true },
    });
  });

  it('takes them back with its signal, and lets go on what runs', async () => {
    const { modelContext, abort, call, slow, chat } = await createWorld();
    const running = call('slow');
    await chat.until(() => slow.invocations.length === 1);
    abort.abort();
    expect(modelContext.names()).toEqual([]);
    slow.invocations[0]?.resolve('done');
    await expect(running).resolves.toBe('done');
  });

  it('does nothing where the browser has no WebMCP', async () => {
    const { taken } = await createWorld({ modelContext: undefined });
    expect(taken).toEqual([]);
  });

  it('says in development which tool the browser has not taken, and offers the others', async () => {
    expectConsole('warn', 'has not taken the tool "getOrder"');
    const modelContext = createModelContext();
    await modelContext.registerTool({ name: 'getOrder', description: 'Another', execute: async () => 1 });
    const { taken } = await createWorld({ modelContext });
    expect(taken).toEqual(['refund', 'slow', 'broken']);
  });

  it('follows a tool of a component as it comes, changes and goes', async () => {
    const { modelContext, registry } = await createWorld({ names: ['zoomTo'] });
    const zoom = (description: string) =>
      clientTool({ description, inputSchema: order, readOnly: true, execute: () => 1 }) as never;
    const registration = registry.register('zoomTo', zoom('Zooms'));
    const unmount = registration.mount();
    await expect.poll(() => modelContext.names()).toEqual(['zoomTo']);
    registration.update(zoom('Zooms in'));
    await expect.poll(async () => (await modelContext.getTools())[0]?.description).toBe('Zooms in');
    unmount();
    await expect.poll(() => modelContext.names()).toEqual([]);
  });

  it('follows the hook’s own tools as the page gives others, and keeps those that say the same', async () => {
    const modelContext = createModelContext();
    let registrations = 0;
    const registerTool: typeof modelContext.registerTool = (...given) => {
      registrations++;
      return modelContext.registerTool(...given);
    };
    const named = (description: string) =>
      clientTool({ description, inputSchema: order, readOnly: true, execute: () => description });
    const optionsOf = (tools: ToolSet) => ({ tools, transport: {} }) as never;
    const { bridge, setOptions } = createParallelChat(optionsOf({}));
    const unmount = bridge.mount();
    await offerTools(bridge.toolCalls, { names: ['zoomTo', 'pan'], modelContext: { ...modelContext, registerTool } });
    expect(modelContext.names()).toEqual([]);
    setOptions(optionsOf({ zoomTo: named('Zooms'), other: named('Is not named') }));
    await expect.poll(() => modelContext.names()).toEqual(['zoomTo']);
    setOptions(optionsOf({ zoomTo: named('Zooms'), pan: named('Pans') }));
    await expect.poll(() => modelContext.names()).toEqual(['zoomTo', 'pan']);
    expect(registrations).toBe(2);
    setOptions(optionsOf({ zoomTo: named('Zooms in'), pan: named('Pans') }));
    await expect
      .poll(async () => (await modelContext.getTools()).map(({ description }) => description))
      .toEqual(['Pans', 'Zooms in']);
    await expect(modelContext.agentCalls('zoomTo', { orderId: '1' })).resolves.toBe('Zooms in');
    setOptions(optionsOf({ pan: named('Pans') }));
    await expect.poll(() => modelContext.names()).toEqual(['pan']);
    unmount();
  });

  it('refuses names that are none', async () => {
    await expect(createWorld({ names: 'getOrder' as never })).rejects.toThrow(/names of the tools/);
  });
});

describe('a call of the browser’s agent', () => {
  it('is shown in a batch of its own, which says whose it is, and gives the output', async () => {
    const { chat, call } = await createWorld();
    await expect(call('getOrder')).resolves.toEqual({ orderId: '1', name: 'Ada' });
    const [batch] = selectDirectBatches(chat.toolCalls.store.getState());
    expect(batch?.direct).toEqual({ from: 'browser-agent', report: false, isDisclosed: true });
    expect(chat.call('getOrder')).toMatchObject({ status: 'succeeded', title: 'Look up an order' });
  });

  it('asks a person before anything is changed, and gives their no as data', async () => {
    const { chat, call } = await createWorld();
    const first = call('refund');
    await chat.until(() => chat.call('refund').status === 'awaiting-approval');
    chat.toolCalls.approve(chat.call('refund'));
    await expect(first).resolves.toEqual({ refunded: '1' });
    const second = call('refund', { orderId: '2' });
    await chat.until(() => chat.call('refund').status === 'awaiting-approval');
    chat.toolCalls.deny(chat.call('refund'), 'Not this one');
    await expect(second).resolves.toEqual(failure('Not this one'));
  });

  it('has its input checked, which the browser does not do', async () => {
    const { call } = await createWorld();
    await expect(call('getOrder', { orderId: 7 })).resolves.toEqual(failure(expect.stringContaining('does not fit')));
  });

  it('gives an error and a timeout as data', async () => {
    const { chat, call, slow } = await createWorld();
    await expect(call('broken')).resolves.toEqual(failure('the line is down'));
    const late = call('slow');
    await chat.until(() => slow.invocations.length === 1);
    await chat.advance(1001);
    await expect(late).resolves.toEqual(failure(expect.stringContaining('1 s')));
  });

  it('is cancelled by the agent’s signal, and by a person', async () => {
    const { chat, call, slow } = await createWorld();
    const abort = new AbortController();
    const first = call('slow', { orderId: '1' }, abort.signal);
    await chat.until(() => slow.invocations.length === 1);
    abort.abort();
    await expect(first).rejects.toThrow('abort');
    await chat.until(() => chat.call('slow').status === 'cancelled');
    expect(chat.call('slow').error?.by).toBe('caller');
    expect(slow.invocations[0]?.options.abortSignal.aborted).toBe(true);
    const second = call('slow');
    await chat.until(() => slow.invocations.length === 2);
    chat.toolCalls.cancel(chat.call('slow'));
    await expect(second).resolves.toEqual(failure('Cancelled by the user'));
  });

  it('runs with the tool of the page as it is then, and not once that has gone', async () => {
    const { registry, modelContext } = await createWorld({ names: ['zoomTo'] });
    let level = 1;
    const zoom = () => clientTool({ inputSchema: order, readOnly: true, execute: () => level }) as never;
    const registration = registry.register('zoomTo', zoom());
    const unmount = registration.mount();
    await expect.poll(() => modelContext.names()).toEqual(['zoomTo']);
    level = 2;
    const [tool] = await modelContext.getTools();
    await expect(modelContext.executeTool(tool!, { orderId: '1' })).resolves.toBe(2);
    unmount();
    await expect.poll(() => modelContext.names()).toEqual([]);
  });

  it('gives what plugins let a model read', async () => {
    const { call, chat } = await createWorld({ plugins: [disclosure()] });
    await expect(call('getOrder')).resolves.toEqual({ orderId: '1', name: 'hidden' });
    expect(chat.call('getOrder').output).toEqual({ orderId: '1', name: 'Ada' });
  });

  it('waits for a person’s consent, where results need one', async () => {
    const { call, chat } = await createWorld({ plugins: [disclosure({ consent: () => 'block' })] });
    await expect(call('getOrder')).resolves.toEqual(failure(expect.stringContaining('withheld')));
    expect(chat.call('getOrder').status).toBe('succeeded');
  });

  it('is told to the chat’s model with the user’s next message, where the page wants that', async () => {
    const { call, chat } = await createWorld({ plugins: [callReports()], report: true });
    await call('getOrder');
    chat.send('What has the agent done?');
    await chat.settled();
    expect(JSON.stringify(chat.requests[0]?.messages)).toContain('getOrder');
  });
});

// The bridges of others call the tool beside the chat: their agent and the chat write over each other.
describe.each([true, false])('a chat and an agent write one record (locks: %s)', (isLocked) => {
  it('a thousand times: no update is lost, thanks to the locks', { timeout: 60_000 }, async () => {
    const modelContext = createModelContext();
    const stored = { value: 0 };
    const add = clientTool({
      inputSchema: z.object({}),
      idempotent: false,
      ...(isLocked && { locks: () => ({ write: ['counter'] }) }),
      async execute() {
        const { value } = stored;
        await undefined;
        await undefined;
        stored.value = value + 1;
        return stored.value;
      },
    });
    const ROUNDS = 10;
    const answer = calls(...Array.from({ length: 50 }, () => ['add', {}] as const));
    const chat = createTestChat({
      tools: { add },
      script: [...Array.from({ length: ROUNDS }, () => answer), says('Done.')],
      maxFollowUps: ROUNDS,
    });
    await offerTools(chat.toolCalls, { names: ['add'], modelContext });
    // The person says yes to each call of the agent.
    chat.toolCalls.subscribe((event) => {
      if (event.type === 'approval-required') queueMicrotask(() => chat.toolCalls.approve(event.key));
    });
    chat.send('Count to five hundred.');
    const agent = Array.from({ length: 500 }, () => modelContext.agentCalls('add', {}));
    const given = await Promise.all(agent);
    await chat.settled();
    expect(chat.requests).toHaveLength(ROUNDS + 1);
    expect(given.every((output) => typeof output === 'number')).toBe(true);
    if (isLocked) {
      expect(stored.value).toBe(1000);
      expect(new Set(given).size).toBe(500);
    } else expect(stored.value).toBeLessThan(1000);
  });
});
