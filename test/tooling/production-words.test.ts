// Proves: a page in production does not carry the sentences that explain mistakes to its author, and `docs/errors.md` explains each name that stands in
// their place.
import { readFileSync } from 'node:fs';
import { build, type Rollup } from 'vite';
import { describe, expect, it, vi } from 'vitest';
import { createToolRunner } from '../../src/core/index.ts';
import { MISUSE_WORDS } from '../../src/core/misuse-words.ts';

/** Pieces of these sentences. */
const WORDS = [
  'an integer from 1 up',
  'an object of tools by name',
  'to name tools of the same set',
  'none of these tools could ever start',
  'which keeps results',
  'For a tool without input write',
  'to be left out for a tool that a person answers',
  'one of them runs its calls',
  'two components offer a tool',
  'two hooks run the tool calls',
  'makes its own chat',
  'two senders would send them twice',
  'wait for a click on Run',
  'ended without a `finish` chunk',
  'which this page would run too',
  'Give that field of yours another name',
  'outside a ToolCallsProvider',
  'The chat goes on as without one',
  'What is remembered ends with the page',
  'open a chat in one tab at a time',
  'its tool allows no more',
  'Remove one of the two',
  'so its agent cannot call it',
  'a function that makes a worker',
  'one output or Error for each of its',
  '{ read?: string[], write?: string[] }',
];
/** The doors of what authors make mistakes with. */
const DOORS = ['index', 'durable/index', 'approvals/index', 'early/index', 'webmcp/index', 'worker/index'];
/** What people and models read. */
const TOLD = ['The input does not fit', 'Cancelled by the user', 'cannot be sent as JSON', 'Timed out after'];

async function bundle(mode: 'development' | 'production'): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: {
      write: false,
      lib: { entry: DOORS.map((door) => `src/${door}.ts`), formats: ['es'] },
      rolldownOptions: { external: /^(react|react-dom|ai|@ai-sdk\/|@radix-ui\/|zustand|idb)/ },
    },
  });
  const [{ output }] = built as Rollup.RollupOutput[] as [Rollup.RollupOutput];
  return output.map((file) => ('code' in file ? file.code : '')).join('\n');
}

describe('the words for mistakes', { timeout: 120_000 }, () => {
  it('are in a bundle for development', async () => {
    const code = await bundle('development');
    for (const words of [...WORDS, ...TOLD]) expect(code).toContain(words);
  });

  it('are not in one for production, where only what people and models read is', async () => {
    const code = await bundle('production');
    for (const words of WORDS) expect(code).not.toContain(words);
    for (const words of TOLD) expect(code).toContain(words);
  });

  it('give way to a name in production', () => {
    vi.stubEnv('NODE_ENV', 'production');
    const create = () => createToolRunner({ tools: {}, concurrency: 0 });
    expect(create).toThrow(TypeError);
    expect(create).toThrow('Misuse "field" (concurrency): see docs/errors.md');
    vi.unstubAllEnvs();
    expect(create).toThrow('Expected `concurrency` to be an integer from 1 up, got `0` (number).');
  });

  it('have a line in docs/errors.md for each name, and no other', () => {
    const names = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([\w-]+)` /gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(MISUSE_WORDS).toSorted());
  });
});
