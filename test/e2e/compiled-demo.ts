// Owns the demo as a page that uses React Compiler has it: its own source and the library's compiled.
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';
import { startBuiltDemo, type DemoServer } from './demo-server.ts';

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

export async function startCompiledDemo(demo: DemoServer): Promise<CompiledDemo> {
  const compiled = new Set<string>();
  const refused: string[] = [];
  const logger = {
    logEvent(file: string | null, { kind, fnName, detail }: CompilerEvent) {
      if (kind === 'CompileSuccess' && fnName != null) compiled.add(fnName);
      if (kind === 'CompileError' || kind === 'PipelineError') refused.push(`${file}: ${String(detail)}`);
    },
  };
  const reactCompiler: Plugin = {
    name: 'react-compiler',
    enforce: 'pre',
    async transform(code, id) {
      if (!/\.tsx?$/.test(id) || id.includes('node_modules')) return null;
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
  return { ...(await startBuiltDemo(demo, [reactCompiler])), compiled, refused };
}
