// Owns: whose repository this is, which package.json, the README and other pages say in their addresses. `node scripts/set-owner.ts acme` changes all of them.
import { globSync, readFileSync, writeFileSync } from 'node:fs';

/** The files with addresses of the repository. */
export const listFiles = (): string[] => ['package.json', 'README.md', 'registry.json', ...globSync('docs/**/*.md')];

const ADDRESS = /(?<=\bgithub(?:usercontent)?\.com\/)[\w-]+(?=\/use-parallel-tools\b)/g;

/** The owners that a text names. */
export const readOwners = (text: string): string[] => text.match(ADDRESS) ?? [];

export const withOwner = (text: string, owner: string): string => text.replaceAll(ADDRESS, owner);

if (import.meta.main) {
  const [owner] = process.argv.slice(2);
  if (owner === undefined || !/^[\w-]+$/.test(owner)) {
    throw new Error(
      `Expected the name of a GitHub user or organization, got \`${owner}\`: node scripts/set-owner.ts acme`,
    );
  }
  for (const file of listFiles()) writeFileSync(file, withOwner(readFileSync(file, 'utf8'), owner));
}
