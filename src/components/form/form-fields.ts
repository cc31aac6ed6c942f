/**
 * Owns which fields a form has for a JSON Schema, and what the filled-in form says. Only simple schemas have fields: an object of texts, numbers,
 * yes-or-no and choices, or one of these alone. For any other the form is a text of JSON. Pure.
 */
import { isSameJson } from '../../core/identical-calls.ts';

/** One field. `name` is `''` where the whole value is one. */
export interface FormField {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly isRequired: boolean;
  /** What a choice offers. */
  readonly options: readonly unknown[];
  /** Attributes of the `<input>`: its type and the limits that the browser checks. */
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly initial: unknown;
}

/** A JSON Schema, as far as it is read here. */
interface Schema {
  readonly [keyword: string]: unknown;
}

const MOST_FIELDS = 24;

/** The fields for a value of this schema, or `undefined` where it, or the value that there is, is not simple. */
export function listFormFields(schema: unknown, value: unknown): FormField[] | undefined {
  if (!isRecord(schema)) return undefined;
  const { properties, required = [] } = schema;
  if (!isRecord(properties)) {
    const field = toField('', schema, true, value);
    return field && [field];
  }
  if (value !== undefined && value !== null && !isRecord(value)) return undefined;
  const names = Object.keys(properties);
  if (names.length === 0 || names.length > MOST_FIELDS || !Array.isArray(required)) return undefined;
  const fields = names.map((name) => {
    const initial = isRecord(value) ? value[name] : undefined;
    return toField(name, properties[name], required.includes(name), initial);
  });
  return fields.every((field) => field !== undefined) ? fields : undefined;
}

function toField(name: string, schema: unknown, isRequired: boolean, given: unknown): FormField | undefined {
  if (!isRecord(schema)) return undefined;
  const initial = given ?? schema['default'];
  const { type, title, description, format } = schema;
  const options = 'const' in schema ? [schema['const']] : schema['enum'];
  const shared = {
    name,
    title: readText(title),
    description: readText(description),
    isRequired,
    options: [] as readonly unknown[],
    attributes: {},
    initial,
  };
  if (Array.isArray(options)) return options.every(isScalar) ? { ...shared, kind: 'choice', options } : undefined;
  if (initial !== undefined && !isScalar(initial)) return undefined;
  switch (type) {
    case 'boolean':
      return { ...shared, kind: 'boolean' };
    case 'number':
    case 'integer': {
      const limits = pick(schema, { minimum: 'min', maximum: 'max' });
      return { ...shared, kind: 'number', attributes: { type, step: type === 'integer' ? 1 : 'any', ...limits } };
    }
    case 'string': {
      const limits = pick(schema, { minLength: 'minLength', maxLength: 'maxLength' });
      return { ...shared, kind: 'text', attributes: { type: TEXT_TYPES[String(format)] ?? 'text', ...limits } };
    }
    default:
      return undefined;
  }
}

const TEXT_TYPES: Partial<Record<string, string>> = { date: 'date', email: 'email', uri: 'url' };

function pick(schema: Schema, names: Readonly<Record<string, string>>): Record<string, number> {
  const found = Object.entries(names).flatMap(([keyword, attribute]) => {
    const limit = schema[keyword];
    // What zod says of every integer is no limit for a person.
    return typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? [[attribute, limit] as const] : [];
  });
  return Object.fromEntries(found);
}

/** What a filled-in form says. Fields of the value that the schema does not name stay; an optional one that is left empty goes. */
export function readForm(fields: readonly FormField[], data: FormData, value: unknown): unknown {
  const whole = fields.find(({ name }) => name === '');
  if (whole !== undefined) return readField(whole, data);
  const known = new Set(fields.map(({ name }) => name));
  const rest = Object.entries(isRecord(value) ? value : {}).filter(([name]) => !known.has(name));
  const filled = fields.map((field) => [field.name, readField(field, data)] as const);
  return Object.fromEntries([...rest, ...filled.filter(([, given]) => given !== undefined)]);
}

/** The name of a field's control: that of the whole value is empty, and a form reads no control without a name. */
export function controlNameOf({ name }: FormField): string {
  return `field:${name}`;
}

function readField(field: FormField, data: FormData): unknown {
  const text = data.get(controlNameOf(field));
  if (field.kind === 'boolean')
    return text === null && !field.isRequired && field.initial === undefined ? undefined : text !== null;
  if (typeof text !== 'string') return undefined;
  const isLeft = text === '' && !(field.kind === 'text' && field.isRequired);
  if (isLeft) return field.kind === 'text' && field.initial === '' ? '' : undefined;
  if (field.kind === 'number') return Number(text);
  return field.kind === 'choice' ? field.options[Number(text)] : text;
}

/** Where a choice stands: the number of its option, or `''` for none of them. */
export function findOption({ options, initial }: FormField): string {
  const index = options.findIndex((option) => Object.is(option, initial) || isSameJson(option, initial));
  return index < 0 ? '' : String(index);
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
