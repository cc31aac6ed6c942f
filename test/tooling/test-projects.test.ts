import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What Vitest itself would run, without being told that it runs inside Vitest. */
function listTestFiles(config: string): string[] {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const args = [resolve('node_modules/vitest/vitest.mjs'), 'list', '--filesOnly', '--json', '--config', config];
  const output = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const files = JSON.parse(output.slice(output.indexOf('[\n'))) as { file: string }[];
  return files.map(({ file }) => relative('.', file).replaceAll('\\', '/')).toSorted();
}

const writtenTests = globSync(['test/**/*.{test,spec,test-d}.{ts,tsx}', 'stories/**/*.stories.{ts,tsx}'], {
  exclude: ['**/node_modules'],
})
  // A test's pictures stand in a folder of its name.
  .filter((path) => statSync(path).isFile())
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted();

/** Those have a config of their own. */
const isApart = (path: string) => /^test\/(versions|examples)\//.test(path);

it('forgets no test file: each belongs to one project', { timeout: 60_000 }, () => {
  expect(listTestFiles('vite.config.ts')).toEqual(writtenTests.filter((path) => !isApart(path)));
});

describe('an example', () => {
  const tests = globSync('test/examples/*.test.ts').map((path) => path.replaceAll('\\', '/'));

  it('has a test of its name, which its config runs', { timeout: 60_000 }, () => {
    const examples = globSync('examples/*/package.json').map((path) => basename(dirname(path)));
    expect(tests.toSorted()).toEqual(examples.map((name) => `test/examples/${name}.test.ts`).toSorted());
    expect(listTestFiles('test/examples/examples.config.ts')).toEqual(tests.toSorted());
  });

  it('is run by CI', () => {
    expect(readFileSync('.ci/run', 'utf8')).toContain('run npm run test:examples');
  });

  it.each(['scripted-model.ts', 'vite-api.ts', 'tools.ts'])('has the %s that the others have', (name) => {
    const copies = globSync(`examples/**/${name}`, { exclude: ['**/node_modules'] });
    expect(copies.length).toBeGreaterThan(3);
    expect(new Set(copies.map((path) => readFileSync(path, 'utf8'))).size).toBe(1);
  });
});

describe('an older version that the peer range allows', () => {
  const configs = globSync('test/versions/*.config.ts');

  it.each([
    ['ai-6', /^test\/(chat|conformance|react)\//],
    ['react-18', /^test\/(components|hosts|react)\//],
  ])('runs every test that it is there for: %s', { timeout: 60_000 }, (name, rooms) => {
    const own = (path: string) => path.startsWith(`test/versions/${name}`);
    expect(listTestFiles(`test/versions/${name}.config.ts`)).toEqual(
      writtenTests.filter((path) => rooms.test(path) || own(path)),
    );
  });

  it('is run by `npm test`', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const names = configs.map((path) => basename(path, '.config.ts')).toSorted();
    expect(names).toEqual(['ai-6', 'react-18']);
    expect(scripts['test']).toContain('npm run test:versions');
    for (const name of names) {
      expect(scripts['test:versions']).toContain(`npm run test:${name}`);
      expect(scripts[`test:${name}`]).toBe(`vitest run --config test/versions/${name}.config.ts`);
    }
  });
});
