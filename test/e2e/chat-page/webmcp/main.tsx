// Owns: a page that offers its chat's tools to the browser's agent, and has those of a widget, as users build it. Its model is the test's. Opened with `#bare` it shows nothing.
import { DefaultChatTransport, type UIMessage } from 'ai';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  clientTool,
  createToolRegistry,
  ToolCallGroup,
  ToolCallsProvider,
  useDirectBatches,
  useParallelTools,
  type ToolCalls,
} from 'use-parallel-tools';
import { offerTools, webMcpTools } from 'use-parallel-tools/webmcp';
import { z } from 'zod';

declare global {
  var webmcp: {
    toolCalls?: ToolCalls;
    messages?: readonly UIMessage[];
    offered?: readonly string[];
    count: number;
    aborted: number;
    send?: () => void;
  };
}
globalThis.webmcp = { count: 0, aborted: 0 };

const nothing = z.object({});
const tools = {
  getCount: clientTool({
    description: 'Gives the count',
    inputSchema: nothing,
    readOnly: true,
    untrusted: true,
    locks: () => ({ read: ['count'] }),
    execute: () => ({ count: globalThis.webmcp.count }),
  }),
  add: clientTool({
    description: 'Adds to the count',
    inputSchema: z.object({ by: z.number() }),
    destructive: true,
    locks: () => ({ write: ['count'] }),
    // Between reading and writing there is time for others.
    async execute({ by }) {
      const { count } = globalThis.webmcp;
      await new Promise((resolve) => setTimeout(resolve));
      globalThis.webmcp.count = count + by;
      return { count: count + by };
    },
  }),
  wait: clientTool({
    description: 'Waits for ever',
    inputSchema: nothing,
    readOnly: true,
    execute: (_, { abortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => {
          globalThis.webmcp.aborted++;
          reject(abortSignal.reason as Error);
        });
      }),
  }),
  secret: clientTool({ inputSchema: nothing, readOnly: true, execute: () => 'offered to nobody' }),
};

const registry = createToolRegistry();
const isBare = location.hash === '#bare';

function Calls() {
  return useDirectBatches().map((batch) => <ToolCallGroup key={batch.key} batch={batch} defaultOpen />);
}

function ChatPage() {
  const [transport] = useState(() => new DefaultChatTransport({ api: '/api/chat' }));
  const chat = useParallelTools({ transport, tools, registry });
  const { toolCalls, sendMessage } = chat;
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    void offerTools(toolCalls, { names: ['getCount', 'add', 'wait'], signal }).then((offered) => {
      if (!signal.aborted) globalThis.webmcp.offered = offered;
    });
    void webMcpTools({ registry, signal });
    return () => abort.abort();
  }, [toolCalls]);
  useEffect(() => {
    Object.assign(globalThis.webmcp, { toolCalls, send: () => void sendMessage({ text: 'Go' }) });
  }, [toolCalls, sendMessage]);
  return <ToolCallsProvider value={toolCalls}>{!isBare && <Calls />}</ToolCallsProvider>;
}

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <ChatPage />
  </StrictMode>,
);
