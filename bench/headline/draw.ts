// Owns: the picture of the headline: one bar for each contender, in its three parts, and below it what each thing gives. SVG, for light and for dark pages.

import { endOf, idealOf, WAYS, type Turn, type Way } from './turn.ts';

export interface Bar {
  readonly name: string;
  readonly isOurs: boolean;
  /** Milliseconds from the person's message, each: the model has written its calls, the model has the results, and so on. */
  readonly written: number;
  readonly results: number;
  readonly firstResult: number;
  readonly lastWord: number;
}

const THEMES = {
  light: {
    text: '#1f2328',
    quiet: '#59636e',
    model: '#d1d9e0',
    wait: '#8c959f',
    ours: '#0969da',
    dot: '#1f2328',
    halo: '#ffffff',
  },
  dark: {
    text: '#f0f6fc',
    quiet: '#9198a1',
    model: '#3d444d',
    wait: '#7d8590',
    ours: '#4493f8',
    dot: '#f0f6fc',
    halo: '#0d1117',
  },
};
type Theme = (typeof THEMES)['light'];

const WIDTH = 820;
const NAMES = 296;
/** Room for the figure behind the longest bar. */
const FIGURES = 56;
const ROW = 30;
const BAR = 16;
const HEAD = 34;

/** What each way of running calls comes to, without a run. */
export function computeBars(turns: readonly Turn[]): Bar[] {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return (Object.entries(WAYS) as [Way, string][]).map(([way, words]) => {
    const ends = turns.map((turn) => idealOf(turn, way));
    return {
      name: words,
      isOurs: false,
      written: mean(turns.map(({ script }) => endOf(script.calls))),
      results: mean(ends.map(({ results }) => results)),
      firstResult: mean(ends.map(({ firstResult }) => firstResult)),
      lastWord: mean(ends.map(({ lastWord }) => lastWord)),
    };
  });
}

/** Both pictures, by the names of their files. */
export function drawHeadline(contenders: readonly Bar[], parts: readonly Bar[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(THEMES).map(([name, theme]) => [`headline-${name}.svg`, draw(contenders, parts, theme)]),
  );
}

function draw(contenders: readonly Bar[], parts: readonly Bar[], theme: Theme): string {
  const longest = Math.max(...[...contenders, ...parts].map(({ lastWord }) => lastWord));
  const toX = (milliseconds: number) => NAMES + (milliseconds / longest) * (WIDTH - NAMES - FIGURES);
  const rows: string[] = [];
  let y = 8;
  const addHead = (words: string) => {
    rows.push(text(0, y + 15, words, theme.text, 'font-weight="600"'));
    y += HEAD;
  };
  const addBars = (bars: readonly Bar[]) => {
    for (const bar of bars.toSorted((left, right) => left.lastWord - right.lastWord)) {
      rows.push(drawBar(bar, y, toX, theme));
      y += ROW;
    }
  };
  addHead('From a person’s message to the last word of the answer');
  addBars(contenders);
  y += 10;
  addHead('What each thing can give: computed for a client that takes no time');
  addBars(parts);
  rows.push(drawLegend(y + 12, theme));
  const height = y + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${describe(contenders)}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">
${rows.join('\n')}
</svg>
`;
}

function drawBar(bar: Bar, y: number, toX: (milliseconds: number) => number, theme: Theme): string {
  const { name, isOurs, written, results, firstResult, lastWord } = bar;
  const middle = y + BAR / 2;
  const segment = (from: number, to: number, colour: string) =>
    `<rect x="${round(toX(from))}" y="${y}" width="${round(Math.max(0, toX(to) - toX(from)))}" height="${BAR}" fill="${colour}"/>`;
  return [
    text(
      0,
      middle + 4.5,
      name.replaceAll('`', ''),
      isOurs ? theme.text : theme.quiet,
      isOurs ? 'font-weight="600"' : '',
    ),
    segment(0, written, theme.model),
    segment(written, results, isOurs ? theme.ours : theme.wait),
    segment(results, lastWord, theme.model),
    `<circle cx="${round(toX(firstResult))}" cy="${middle}" r="4" fill="${theme.dot}" stroke="${theme.halo}" stroke-width="1.5"/>`,
    text(
      toX(lastWord) + 8,
      middle + 4.5,
      `${(lastWord / 1_000).toFixed(2)} s`,
      theme.text,
      isOurs ? 'font-weight="600"' : '',
    ),
  ].join('');
}

function drawLegend(y: number, theme: Theme): string {
  const square = (x: number, colour: string) => `<rect x="${x}" y="${y}" width="12" height="12" fill="${colour}"/>`;
  return [
    square(0, theme.model),
    text(18, y + 10.5, 'the model writes', theme.quiet),
    square(134, theme.wait),
    square(150, theme.ours),
    text(168, y + 10.5, 'it waits for the tools', theme.quiet),
    `<circle cx="${312}" cy="${y + 6}" r="4" fill="${theme.dot}"/>`,
    text(322, y + 10.5, 'the first result is on screen', theme.quiet),
  ].join('');
}

const describe = (bars: readonly Bar[]): string =>
  escape(bars.map(({ name, lastWord }) => `${name}: ${(lastWord / 1_000).toFixed(1)} s`).join('; '));

const text = (x: number, y: number, words: string, colour: string, more = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" fill="${colour}" ${more}>${escape(words)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (words: string): string =>
  words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('`', '');
