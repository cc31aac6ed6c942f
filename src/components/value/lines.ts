/**
 * Owns how a value is laid out: one line if it is flat and short, else one entry a line, in tokens that the stylesheet
 * colours. Pure. What may stand in the tree is `read-value.ts`.
 */
import type { ReadValue } from './read-value.ts';

/** @selector [data-token="string"] */
export interface ValueToken {
  readonly type: 'key' | 'quote' | 'punctuation' | 'string' | 'literal' | 'note';
  readonly text: string;
}

/** Tokens that stay together when a line must break. */
export interface ValueEntry {
  readonly type: 'entry';
  readonly tokens: readonly ValueToken[];
}

export interface ValueLine {
  readonly depth: number;
  readonly tokens: readonly (ValueToken | ValueEntry)[];
}

/** The words that stand in a value for what is not shown. */
export interface ValueWords {
  moreEntries: (count: number) => string;
  moreCharacters: (count: number) => string;
  circular: string;
  unreadable: string;
}

/** A flat object or array of up to this many characters of JSON stays on one line. */
const LONGEST_INLINE = 50;

type Collection = Extract<ReadValue, { type: 'list' | 'record' }>;

/** Lays a value out. `isOpen` leaves the end off: the model is still writing it. */
export function toValueLines(value: ReadValue, words: ValueWords, isOpen = false): ValueLine[] {
  const lines = layOut(value, 0, words, [], [], !isOpen);
  return isOpen ? dropEnd(lines) : lines;
}

function layOut(
  value: ReadValue,
  depth: number,
  words: ValueWords,
  before: readonly ValueToken[],
  after: readonly ValueToken[],
  mayInline: boolean,
): ValueLine[] {
  if (!isCollection(value)) return [{ depth, tokens: [...before, ...toTokens(value, words, depth === 0), ...after] }];
  const inline = mayInline ? toInline(value, words) : undefined;
  if (inline !== undefined) return [{ depth, tokens: [...before, ...inline, ...after] }];
  const lines: ValueLine[] = [{ depth, tokens: [...before, punctuation(opening(value))] }];
  value.entries.forEach((entry, index) => {
    const isLast = index === value.entries.length - 1 && value.rest === 0;
    lines.push(
      ...layOut(entry.value, depth + 1, words, keyTokens(entry.key), isLast ? [] : [punctuation(',')], mayInline),
    );
  });
  if (value.rest > 0)
    lines.push({ depth: depth + 1, tokens: [{ type: 'note', text: `… ${words.moreEntries(value.rest)}` }] });
  lines.push({ depth, tokens: [punctuation(closing(value)), ...after] });
  return lines;
}

/** The collection on one line, or `undefined` where it is nested or too long. */
function toInline(value: Collection, words: ValueWords): (ValueToken | ValueEntry)[] | undefined {
  if (value.entries.length === 0) {
    const inside: ValueToken[] = value.rest > 0 ? [{ type: 'note', text: ` … ${words.moreEntries(value.rest)} ` }] : [];
    return [punctuation(opening(value)), ...inside, punctuation(closing(value))];
  }
  if (value.rest > 0) return undefined;
  const gap = value.type === 'record' ? ' ' : '';
  const entries: (ValueToken | ValueEntry)[] = [];
  for (const [index, entry] of value.entries.entries()) {
    if (isCollection(entry.value)) return undefined;
    const end = index < value.entries.length - 1 ? ',' : gap + closing(value);
    const tokens = [...keyTokens(entry.key), ...toTokens(entry.value, words, false), punctuation(end)];
    if (index > 0) entries.push(punctuation(' '));
    entries.push({ type: 'entry', tokens });
  }
  const tokens = [punctuation(opening(value) + gap), ...entries];
  return measure(tokens) <= LONGEST_INLINE ? tokens : undefined;
}

/** The length as JSON without its spaces. */
function measure(tokens: readonly (ValueToken | ValueEntry)[]): number {
  return tokens.reduce((sum, token) => {
    if (token.type === 'entry') return sum + measure(token.tokens);
    return sum + (token.type === 'punctuation' ? token.text.trim() : token.text).length;
  }, 0);
}

function toTokens(value: Exclude<ReadValue, Collection>, words: ValueWords, isWhole: boolean): ValueToken[] {
  switch (value.type) {
    case 'string': {
      const note: ValueToken[] = value.cut > 0 ? [{ type: 'note', text: ` … ${words.moreCharacters(value.cut)}` }] : [];
      // The whole value keeps its line breaks, tabs and quotes, which people read more easily.
      return [quote(), { type: 'string', text: isWhole ? value.text : escapeText(value.text) }, quote(), ...note];
    }
    case 'literal':
      return [{ type: 'literal', text: value.text }];
    case 'circular':
      return [{ type: 'note', text: `[${words.circular}]` }];
    case 'unreadable':
      return [{ type: 'note', text: `[${words.unreadable}]` }];
    default:
      return value satisfies never;
  }
}

/** As JSON writes it. What cannot be seen stays in: `words/hidden-characters.tsx` marks it when it is shown. */
function escapeText(text: string): string {
  return text.replace(/[\\"\n\r\t]/g, (character) => JSON.stringify(character).slice(1, -1));
}

/** Takes off what only closes: the model may still go on there. */
function dropEnd(lines: readonly ValueLine[]): ValueLine[] {
  const open = [...lines];
  while (open.length > 1 && open.at(-1)?.tokens.every((token) => token.type === 'punctuation')) open.pop();
  const last = open.at(-1);
  if (last === undefined) return open;
  const tokens = last.tokens.at(-1)?.type === 'quote' ? last.tokens.slice(0, -1) : last.tokens;
  return [...open.slice(0, -1), { ...last, tokens }];
}

function isCollection(value: ReadValue): value is Collection {
  return value.type === 'list' || value.type === 'record';
}

function keyTokens(key: string | undefined): ValueToken[] {
  if (key === undefined) return [];
  return [quote(), { type: 'key', text: escapeText(key) }, quote(), punctuation(': ')];
}

function opening({ type, prefix }: Collection): string {
  return `${prefix === '' ? '' : `${prefix} `}${type === 'list' ? '[' : '{'}`;
}

function closing({ type }: Collection): string {
  return type === 'list' ? ']' : '}';
}

function punctuation(text: string): ValueToken {
  return { type: 'punctuation', text };
}

function quote(): ValueToken {
  return { type: 'quote', text: '"' };
}
