// Owns: the tables of docs that name tests. Each name must be there, or a table would go on promising what nobody shows any more.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface NamedTest {
  /** As the table has it: `chat/http-faults`. */
  file: string;
  /** How the test's name begins. */
  beginning: string;
}

/** The rows of the tables whose last column is "test" or "tests", by their first column. */
function readRows(document: string): [string, NamedTest[]][] {
  const rows: [string, NamedTest[]][] = [];
  let names = false;
  for (const line of readFileSync(document, 'utf8').split('\n')) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!line.startsWith('|')) names = false;
    else if (/^tests?$/.test(cells.at(-2) ?? '')) names = true;
    else if (names && !/^-+$/.test(cells[1] ?? '')) rows.push([cells[1] ?? '', readNames(cells.at(-2) ?? '')]);
  }
  return rows;
}

/** `` `file`: beginning …; `file`: beginning `` */
function readNames(cell: string): NamedTest[] {
  return cell.split(/;\s+(?=`)/).map((each) => {
    const [, file = '', beginning = ''] = /^`([^`]+)`: (.*?)(?: ?…)?$/.exec(each) ?? [];
    return { file, beginning };
  });
}

/** The file of a name: below `test/`, and in `test/react/` unless said. */
function findFile(name: string): string | undefined {
  const path = name.replace(/^test\//, '');
  const stem = path.includes('/') ? path : `react/${path}`;
  return ['ts', 'tsx'].map((ending) => `test/${stem}.test.${ending}`).find((candidate) => existsSync(candidate));
}

/** What `describe` and `it` are given as names, in order, those of a table of cases too. */
function readTitles(file: string): string[] {
  // The cases of a table, in front of its name, are no names.
  const text = readFileSync(file, 'utf8').replaceAll(/\.each\(\[('\w+', )*'\w+'\]\)/g, '.each()');
  const literals = text.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1,?\s*(?:async\s*)?[([{},\w]/g);
  return [...literals].map(([, , title = '']) => title.replaceAll(/\\(.)/g, '$1'));
}

/** Whether a test of the file begins so, by itself or after the name of a `describe` before it. */
function isNamed({ file, beginning }: NamedTest): boolean {
  const path = findFile(file);
  if (path === undefined || beginning === '') return false;
  const titles = readTitles(path);
  return titles.some((title, index) => {
    if (title.startsWith(beginning)) return true;
    const rest = beginning.startsWith(`${title} `) ? beginning.slice(title.length + 1) : undefined;
    return rest !== undefined && titles.slice(index + 1).some((later) => later.startsWith(rest));
  });
}

describe.each(['docs/contributing/facts.md', 'docs/contributing/situations.md'])('%s', (document) => {
  it('names a test in each row, and each is there', () => {
    const rows = readRows(document);
    expect(rows.length).toBeGreaterThan(20);
    const missing = rows.flatMap(([row, names]) =>
      names.filter((named) => !isNamed(named)).map(({ file, beginning }) => `${row}: ${file}: ${beginning}`),
    );
    expect(missing).toEqual([]);
  });
});

it('has a row for each fact, each rule and each invariant', () => {
  const count = (length: number) => Array.from({ length }, (_, index) => String(index + 1));
  expect(readRows('docs/contributing/facts.md').map(([row]) => row)).toEqual([...count(31), ...count(10), ...count(6)]);
});

it('finds out when a test is gone', () => {
  expect(isNamed({ file: 'endings', beginning: 'that is empty after a follow-up' })).toBe(true);
  expect(isNamed({ file: 'situations', beginning: 'stop ends a call that is' })).toBe(true);
  expect(isNamed({ file: 'endings', beginning: 'that nobody has written' })).toBe(false);
  expect(isNamed({ file: 'nowhere', beginning: 'that is empty' })).toBe(false);
});
