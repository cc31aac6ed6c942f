import { dynamicTool, jsonSchema, tool, type ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { z as z3 } from 'zod/v3';
import { describeTools } from '../../src/definitions/describe-tools.ts';
import { clientTool } from '../../src/core/index.ts';

const orderId = { type: 'object', properties: { orderId: { type: 'string' } } };

describe('describeTools', () => {
  it('gives name, title, description and JSON Schemas, and nothing that JSON cannot carry', async () => {
    const tools = {
      getOrder: clientTool({
        title: 'Order',
        description: 'Look up an order',
        inputSchema: z.object({ orderId: z.string() }),
        outputSchema: z.object({ status: z.enum(['open', 'sent']) }),
        execute: () => ({ status: 'open' as const }),
        toModelOutput: () => ({ type: 'text', value: 'open' }),
        locks: () => ({ read: ['order'] }),
        readOnly: true,
      }),
      pickColor: clientTool({ inputSchema: z.object({}) }),
    };
    const descriptions = await describeTools(tools);
    expect(descriptions).toMatchObject([
      {
        name: 'getOrder',
        title: 'Order',
        description: 'Look up an order',
        inputSchema: { ...orderId, required: ['orderId'] },
        outputSchema: { type: 'object', properties: { status: { enum: ['open', 'sent'] } } },
      },
      { name: 'pickColor', inputSchema: { type: 'object' } },
    ]);
    expect(descriptions.map((description) => Object.keys(description))).toEqual([
      ['name', 'title', 'description', 'inputSchema', 'outputSchema'],
      ['name', 'inputSchema'],
    ]);
    expect(JSON.parse(JSON.stringify(descriptions))).toEqual(descriptions);
  });

  it.each([
    ['zod 4', z.object({ orderId: z.string() })],
    ['zod 3', z3.object({ orderId: z3.string() })],
    ['jsonSchema()', jsonSchema(orderId as never)],
    ['a lazy schema', () => jsonSchema(orderId as never)],
    ['a schema whose JSON Schema comes later', jsonSchema(() => Promise.resolve(orderId as never))],
    ['a Standard Schema with a JSON Schema', standardSchema({ jsonSchema: { input: () => orderId } })],
  ])('reads the input schema of %s', async (_, inputSchema) => {
    const tools = { getOrder: { inputSchema } } as ToolSet;
    expect(await describeTools(tools)).toMatchObject([{ name: 'getOrder', inputSchema: orderId }]);
  });

  it('describes an AI SDK tool, a dynamic one and one whose description is a function', async () => {
    const inputSchema = jsonSchema(orderId as never);
    const tools = {
      plain: tool({ inputSchema, execute: () => 1 }),
      dynamic: dynamicTool({ inputSchema, execute: () => 1 }),
      told: { inputSchema, description: () => 'in words' },
    } as ToolSet;
    expect(await describeTools(tools)).toEqual([
      { name: 'plain', inputSchema: orderId },
      { name: 'dynamic', inputSchema: orderId },
      { name: 'told', description: 'in words', inputSchema: orderId },
    ]);
  });

  it.each([
    [true, true],
    [() => false, true],
    [false, undefined],
    [undefined, undefined],
  ])('asks for approval where the tool may need it: %s', async (needsApproval, described) => {
    const tools = {
      pay: { inputSchema: z.object({}), ...(needsApproval !== undefined && { needsApproval }) },
    } as ToolSet;
    const [description] = await describeTools(tools);
    expect(description?.needsApproval).toBe(described);
  });

  it.each([
    [
      "a provider's own tool",
      { type: 'provider', id: 'openai.web_search', inputSchema: z.object({}) },
      /provider's own.*streamText/,
    ],
    ['a schema without a JSON Schema', { inputSchema: standardSchema({}) }, /`inputSchema` of tool `odd`.*zod/],
    [
      'an output schema without one',
      { inputSchema: z.object({}), outputSchema: standardSchema({}) },
      /`outputSchema` of tool `odd`/,
    ],
    ['no schema', {}, /tool `odd` to have an `inputSchema`/],
  ])('refuses %s', async (_, odd, message) => {
    await expect(describeTools({ odd } as unknown as ToolSet)).rejects.toThrow(message);
    await expect(describeTools({ odd } as unknown as ToolSet)).rejects.toBeInstanceOf(TypeError);
  });
});

function standardSchema(more: object) {
  return { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }), ...more } };
}
