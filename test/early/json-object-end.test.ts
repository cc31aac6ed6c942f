// Proves: the end of an object that comes bit by bit is found where it is, whatever stands in its strings and wherever it is cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonObjectEnd } from '../../src/early/json-object-end.ts';

function readAll(...pieces: string[]): string {
  const read = createJsonObjectEnd();
  return pieces.map(read).join(' ');
}

describe('the end of a JSON object', () => {
  it.each([
    ['{"a":1}', 'closed'],
    [' \n{ "a": [1, {"b": 2}] } \n', 'closed'],
    ['{"a":"}"', 'open'],
    ['{"a":"\\"}"', 'open'],
    ['{"a":"\\\\"}', 'closed'],
    ['', 'before'],
    ['  ', 'before'],
    ['[{}]', 'other'],
    ['null', 'other'],
    ['"{}"', 'other'],
    ['{}{"a":1}', 'other'],
    ['{},', 'other'],
  ])('of %j is: %s', (text, state) => {
    expect(readAll(text)).toBe(state);
  });

  it('goes on where the piece before ended', () => {
    expect(readAll('{"a":"\\', '"', '}', '"', '}', ' ', '{')).toBe('open open open open closed closed other');
  });

  it('is the last character of any object, and no other one', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = createJsonObjectEnd();
        const states = Array.from(text, (character) => read(character));
        expect(states.indexOf('closed')).toBe(states.length - 1);
        expect(states).not.toContain('other');
      }),
    );
  });
});
