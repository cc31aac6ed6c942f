import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { englishLabels } from '../../src/components/words/labels.ts';
import { readValue } from '../../src/components/value/read-value.ts';
import { summarizeInput, toInputFields } from '../../src/components/value/summarize-input.ts';
import { ToolCallValue } from '../../src/components/value/value.tsx';
import { toValueLines, type ValueEntry, type ValueToken } from '../../src/components/value/lines.ts';

const textOf = (tokens: readonly (ValueToken | ValueEntry)[]): string =>
  tokens.map((token) => (token.type === 'entry' ? textOf(token.tokens) : token.text)).join('');

/** A value as its lines of text. */
const show = (value: unknown, isOpen = false) =>
  toValueLines(readValue(value), englishLabels, isOpen).map((line) => '  '.repeat(line.depth) + textOf(line.tokens));

const circular: Record<string, unknown> = { name: 'loop' };
circular['self'] = circular;

class Order {
  id = 42;
  get total(): number {
    throw new Error('not loaded');
  }
}

const hostile = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error('no');
    },
  },
);

describe('layout', () => {
  it('keeps a flat, short value on one line', () => {
    expect(show({ orderId: '42', amount: 49, currency: 'EUR' })).toEqual([
      '{ "orderId": "42", "amount": 49, "currency": "EUR" }',
    ]);
    expect(show([1, 2, 3])).toEqual(['[1, 2, 3]']);
    expect(show({})).toEqual(['{}']);
  });

  it('writes one entry a line otherwise, and nests what is short again', () => {
    expect(show({ status: 'delivered', total: { amount: 49, currency: 'EUR' }, items: [] })).toEqual([
      '{',
      '  "status": "delivered",',
      '  "total": { "amount": 49, "currency": "EUR" },',
      '  "items": []',
      '}',
    ]);
  });

  it('leaves the end open while the model writes', () => {
    expect(show({ orderId: '4' }, true)).toEqual(['{', '  "orderId": "4']);
    expect(show(undefined, true)).toEqual(['undefined']);
  });

  it('keeps the line breaks of a text, and escapes them where it is one entry of several', () => {
    expect(show('<b>one</b>\n"two"\\')).toEqual(['"<b>one</b>\n"two"\\"']);
    expect(show({ text: 'one\r\n\t"two"\\' })).toEqual(['{ "text": "one\\r\\n\\t\\"two\\"\\\\" }']);
  });
});

describe('odd values', () => {
  it.each<[string, unknown, string]>([
    ['zero', 0, '0'],
    ['minus zero', -0, '-0'],
    ['NaN', Number.NaN, 'NaN'],
    ['false', false, 'false'],
    ['an empty string', '', '""'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a BigInt', 10n, '10n'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['a function', function pay() {}, 'ƒ pay()'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a date that is none', new Date(Number.NaN), 'Invalid Date'],
    ['an error', new TypeError('no'), 'TypeError: no'],
    ['a cycle', circular, '{ "name": "loop", "self": [circular] }'],
    ['a DOM node', document.createElement('section'), '<section>'],
    ['a map', new Map([['a', 1]]), 'Map(1) { "a": 1 }'],
    ['a set', new Set([1, 2]), 'Set(2) [1, 2]'],
    ['a typed array', new Uint8Array([1, 2]), 'Uint8Array(2) [1, 2]'],
    ['an instance', new Order(), 'Order { "id": 42 }'],
    ['a promise', Promise.resolve(), 'Promise {}'],
    ['a throwing getter', { get secret() { throw new Error('no'); }, id: 1 }, '{ [unreadable], "id": 1 }'], // prettier-ignore
    ['a hole', [, 1], '[undefined, 1]'], // oxlint-disable-line no-sparse-arrays
  ])('shows %s', (_, value, text) => {
    expect(show(value)).toEqual([text]);
  });

  it('gives up on a hostile proxy without a throw', () => {
    expect(show(hostile)).toEqual(['[unreadable]']);
    expect(summarizeInput(hostile)).toBe('');
  });

  it('shows the same object twice where it is no cycle', () => {
    const shared = { id: 1 };
    expect(show([shared, shared]).join('')).not.toContain('circular');
  });

  it('shows part of what is huge, says how much is left out, and is quick about it', () => {
    const lines = show(Array.from({ length: 10_000 }, (_, index) => index));
    expect(lines).toHaveLength(103);
    expect(lines.at(-2)).toBe('  … 9,900 more');
    expect(show('x '.repeat(2_500_000))[0]).toMatch(/^"(?:x ){10000}" … 4,980,000 more characters$/);
    expect(show(`data:image/png;base64,${'iVBORw0KGgo'.repeat(1000)}`)[0]).toMatch(/^"data:image.{50}" … 10,962 more/);
    const wide = Array.from({ length: 100 }, () =>
      Object.fromEntries(Array.from({ length: 100 }, (_, key) => [key, 'y'.repeat(1000)])),
    );
    expect(show(wide).length).toBeLessThan(2500);
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = { deep };
    expect(show(deep).length).toBeLessThan(30);
  });

  it('is one element that takes any prop', () => {
    const { container } = render(<ToolCallValue value={circular} className="mine" />);
    expect(container.firstElementChild?.matches('pre.mine[data-slot="tool-call-value"]')).toBe(true);
  });
});

describe('inputs in short', () => {
  it.each([
    [{ sku: 'runner-2', size: 43, nested: { a: 1 }, none: null }, 'runner-2 · 43'],
    [{ text: 'two\n lines' }, 'two lines'],
    ['plain', 'plain'],
    [[1, 2], '1 · 2'],
    [{}, ''],
    [undefined, ''],
  ])('sums up %o', (input, text) => {
    expect(summarizeInput(input)).toBe(text);
  });

  it('gives the fields of a flat object, and leaves what is nested or long to the JSON view', () => {
    expect(toInputFields({ orderId: '42', gift: false })).toEqual([
      { name: 'orderId', value: '42' },
      { name: 'gift', value: 'false' },
    ]);
    expect(toInputFields({ nested: {} })).toBeUndefined();
    expect(toInputFields({ long: 'x'.repeat(1000) })).toBeUndefined();
    expect(toInputFields(hostile)).toBeUndefined();
  });
});
