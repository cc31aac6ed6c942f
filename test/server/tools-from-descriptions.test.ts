import { asSchema, convertToModelMessages, streamText, validateUIMessages, type UIMessage } from 'ai';
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool, describeTools } from '../../src/index.ts';
import {
  ToolDescriptionError,
  toolDefinitions,
  toolsFromDescriptions,
  type ToolsFromDescriptionsOptions,
} from '../../src/server/index.ts';

const inputSchema = { type: 'object', properties: { orderId: { type: 'string' } } };
const named = (name: unknown, more: object = {}) => ({ name, inputSchema, ...more });
const nested = (levels: number): object => (levels === 0 ? {} : { not: nested(levels - 1) });

describe('toolsFromDescriptions', () => {
  it('makes tools without `execute` of what describeTools gave, also after a way through JSON', async () => {
    const page = {
      getOrder: clientTool({
        title: 'Order',
        description: 'Look up an order',
        inputSchema: z.object({ orderId: z.string() }),
        outputSchema: z.string(),
        execute: () => 'open',
      }),
    };
    const tools = toolsFromDescriptions(JSON.parse(JSON.stringify(await describeTools(page))));
    expect(Object.keys(tools)).toEqual(['getOrder']);
    expect(tools['getOrder']).toMatchObject({ title: 'Order', description: 'Look up an order' });
    expect(tools['getOrder']).not.toHaveProperty('execute');
    expect(await asSchema(tools['getOrder']!.inputSchema).jsonSchema).toEqual(
      await asSchema(page.getOrder.inputSchema).jsonSchema,
    );
    expect(await asSchema(tools['getOrder']!.outputSchema).jsonSchema).toMatchObject({ type: 'string' });
  });

  it('gives no tools where the page sent none', () => {
    expect(toolsFromDescriptions(undefined)).toEqual({});
    expect(toolsFromDescriptions([])).toEqual({});
  });

  it('takes over the known fields only', () => {
    const tools = toolsFromDescriptions([
      named('getOrder', { execute: 'steal', type: 'provider', id: 'x.y', providerOptions: {}, metadata: {} }),
    ]);
    expect(Object.keys(tools['getOrder']!)).toEqual(['inputSchema']);
  });

  it.each([
    [undefined, undefined],
    [false, undefined],
    [true, true],
    ['no', true],
  ])('asks for approval unless it is plainly not needed: %s', (needsApproval, result) => {
    expect(toolsFromDescriptions([named('pay', { needsApproval })])['pay']!.needsApproval).toBe(result);
  });

  it.each<[string, unknown, RegExp, ToolsFromDescriptionsOptions?]>([
    ['null', null, /to be an array, got `null`/],
    ['an object', {}, /to be an array, got an object/],
    ['a string', 'tools', /to be an array/],
    ['no object', ['getOrder'], /`tools\[0\]` to be \{ name/],
    ['a list in the list', [[]], /got an array/],
    ['no name', [{ inputSchema }], /the name of `tools\[0\]`.*got `undefined`/],
    ['a name that is no string', [named(7)], /got `7` \(number\)/],
    ['an empty name', [named('')], /the name of `tools\[0\]`/],
    ['a name with a space', [named('get order')], /letters, digits/],
    ['a name with a dot', [named('functions.get')], /letters, digits/],
    ['a name in other letters', [named('поиск')], /letters, digits/],
    ['a name that begins with a digit', [named('1st')], /the first no digit/],
    ['a name of 65 letters', [named('a'.repeat(65))], /1 to 64/],
    ['a name with a line break at its end', [named('getOrder\n')], /letters, digits/],
    ['__proto__', [named('__proto__')], /every object of JavaScript/],
    ['constructor', [named('constructor')], /every object of JavaScript/],
    ['prototype', [named('prototype')], /every object of JavaScript/],
    ['hasOwnProperty', [named('hasOwnProperty')], /every object of JavaScript/],
    ['toString', [named('toString')], /every object of JavaScript/],
    ['one name twice', [named('getOrder'), named('getOrder')], /described once, got two named `getOrder`/],
    ["a server tool's name", [named('refund')], /`refund`, which is the server's own/, { reserved: ['refund'] }],
    ['a name off the list', [named('erase')], /`allow` lets through, got `erase`/, { allow: ['getOrder'] }],
    ['a name that the function refuses', [named('erase')], /got `erase`/, { allow: (name) => name === 'getOrder' }],
    ['too many', [named('a'), named('b'), named('c')], /at most 2 tools, got 3/, { max: 2 }],
    ['too many for the default', Array.from({ length: 129 }, (_, i) => named(`t${i}`)), /at most 128 tools, got 129/],
    [
      'too many bytes',
      [named('a', { description: 'x'.repeat(200) })],
      /at most 100 bytes.*got \d{3}:/,
      { maxBytes: 100 },
    ],
    [
      'too many bytes of few letters',
      [named('a', { description: '語'.repeat(50) })],
      /at most 200 bytes/,
      { maxBytes: 200 },
    ],
    ['too many bytes for the default', [named('a', { description: 'x'.repeat(131_072) })], /at most 131072 bytes/],
    ['too deep a schema', [{ name: 'a', inputSchema: nested(80) }], /at most 64 levels/],
    [
      'a schema deeper than any stack',
      [JSON.parse(`{"name":"a","inputSchema":${'{"not":'.repeat(1e5)}1${'}'.repeat(1e5)}}`)],
      /at most 64 levels/,
    ],
    [
      'a schema that touches the prototype',
      [JSON.parse('{"name":"a","inputSchema":{"properties":{"__proto__":{"x":1}}}}')],
      /no key named `__proto__`/,
    ],
    [
      'a description that touches the prototype',
      [JSON.parse('{"name":"a","inputSchema":{},"__proto__":{"execute":1}}')],
      /no key named `__proto__`/,
    ],
    ['no schema', [{ name: 'a' }], /`inputSchema` of tool `a` to be a JSON Schema, got `undefined`/],
    ['a schema that is a boolean', [{ name: 'a', inputSchema: true }], /to be a JSON Schema/],
    ['a schema that is a list', [{ name: 'a', inputSchema: [] }], /to be a JSON Schema, got an array/],
    ['an output schema that is none', [named('a', { outputSchema: null })], /`outputSchema` of tool `a`.*got `null`/],
    ['a description that is no string', [named('a', { description: {} })], /`description` of tool `a` to be a string/],
    ['a title that is no string', [named('a', { title: 3 })], /`title` of tool `a` to be a string/],
  ])('refuses %s', (_, json, message, options) => {
    const refuse = () => toolsFromDescriptions(json, options);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(ToolDescriptionError);
  });

  it('keeps its message short, whatever came', () => {
    const refuse = (json: unknown) => {
      try {
        toolsFromDescriptions(json);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(refuse([named(' '.repeat(50_000))]).length).toBeLessThan(400);
    expect(
      refuse([{ name: 'a', inputSchema: JSON.parse(`{"${'k'.repeat(50_000)}":{"__proto__":1}}`) }]).length,
    ).toBeLessThan(400);
  });

  it.each([{ max: -1 }, { max: Number.NaN }, { maxBytes: 1.5 }])(
    'refuses options that make no sense: %o',
    (options) => {
      expect(() => toolsFromDescriptions([], options)).toThrow(TypeError);
    },
  );

  it('lets pass what stands exactly on a limit', () => {
    const json = [named('a'.repeat(64)), named('_b')];
    const maxBytes = JSON.stringify(json).length;
    expect(Object.keys(toolsFromDescriptions(json, { max: 2, maxBytes, allow: (name) => name !== 'c' }))).toHaveLength(
      2,
    );
    expect(() => toolsFromDescriptions(json, { maxBytes: maxBytes - 1 })).toThrow(ToolDescriptionError);
  });
});

const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } } as never;
const finish = { type: 'finish' as const, finishReason: { unified: 'stop' as const, raw: 'stop' }, usage };

describe('a route with tools of both kinds', () => {
  const serverTools = toolDefinitions({ refund: clientTool({ inputSchema: z.object({ amount: z.number() }) }) });
  const call = (type: `tool-${string}`, input: object): UIMessage => ({
    id: '1',
    role: 'assistant',
    parts: [{ type, toolCallId: 'c', state: 'output-available', input, output: 'done' }],
  });

  it("shows the model the server's tools and the page's, and takes messages with calls of both", async () => {
    const page = { getOrder: clientTool({ description: 'Look up', inputSchema: z.object({ orderId: z.string() }) }) };
    const described = JSON.parse(JSON.stringify(await describeTools(page)));
    const tools = { ...toolsFromDescriptions(described, { reserved: Object.keys(serverTools) }), ...serverTools };
    const messages = await validateUIMessages({
      messages: [call('tool-getOrder', { orderId: '42' }), call('tool-refund', { amount: 1 })],
      tools: tools as never,
    });
    const model = new MockLanguageModelV4({
      doStream: async () => ({ stream: simulateReadableStream({ chunks: [finish] }) }),
    });
    const result = streamText({ model, tools, messages: await convertToModelMessages(messages, { tools }) });
    await result.consumeStream();
    expect(model.doStreamCalls[0]!.tools).toMatchObject([
      { type: 'function', name: 'getOrder', description: 'Look up', inputSchema: { required: ['orderId'] } },
      { type: 'function', name: 'refund', inputSchema: { required: ['amount'] } },
    ]);
  });

  it("refuses a message whose call does not fit the server's own tool", async () => {
    const messages = [call('tool-refund', { amount: 'all of it' })];
    await expect(validateUIMessages({ messages, tools: serverTools as never })).rejects.toThrow(/amount/);
  });
});
