// Owns: an output is what `JSON.parse(JSON.stringify(value))` gives, taken once; what that would empty or distort is said instead.
import { describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../src/core/json-snapshot.ts';

/** An object so many levels deep. */
function nest(levels: number, around: (inner: unknown) => object = (deep) => ({ deep })): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level++) value = around(value);
  return value;
}

/** What a browser's own objects are like: their data is in accessors of the prototype, which are enumerable there. */
function createPlatformObject(name: string, fields: object): object {
  const prototype = Object.create(Object.prototype, { [Symbol.toStringTag]: { value: name } });
  for (const [field, value] of Object.entries(fields)) {
    Object.defineProperty(prototype, field, { get: () => value, enumerable: true });
  }
  return Object.create(prototype);
}

class Order {
  id = 7;
  lines = [{ sku: 'a' }];
}
class Itself {
  n = 1;
  toJSON(): this {
    return this;
  }
}
class Secret {
  readonly #data = 'hidden';
  get data() {
    return this.#data;
  }
}
class Cache extends Map<string, number> {
  hits = 3;
}
class Embedding extends Float32Array {
  toJSON() {
    return [...this];
  }
}
async function* stream() {
  yield 1;
}
function listArguments(): unknown {
  return arguments;
}
function createCycle() {
  const cycle: { inner: { outer?: unknown } } = { inner: {} };
  cycle.inner.outer = cycle;
  return cycle;
}

describe('a snapshot', () => {
  const shared = { n: 1 };
  const sparse: unknown[] = [1];
  sparse[2] = 3;

  it.each<[string, unknown]>([
    ['null', null],
    ['zero', 0],
    ['minus zero', -0],
    ['false', false],
    ['an empty string', ''],
    ['half a surrogate pair', '\uD83D'],
    ['a nested object', { list: [1, { deep: null }], missing: undefined }],
    ['a list with undefined and a hole', [undefined, sparse]],
    ['a list that has fields too', /(?<letter>a)/.exec('a')],
    ['one object in two places', [shared, shared]],
    ['a date', { at: new Date(0) }],
    ['a URL', new URL('https://example.com')],
    ['boxed primitives', [Object('a'), Object(1), Object(false)]],
    ['an object that says what it is in JSON', { toJSON: () => 'me' }],
    ['an object that says that it is nothing in JSON', { gone: { toJSON: () => undefined } }],
    ['an object that asks for its key', [{ toJSON: (key: string) => key }, { a: { toJSON: (key: string) => key } }]],
    ['an object that is its own JSON', new Itself()],
    ['a typed array that says what it is in JSON', new Embedding([0.5, 1])],
    ['a class instance with fields of its own', new Order()],
    ['an object without a prototype', Object.assign(Object.create(null), { n: 1 })],
    ['an object with keys of every kind', { b: 1, 2: 'two', a: 3, 1: 'one', [Symbol('s')]: 4 }],
    ['an object with a field __proto__', JSON.parse('{"__proto__":{"admin":true},"n":1}')],
    [
      'an object with fields named like methods',
      { constructor: 'c', toString: 't', hasOwnProperty: 'h', valueOf: 'v' },
    ],
    ['data that describes a node', { nodeType: 1, nodeName: 'DIV' }],
    ['data that describes an event', { isTrusted: true }],
    ['a list of five hundred levels', nest(500, (deep) => [deep])],
    ['a proxy of data', new Proxy({ list: new Proxy([1, 2], {}) }, {})],
    [
      'data behind getters',
      {
        get now() {
          return 1;
        },
      },
    ],
  ])('of %s is what JSON gives', (_, value) => {
    const json: unknown = JSON.parse(JSON.stringify(value));
    const snapshot = takeSnapshot(value);
    expect(snapshot).toStrictEqual({ success: true, value: json });
    // `toStrictEqual` knows nothing of the order of keys, nor of a prototype that a key named __proto__ would set.
    expect(JSON.stringify(snapshot.success && snapshot.value)).toBe(JSON.stringify(value));
  });

  it('of nothing is nothing', () => {
    expect(takeSnapshot(undefined)).toEqual({ success: true, value: undefined });
    expect(takeSnapshot({ toJSON: () => undefined })).toEqual({ success: true, value: undefined });
  });

  it('shares nothing with the value that can change', () => {
    const live = { list: [{ n: 1 }], at: new Date(0) };
    const snapshot = takeSnapshot(live);
    live.list[0]!.n = 2;
    live.list.push({ n: 3 });
    live.at.setTime(5);
    expect(snapshot).toEqual({ success: true, value: { list: [{ n: 1 }], at: '1970-01-01T00:00:00.000Z' } });
  });

  it('reads each field once', () => {
    let reads = 0;
    const counter = {
      get n() {
        return ++reads;
      },
    };
    expect(takeSnapshot(counter)).toEqual({ success: true, value: { n: 1 } });
    expect(reads).toBe(1);
  });

  it('of a BigInt is what a page that gave BigInt a toJSON says', () => {
    Object.assign(BigInt.prototype, {
      toJSON(this: bigint) {
        return this.toString();
      },
    });
    try {
      expect(takeSnapshot({ id: 12n })).toEqual({ success: true, value: { id: '12' } });
    } finally {
      Reflect.deleteProperty(BigInt.prototype, 'toJSON');
    }
  });
});

const NUMBERS = 'JSON turns into {"0":…}; return Array.from(numbers), or bytes as a Base64 string';
const sparse: unknown[] = [];
sparse[48_213] = 'by id';
let growing: unknown = 1;
for (let level = 0; level < 12; level++) growing = Array(10).fill(growing);
const createEndless = (): object => ({
  get deep() {
    return createEndless();
  },
});
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

describe('what JSON would empty, distort or choke on', () => {
  it.each<[string, unknown, string]>([
    ['a BigInt', 1n, 'it is a BigInt; return a string or a number'],
    ['a BigInt inside', { order: { id: 1n } }, '`order.id` is a BigInt; return a string or a number'],
    ['a boxed BigInt', { id: Object(1n) }, '`id` is a BigInt; return a string or a number'],
    ['NaN', { scores: [1, Number.NaN] }, '`scores.1` is NaN, which JSON turns into null; return null or a string'],
    ['an infinity', -Infinity, 'it is -Infinity, which JSON turns into null; return null or a string'],
    [
      'an invalid date',
      { at: new Date('?') },
      '`at` is an invalid Date, which JSON turns into null; return null or a string',
    ],
    ['a function', () => 1, 'it is a function; return plain data'],
    ['a function inside', [1, () => 1], '`1` is a function; return plain data'],
    ['a method', { order: { save() {} } }, '`order.save` is a function; return plain data'],
    ['a symbol', Symbol('x'), 'it is a symbol; return plain data'],
    ['a symbol inside', { kind: Symbol('x') }, '`kind` is a symbol; return plain data'],
    ['a cycle', createCycle(), '`inner.outer` refers back to itself; return plain data without cycles'],
    [
      'a class that #hides its data',
      { key: new Secret() },
      '`key` is a Secret, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'an object made of another',
      Object.create({ n: 1 }),
      'it is a class instance, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a map',
      { counts: new Map() },
      '`counts` is a Map, which JSON empties; return plain data, such as Object.fromEntries(map)',
    ],
    [
      'a map with fields of its own',
      new Cache(),
      'it is a Map, which JSON empties; return plain data, such as Object.fromEntries(map)',
    ],
    ['a set', new Set([1]), 'it is a Set, which JSON empties; return plain data, such as Array.from(set)'],
    [
      'an error',
      new TypeError('x'),
      'it is an Error, which JSON empties; return plain data, such as its message, or throw it',
    ],
    [
      'an error with a code',
      Object.assign(new Error('x'), { code: 7 }),
      'it is an Error, which JSON empties; return plain data, such as its message, or throw it',
    ],
    [
      'a DOMException',
      new DOMException('x'),
      'it is an Error, which JSON empties; return plain data, such as its message, or throw it',
    ],
    ['a pattern', /x/, 'it is a RegExp, which JSON empties; return plain data, such as the fields that matter'],
    [
      'a response',
      new Response(),
      'it is a Response, which JSON empties; return plain data, such as what its json() or text() gives',
    ],
    [
      'headers',
      new Headers(),
      'it is a Headers, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a form',
      new FormData(),
      'it is a FormData, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a query',
      new URLSearchParams('a=1'),
      'it is a URLSearchParams, which JSON empties; return plain data, such as the fields that matter',
    ],
    ['a file', new Blob(['x']), 'it is a Blob, which JSON empties; return plain data, such as the fields that matter'],
    [
      'a promise inside',
      { later: Promise.resolve() },
      '`later` is a Promise, which JSON empties; return plain data, such as what it resolves to',
    ],
    [
      'a weak map',
      new WeakMap(),
      'it is a WeakMap, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'an event',
      new Event('click'),
      'it is an Event, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a request',
      createPlatformObject('XMLHttpRequest', {}),
      'it is an XMLHttpRequest, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a position',
      createPlatformObject('GeolocationPosition', { coords: {} }),
      'it is a GeolocationPosition, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a selection',
      { at: createPlatformObject('Selection', { type: 'Range' }) },
      '`at` is a Selection, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a DOM node',
      createPlatformObject('HTMLDivElement', { nodeType: 1, nodeName: 'DIV' }),
      'it is a DOM node; return its text, or the fields that matter',
    ],
    [
      'a DOM node with fields of React',
      Object.assign(createPlatformObject('HTMLDivElement', { nodeType: 1, nodeName: 'DIV' }), { __reactFiber$1: 1 }),
      'it is a DOM node; return its text, or the fields that matter',
    ],
    [
      'a list of the browser',
      Object.assign(createPlatformObject('DOMTokenList', { length: 1 }), { 0: 'a', [Symbol.iterator]: null }),
      'it is a DOMTokenList, which JSON turns into {"0":…}; return Array.from(list)',
    ],
    [
      'the arguments of a function',
      Reflect.apply(listArguments, undefined, [1, 2]),
      'it is an Arguments, which JSON turns into {"0":…}; return Array.from(list)',
    ],
    ['an embedding', { embedding: new Float32Array(3) }, `\`embedding\` is a Float32Array, which ${NUMBERS}`],
    ['bytes', new Uint8Array(1_000_000), `it is a Uint8Array, which ${NUMBERS}`],
    ['no bytes', new Uint8Array(0), `it is a Uint8Array, which ${NUMBERS}`],
    [
      'a buffer',
      new ArrayBuffer(8),
      'it is an ArrayBuffer, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a view of a buffer',
      new DataView(new ArrayBuffer(8)),
      'it is a DataView, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a generator',
      [1][Symbol.iterator](),
      'it is an Array Iterator, which JSON empties; return plain data, such as the fields that matter',
    ],
    [
      'a stream inside',
      { rows: stream() },
      '`rows` is an AsyncIterable; return it by itself, not inside of something else',
    ],
    ['what its JSON turns into', { toJSON: () => ({ id: 1n }) }, '`id` is a BigInt; return a string or a number'],
    [
      'a list indexed by an id',
      { users: sparse },
      '`users` is a list full of holes, which JSON turns into null; return a list without them',
    ],
  ])('is %s: it says where, and what to return instead', (_, value, problem) => {
    expect(takeSnapshot(value)).toEqual({ success: false, message: problem });
  });

  it.each([501, 100_000])('is an object of %i levels', (levels) => {
    const place = `\`${'deep.'.repeat(12)}….deep.deep.deep.deep.deep.deep\``;
    const problem = `${place} is nested more than 500 levels deep; return flatter data`;
    expect(takeSnapshot(nest(levels))).toEqual({ success: false, message: problem });
  });

  it('is an object that grows without end', () => {
    expect(takeSnapshot(createEndless())).toMatchObject({
      message: expect.stringMatching(/nested more than 500 levels deep/),
    });
  });

  it('is an object that JSON would repeat a billion times over', () => {
    expect(takeSnapshot(growing)).toMatchObject({
      message: expect.stringMatching(/ is one value more than an output may hold \(1000000\); return less$/),
    });
  });

  it.each<[string, unknown, string]>([
    [
      'throws in a getter',
      {
        fine: { a: 1 },
        get secret() {
          throw new Error('hands off');
        },
      },
      'reading `secret` threw: hands off',
    ],
    [
      'throws nothing in a getter',
      {
        get secret() {
          throw undefined;
        },
      },
      'reading `secret` threw: It threw undefined',
    ],
    [
      'throws in toJSON',
      {
        order: {
          toJSON() {
            throw new Error('hands off');
          },
        },
      },
      'reading `order` threw: hands off',
    ],
    ['is a proxy that was revoked', revoked, "reading it threw: Cannot perform 'get' on a proxy that has been revoked"],
    [
      'is a proxy that throws whatever is asked',
      {
        trap: new Proxy(
          {},
          {
            get: () => undefined,
            has: () => {
              throw new Error('no');
            },
            getPrototypeOf: () => {
              throw new Error('no');
            },
          },
        ),
      },
      'reading `trap` threw: no',
    ],
  ])('is what %s: nothing is thrown', (_, value, problem) => {
    expect(takeSnapshot(value)).toEqual({ success: false, message: problem });
  });
});
