// Owns: an MCP server in this process, and the real client of `@ai-sdk/mcp` connected to it.
import { createMCPClient, type MCPTransport } from '@ai-sdk/mcp';

/** What the server answers to `tools/call`, by tool. */
export type McpAnswers = Record<string, (input: unknown) => object>;

export interface McpToolListing {
  name: string;
  annotations?: object;
  outputSchema?: object;
}

interface McpRequest {
  id?: number | string;
  method: string;
  params?: { name: string; arguments: unknown };
}

export async function createMcpClient(listings: McpToolListing[], answers: McpAnswers) {
  const tools = listings.map((listing) => ({ inputSchema: { type: 'object' }, ...listing }));
  const answer = ({ method, params }: McpRequest): object => {
    if (method === 'initialize') {
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'test', version: '1' },
      };
    }
    return method === 'tools/list' ? { tools } : answers[params!.name]!(params!.arguments);
  };
  const transport: MCPTransport = {
    start: async () => {},
    close: async () => transport.onclose?.(),
    async send(message) {
      const request = message as McpRequest;
      if (request.id === undefined) return;
      const result = answer(request);
      queueMicrotask(() => transport.onmessage?.({ jsonrpc: '2.0', id: request.id, result } as never));
    },
  };
  return createMCPClient({ transport });
}
