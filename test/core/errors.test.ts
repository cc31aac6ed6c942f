import { describe, expect, it } from 'vitest';
import {
  createCancelledError,
  createInterruptedError,
  createMissingToolError,
  explainError,
  readMessage,
  readRetryAfter,
  ToolCallError,
  toToolCallError,
} from '../../src/core/errors.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('toToolCallError', () => {
  it('keeps what was thrown as the cause', () => {
    const cause = new Error('no connection');
    const error = toToolCallError(cause, NOW);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ToolCallError', kind: 'execution', message: 'no connection', cause });
  });

  it("passes a tool's own execution error on, and wraps one of another kind: what happened, the runner knows", () => {
    const own = new ToolCallError('execution', 'try later', { retryAfter: 5 });
    expect(toToolCallError(own, NOW)).toBe(own);
    const odd = new ToolCallError('denied', 'not allowed', { retryAfter: 5 });
    expect(toToolCallError(odd, NOW)).toMatchObject({
      kind: 'execution',
      message: 'not allowed',
      cause: odd,
      retryAfter: 5,
    });
  });

  it('has no cause where nothing was thrown', () => {
    expect('cause' in createCancelledError('user')).toBe(false);
    expect('cause' in toToolCallError(undefined, NOW)).toBe(true);
  });
});

describe('the message of what was thrown', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const unreadable = new Proxy(
    {},
    {
      get() {
        throw new Error('hands off');
      },
      getPrototypeOf() {
        throw new Error('hands off');
      },
    },
  );

  it.each([
    ['an error', new Error('broken'), 'broken'],
    ['an error without words', new RangeError(''), 'RangeError'],
    ['an error whose message is no string', Object.assign(new Error('x'), { message: 7 }), 'Error'],
    ['a string', 'broken', 'broken'],
    ['an empty string', '  ', 'The tool threw    (string)'],
    ['undefined', undefined, 'The tool threw undefined'],
    ['null', null, 'The tool threw null'],
    ['a number', 404, 'The tool threw 404 (number)'],
    ['a bigint', 1n, 'The tool threw 1 (bigint)'],
    ['a symbol', Symbol('no'), 'The tool threw Symbol(no) (symbol)'],
    ['a function', () => 1, 'The tool threw a function'],
    ['an object with a message', { message: 'broken', code: 7 }, 'broken'],
    ['an object', { code: 7 }, 'The tool threw {"code":7}'],
    ['an empty object', {}, 'The tool threw an object'],
    ['an object that is nothing in JSON', { toJSON: () => undefined }, 'The tool threw an object'],
    ['a cycle', cyclic, 'The tool threw a value that cannot be read'],
    ['a value that throws when read', unreadable, 'The tool threw a value that cannot be read'],
    ['a response', new Response(null, { status: 503, statusText: 'Busy' }), 'HTTP 503 Busy'],
    ['a response without words', new Response(null, { status: 503 }), 'HTTP 503'],
  ])('of %s', (_, thrown, message) => {
    expect(toToolCallError(thrown, NOW).message).toBe(message);
  });

  it('cuts a long object short', () => {
    expect(readMessage({ text: 'x'.repeat(1000) })).toHaveLength('The tool threw '.length + 300 + 1);
    expect(readMessage({ t: 'x'.repeat(292) })).not.toContain('…');
  });

  it('says who threw', () => {
    expect(readMessage(undefined, 'It')).toBe('It threw undefined');
    expect(readMessage({}, 'It')).toBe('It threw an object');
    expect(readMessage({ a: 1 }, 'It')).toBe('It threw {"a":1}');
    expect(readMessage(cyclic, 'It')).toBe('It threw a value that cannot be read');
  });
});

describe('readRetryAfter', () => {
  const response = (value?: string) =>
    new Response(null, { status: 429, ...(value !== undefined && { headers: { 'Retry-After': value } }) });

  it.each([
    ['retryAfter in ms', { retryAfter: 1500 }, 1500],
    ['zero', { retryAfter: 0 }, 0],
    ['a negative one', { retryAfter: -1 }, undefined],
    ['an endless one', { retryAfter: Infinity }, undefined],
    ['one that is no number', { retryAfter: '5' }, undefined],
    ['one of the cause', new Error('x', { cause: { retryAfter: 7 } }), 7],
    ['one of the response', { response: { retryAfter: 7 } }, 7],
    ['a header in seconds', response('120'), 120_000],
    ['a header with a date', response('Thu, 01 Jan 2026 00:00:30 GMT'), 30_000],
    ['a header with a date that has passed', response('Wed, 31 Dec 2025 00:00:00 GMT'), 0],
    ['a header that says nothing', response('soon'), undefined],
    ['no header', response(), undefined],
    ['the header of a response on the error', Object.assign(new Error('429'), { response: response('2') }), 2000],
    ['the header of a response that is the cause', new Error('429', { cause: response('2') }), 2000],
    ['its own before the header', { retryAfter: 5, response: response('2') }, 5],
    ['a string', 'retryAfter', undefined],
    ['undefined', undefined, undefined],
    ['null', null, undefined],
  ])('reads %s', (_, thrown, wait) => {
    expect(readRetryAfter(thrown, NOW)).toBe(wait);
  });

  it('asks for nothing where reading throws', () => {
    const broken = {
      get response(): never {
        throw new Error('hands off');
      },
    };
    expect(readRetryAfter(broken, NOW)).toBeUndefined();
  });

  it('does without Response where there is none', () => {
    const { Response: kept } = globalThis;
    Reflect.deleteProperty(globalThis, 'Response');
    expect(readRetryAfter({ headers: {} }, NOW)).toBeUndefined();
    expect(readMessage({ status: 429 })).toBe('The tool threw {"status":429}');
    globalThis.Response = kept;
  });
});

describe('the words for a call that came to nothing', () => {
  it.each(['user', 'timeout', 'unmount', 'superseded', 'stop', 'new-message'] as const)(
    'say that %s cancelled it',
    (by) => {
      expect(createCancelledError(by)).toMatchObject({
        kind: 'cancelled',
        by,
        message: expect.stringMatching(/^Cancelled/),
      });
    },
  );

  it('say that it did not run', () => {
    expect(createCancelledError('not-run').message).toMatch(/^Not run/);
  });

  it('say that it was interrupted, unknown, or that its policy could not be asked', () => {
    expect(createInterruptedError()).toMatchObject({
      kind: 'interrupted',
      message: expect.stringContaining('reloaded'),
    });
    expect(createMissingToolError('foo', false)).toMatchObject({
      kind: 'unknown-tool',
      message: expect.stringContaining('foo'),
    });
    expect(createMissingToolError('foo', true)).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('foo is not available'),
    });
    expect(explainError('`locks` threw', 5)).toMatchObject({
      kind: 'execution',
      message: '`locks` threw: It threw 5 (number)',
      cause: 5,
    });
  });
});
