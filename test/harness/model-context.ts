// Owns: `document.modelContext` where there is none, as the WebMCP draft and Chromium 156 have it: names are checked and registered once, the signal of a registration takes the
// tool back, the input is not checked, what a tool throws reaches the agent as a bare UnknownError, and the agent's signal is the tool's.
import type { RegisteredWebMcpTool, WebMcpModelContext, WebMcpTool } from '../../src/webmcp/model-context.ts';

export interface TestModelContext extends Required<Omit<WebMcpModelContext, 'addEventListener'>> {
  addEventListener(type: 'toolchange', listener: () => void, options?: { readonly signal?: AbortSignal }): void;
  /** The browser's agent calls a tool. */
  agentCalls(name: string, input?: unknown, signal?: AbortSignal): Promise<unknown>;
  names(): string[];
}

export function createModelContext(): TestModelContext {
  const tools = new Map<string, WebMcpTool>();
  const events = new EventTarget();
  const change = () => void setTimeout(() => events.dispatchEvent(new Event('toolchange')));

  /** What crosses over to an agent is JSON, which has no functions. */
  function describe(tool: WebMcpTool): RegisteredWebMcpTool {
    return { ...(JSON.parse(JSON.stringify(tool)) as object), name: tool.name, window: globalThis };
  }

  async function execute(name: string, input: unknown, signal = new AbortController().signal): Promise<unknown> {
    const tool = tools.get(name);
    if (tool === undefined) throw new DOMException(`no tool ${name}`, 'NotFoundError');
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    const failed = () => {
      throw new DOMException('', 'UnknownError');
    };
    const running = Promise.resolve(tool.execute(JSON.parse(JSON.stringify(input ?? {})), { signal }));
    const output = await Promise.race([running.catch(failed), aborted]);
    return JSON.parse(JSON.stringify(output ?? null));
  }

  return {
    async registerTool(tool, { signal } = {}) {
      signal?.throwIfAborted();
      if (!/^[\w.-]{1,128}$/.test(tool.name) || tool.description === '' || tools.has(tool.name))
        throw new DOMException('Invalid or registered already', 'InvalidStateError');
      JSON.stringify(tool.inputSchema);
      tools.set(tool.name, tool);
      signal?.addEventListener('abort', () => {
        tools.delete(tool.name);
        change();
      });
      change();
    },
    getTools: async () => [...tools.values()].map(describe),
    executeTool: (tool, input, { signal } = {}) => execute(tool.name, input, signal),
    addEventListener: (type, listener, options) => events.addEventListener(type, listener, options ?? {}),
    agentCalls: execute,
    names: () => [...tools.keys()],
  };
}
