// Owns: the code in docs/policies.md is code. What is TypeScript compiles, and what is JavaScript runs in plain Node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = resolve('node_modules/.cache/policies');
const text = readFileSync('docs/policies.md', 'utf8');
const blocksOf = (language: string) =>
  [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, found]) => found === language).map(([, , code]) => code!);

function run(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  } catch (error) {
    // SAFETY: what a failed command printed.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

describe('docs/policies.md', () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has TypeScript that compiles', { timeout: 60_000 }, () => {
    const blocks = blocksOf('ts');
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    blocks.forEach((code, index) => writeFileSync(resolve(folder, `block-${index}.ts`), code));
    const paths = { 'use-parallel-tools/core': [resolve('src/core/index.ts')] };
    const config = { extends: resolve('tsconfig.json'), compilerOptions: { paths }, include: ['./*.ts'], exclude: [] };
    writeFileSync(resolve(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(run(resolve('node_modules/.bin/tsc'), '-p', folder)).toBe('');
  });

  it.each([
    ['3', 'invalid-input: The input does not fit add: a: '],
    ['attempt-started', 'approval-required', 'approval-granted', 'call-succeeded'],
  ])('has JavaScript that runs in plain Node, without React (says %s)', { timeout: 60_000 }, (...lines) => {
    const core = pathToFileURL(resolve('src/core/index.ts')).href;
    const outputs = blocksOf('js').map((code, index) => {
      const file = resolve(folder, `block-${index}.mjs`);
      writeFileSync(file, code.replace("'use-parallel-tools/core'", JSON.stringify(core)));
      return run(process.execPath, file);
    });
    expect(outputs).toHaveLength(2);
    const printed = outputs.find((output) => output.startsWith(lines[0] === '3' ? '3' : 'batch-opened'));
    for (const line of lines) expect(printed).toContain(line);
    expect(outputs.join('')).not.toContain('Error');
  });

  it('names every policy field', () => {
    const source = readFileSync('src/core/tool.ts', 'utf8');
    const fields = [...source.slice(source.indexOf('POLICY_FIELDS')).matchAll(/^ {2}(\w+): true,$/gm)].map(
      ([, field]) => field,
    );
    expect(fields).toHaveLength(32);
    for (const field of fields) expect(text).toContain(`\`${field}\``);
  });
});
