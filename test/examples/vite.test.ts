import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { describeExample, expectRefusals, expectTypes, expectWeather } from './start-example.ts';

const example = describeExample('vite');

it('runs two calls at once, shows which one failed, and Retry cures it with one follow-up', async () => {
  await example.page.getByRole('button', { name: 'Ask' }).click();
  await expectWeather(example);
});

it('refuses what a page must not send', () => expectRefusals(example));

it('writes neither errors nor warnings to the console', () => {
  expect(example.complaints).toEqual([]);
});

it('brings the registry of its components, for `npx shadcn add`', () => {
  const registry = join(inject('examples'), 'node_modules/use-parallel-tools/dist/registry');
  const { files } = JSON.parse(readFileSync(join(registry, 'tool-calls.json'), 'utf8')) as { files: object[] };
  expect(files.map((file) => 'content' in file)).toEqual(Array(5).fill(true));
});

it('compiles', () => expectTypes('vite'));
