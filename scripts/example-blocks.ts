// Owns: the code that pages and examples share. A block of the README or of docs whose fence names a file (```ts examples/vite/src/tools.ts) is that file,
// word by word: the example is run by a test, so the page is true. `node scripts/example-blocks.ts` writes the pages' blocks into the examples.
import { globSync, readFileSync, writeFileSync } from 'node:fs';

export interface ExampleBlock {
  page: string;
  /** The file that it is. */
  path: string;
  code: string;
}

export const listPages = (): string[] => ['README.md', ...globSync('docs/**/*.md')];

/** The blocks of all pages that are a file of an example. */
export function listExampleBlocks(): ExampleBlock[] {
  return listPages().flatMap((page) => {
    const blocks = readFileSync(page, 'utf8').matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```$/gm);
    return [...blocks].map(([, path, code]) => ({ page, path: path!, code: code! }));
  });
}

if (import.meta.main) for (const { path, code } of listExampleBlocks()) writeFileSync(path, code);
