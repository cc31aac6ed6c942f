import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** What Vitest itself would run, without being told that it runs inside Vitest. */
function listTestFiles(): string[] {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const args = [resolve('node_modules/vitest/vitest.mjs'), 'list', '--filesOnly', '--json'];
  const output = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const files = JSON.parse(output.slice(output.indexOf('[\n'))) as { file: string }[];
  return files.map(({ file }) => relative('.', file).replaceAll('\\', '/'));
}

it('forgets no test file: each belongs to one project', { timeout: 60_000 }, () => {
  const written = globSync(['test/**/*.{test,spec,test-d}.{ts,tsx}', 'stories/**/*.stories.{ts,tsx}'])
    // A test's pictures stand in a folder of its name.
    .filter((path) => statSync(path).isFile())
    .toSorted();
  expect(listTestFiles().toSorted()).toEqual(written);
});
