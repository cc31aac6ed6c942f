// Proves: what package.json says of the package is true, and is said once.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  homepage: string;
  bugs: string;
  repository: { url: string };
  exports: Record<string, string | Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

describe('package.json', () => {
  it('names one owner in homepage, bugs and repository', () => {
    const addresses = [manifest.homepage, manifest.bugs, manifest.repository.url];
    const owners = addresses.map((address) => /github\.com\/([^/]+)\/use-parallel-tools/.exec(address)?.[1]);
    expect(owners[0]).toBeDefined();
    expect(new Set(owners).size).toBe(1);
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
});
