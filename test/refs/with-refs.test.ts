// Proves: a model is told that any value of an input may be a reference, and the SDK's check on the route lets it through; nothing else changes.
import { asSchema, jsonSchema, tool, type ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { withRefs } from 'use-parallel-tools/refs';
import { z } from 'zod';

const A_REFERENCE = { type: 'string', pattern: '\\{\\{[^{}]+#\\d+[^{}]*\\}\\}' };

async function schemaOf(inputSchema: ToolSet[string]['inputSchema']): Promise<unknown> {
  const { schema } = withRefs({ schema: tool({ inputSchema }) } as ToolSet);
  return asSchema(schema!.inputSchema).jsonSchema;
}

describe('the schema that a model is told', () => {
  it.each<[what: string, given: object, told: object]>([
    [
      'a number',
      { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      { type: 'object', properties: { n: { anyOf: [{ type: 'number' }, A_REFERENCE] } }, required: ['n'] },
    ],
    [
      'a choice',
      { properties: { unit: { enum: ['a', 'b'] } } },
      { properties: { unit: { anyOf: [{ enum: ['a', 'b'] }, A_REFERENCE] } } },
    ],
    [
      'a list, and what is in it',
      { properties: { list: { type: 'array', items: { type: 'integer' } } } },
      {
        properties: {
          list: { anyOf: [{ type: 'array', items: { anyOf: [{ type: 'integer' }, A_REFERENCE] } }, A_REFERENCE] },
        },
      },
    ],
    [
      'what is shared',
      { $defs: { point: { properties: { x: { type: 'number' } } } }, properties: { at: { $ref: '#/$defs/point' } } },
      {
        $defs: { point: { properties: { x: { anyOf: [{ type: 'number' }, A_REFERENCE] } } } },
        properties: { at: { anyOf: [{ $ref: '#/$defs/point' }, A_REFERENCE] } },
      },
    ],
    [
      'one of several shapes',
      { anyOf: [{ properties: { n: { type: 'number' } } }, { properties: {} }] },
      { anyOf: [{ properties: { n: { anyOf: [{ type: 'number' }, A_REFERENCE] } } }, { properties: {} }] },
    ],
  ])('has references for %s', async (_what, given, told) => {
    expect(await schemaOf(jsonSchema(given))).toEqual(told);
  });

  it('stays as it is where any string fits already', async () => {
    const schema = {
      type: 'object' as const,
      properties: { text: { type: 'string' as const, description: 'What to say' }, any: {} },
      additionalProperties: false,
    };
    expect(await schemaOf(jsonSchema(schema))).toEqual(schema);
  });

  it('is made of any schema that the SDK takes', async () => {
    const schema = await schemaOf(z.object({ n: z.number() }));
    expect(schema).toMatchObject({ properties: { n: { anyOf: [{ type: 'number' }, A_REFERENCE] } } });
  });
});

describe('the other fields of a tool', () => {
  it('stay as they are', () => {
    const execute = () => 1;
    const tools = { look: tool({ description: 'Looks', inputSchema: z.object({}), execute }) };
    const { inputSchema: _, ...rest } = withRefs(tools).look;
    expect(rest).toEqual({ description: 'Looks', execute });
  });
});
