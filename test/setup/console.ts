// Owns: a test that makes React or us complain fails, unless the test said that it would.
import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest';

type Level = 'error' | 'warn';

let expected: { level: Level; text: string | RegExp }[] = [];
let seen: { level: Level; text: string }[] = [];
/** Once for each page, so each would fall on whichever test of a file comes first. `react/missing-finish` and `react/missing-link` specify them. */
const ignored: RegExp[] = [/ended without a `finish` chunk/, /the chat did not say how/];

/** Call before what complains: exactly one line of `level` containing `text` must appear in this test. */
export function expectConsole(level: Level, text: string | RegExp): void {
  expected.push({ level, text });
}

/** For what a version of React says beside what is announced: a line that matches may come. */
export function ignoreConsole(text: RegExp): void {
  ignored.push(text);
}

const matches = (line: string, text: string | RegExp) =>
  typeof text === 'string' ? line.includes(text) : text.test(line);

function listen(): void {
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...args: unknown[]) => {
      seen.push({ level, text: format(args) });
    });
  }
}

function judge(): void {
  const surprises = seen;
  const missing = expected.filter(({ level, text }) => {
    const index = surprises.findIndex((line) => line.level === level && matches(line.text, text));
    if (index >= 0) surprises.splice(index, 1);
    return index < 0;
  });
  expected = [];
  seen = [];
  const surprising = surprises.filter(({ text }) => !ignored.some((each) => each.test(text)));
  expect(surprising.map(lineOf), 'console output that no `expectConsole` announced').toEqual([]);
  expect(missing.map(lineOf), 'announced by `expectConsole` but never printed').toEqual([]);
}

// What is printed while modules load counts for the first test, what comes between two tests for the second, the rest for the file.
listen();
beforeEach(listen);
afterEach(judge);
afterAll(judge);

const lineOf = ({ level, text }: { level: Level; text: string | RegExp }) => `console.${level}: ${text}`;

/** React's messages are printf-like: `%s` takes the next argument. */
function format([first, ...rest]: unknown[]): string {
  const text = typeof first === 'string' ? first.replace(/%[sdo]/g, () => String(rest.shift())) : String(first);
  return [text, ...rest.map(String)].join(' ');
}
