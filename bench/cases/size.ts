// Owns: what a page downloads for an import: bundled by esbuild, minified, brotli. React and the AI SDK, which the page has, count for nobody.
import { brotliCompressSync, constants } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { BenchCase, Probe } from '../bench-case.ts';
import { atMost } from '../goals.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shared = ['react', 'react-dom', 'react/jsx-runtime', 'ai', '@ai-sdk/react', 'zod', '@ai-sdk/mcp'];
const src = (code: string) => code.replace('use-parallel-tools', `${root}src/index.ts`);

interface Import {
  readonly name: string;
  readonly code: string;
  /** kB, as the goal has it. */
  readonly limit?: number;
  /** It comes beside the hook: what it adds is measured. */
  readonly isBesideHook?: boolean;
}

const hook: Import = {
  name: 'useParallelTools',
  code: src(`export { useParallelTools } from 'use-parallel-tools'`),
  limit: 17,
};
const onlyTool: Import = { name: 'clientTool', code: src(`export { clientTool } from 'use-parallel-tools'`) };
const everything: Import = { name: 'everything', code: src(`export * from 'use-parallel-tools'`) };
const besideHook = (name: string, names: string, entry: string): Import => ({
  name: `${name}, beside the hook`,
  code: `${hook.code}; export ${names} from '${root}src/${entry}/index.ts'`,
  isBesideHook: true,
});

const own: Import[] = [
  onlyTool,
  {
    name: 'createToolRunner of ./core',
    code: `export { clientTool, createToolRunner } from '${root}src/core/index.ts'`,
    limit: 11,
  },
  hook,
  {
    name: 'useParallelTools, headless: with provider, useToolCall and groupMessageParts',
    code: src(
      `export { useParallelTools, ToolCallsProvider, useToolCalls, useToolCall, groupMessageParts } from 'use-parallel-tools'`,
    ),
    limit: 18,
  },
  {
    name: 'useParallelTools and ToolCallGroup',
    code: src(
      `export { useParallelTools, ToolCallsProvider, groupMessageParts, ToolCallGroup } from 'use-parallel-tools'`,
    ),
    limit: 33,
  },
  everything,
  besideHook('./durable, the journal', '{ toolCallJournal }', 'durable'),
  besideHook('./durable, tabs', '{ sharedTabs, selectSharedTab }', 'durable'),
  besideHook('./cache', '*', 'cache'),
  besideHook('./early', '*', 'early'),
  besideHook('./refs', '{ toolCallRefs }', 'refs'),
  besideHook('./approvals, without its components', '{ rememberedApprovals, readAppliedRule }', 'approvals'),
  besideHook('./disclosure, without its components', '{ disclosure, selectSources, selectLabels }', 'disclosure'),
  besideHook('./tracing', '{ tracing }', 'tracing'),
  besideHook('./undo', '*', 'undo'),
  besideHook('./worker, on the page', '{ workerTool }', 'worker'),
  besideHook('./webmcp', '*', 'webmcp'),
];

const rivals: Import[] = [
  { name: 'p-limit', code: `export { default } from 'p-limit'` },
  { name: 'p-queue', code: `export { default } from 'p-queue'` },
  {
    name: 'TanStack AI: ChatClient, clientTools, fetchServerSentEvents',
    code: `export { ChatClient, clientTools, fetchServerSentEvents } from '@tanstack/ai-client'`,
  },
  {
    name: 'assistant-ui: runtime and tool',
    code: `export { AssistantRuntimeProvider, makeAssistantTool } from '@assistant-ui/react'
           export { useChatRuntime, AssistantChatTransport } from '@assistant-ui/react-ai-sdk'`,
  },
  {
    name: 'assistant-ui: runtime, tool and thread primitives',
    code: `export { AssistantRuntimeProvider, makeAssistantTool, ThreadPrimitive, MessagePrimitive } from '@assistant-ui/react'
           export { useChatRuntime, AssistantChatTransport } from '@assistant-ui/react-ai-sdk'`,
  },
  {
    name: 'CopilotKit v2: core and HttpAgent',
    code: `export { CopilotKitCore } from '@copilotkit/core'; export { HttpAgent } from '@ag-ui/client'`,
  },
];

export const size: BenchCase = {
  name: 'size',
  title: 'Size of an import: esbuild, minified, brotli; without React, the AI SDK and zod',
  rounds: { full: 1, quick: 1 },
  async open({ hasRivals }) {
    const probes = new Map<Import, Probe>(
      [...own, ...(hasRivals ? rivals : [])].map((each) => [
        each,
        { contender: each.name, what: 'size', unit: 'kB', sample: () => measure(each.code) },
      ]),
    );
    return {
      probes: [...probes.values()],
      judge(figureOf) {
        const whole = (each: Import) => figureOf(probes.get(each)!).median;
        const kilobytes = (each: Import) => whole(each) - (each.isBesideHook === true ? whole(hook) : 0);
        return {
          table: [['', 'kB'], ...[...probes.keys()].map((each) => [each.name, kilobytes(each).toFixed(1)])],
          goals: [
            ...own.flatMap((each) =>
              each.limit === undefined ? [] : [atMost(`size of ${each.name}, kB`, kilobytes(each), each.limit)],
            ),
            atMost('tree-shaking: clientTool ÷ everything', kilobytes(onlyTool) / kilobytes(everything), 0.1, 0.01),
          ],
        };
      },
      close() {},
    };
  },
};

async function measure(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('../rivals', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: shared,
    logLevel: 'error',
  });
  const packed = brotliCompressSync(outputFiles[0]!.contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return packed.byteLength / 1000;
}
