/** Owns the short forms of an input: one line for a card's head, fields for a question. Never throws. */

/** The longest value that a question shows as a field; a longer one is shown in full as JSON. */
const LONGEST_FIELD = 300;
const MOST_FIELDS = 24;

/** What parts the values of a summary. */
export const SUMMARY_SEPARATOR = ' · ';

/** The scalars of an input, joined: it tells calls of one tool apart. `''` where there are none; cut after `longest` characters. */
export function summarizeInput(input: unknown, longest = 200): string {
  try {
    const values = typeof input === 'object' && input !== null ? Object.values(input).slice(0, MOST_FIELDS) : [input];
    // Not \s and trim(): they take some of what nobody sees for space, and it is to be marked.
    const text = values
      .filter(isShort)
      .map(String)
      .join(SUMMARY_SEPARATOR)
      .replace(/[ \t\r\n]+/g, ' ')
      .replace(/^ | $/g, '');
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  } catch {
    return '';
  }
}

/** The fields of a flat, short object, or `undefined` for any other input. What a person says yes to is never shortened. */
export function toInputFields(input: unknown): { name: string; value: string }[] | undefined {
  try {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
    const entries: [string, unknown][] = Object.entries(input);
    if (entries.length === 0 || entries.length > MOST_FIELDS) return undefined;
    if (!entries.every(([, value]) => value === null || isScalar(value))) return undefined;
    const fields = entries.map(([name, value]) => ({ name, value: value === '' ? '""' : String(value) }));
    return fields.every(({ name, value }) => name.length + value.length <= LONGEST_FIELD) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function isScalar(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function isShort(value: unknown): boolean {
  return isScalar(value) && value !== '' && (typeof value !== 'string' || value.length <= 10_000);
}
