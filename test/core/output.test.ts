import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOutput } from '../../src/core/output.ts';

describe('checkOutput', () => {
  it('gives null for undefined', () => {
    expect(checkOutput(undefined, undefined)).toEqual({ success: true, value: null });
    expect(checkOutput(undefined, { toJSON: () => undefined })).toEqual({ success: true, value: null });
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

  it('lets the schema see the value itself, and gives what JSON makes of the parsed one', () => {
    expect(checkOutput(z.object({ at: z.date() }), { at: new Date(0) })).toEqual({
      success: true,
      value: { at: '1970-01-01T00:00:00.000Z' },
    });
    const counts = z.map(z.string(), z.number()).transform((map) => Object.fromEntries(map));
    expect(checkOutput(counts, new Map([['a', 1]]))).toEqual({ success: true, value: { a: 1 } });
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
    expect(
      await checkOutput(
        z.string().transform(async () => new Set()),
        'a',
      ),
    ).toMatchObject({ success: false, message: expect.stringMatching(/^cannot be sent as JSON: it is a Set, /) });
  });
});
