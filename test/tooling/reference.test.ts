// Proves: docs/reference.md leaves nothing out. Options, commands, statuses, what a tool gets, and every value that a page or a route can import.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as main from '../../src/index.ts';
import * as server from '../../src/server/index.ts';

const reference = readFileSync('docs/reference.md', 'utf8');

/** The members of an interface, as its source has them. */
function readMembers(path: string, name: string): string[] {
  const source = readFileSync(path, 'utf8');
  const body = source.slice(source.indexOf(`export interface ${name}`)).split(/^\}/m)[0]!;
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map(([, member]) => member!);
}

/** `code` or `code(…)` anywhere on the page. */
const isNamed = (name: string) => new RegExp(`\`<?(?:[\\w.]+\\.)?${name}\\b`).test(reference);

it.each([
  ['each option of the hooks', 6, readMembers('src/chat/chat-context.ts', 'ToolCallsOptions')],
  ['each callback', 2, readMembers('src/core/settled-callbacks.ts', 'ToolCallsCallbacks')],
  ['each command', 12, readMembers('src/core/tool-calls.ts', 'ToolCalls')],
  ['what `execute` gets', 6, readMembers('src/core/tool.ts', 'ClientToolExecutionOptions')],
  ['what the hook returns', 3, readMembers('src/react/use-parallel-tools.ts', 'ParallelToolsState')],
  ['each status', 10, Object.keys(main.englishLabels.status).filter((status) => status !== 'input-streaming')],
  ['each option of `toolsFromDescriptions`', 4, readMembers('src/server/tools-from-descriptions.ts', 'ToolsFromDescriptionsOptions')],
  ['what a page can import', 20, Object.keys(main)],
  ['what a route can import', 4, Object.keys(server)],
] as const)('names %s', (_, atLeast, names) => {
  expect(names.length).toBeGreaterThanOrEqual(atLeast);
  expect(names.filter((name) => name !== 'context' && !isNamed(name))).toEqual([]);
}); // prettier-ignore

it('names every field that a tool may have, in the README too', () => {
  const fields = readMembers('src/core/tool.ts', 'ToolPolicy');
  expect(fields.length).toBeGreaterThanOrEqual(18);
  const readme = readFileSync('README.md', 'utf8');
  expect(fields.filter((field) => !readme.includes(`\`${field}\``))).toEqual([]);
});
