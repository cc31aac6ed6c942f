import { jsonSchema, zodSchema, type FlexibleSchema } from 'ai';
import { z } from 'zod';
import { z as z3 } from 'zod/v3';
import { describe, expect, it } from 'vitest';
import { checkInput, checkSchema } from '../../src/core/schema.ts';

type Validate = (value: unknown) => unknown;
// SAFETY: a hand-made Standard Schema, as valibot or arktype would give.
const standard = (validate: Validate) =>
  ({ '~standard': { version: 1, vendor: 'test', validate } }) as unknown as FlexibleSchema;

describe('checkSchema', () => {
  const numbered = { n: z.coerce.number().default(7) };

  it.each([
    ['zod 4', z.object(numbered)],
    ['zod 3', z3.object({ n: z3.coerce.number().default(7) }) as unknown as FlexibleSchema],
    ['zodSchema()', zodSchema(z.object(numbered))],
    ['a lazy schema', () => zodSchema(z.object(numbered))],
    [
      'older zod, which has only safeParse',
      { safeParseAsync: (value: unknown) => z.object(numbered).safeParseAsync(value) } as unknown as FlexibleSchema,
    ],
  ])('gives the parsed value of %s', async (_, schema) => {
    expect(await checkSchema(schema, { n: '5', extra: true })).toMatchObject({ success: true, value: { n: 5 } });
    expect(await checkSchema(schema, {})).toMatchObject({ success: true, value: { n: 7 } });
    expect(await checkSchema(schema, 'text')).toMatchObject({ success: false });
  });

  it('answers at once where the schema does', () => {
    expect(checkSchema(z.object({ n: z.number() }), { n: 1 })).toEqual({ success: true, value: { n: 1 } });
  });

  it('awaits an asynchronous schema', async () => {
    const schema = z.string().refine(async (text) => text === 'yes', 'say yes');
    expect(await checkSchema(schema, 'yes')).toEqual({ success: true, value: 'yes' });
    expect(await checkSchema(schema, 'no')).toEqual({ success: false, message: 'say yes' });
  });

  it('says where and why a value does not fit', () => {
    expect(
      checkSchema(z.object({ order: z.object({ ids: z.array(z.number()) }) }), { order: { ids: [1, 'x'] } }),
    ).toEqual({
      success: false,
      message: expect.stringMatching(/^order\.ids\.1: .*expected number/),
    });
    const issues = [{ message: 'first', path: [{ key: 'a' }, 0] }, { message: 'second' }];
    expect(
      checkSchema(
        standard(() => ({ issues })),
        1,
      ),
    ).toEqual({ success: false, message: 'a.0: first; second' });
  });

  it('takes anything where a JSON schema has no validation', () => {
    expect(checkSchema(jsonSchema({ type: 'object' }), 5)).toEqual({ success: true, value: 5 });
  });

  it("says why the SDK's validation refused", () => {
    const schema = jsonSchema<number>({}, { validate: () => ({ success: false, error: new Error('too big') }) });
    expect(checkSchema(schema, 5)).toEqual({ success: false, message: 'too big' });
  });

  it('takes an arktype, which is a function', () => {
    const callable = Object.assign(
      () => 'never called',
      standard((value) => ({ value })),
    );
    expect(checkSchema(callable as unknown as FlexibleSchema, 5)).toEqual({ success: true, value: 5 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('bad schema');
      },
      'the schema threw: bad schema',
    ],
    ['rejects', () => Promise.reject(new Error('bad schema')), 'the schema threw: bad schema'],
    [
      'throws what cannot be read',
      () => {
        throw undefined;
      },
      'the schema threw: It threw undefined',
    ],
    ['gives issues that cannot be read', () => ({ issues: [null] }), expect.stringContaining('the schema threw')],
    ['gives such issues later', async () => ({ issues: [null] }), expect.stringContaining('the schema threw')],
  ])('does not fit when the schema %s', async (_, validate, message) => {
    expect(await checkSchema(standard(validate), 1)).toEqual({ success: false, message });
  });
});

describe('checkInput', () => {
  const object = z.object({ unit: z.string().default('C') });
  const nothing = [undefined, null, ''];

  it.each(nothing)('takes %j for an object without fields where the schema wants one', async (input) => {
    const parsed = { success: true, value: { unit: 'C' } };
    expect(checkInput(object, input)).toEqual(parsed);
    expect(await checkInput(zodSchema(object), input)).toEqual(parsed);
    expect(
      await checkInput(
        object.refine(async () => true),
        input,
      ),
    ).toEqual(parsed);
    expect(checkInput(jsonSchema({ type: 'object' }), input)).toEqual({ success: true, value: {} });
  });

  it.each(nothing)('leaves %j as it is where the schema takes it', (input) => {
    for (const schema of [z.any(), jsonSchema({}), jsonSchema({ type: ['object', 'null'] })]) {
      expect(checkInput(schema, input)).toEqual({ success: true, value: input });
    }
    const own = jsonSchema({ type: 'object' }, { validate: (value) => ({ success: true, value }) });
    expect(checkInput(own, input)).toEqual({ success: true, value: input });
    expect(checkInput(z.object({}).nullish().or(z.literal('')), input)).toEqual({ success: true, value: input });
  });

  it.each(nothing)('says what is wrong with %j where the schema does not take an object either', (input) => {
    const schema = z.object({ id: z.number() });
    expect(checkInput(schema, input)).toEqual(checkSchema(schema, input));
    expect(checkInput(schema, input)).toMatchObject({ success: false });
  });

  it.each([0, false, 'null', '{}', ' ', [], 5])('tries nothing else for %j', (input) => {
    expect(checkInput(object, input)).toEqual(checkSchema(object, input));
    expect(checkInput(object, input)).toMatchObject({ success: false });
    expect(checkInput(jsonSchema({ type: 'object' }), input)).toEqual({ success: true, value: input });
  });

  it('tries an object where the schema throws at nothing', () => {
    const schema = jsonSchema({}, { validate: (value) => ({ success: true, value: Object.keys(value as object) }) });
    expect(checkInput(schema, null)).toEqual({ success: true, value: [] });
  });
});
