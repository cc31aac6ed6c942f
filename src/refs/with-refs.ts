/** Owns the schemas that a model is told where it may write references: every value can be one. */
import { asSchema, jsonSchema, type JSONSchema7, type ToolSet } from 'ai';

type Definition = JSONSchema7 | boolean;

/**
 * The tools as a model may call them where inputs can have references: each value of an input may also be a string with one. For the route, over
 * what `toolDefinitions` or `toolsFromDescriptions` gives: the SDK checks inputs there, and a reference is no number. The page checks what comes out.
 */
export function withRefs<TTools extends ToolSet>(tools: TTools): TTools {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [name, { ...tool, inputSchema: allowReferences(tool.inputSchema) }]),
    // SAFETY: the same tools, of which the model is told that more fits.
  ) as unknown as TTools;
}

function allowReferences(inputSchema: ToolSet[string]['inputSchema']) {
  return jsonSchema(async () => {
    const schema: JSONSchema7 = await asSchema(inputSchema).jsonSchema;
    return allowInside(schema) as JSONSchema7;
  });
}

/** A string that has a reference in it. */
const A_REFERENCE: JSONSchema7 = { type: 'string', pattern: '\\{\\{[^{}]+#\\d+[^{}]*\\}\\}' };

/** Lists of schemas of one and the same value. */
const SAME_VALUE = ['anyOf', 'oneOf', 'allOf'] as const;
/** Schemas of other values, by name. */
const BY_NAME = ['properties', 'patternProperties'] as const;
const DEFINITIONS = ['$defs', 'definitions'] as const;
/** Schemas of other values. */
const INSIDE = ['items', 'prefixItems', 'additionalProperties'] as const;

/** The schema of a value whose parts may be references. */
function allowInside(schema: Definition): Definition {
  if (typeof schema === 'boolean') return schema;
  const changed: Record<string, unknown> = { ...schema };
  const change = (fields: readonly string[], how: (given: Definition) => Definition) => {
    for (const field of fields) {
      const given = changed[field];
      if (Array.isArray(given)) changed[field] = given.map(how);
      else if (typeof given === 'object' && given !== null) changed[field] = how(given);
    }
  };
  const each = (how: (given: Definition) => Definition) => (schemas: Definition) =>
    // SAFETY: these fields hold schemas by name.
    Object.fromEntries(Object.entries(schemas).map(([name, given]) => [name, how(given as Definition)])) as Definition;
  change(SAME_VALUE, allowInside);
  change(BY_NAME, each(allow));
  change(DEFINITIONS, each(allowInside));
  change(INSIDE, allow);
  return changed;
}

/** The schema of a value that may be a reference itself. */
function allow(schema: Definition): Definition {
  const inside = allowInside(schema);
  return takesAnyString(inside) ? inside : { anyOf: [inside, A_REFERENCE] };
}

function takesAnyString(schema: Definition): boolean {
  if (typeof schema === 'boolean') return schema;
  const { description: _, title: _title, default: _default, ...rest } = schema;
  const fields = Object.keys(rest);
  return fields.length === 0 || (fields.length === 1 && rest.type === 'string');
}
