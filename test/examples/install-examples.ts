// Owns a folder with all examples in it and the package that they use: packed, as npm would get it, and installed once for all of them.
import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the examples are installed. */
    examples: string;
  }
}

/** The environment of a person's shell: with what Vitest sets, Vite would build what nobody publishes. */
export const withoutVitest = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VITEST.*|TEST|NODE_ENV)$/.test(name)));

export default async function installExamples(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  await run('npm', ['run', 'build'], { env: withoutVitest(process.env) });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder]);
  const tarball = stdout.trim();

  cpSync('examples', folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.next|tsbuildinfo/.test(basename(path)),
  });
  const manifests = globSync('*/package.json', { cwd: folder });
  for (const path of manifests.map((name) => join(folder, name))) {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { dependencies: Record<string, string> };
    manifest.dependencies['use-parallel-tools'] = `file:../${tarball}`;
    writeFileSync(path, JSON.stringify(manifest));
  }
  const workspaces = manifests.map((name) => name.replace(/\Wpackage\.json$/, ''));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'examples', private: true, workspaces }));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'], { cwd: folder });

  project.provide('examples', folder);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
