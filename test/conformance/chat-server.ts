// Owns: the server of a chat, as the AI SDK's docs write it, on a real socket of this machine.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  convertToModelMessages,
  pipeUIMessageStreamToResponse,
  streamText,
  toUIMessageStream,
  validateUIMessages,
  type ToolSet,
  type UIMessage,
} from 'ai';
import { isAiSdk6 } from '../harness/sdk-version.ts';

export interface ChatServer {
  /** Of its chat route. */
  readonly url: string;
  /** The messages of each request that came. */
  readonly requests: UIMessage[][];
  close(): void;
}

type StreamOptions = Pick<
  Parameters<typeof streamText>[0],
  'model' | 'providerOptions' | 'stopWhen' | 'toolApproval'
> & { tools: ToolSet };

export async function startChatServer(options: StreamOptions): Promise<ChatServer> {
  const requests: UIMessage[][] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { messages } = await readBody(request);
    requests.push(messages);
    await validateUIMessages({ messages });
    const result = streamText({
      ...options,
      messages: await convertToModelMessages(messages),
      maxRetries: 0,
      onError: () => undefined, // the chat is told, by the stream
    });
    const stream = isAiSdk6
      ? result.toUIMessageStream({ onError: toText })
      : toUIMessageStream({ stream: result.stream, tools: options.tools, onError: toText });
    pipeUIMessageStreamToResponse({ response, stream });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // SAFETY: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/chat`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Some providers throw what they were sent. */
function toText(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}

async function readBody(request: IncomingMessage): Promise<{ messages: UIMessage[] }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString());
}
