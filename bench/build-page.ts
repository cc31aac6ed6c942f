// Owns: the page as one build, in production mode, with one React and one AI SDK for all contenders: the root's.
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Builds the page into a new folder. Without the rivals' packages they are left out. */
export async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await build({
    configFile: false,
    root: join(root, 'bench/browser'),
    base: '/',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: [
        { find: /^(react|react-dom|ai|@ai-sdk\/react)(\/.*)?$/, replacement: join(root, 'node_modules/$1$2') },
        { find: 'use-parallel-tools/styles.css', replacement: join(root, 'src/styles/styles.css') },
        { find: 'use-parallel-tools/worker', replacement: join(root, 'src/worker/index.ts') },
        { find: 'use-parallel-tools/durable', replacement: join(root, 'src/durable/index.ts') },
        { find: 'use-parallel-tools/cache', replacement: join(root, 'src/cache/index.ts') },
        { find: 'use-parallel-tools/early', replacement: join(root, 'src/early/index.ts') },
        { find: 'use-parallel-tools/core', replacement: join(root, 'src/core/index.ts') },
        { find: 'use-parallel-tools', replacement: join(root, 'src/index.ts') },
      ],
    },
    worker: { format: 'es' },
    plugins: hasRivals() ? [] : [{ name: 'no-rivals', enforce: 'pre', load: (id) => stubRival(id) }],
    build: { outDir: folder, emptyOutDir: true, target: 'esnext', modulePreload: false, minify: true },
  });
  return folder;
}

/** Whether `bench/node_modules` is there. */
export function hasRivals(): boolean {
  return existsSync(join(root, 'bench/node_modules/@assistant-ui/react'));
}

function stubRival(id: string): string | undefined {
  return id.includes('/bench/rivals/') ? 'export const contender = undefined' : undefined;
}
