// Which fields a form has for a schema, and what a filled-in form says: a table of the schemas that zod, MCP servers and people write.
import { asSchema, type FlexibleSchema } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { controlNameOf, findOption, listFormFields, readForm } from '../../src/components/form/form-fields.ts';

const schemaOf = (schema: FlexibleSchema) => asSchema(schema).jsonSchema;

/** The fields of a schema in short: `amount: number`, `note?: text`. */
async function listShort(schema: FlexibleSchema, value?: unknown) {
  return listFormFields(await schemaOf(schema), value)?.map(
    ({ name, kind, isRequired }) => `${name}${isRequired ? '' : '?'}: ${kind}`,
  );
}

describe('the fields', () => {
  it.each<[string, FlexibleSchema, string[]]>([
    ['text', z.object({ a: z.string() }), ['a: text']],
    ['a number', z.object({ a: z.number() }), ['a: number']],
    ['a whole number', z.object({ a: z.int() }), ['a: number']],
    ['yes or no', z.object({ a: z.boolean() }), ['a: boolean']],
    ['a choice', z.object({ a: z.enum(['x', 'y']) }), ['a: choice']],
    ['a constant', z.object({ a: z.literal('x') }), ['a: choice']],
    ['what may be left out', z.object({ a: z.string().optional(), b: z.number() }), ['a?: text', 'b: number']],
    ['a text alone', z.string(), [': text']],
    ['a choice alone', z.enum(['x', 'y']), [': choice']],
  ])('of %s', async (_, schema, fields) => {
    expect(await listShort(schema)).toEqual(fields);
  });

  it.each<[string, FlexibleSchema, unknown]>([
    ['a list', z.object({ a: z.array(z.string()) }), undefined],
    ['an object in an object', z.object({ a: z.object({ b: z.string() }) }), undefined],
    ['one of several', z.object({ a: z.union([z.string(), z.number()]) }), undefined],
    ['an object without fields', z.object({}), undefined],
    ['a value that is no object', z.object({ a: z.string() }), 'text'],
    ['a field that holds another kind', z.object({ a: z.string() }), { a: { b: 1 } }],
  ])('are none for %s: it is a text of JSON', async (_, schema, value) => {
    expect(await listShort(schema, value)).toBeUndefined();
  });

  it.each([undefined, true, null, 'text', { properties: { a: true } }])('are none for the schema %j', (schema) => {
    expect(listFormFields(schema, undefined)).toBeUndefined();
  });

  it('have the limits that the browser checks, and the words of the schema', async () => {
    const schema = z.object({
      amount: z.int().min(1).max(500).meta({ title: 'Amount', description: 'In euros' }),
      mail: z.email(),
      note: z.string().max(80),
    });
    const fields = listFormFields(await schemaOf(schema), { amount: 7 })!;
    expect(fields[0]).toMatchObject({
      title: 'Amount',
      description: 'In euros',
      initial: 7,
      attributes: { step: 1, min: 1, max: 500 },
    });
    expect(fields[1]!.attributes).toMatchObject({ type: 'email' });
    expect(fields[2]!.attributes).toMatchObject({ type: 'text', maxLength: 80 });
  });
});

describe('what a filled-in form says', () => {
  const schema = z.object({
    order: z.string(),
    amount: z.number().optional(),
    urgent: z.boolean(),
    reason: z.enum(['late', 'broken']).optional(),
    note: z.string().optional(),
  });

  async function read(given: Record<string, string>, value: unknown) {
    const fields = listFormFields(await schemaOf(schema), value)!;
    const data = new FormData();
    for (const field of fields) {
      const text = given[field.name];
      if (text !== undefined) data.set(controlNameOf(field), text);
    }
    return readForm(fields, data, value);
  }

  it.each<[string, Record<string, string>, unknown, unknown]>([
    [
      'each kind',
      { order: '7', amount: '1.5', urgent: 'on', reason: '1', note: 'x' },
      {},
      { order: '7', amount: 1.5, urgent: true, reason: 'broken', note: 'x' },
    ],
    ['no for a box that is not ticked', { order: '7' }, { urgent: true }, { order: '7', urgent: false }],
    ['nothing for what is left empty', { order: '7', amount: '', reason: '', note: '' }, { amount: 5, note: 'x' }, { order: '7', urgent: false }],
    ['an empty text where one is needed', { order: '' }, { order: '7' }, { order: '', urgent: false }],
    ['an empty text that was there', { order: '7', note: '' }, { note: '' }, { order: '7', note: '', urgent: false }],
    ['what the schema does not name', { order: '7' }, { hint: [1] }, { order: '7', urgent: false, hint: [1] }],
  ])('is %s', async (_, given, value, said) => {
    expect(await read(given, value)).toEqual(said);
  }); // prettier-ignore

  it('is the value itself where the whole is one field', async () => {
    const fields = listFormFields(await schemaOf(z.enum(['red', 'blue'])), 'blue')!;
    expect(findOption(fields[0]!)).toBe('1');
    const data = new FormData();
    data.set(controlNameOf(fields[0]!), '0');
    expect(readForm(fields, data, 'blue')).toBe('red');
  });
});
