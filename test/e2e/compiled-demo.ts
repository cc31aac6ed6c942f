// Owns the demo as a page that uses React Compiler has it: built for production, its own source and the library's compiled.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformAsync } from '@babel/core';
import { build, preview, type Plugin } from 'vite';
import type { DemoServer } from './demo-server.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What the compiler says of a function that it looked at. */
interface CompilerEvent {
  kind: string;
  fnName?: string | null;
  detail?: unknown;
}

export interface CompiledDemo extends DemoServer {
  /** The components and hooks that were compiled, by name. */
  compiled: ReadonlySet<string>;
  /** Those that the compiler had to leave as they were, and why. */
  refused: readonly string[];
}

/** Builds the demo and serves it. Its API is that of `demo`, which runs on a dev server. */
export async function startCompiledDemo(demo: DemoServer): Promise<CompiledDemo> {
  const compiled = new Set<string>();
  const refused: string[] = [];
  const outDir = await mkdtemp(join(tmpdir(), 'compiled-demo-'));
  const reactCompiler: Plugin = {
    name: 'react-compiler',
    enforce: 'pre',
    async transform(code, id) {
      if (!/\.tsx?$/.test(id) || id.includes('node_modules')) return null;
      const logger = {
        logEvent(file: string | null, { kind, fnName, detail }: CompilerEvent) {
          if (kind === 'CompileSuccess' && fnName != null) compiled.add(fnName);
          if (kind === 'CompileError' || kind === 'PipelineError') refused.push(`${file}: ${String(detail)}`);
        },
      };
      const result = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [['babel-plugin-react-compiler', { logger }]],
      });
      return result?.code ? { code: result.code, map: null } : null;
    },
  };
  const configFile = path('../../demo/vite.config.ts');
  await build({ configFile, logLevel: 'error', plugins: [reactCompiler], build: { outDir } });
  const server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, proxy: { '/api': demo.url } },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (!url) throw new Error('The compiled demo is served, but Vite names no local address for it.');
  return {
    url,
    compiled,
    refused,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
