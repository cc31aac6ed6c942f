/** Owns what a reference is (`{{toolName#1.path}}`), where an input has some, and what stands where its path leads. Pure. */

/** One reference of an input. */
export interface Reference {
  /** As it is written. */
  readonly text: string;
  readonly toolName: string;
  /** The how many-th call of the tool in its batch, from 1. */
  readonly number: number;
  /** Where in the output the value is; `undefined` for a path that cannot be read. */
  readonly path: readonly string[] | undefined;
}

const REFERENCE = /\{\{\s*([^\s{}#]+)#(\d+)([^{}]*)\}\}/g;
/** One step of a path: `.name`, `.0`, `[0]`, `["any name"]`. */
const STEP = /\.([^\s.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Every reference in the strings of a value, in order. */
export function listReferences(value: unknown): Reference[] {
  if (typeof value === 'string') return [...value.matchAll(REFERENCE)].map(readReference);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(listReferences);
}

/** The value with what `find` gives in the place of each reference. A string that is nothing else becomes the value, and in another one its text is put in. */
export function replaceReferences(value: unknown, find: (reference: Reference) => unknown): unknown {
  if (typeof value === 'string') return replaceInText(value, find);
  if (Array.isArray(value)) return value.map((each) => replaceReferences(each, find));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaceReferences(each, find)]));
}

function replaceInText(text: string, find: (reference: Reference) => unknown): unknown {
  const matches = [...text.matchAll(REFERENCE)];
  if (matches.length === 1 && matches[0]![0] === text.trim()) return find(readReference(matches[0]!));
  // A function: in a text, `$&` and the like would mean something to `replace`.
  let index = 0;
  return text.replaceAll(REFERENCE, () => write(find(readReference(matches[index++]!))));
}

function write(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readReference([text, toolName, number, path]: RegExpMatchArray): Reference {
  // SAFETY: the groups of REFERENCE are always there.
  return { text, toolName: toolName!, number: Number(number), path: readPath(path!.trimEnd()) };
}

function readPath(text: string): readonly string[] | undefined {
  const path: string[] = [];
  let end = 0;
  while (end < text.length) {
    STEP.lastIndex = end;
    const step = STEP.exec(text);
    const name = step && (step[1] ?? step[2] ?? readName(step[3]));
    if (step === null || typeof name !== 'string') return undefined;
    path.push(name);
    end = STEP.lastIndex;
  }
  return path;
}

function readName(quoted: string | undefined): unknown {
  try {
    return JSON.parse(quoted ?? '');
  } catch {
    return undefined;
  }
}

/** What stands where a path leads, or the first step of it that is not there. */
export function follow(
  value: unknown,
  path: readonly string[],
): { readonly value: unknown } | { readonly missing: string } {
  let found = value;
  for (const name of path) {
    // Only what JSON has: no length, no prototype.
    if (typeof found !== 'object' || found === null || !isOwn(found, name)) return { missing: name };
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return { value: found };
}

function isOwn(value: object, name: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, name);
}
