import { createMCPClient } from '@ai-sdk/mcp';
import type { ToolSet } from 'ai';
import { withPolicy } from 'use-parallel-tools';

const names = ['echo', 'get-tiny-image', 'gzip-file-as-resource'];

/** A page that only calls tools needs no stream of the server's own messages, and a browser has few connections to spare. */
const withoutServerMessages: typeof fetch = async (input, init) =>
  init?.method === 'GET' ? new Response(null, { status: 405 }) : fetch(input, init);

/** The tools of the MCP server, as this page may run them. */
export async function connect() {
  const client = await createMCPClient({
    transport: { type: 'http', url: `${location.origin}/mcp`, fetch: withoutServerMessages },
    protocolVersionDiscovery: false, // this server is of the older kind, and would answer the question with an error
  });
  const all: ToolSet = await client.tools();
  const chosen: ToolSet = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  return withPolicy(chosen, {
    '*': { timeout: 10_000 },
    // It is idempotent, says the server: it would be repeated by itself, and there would be no Retry to see.
    'gzip-file-as-resource': { retry: 0 },
  });
}
