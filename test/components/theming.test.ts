import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const stylesheet = readFileSync('src/styles/styles.css', 'utf8');
const documentation = readFileSync('docs/theming.md', 'utf8');

/** What components set themselves, inline. */
const ours = ['at', 'depth', 'fraction', 'from', 'icon-glyph', 'swatch', 'ticks', 'to'];

it('documents every variable that the stylesheet reads, and no other', () => {
  const read = [...stylesheet.matchAll(/var\(\s*--tool-call-([a-z-]+)/g)].map((match) => match[1] ?? '');
  const documented = [...documentation.matchAll(/^\|.*$/gm)].flatMap(([row]) =>
    [...(row.split('|')[1] ?? '').matchAll(/`--tool-call-([a-z-]+)`/g)].map((match) => match[1] ?? ''),
  );
  expect([...new Set(documented)].sort()).toEqual([...new Set(read)].filter((name) => !ours.includes(name)).sort());
});

it('is one layer without specificity: any class of a page wins', () => {
  const selectors = stylesheet
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@keyframes[\s\S]*$/, '')
    .split(/[{}]/)
    .map((text) => text.trim())
    .filter((text) => text.startsWith('.') || text.startsWith('['));
  expect(selectors).toEqual([]);
  expect(stylesheet.match(/@layer/g)?.length).toBeGreaterThan(0);
});
