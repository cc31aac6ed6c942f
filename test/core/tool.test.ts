import { jsonSchema, tool, type ToolSet } from 'ai';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { clientTool, toolDefinitions, withPolicy } from '../../src/core/index.ts';

const inputSchema = jsonSchema<{ id: string }>({});

describe('clientTool', () => {
  it('gives back what it was given', () => {
    const definition = { description: 'x', inputSchema, execute: () => 1, retry: 2 };
    expect(clientTool(definition)).toBe(definition);
  });

  it('takes a tool without execute: a person answers it', () => {
    expect(() => clientTool({ inputSchema })).not.toThrow();
    expect(() => clientTool({ inputSchema, outputSchema: z.string() })).not.toThrow();
    expect(() => clientTool({ inputSchema, execute: null } as never)).not.toThrow();
  });

  it.each([
    [undefined, 'Expected clientTool to be a tool made with clientTool({ … }) or tool({ … }), got `undefined`'],
    [null, 'got `null`'],
    ['tool', "got `'tool'` (string)"],
    [{}, "to have an `inputSchema`, got `undefined`. Without one a model's input cannot be checked"],
    [{ inputSchema: null }, 'got `null`'],
    [
      { inputSchema, execute: 'run' },
      "Expected `execute` of clientTool to be a function, or to be left out for a tool that a person answers, got `'run'` (string)",
    ],
    [{ inputSchema, execute: () => 1, executeMany: () => [] }, 'either `execute` or `executeMany`, got both'],
  ])('throws for %j', (definition, message) => {
    expect(() => clientTool(definition as never)).toThrow(TypeError);
    expect(() => clientTool(definition as never)).toThrow(message);
  });
});

describe('withPolicy', () => {
  const tools = {
    look: tool({ inputSchema, execute: () => 1 }),
    erase: clientTool({ inputSchema, execute: () => 1, timeout: 5, retry: 1 }),
  };

  it('adds policy by name, and under all of them with *', () => {
    const result = withPolicy(tools, {
      '*': { timeout: 9, onFailure: 'hold' },
      look: { readOnly: true },
      erase: { retry: 4 },
    });
    expect(result.look).toMatchObject({ timeout: 9, onFailure: 'hold', readOnly: true });
    expect(result.erase).toMatchObject({ timeout: 5, onFailure: 'hold', retry: 4 });
  });

  it('leaves the given tools as they are', () => {
    const result = withPolicy(tools, { look: { readOnly: true } });
    expect('readOnly' in tools.look).toBe(false);
    expect(result.look.execute).toBe(tools.look.execute);
  });

  it('throws for a name that the set does not have', () => {
    expect(() => withPolicy(tools, { loook: {} } as never)).toThrow(
      'Expected every name given to withPolicy to be a tool, got `loook`. The tools are: look, erase.',
    );
    expect(() => withPolicy({}, { a: {} } as never)).toThrow('The tools are: none.');
    expect(() => withPolicy({}, { toString: {} } as never)).toThrow('got `toString`');
  });

  it('takes tools with the names of what every object has', () => {
    const odd: ToolSet = { constructor: tools.look, ['__proto__']: tools.look };
    const result = withPolicy(odd, { '*': { readOnly: true } });
    expect(Object.keys(result)).toEqual(['constructor', '__proto__']);
    expect(Object.entries(result).map(([, each]) => 'readOnly' in each)).toEqual([true, true]);
  });
});

describe('toolDefinitions', () => {
  it('strips execute and every policy field, and nothing else', () => {
    const definitions = toolDefinitions({
      tool: clientTool({
        description: 'x',
        title: 'X',
        inputSchema,
        outputSchema: jsonSchema<number>({}),
        metadata: { constructor: 'kept' },
        toModelOutput: () => ({ type: 'text', value: 'x' }),
        execute: () => 1,
        readOnly: true,
        idempotent: true,
        destructive: false,
        start: 'eager',
        concurrency: 1,
        locks: () => ({}),
        rateLimit: { limit: 1, interval: 1 },
        after: [],
        sequential: false,
        timeout: 1,
        retry: 1,
        retryDelay: 1,
        approval: true,
        onFailure: 'hold',
        onReload: 'run',
        dedupe: true,
        errorText: () => '',
      }),
    });
    expect(Object.keys(definitions.tool).toSorted()).toEqual([
      'description',
      'inputSchema',
      'metadata',
      'outputSchema',
      'title',
      'toModelOutput',
    ]);
  });

  it('keeps fields with the names of what every object has', () => {
    expect(toolDefinitions({ odd: { inputSchema, constructor: 1 } as never }).odd).toHaveProperty('constructor', 1);
  });

  it('throws for what is no tool', () => {
    expect(() => toolDefinitions({ odd: 5 } as never)).toThrow('Expected tool `odd` to be a tool');
  });
});
