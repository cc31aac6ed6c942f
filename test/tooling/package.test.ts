// Proves: what package.json says of the package is true, and is said once.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listFiles, readOwners, withOwner } from '../../scripts/set-owner.ts';

interface Manifest {
  homepage: string;
  bugs: string;
  repository: { url: string };
  exports: Record<string, string | Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

describe('the owner of the repository', () => {
  const texts = listFiles().map((file) => readFileSync(file, 'utf8'));

  it('is the same in every address', () => {
    expect(new Set(texts.flatMap(readOwners)).size).toBe(1);
    expect(readOwners(readFileSync('README.md', 'utf8')).length).toBeGreaterThan(10);
  });

  it('is set everywhere by one command', () => {
    const changed = texts.map((text) => withOwner(text, 'acme'));
    expect(new Set(changed.flatMap(readOwners))).toEqual(new Set(['acme']));
  });
});

describe('package.json', () => {
  it('names an owner in homepage, bugs and repository', () => {
    const { homepage, bugs, repository } = manifest;
    expect([homepage, bugs, repository.url].map((address) => readOwners(address).length)).toEqual([1, 1, 1]);
  });

  it('gives types first for every entry, and every entry that has code has a source', () => {
    const entries = Object.entries(manifest.exports).filter(([name]) => name !== './package.json');
    expect(entries.filter(([, conditions]) => Object.keys(conditions).join() !== 'types,default')).toEqual([]);
    const sources = entries.map(([, conditions]) =>
      (conditions as { default: string }).default
        .replace('./dist/', 'src/')
        .replace(/\.js$/, '.ts')
        .replace('src/styles.css', 'src/styles/styles.css'),
    );
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
  });

  it('lets compilers see every entry: `npm run check:compilers`', () => {
    const imported = readFileSync('test/versions/entries/entries.ts', 'utf8');
    const entries = Object.keys(manifest.exports).filter((name) => name !== './package.json');
    const names = entries.map((name) => `'use-parallel-tools${name.slice(1)}'`);
    expect(names.filter((name) => !imported.includes(name))).toEqual([]);
  });
});
