// Proves: tools that other code has registered with the browser are tools of the chat: a person is asked, their text is not trusted, and they come and go.
import { describe, expect, it } from 'vitest';
import { clientTool, createToolRegistry } from 'use-parallel-tools';
import { calls, createTestChat, says } from 'use-parallel-tools/testing';
import { offerTools, webMcpTools, type WebMcpTool } from 'use-parallel-tools/webmcp';
import { z } from 'zod';
import { createModelContext } from '../harness/model-context.ts';

const search: WebMcpTool = {
  name: 'shop.search',
  title: 'Search the shop',
  description: 'Finds things',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: true },
  execute: async (input) => ({ found: (input as { text: string }).text }),
};

async function createPage(...tools: readonly WebMcpTool[]) {
  const modelContext = createModelContext();
  for (const tool of tools) await modelContext.registerTool(tool);
  return modelContext;
}

describe('webMcpTools', () => {
  it('gives a chat the tools of other code, which run in the browser', async () => {
    const modelContext = await createPage(search);
    const tools = await webMcpTools({ modelContext });
    expect(Object.keys(tools)).toEqual(['web_shop_search']);
    const chat = createTestChat({
      tools,
      script: [calls(['web_shop_search', { text: 'shoes' }]), says('There are some.')],
    });
    chat.send('Find shoes.');
    await chat.settled();
    expect(chat.call('web_shop_search')).toMatchObject({ title: 'Search the shop', output: { found: 'shoes' } });
    expect(chat.toolCalls.policyOf('web_shop_search')).toMatchObject({ readOnly: true, untrusted: true });
  });

  it('asks a person about one that is not called read-only, and aborts it with its call', async () => {
    let signal: AbortSignal | undefined;
    const buy: WebMcpTool = {
      name: 'buy',
      description: 'Buys',
      annotations: { consequentialHint: true },
      execute: (_input, options) => {
        signal = options?.signal;
        return new Promise(() => {});
      },
    };
    const chat = createTestChat({
      tools: await webMcpTools({ modelContext: await createPage(buy), prefix: '' }),
      script: [calls(['buy']), says('Cancelled.')],
    });
    chat.send('Buy it.');
    await chat.settled();
    expect(chat.call('buy')).toMatchObject({ status: 'awaiting-approval', destructive: true });
    chat.toolCalls.approve(chat.call('buy'));
    await chat.until(() => signal !== undefined);
    chat.toolCalls.cancel(chat.call('buy'));
    await chat.settled();
    expect(signal?.aborted).toBe(true);
    expect(chat.text).toBe('Cancelled.');
  });

  it('tells the model of a failure, whether it was thrown or given', async () => {
    const thrown: WebMcpTool = { ...search, name: 'thrown', execute: async () => Promise.reject(new Error('x')) };
    const given: WebMcpTool = {
      ...search,
      name: 'given',
      execute: async () => ({ isError: true, content: [{ type: 'text', text: 'Sold out' }] }),
    };
    const chat = createTestChat({
      tools: await webMcpTools({ modelContext: await createPage(thrown, given) }),
      script: [calls(['web_thrown', { text: '' }], ['web_given', { text: '' }]), says('Neither works.')],
      retry: 0,
    });
    chat.send('Find shoes.');
    await chat.settled();
    expect(chat.requests[1]?.results.map(({ errorText }) => errorText)).toEqual([
      expect.stringContaining('The tool thrown failed in the browser'),
      'Sold out',
    ]);
  });

  it('speaks JSON to browsers before Chromium 154, whose schemas are JSON too', async () => {
    const given: unknown[] = [];
    const modelContext = {
      registerTool: () => undefined,
      getTools: async () => [{ ...search, inputSchema: JSON.stringify(search.inputSchema) }],
      executeTool: async (_tool: unknown, input: unknown) => {
        given.push(input);
        return '{"found":"shoes"}';
      },
    };
    const chat = createTestChat({
      tools: await webMcpTools({ modelContext }),
      script: [calls(['web_shop_search', { text: 'shoes' }]), says('There are some.')],
    });
    chat.send('Find shoes.');
    await chat.settled();
    expect(given).toEqual(['{"text":"shoes"}']);
    expect(chat.call('web_shop_search').output).toEqual({ found: 'shoes' });
  });

  it('leaves out what the page’s own chat offers, and what the filter does', async () => {
    const modelContext = await createPage(search, { ...search, name: 'other' });
    const own = clientTool({ inputSchema: z.object({}), readOnly: true, execute: () => 1 });
    const chat = createTestChat({ tools: { own }, script: [] });
    await offerTools(chat.toolCalls, { names: ['own'], modelContext });
    expect(modelContext.names()).toContain('own');
    const tools = await webMcpTools({ modelContext, filter: ({ name }) => name !== 'other' });
    expect(Object.keys(tools)).toEqual(['web_shop_search']);
  });

  it('keeps a registry in step with the browser, until its signal aborts', async () => {
    const modelContext = await createPage();
    const registry = createToolRegistry();
    const abort = new AbortController();
    await webMcpTools({ modelContext, registry, signal: abort.signal });
    const names = () => Object.keys(registry.getTools());
    expect(names()).toEqual([]);
    const there = new AbortController();
    await modelContext.registerTool(search, { signal: there.signal });
    await expect.poll(names).toEqual(['web_shop_search']);
    there.abort();
    await expect.poll(names).toEqual([]);
    await modelContext.registerTool(search);
    await expect.poll(names).toEqual(['web_shop_search']);
    abort.abort();
    expect(names()).toEqual([]);
  });

  it('gives none where the browser has no WebMCP, or does not list tools', async () => {
    expect(await webMcpTools()).toEqual({});
    expect(await webMcpTools({ modelContext: { registerTool: () => undefined } })).toEqual({});
  });
});
