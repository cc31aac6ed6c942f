// Owns: every error of misuse, with its words: what happened, why it matters, what to do.
import { jsonSchema } from 'ai';
import { describe, expect, it } from 'vitest';
import { clientTool, createToolRunner, createToolCallStore } from '../../src/core/index.ts';
import { show } from '../../src/core/expect.ts';

const inputSchema = jsonSchema({});
const create =
  (policy: object, options: object = {}) =>
  () =>
    createToolRunner({ tools: { refund: { inputSchema, ...policy } }, ...options });

describe('a policy that makes no sense', () => {
  it.each([
    [{ concurrency: 0 }, 'Expected `concurrency` of tool `refund` to be an integer from 1 up, got `0` (number).'],
    [{ concurrency: -1 }, 'got `-1` (number)'],
    [{ concurrency: 1.5 }, 'got `1.5` (number)'],
    [{ concurrency: NaN }, 'got `NaN` (number)'],
    [{ concurrency: '2' }, "got `'2'` (string)"],
    [
      { timeout: 0 },
      'Expected `timeout` of tool `refund` to be milliseconds from 1 up, or `false` for none, got `0` (number).',
    ],
    [{ timeout: Infinity }, 'got `Infinity` (number)'],
    [{ timeout: true }, 'got `true` (boolean)'],
    [{ retry: -1 }, 'Expected `retry` of tool `refund` to be an integer from 0 up, got `-1` (number).'],
    [
      { retry: 'twice' },
      "Expected `retry` of tool `refund` to be a number or a boolean or a function, got `'twice'` (string).",
    ],
    [
      { retryDelay: -1 },
      'Expected `retryDelay` of tool `refund` to be milliseconds from 0 up, or a function, got `-1` (number).',
    ],
    [{ rateLimit: 5 }, 'Expected `rateLimit` of tool `refund` to be { limit, interval, key? }, got `5` (number).'],
    [{ rateLimit: null }, 'got `null`'],
    [
      { rateLimit: { limit: 0, interval: 1 } },
      'Expected `rateLimit.limit` of tool `refund` to be an integer from 1 up, got `0` (number).',
    ],
    [{ rateLimit: { limit: -3, interval: 1 } }, 'got `-3` (number)'],
    [{ rateLimit: { limit: Infinity, interval: 1 } }, 'got `Infinity` (number)'],
    [
      { rateLimit: { limit: 1 } },
      'Expected `rateLimit.interval` of tool `refund` to be milliseconds from 1 up, got `undefined`.',
    ],
    [
      { rateLimit: { limit: 1, interval: 1, key: 5 } },
      'Expected `rateLimit.key` of tool `refund` to be a string, got `5` (number).',
    ],
    [
      { start: 'soon' },
      "Expected `start` of tool `refund` to be 'eager' or 'step-end', or 'early' for a tool that is `readOnly`, got `'soon'` (string).",
    ],
    [{ start: 5 }, 'got `5` (number)'],
    [{ onFailure: 'throw' }, "Expected `onFailure` of tool `refund` to be 'report' or 'hold', got `'throw'` (string)."],
    [
      { persist: 'input' },
      "Expected `persist` of tool `refund` to be 'outcome-only', or a boolean, got `'input'` (string).",
    ],
    [
      { staleTime: 1_000, idempotent: true },
      'Expected tool `refund`, which has `staleTime`, to be `readOnly`: a call that changes something has to run.',
    ],
    [
      { staleTime: 1_000, readOnly: true },
      'Expected tool `refund`, which has `staleTime`, to come with the plugin resultCache() of use-parallel-tools/cache, which keeps results.',
    ],
    [
      { staleTime: -1, readOnly: true },
      'Expected `staleTime` of tool `refund` to be milliseconds from 0 up, or `Infinity`, got `-1` (number).',
    ],
    [{ reconcile: true }, 'Expected `reconcile` of tool `refund` to be a function, got `true` (boolean).'],
    [{ onReload: true }, "Expected `onReload` of tool `refund` to be 'run' or 'ask' or 'fail', got `true` (boolean)."],
    [{ approval: 'yes' }, "Expected `approval` of tool `refund` to be a boolean or a function, got `'yes'` (string)."],
    [{ locks: ['order'] }, 'Expected `locks` of tool `refund` to be a function, got an array.'],
    [{ errorText: 'failed' }, 'Expected `errorText` of tool `refund` to be a function'],
    [{ readOnly: 'yes' }, "Expected `readOnly` of tool `refund` to be a boolean, got `'yes'` (string)."],
    [{ idempotent: 1 }, 'Expected `idempotent`'],
    [{ destructive: 1 }, 'Expected `destructive`'],
    [{ sequential: 1 }, 'Expected `sequential`'],
    [{ dedupe: {} }, 'Expected `dedupe` of tool `refund` to be a boolean, got an object.'],
    [{ after: 5 }, "Expected `after` of tool `refund` to be a tool's name or an array of names, got `5` (number)."],
    [{ after: [5] }, 'got an array'],
    [
      { after: 'verify' },
      'Expected `after` of tool `refund` to name tools of the same set, got `verify`. The tools are: refund.',
    ],
    [{ after: 'refund' }, 'Expected `after` to form no cycle, got refund → refund'],
  ])('throws for %o', (policy, message) => {
    expect(create(policy)).toThrow(TypeError);
    expect(create(policy)).toThrow(message);
  });

  it('takes what is just possible', () => {
    const policy = { concurrency: Infinity, retry: Infinity, timeout: 1, retryDelay: 0, after: [] };
    expect(create(policy)).not.toThrow();
  });

  it('names a cycle in `after`, and only the cycle', () => {
    const tools = {
      a: { inputSchema, after: 'b' },
      b: { inputSchema, after: ['c', 'd'] },
      c: { inputSchema, after: 'd' },
      d: { inputSchema, after: 'b' },
    };
    expect(() => createToolRunner({ tools })).toThrow(
      'got b → c → d → b: none of these tools could ever start. Take one `after` away.',
    );
    expect(() => createToolRunner({ tools: { ...tools, d: { inputSchema } } })).not.toThrow();
  });

  it('throws for two limits under one rate limit key', () => {
    const limited = (limit: number, interval: number, key?: string) => ({
      inputSchema,
      rateLimit: { limit, interval, ...(key && { key }) },
    });
    expect(() => createToolRunner({ tools: { one: limited(1, 100, 'api'), two: limited(5, 100, 'api') } })).toThrow(
      'got 1 in 100 ms for `one` and 5 in 100 ms for `two`, both with the key `api`. Give them one limit, or two keys.',
    );
    expect(() => createToolRunner({ tools: { one: limited(1, 100, 'api'), two: limited(1, 200, 'api') } })).toThrow(
      '1 in 200 ms',
    );
    expect(() =>
      createToolRunner({ tools: { one: limited(1, 100), two: limited(1, 100, 'one'), three: limited(5, 1) } }),
    ).not.toThrow();
  });
});

describe('options that make no sense', () => {
  it.each([
    [{ concurrency: 0 }, 'Expected `concurrency` to be an integer from 1 up, got `0` (number).'],
    [{ concurrency: null }, 'got `null`'],
    [{ timeout: -1 }, 'Expected `timeout` to be milliseconds from 1 up, or `false` for none, got `-1` (number).'],
    [{ retry: 'x' }, 'Expected `retry` to be'],
    [{ onFailure: 'x' }, 'Expected `onFailure` to be'],
  ])('throw for %o', (options, message) => {
    expect(create({}, options)).toThrow(message);
  });

  it.each([undefined, null, 5])('throw for tools that are %s', (tools) => {
    expect(() => createToolRunner({ tools } as never)).toThrow(
      'Expected `tools` to be an object of tools by name, got',
    );
  });

  it('throw for a tool that is none, or has no schema', () => {
    expect(() => createToolRunner({ tools: { odd: null } } as never)).toThrow('Expected tool `odd` to be a tool');
    expect(() => createToolRunner({ tools: { odd: {} } } as never)).toThrow(
      'Expected tool `odd` to have an `inputSchema`',
    );
  });

  it('throw from setOptions too, and leave the runner as it was', () => {
    const runner = createToolRunner({ tools: { refund: clientTool({ inputSchema, readOnly: true }) } });
    expect(() => runner.setOptions({ tools: {}, concurrency: 0 })).toThrow('Expected `concurrency`');
    expect(runner.policyOf('refund')?.readOnly).toBe(true);
  });
});

describe('a call outside of any batch', () => {
  it('throws, and says what to do first', () => {
    const runner = createToolRunner({ tools: {}, store: createToolCallStore() });
    expect(() => runner.addCall('m/0', { toolCallId: 'a', toolName: 'x', input: 1 })).toThrow(
      'There is no open batch m/0, so the call would run outside of any: call openBatch(messageId, step) first.',
    );
  });
});

describe('show', () => {
  it.each([
    [0, '`0` (number)'],
    ['a', "`'a'` (string)"],
    [undefined, '`undefined`'],
    [null, '`null`'],
    [[], 'an array'],
    [{}, 'an object'],
    [() => 1, 'a function'],
    [1n, '`1` (bigint)'],
    [Symbol('x'), '`Symbol(x)` (symbol)'],
  ])('writes %o as the user would', (value, text) => {
    expect(show(value)).toBe(text);
  });
});
