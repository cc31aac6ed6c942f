import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOutput, findJsonProblem } from '../../src/core/output.ts';

const cycle: { inner: { outer?: unknown } } = { inner: {} };
cycle.inner.outer = cycle;
let deep: unknown = 1;
for (let depth = 0; depth < 100_000; depth++) deep = { deep };
async function* stream() {
  yield 1;
}

class Itself {
  n = 1;
  toJSON(): this {
    return this;
  }
}

describe('what JSON can carry', () => {
  const shared = { n: 1 };
  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['zero', 0],
    ['false', false],
    ['an empty string', ''],
    ['a nested object', { list: [1, { deep: null }], missing: undefined }],
    ['one object in two places', [shared, shared]],
    ['a date', { at: new Date(0) }],
    ['a URL', new URL('https://example.com')],
    ['an object that says what it is in JSON', { toJSON: () => 'me' }],
    ['an object that is its own JSON', new Itself()],
    [
      'a class instance with plain fields',
      new (class Order {
        id = 7;
      })(),
    ],
    ['a node type that is only a field', { nodeType: 1 }],
  ])('is %s', (_, value) => {
    expect(findJsonProblem(value)).toBeUndefined();
  });
});

describe('what JSON cannot carry', () => {
  it.each([
    ['a BigInt', 1n, 'it is a BigInt; return a string or a number'],
    ['a BigInt inside', { order: { id: 1n } }, '`order.id` is a BigInt; return a string or a number'],
    ['a function', () => 1, 'it is a function'],
    ['a function inside', [1, () => 1], '`1` is a function'],
    ['a symbol', Symbol('x'), 'it is a symbol'],
    ['a cycle', cycle, '`inner.outer` refers back to itself'],
    ['a map', { counts: new Map() }, '`counts` is a Map, which JSON turns into {}; return plain data'],
    ['a set', new Set(), 'it is a Set, which JSON turns into {}; return plain data'],
    ['an error', new TypeError('x'), 'it is a Error, which JSON turns into {}; return plain data'],
    ['a response', new Response(), 'it is a Response, which JSON turns into {}; return plain data'],
    [
      'a promise inside',
      { later: Promise.resolve() },
      '`later` is a Promise, which JSON turns into {}; return plain data',
    ],
    ['a stream in a promise', stream(), 'it is an AsyncIterable; return it by itself, not inside of something else'],
    ['a DOM node', { nodeType: 1, nodeName: 'DIV' }, 'it is a DOM node'],
    ['what its JSON turns into', { toJSON: () => ({ id: 1n }) }, '`id` is a BigInt; return a string or a number'],
    [
      'a throwing getter',
      {
        get secret() {
          throw new Error('hands off');
        },
      },
      'reading it threw: hands off',
    ],
    [
      'a getter that throws nothing',
      {
        get secret() {
          throw undefined;
        },
      },
      'reading it threw: It threw undefined',
    ],
    ['what is nested too deeply', deep, 'it is nested too deeply'],
  ])('is %s', (_, value, problem) => {
    expect(findJsonProblem(value)).toBe(problem);
  });
});

describe('checkOutput', () => {
  it('gives null for undefined', () => {
    expect(checkOutput(undefined, undefined)).toEqual({ success: true, value: null });
  });

  it('gives the parsed value of the schema, also of one that takes its time', async () => {
    expect(checkOutput(z.coerce.number(), '5')).toEqual({ success: true, value: 5 });
    expect(
      await checkOutput(
        z.string().transform(async (text) => `${text}!`),
        'a',
      ),
    ).toEqual({ success: true, value: 'a!' });
  });

  it('says that a value does not fit, or cannot be sent', async () => {
    expect(checkOutput(z.number(), 'x')).toEqual({
      success: false,
      message: expect.stringMatching(/^does not fit its outputSchema: /),
    });
    expect(checkOutput(z.bigint(), 1n)).toEqual({
      success: false,
      message: 'cannot be sent as JSON: it is a BigInt; return a string or a number',
    });
  });
});
