/**
 * Owns the reading of tool descriptions that a page sent. A page can send anything, so everything is checked before a tool is made
 * of it: number, size, depth, names and shape.
 */
import { jsonSchema, tool, type ToolSet } from 'ai';
import type { JsonSchema } from '../definitions/describe-tools.ts';
import { expectCount, show } from '../core/expect.ts';
import { readField } from '../core/read-field.ts';

export interface ToolsFromDescriptionsOptions {
  /** How many tools a page may bring. @default 128, which is the most that OpenAI takes */
  max?: number;
  /** How many bytes of JSON all descriptions together may have; the model reads them with every request. @default 131_072 */
  maxBytes?: number;
  /** Names that a page may not take: those of the server's own tools. @default none */
  reserved?: readonly string[];
  /** The names that a page may bring, or a function that decides. @default any */
  allow?: readonly string[] | ((name: string) => boolean);
}

/** What is wrong with the descriptions that a page sent. A route answers it with status 400. */
export class ToolDescriptionError extends Error {
  override readonly name = 'ToolDescriptionError';
}

/** What OpenAI, Anthropic and Google all take. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;
/** Levels of JSON, not of properties: a nested object costs two, an alternative two more. */
const MOST_LEVELS = 64;

/**
 * Makes AI SDK tools of what a page described with `describeTools`: without `execute`, so that their calls go to the page. `json` is
 * untrusted: `body.tools` as it came. `undefined` gives no tools. The tools do not check inputs; the page that runs them does.
 *
 * @throws ToolDescriptionError on the first thing that is wrong, without having made any tool
 * @throws TypeError for an option that makes no sense
 */
export function toolsFromDescriptions(
  json: unknown,
  { max = 128, maxBytes = 131_072, reserved = [], allow = () => true }: ToolsFromDescriptionsOptions = {},
): ToolSet {
  expectCount('`max`', max, 0);
  expectCount('`maxBytes`', maxBytes, 0);
  if (json === undefined) return {};
  if (!Array.isArray(json)) {
    throw new ToolDescriptionError(
      `Expected the tools of a page to be an array, got ${show(json)}. Send what \`describeTools(tools)\` gives.`,
    );
  }
  if (json.length > max) {
    throw new ToolDescriptionError(
      `Expected at most ${max} tools, got ${json.length}. Send fewer, or raise \`max\` on the server.`,
    );
  }
  json.forEach((description, index) => expectPlain(description, `tools[${index}]`, 0));
  expectSize(json, maxBytes);
  const isAllowed = typeof allow === 'function' ? allow : (name: string) => allow.includes(name);
  const tools = new Map<string, ToolSet[string]>();
  json.forEach((description: unknown, index) => {
    const name = readName(description, `tools[${index}]`);
    if (tools.has(name))
      throw new ToolDescriptionError(`Expected each tool to be described once, got two named \`${name}\`.`);
    if (reserved.includes(name)) {
      throw new ToolDescriptionError(
        `Expected no tool named \`${name}\`, which is the server's own: a page must not take its place. Rename the page's tool.`,
      );
    }
    if (!isAllowed(name)) {
      throw new ToolDescriptionError(`Expected only tools that \`allow\` lets through, got \`${name}\`.`);
    }
    tools.set(name, readTool(description, name));
  });
  return Object.fromEntries(tools);
}

/** Throws unless a value is a tree of JSON that is not too deep and has no key that could change a prototype. */
function expectPlain(value: unknown, path: string, level: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (level >= MOST_LEVELS) {
    throw new ToolDescriptionError(
      `Expected at most ${MOST_LEVELS} levels of JSON in a tool's description, got more in \`${path.slice(0, 80)}…\`. ` +
        'No model takes a schema of that depth: make it flatter.',
    );
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') {
      throw new ToolDescriptionError(
        `Expected no key named \`__proto__\`, got one in \`${path.slice(0, 80)}\`: it could change every object on the server.`,
      );
    }
    expectPlain(readField(value, key), `${path}.${key}`, level + 1);
  }
}

function expectSize(json: unknown[], maxBytes: number): void {
  const bytes = new TextEncoder().encode(JSON.stringify(json)).length;
  if (bytes <= maxBytes) return;
  throw new ToolDescriptionError(
    `Expected at most ${maxBytes} bytes of tool descriptions, got ${bytes}: the model reads all of them with every request. ` +
      'Send fewer or shorter ones, or raise `maxBytes` on the server.',
  );
}

function readName(description: unknown, path: string): string {
  if (!isObject(description)) {
    throw new ToolDescriptionError(
      `Expected \`${path}\` to be { name, description, inputSchema }, got ${show(description)}. Send what \`describeTools(tools)\` gives.`,
    );
  }
  const name = readField(description, 'name');
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new ToolDescriptionError(
      `Expected the name of \`${path}\` to be 1 to 64 letters, digits, \`_\` and \`-\`, the first no digit and no \`-\`, got ${show(typeof name === 'string' ? name.slice(0, 80) : name)}. ` +
        'Providers refuse other names.',
    );
  }
  // Somebody will look a tool up in a plain object.
  if (Reflect.has(Object.prototype, name) || name === 'prototype') {
    throw new ToolDescriptionError(
      `Expected no tool named \`${name}\`: every object of JavaScript has a field of that name. Rename the tool.`,
    );
  }
  return name;
}

/** A tool of the known fields only: whatever else came is left behind. */
function readTool(description: unknown, name: string): ToolSet[string] {
  const text = (field: string): string | undefined => {
    const value = readField(description, field);
    if (value === undefined || typeof value === 'string') return value;
    throw new ToolDescriptionError(`Expected \`${field}\` of tool \`${name}\` to be a string, got ${show(value)}.`);
  };
  const schema = (field: string) => {
    const value = readField(description, field);
    // SAFETY: an object of JSON is what a JSON Schema is; that the model's provider understands it, nobody here can know.
    if (isObject(value)) return jsonSchema(value as JsonSchema);
    throw new ToolDescriptionError(
      `Expected \`${field}\` of tool \`${name}\` to be a JSON Schema, got ${show(value)}. Send what \`describeTools(tools)\` gives.`,
    );
  };
  const title = text('title');
  const words = text('description');
  const needsApproval = readField(description, 'needsApproval');
  // SAFETY: without `execute` the SDK's type wants an `outputSchema`, which its code does not.
  return tool({
    ...(title !== undefined && { title }),
    ...(words !== undefined && { description: words }),
    inputSchema: schema('inputSchema'),
    ...(readField(description, 'outputSchema') !== undefined && { outputSchema: schema('outputSchema') }),
    // Anything but a plain no counts as a yes: who cannot be understood is asked about.
    ...(needsApproval !== undefined && needsApproval !== false && { needsApproval: true }),
  } as ToolSet[string]);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
