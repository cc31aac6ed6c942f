/**
 * Owns the search for values of an output in the input of a later call: exact strings of eight characters and more, as they are, in JSON, in base64 and
 * percent-encoded. A model that paraphrases, splits or encrypts a value is not caught by it.
 */
import { writeJson } from './model-value.ts';

/** Shorter strings are found everywhere. */
const SHORTEST = 8;
/** How often what is found in a text is decoded again. */
const DEPTH = 3;
const MOST_STRINGS = 20_000;
/** What was no encoding comes out as noise. */
const READABLE = /[\x20-\x7E\u00A0-\uFFEF]{8}/;

/** The strings and long numbers of a value that would be known again elsewhere. */
export function listValues(output: unknown): Set<string> {
  const texts = listStrings(output);
  // A whole record in one text: its lines and fields, and what is no word of a language.
  const pieces = texts.flatMap((text) => text.split(/[\n,;|<>"'{}[\]]+/));
  const words = pieces.flatMap((piece) => piece.split(/\s+/)).filter((word) => /[\d@]/.test(word));
  return new Set([...texts, ...pieces, ...words].map(normalize).filter(({ length }) => length >= SHORTEST));
}

/** Whether an input carries one of the values. */
export function carriesValue(input: unknown, values: ReadonlySet<string>): boolean {
  const texts = [...listStrings(input), writeJson(input)].flatMap((text) => listReadings(text, DEPTH)).map(normalize);
  return [...values].some((value) => texts.some((text) => text.includes(value)));
}

/** A text as it is, and what it says once decoded. */
function listReadings(text: string, depth: number): string[] {
  if (depth === 0) return [text];
  const decoded = [decodePercent(text), ...(text.match(/[\w+/-]{11,}/g) ?? []).flatMap(decodeBase64)];
  const news = new Set(decoded);
  news.delete(text);
  return [text, ...[...news].flatMap((reading) => listReadings(reading, depth - 1))];
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}

/** What a run of base64 says. Where in it the encoding begins is not known: something may stand right before it. */
function decodeBase64(run: string): string[] {
  const text = run.replaceAll('-', '+').replaceAll('_', '/');
  return [0, 1, 2, 3].flatMap((start) => {
    // A last character alone says nothing.
    const end = (text.length - start) % 4 === 1 ? -1 : undefined;
    const bytes = Uint8Array.from(atob(text.slice(start, end)), (char) => char.charCodeAt(0));
    const decoded = new TextDecoder().decode(bytes);
    return READABLE.test(decoded) ? decoded : [];
  });
}

/** Case, form and the width of spaces tell no value from another. */
function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The strings of a value of any shape, and its numbers as they are written. JSON in a string is read too. */
function listStrings(value: unknown): string[] {
  const strings: string[] = [];
  const open = [value];
  while (open.length > 0 && strings.length < MOST_STRINGS) {
    const next = open.pop();
    if (typeof next === 'number') strings.push(String(next));
    else if (typeof next === 'string') {
      strings.push(next);
      const inner = readJson(next);
      if (inner !== undefined) open.push(inner);
    } else if (typeof next === 'object' && next !== null) open.push(...Object.keys(next), ...Object.values(next));
  }
  return strings;
}

function readJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
