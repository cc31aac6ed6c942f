// Specifies: how the options of a send and those of a follow-up become one.
import type { ChatRequestOptions } from 'ai';
import { expect, it } from 'vitest';
import { mergeRequestOptions } from '../../src/sdk/request-options.ts';

class Form {
  field = 1;
}
const form = new Form();

it.each<[string, ChatRequestOptions | undefined, ChatRequestOptions | undefined, ChatRequestOptions | undefined]>([
  ['nothing and nothing', undefined, undefined, undefined],
  ['options and nothing', { body: { a: 1 } }, undefined, { body: { a: 1 } }],
  ['nothing and options', undefined, { body: { a: 1 } }, { body: { a: 1 } }],
  ['each field of the body', { body: { a: 1, b: 1 } }, { body: { b: 2, c: 2 } }, { body: { a: 1, b: 2, c: 2 } }],
  ['one level deep', { body: { a: { x: 1 } } }, { body: { a: { y: 2 } } }, { body: { a: { y: 2 } } }],
  ['a body that has no fields', { body: { a: 1 } }, { body: form }, { body: form }],
  ['a list', { body: { a: 1 } }, { body: [1] }, { body: [1] }],
  ['each header', { headers: { authorization: 'me' } }, { headers: { 'x-turn': 'tools' } }, { headers: { authorization: 'me', 'x-turn': 'tools' } }],
  ['a header in another case', { headers: { Authorization: 'me', 'X-Turn': 'user' } }, { headers: { 'x-turn': 'tools' } }, { headers: { Authorization: 'me', 'x-turn': 'tools' } }],
  ['Headers and a record', { headers: new Headers({ A: '1', B: '1' }) }, { headers: { b: '2' } }, { headers: { a: '1', b: '2' } }],
  ['a record and Headers', { headers: { A: '1', B: '1' } }, { headers: new Headers({ b: '2' }) }, { headers: { A: '1', b: '2' } }],
  ['each field of the metadata', { metadata: { a: 1 } }, { metadata: { b: 2 } }, { metadata: { a: 1, b: 2 } }],
  ['metadata that is no object', { metadata: { a: 1 } }, { metadata: 'turn' }, { metadata: 'turn' }],
  ['metadata that is nothing', { metadata: { a: 1 } }, { metadata: null }, { metadata: null }],
  ['fields that are not said', { body: { a: 1 }, metadata: 1 }, { headers: { b: '2' }, body: undefined as never }, { body: { a: 1 }, metadata: 1, headers: { b: '2' } }],
])('merges %s', (_, base, over, merged) => {
  expect(mergeRequestOptions(base, over)).toEqual(merged);
}); // prettier-ignore

it('leaves Headers that stand alone as they are', () => {
  const headers = new Headers({ a: '1' });
  expect(mergeRequestOptions({ headers }, { body: { a: 1 } })?.headers).toBe(headers);
});
