import { describe, expect, it } from 'vitest';
import { createDurationFormat } from '../../src/components/words/format-duration.ts';
import { englishLabels } from '../../src/components/words/labels.ts';

const plain = (text: string) => text.replaceAll('\u00A0', ' ');

describe('a duration', () => {
  it.each([
    [1, '1 ms'],
    [340, '340 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1000, '1.0 s'],
    [1240, '1.2 s'],
    [9949, '9.9 s'],
    [9960, '10 s'],
    [33_000, '33 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [65_000, '1 min 5 s'],
    [3_599_600, '1 h'],
    [3_900_000, '1 h 5 min'],
  ])('of %d ms reads %s', (milliseconds, text) => {
    expect(plain(englishLabels.duration(milliseconds))).toBe(text);
  });

  it('has a no-break space before its unit', () => {
    expect(englishLabels.duration(340)).toBe('340\u00A0ms');
  });

  it('is written in the numbers of its locale', () => {
    const german = createDurationFormat('de', { millisecond: 'ms', second: 'Sek.', minute: 'Min.', hour: 'Std.' });
    expect(plain(german(1240))).toBe('1,2 Sek.');
  });

  it('counts in whole seconds while it runs', () => {
    expect(plain(englishLabels.elapsed(4000))).toBe('4 s');
    expect(plain(englishLabels.elapsed(65_000))).toBe('1 min 5 s');
    expect(plain(englishLabels.retryIn(3000))).toBe('in 3 s');
  });
});
