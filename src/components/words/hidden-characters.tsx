/**
 * Owns what of a text cannot be seen, and the marks that stand for it: `<U+202E>`. A text that says something else to the tool, or to the
 * model, than to the person who approves it must not look harmless. Only what is shown changes: what is copied or sent is the text itself.
 */
import type { ReactNode } from 'react';

/** A text without any has nothing to mark: most texts, and quick to tell. */
const UNUSUAL = /[^\t\n\x20-\x7E]/;

/**
 * Controls but tab and line break, what Unicode says to show nothing for (zero-width characters, direction marks, tags, variation selectors,
 * fillers, soft hyphens), separators that browsers do not break a line at, and marks of annotations.
 */
const HIDDEN = String.raw`[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\p{Default_Ignorable_Code_Point}\u2028\u2029\uFFF9-\uFFFB]|\r(?!\n)`;

/** Arabic and the scripts that join as it does, those of India and its neighbours. */
const SCRIPTS = 'Arab Syrc Mong Nkoo Mand Adlm Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr';
const LETTER = `[${SCRIPTS.replace(/(\w+) ?/g, String.raw`\p{scx=$1}`)}]`;
const EMOJI = String.raw`\p{Extended_Pictographic}(?:[\uFE0E\uFE0F]|\p{Emoji_Modifier})?`;
const FLAG = String.raw`\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}`;

/**
 * What needs such characters to be itself, and stays as it is: emoji (joined ones, those with a variation selector, keycaps, the three flags
 * that are made of tags), and one joiner or non-joiner between letters of a script that has a use for it. This is a trade-off: such a joiner
 * could still tell two names apart that look the same. Everything else is marked, even where a language writes it: direction marks
 * in Arabic, variants of Chinese characters.
 */
const LEGITIMATE = String.raw`${FLAG}|${EMOJI}(?:\u200D${EMOJI})*|[0-9#*]\uFE0F\u20E3|${LETTER}[\u200C\u200D](?=${LETTER})`;

/** A match without its group is legitimate: it is passed over, and what is hidden in it with it. */
const SCAN = new RegExp(`((?:${HIDDEN})+)|${LEGITIMATE}`, 'gu');

/** A page bears no more elements in one text; the marks after that are text alone. */
const MOST_NODES = 2000;

/** A text with its marks, for where there is only text: titles, and names for assistive technology. */
export function markHidden(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replace(SCAN, (whole, hidden?: string) => (hidden === undefined ? whole : toMarks(hidden)));
}

/** A text with its marks as elements, which tell them from the same characters written out. @selector [data-slot="tool-call-hidden"] */
export function renderText(text: string): ReactNode {
  if (!UNUSUAL.test(text)) return text;
  const nodes: ReactNode[] = [];
  let from = 0;
  for (const { 0: whole, 1: hidden, index } of text.matchAll(SCAN)) {
    if (hidden === undefined) continue;
    if (nodes.length > MOST_NODES) break;
    nodes.push(text.slice(from, index), <span key={index} data-slot="tool-call-hidden">{toMarks(hidden)}</span>); // prettier-ignore
    from = index + whole.length;
  }
  return from === 0 ? text : [...nodes, markHidden(text.slice(from))];
}

/** Hebrew, Arabic, and what else is written from right to left. */
const FROM_THE_RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Texts in a row, none of which turns the direction of its neighbours. */
export function renderTexts(texts: readonly string[], separator: string): ReactNode {
  if (!texts.some((text) => FROM_THE_RIGHT.test(text))) return renderText(texts.join(separator));
  return texts.flatMap((text, index) => [index > 0 && separator, <bdi key={index}>{renderText(text)}</bdi>]);
}

function toMarks(hidden: string): string {
  return Array.from(hidden, toMark).join('');
}

function toMark(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
