// Proves: the README's code is code. Every TypeScript block is compiled as a user would have it, against the library's source.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = resolve('node_modules/.cache/readme');
const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```(tsx?)\n([\s\S]*?)```/g)].map(([, language, code]) => ({
  language: language!,
  code: code!,
}));

/** The file that a block imports as, or its place in the README. */
const nameOf = (code: string, index: number, language: string) =>
  code.includes('export const tools = ') ? 'tools.ts' : `block-${index}.${language}`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('shows the hook and the cards in 25 lines', () => {
    const [first] = blocks;
    expect(first!.code).toContain('useParallelTools(');
    expect(first!.code).toContain('<ToolCallGroup');
    expect(first!.code.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
    expect(readme.slice(0, readme.indexOf(first!.code)).split('\n').length).toBeLessThan(12);
  });

  it('has no code that does not type-check', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    blocks.forEach(({ language, code }, index) => writeFileSync(resolve(folder, nameOf(code, index, language)), code));
    // What the reader brings along: a client of the shop's own.
    writeFileSync(
      resolve(folder, 'api.ts'),
      `export declare const api: {
        order(id: string, signal: AbortSignal): Promise<{ status: string }>;
        refund(input: { orderId: string; amount: number }, idempotencyKey: string): Promise<{ refunded: number }>;
      };`,
    );
    const config = {
      extends: resolve('tsconfig.json'),
      compilerOptions: { paths: absolutePaths() },
      include: ['./*'],
      exclude: [],
    };
    writeFileSync(resolve(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(compile()).toBe('');
  }, 60_000);
});

function absolutePaths(): Record<string, string[]> {
  return {
    'use-parallel-tools': [resolve('src/index.ts')],
    'use-parallel-tools/core': [resolve('src/core/index.ts')],
    'use-parallel-tools/server': [resolve('src/server/index.ts')],
    'use-parallel-tools/styles.css': [resolve('src/styles/styles.css')],
  };
}

function compile(): string {
  try {
    execFileSync(resolve('node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
