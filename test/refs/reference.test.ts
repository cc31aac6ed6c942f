// Proves: which texts are references, what stands where their paths lead, and what an input becomes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { follow, listReferences, replaceReferences } from '../../src/refs/reference.ts';

describe('a reference', () => {
  it.each<[text: string, toolName: string, number: number, path: readonly string[] | undefined]>([
    ['{{search#1}}', 'search', 1, []],
    ['{{ search#12.items.0.id }}', 'search', 12, ['items', '0', 'id']],
    ['{{search#1.items[0].id}}', 'search', 1, ['items', '0', 'id']],
    ['{{mcp-get_user#1["first name"]["a\\"b"]}}', 'mcp-get_user', 1, ['first name', 'a"b']],
    ['{{search#1.über}}', 'search', 1, ['über']],
    ['{{search#0}}', 'search', 0, []],
    ['{{search#1items}}', 'search', 1, undefined],
    ['{{search#1..id}}', 'search', 1, undefined],
    ['{{search#1.items[x]}}', 'search', 1, undefined],
    ['{{search#1 + 1}}', 'search', 1, undefined],
  ])('is read from %s', (text, toolName, number, path) => {
    expect(listReferences(text)).toEqual([{ text, toolName, number, path }]);
  });

  it.each(['{{search}}', '{{search.items}}', '{search#1}', '{{#1}}', '{{a b#1}}', '{{ }}', 'search#1'])(
    'is not %s',
    (text) => {
      expect(listReferences(text)).toEqual([]);
    },
  );

  it('is found in every string of an input, in order', () => {
    const input = { to: '{{user#1.mail}}', lines: ['{{a#1}} and {{b#2}}', { deep: '{{c#3}}' }], n: 1, none: null };
    expect(listReferences(input).map(({ text }) => text)).toEqual(['{{user#1.mail}}', '{{a#1}}', '{{b#2}}', '{{c#3}}']);
  });
});

describe('a path', () => {
  const output = { items: [{ id: 7, tags: ['x'] }], empty: '', none: null };

  it.each<[path: string[], result: object]>([
    [[], { value: output }],
    [['items', '0', 'id'], { value: 7 }],
    [['empty'], { value: '' }],
    [['none'], { value: null }],
    [['items', '1'], { missing: '1' }],
    [['none', 'x'], { missing: 'x' }],
    [['items', 'length'], { missing: 'length' }],
    [['empty', '0'], { missing: '0' }],
    [['__proto__'], { missing: '__proto__' }],
    [['constructor', 'name'], { missing: 'constructor' }],
  ])('%j leads to %j', (path, result) => {
    expect(follow(output, path)).toEqual(result);
  });
});

describe('an input', () => {
  const find = ({ toolName }: { toolName: string }) =>
    ({ number: 7, object: { a: 1 }, text: 'Oslo', none: null, money: '$& $1', again: '{{text#1}}' })[toolName];

  it.each<[input: unknown, filled: unknown]>([
    ['{{number#1}}', 7],
    [' {{object#1}} ', { a: 1 }],
    ['{{none#1}}', null],
    ['In {{text#1}}: {{number#1}}, {{object#1}}', 'In Oslo: 7, {"a":1}'],
    ['{{number#1}}{{number#1}}', '77'],
    ['It costs {{money#1}}', 'It costs $& $1'],
    [
      { a: ['{{number#1}}', 1], '{{key#1}}': true },
      { a: [7, 1], '{{key#1}}': true },
    ],
    ['{{again#1}} once', '{{text#1}} once'],
    ['{{again#1}}', '{{text#1}}'],
  ])('%j becomes %j', (input, filled) => {
    expect(replaceReferences(input, find)).toEqual(filled);
  });

  it('without references stays as it is', () => {
    const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('{{'));
    fc.assert(
      fc.property(plain, (value) => {
        expect(listReferences(value)).toEqual([]);
        expect(replaceReferences(value, () => 'never')).toEqual(value);
      }),
    );
  });

  it('gets any value whole, wherever it stands in an output', () => {
    const name = fc.string({ minLength: 1 }).filter((each) => !/[{}]/.test(each) && each !== '__proto__');
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), fc.jsonValue(), (path, value) => {
        const output = path.reduceRight<unknown>((inside, each) => ({ [each]: inside }), value);
        const reference = `{{look#1${path.map((each) => `[${JSON.stringify(each)}]`).join('')}}}`;
        const filled = replaceReferences({ x: reference }, ({ path: read }) => follow(output, read!));
        expect(filled).toEqual({ x: { value } });
      }),
    );
  });
});
