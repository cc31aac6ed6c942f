// Owns: the server that every contender talks to, on a real socket of this machine: one answer with tool calls, then one with text.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUIMessageStream, pipeUIMessageStreamToResponse, type UIMessage, type UIMessageChunk } from 'ai';

/** What a request of the page asks for, in its body. */
export interface Order {
  /** How many calls the answer holds. */
  readonly calls: number;
  /** How long each of them takes. */
  readonly milliseconds: number;
}

interface FollowUp {
  /** When the request with the results had arrived, as `performance.now()`. */
  readonly at: number;
  /** How many results it held. */
  readonly results: number;
}

export interface ChatServer {
  readonly url: string;
  /** The next follow-up. */
  nextFollowUp(): Promise<FollowUp>;
  close(): void;
}

export async function startChatServer(): Promise<ChatServer> {
  let waiting: ((followUp: FollowUp) => void)[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { messages, ...order } = await readBody(request);
    const at = performance.now();
    const last = messages.at(-1);
    const isFollowUp = last?.role === 'assistant';
    pipeUIMessageStreamToResponse({
      response,
      stream: createUIMessageStream({
        execute: ({ writer }) => {
          for (const chunk of isFollowUp ? textChunks() : callChunks(order)) writer.write(chunk);
        },
      }),
    });
    if (!isFollowUp) return;
    const results = last.parts.filter((part) => 'state' in part && part.state === 'output-available').length;
    for (const resolve of waiting) resolve({ at, results });
    waiting = [];
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // SAFETY: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/chat`,
    nextFollowUp: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function callChunks({ calls, milliseconds }: Order): UIMessageChunk[] {
  const chunks = Array.from({ length: calls }, (_, index): UIMessageChunk[] => {
    const call = { toolCallId: `call-${index}`, toolName: 'work' };
    return [
      { type: 'tool-input-start', ...call },
      { type: 'tool-input-available', ...call, input: { milliseconds } },
    ];
  });
  return inStep(chunks.flat(), 'tool-calls');
}

function textChunks(): UIMessageChunk[] {
  const id = 'text';
  return inStep(
    [
      { type: 'text-start', id },
      { type: 'text-delta', id, delta: 'Done' },
      { type: 'text-end', id },
    ],
    'stop',
  );
}

function inStep(chunks: UIMessageChunk[], finishReason: 'tool-calls' | 'stop'): UIMessageChunk[] {
  return [
    { type: 'start' },
    { type: 'start-step' },
    ...chunks,
    { type: 'finish-step' },
    { type: 'finish', finishReason },
  ];
}

async function readBody(request: IncomingMessage): Promise<{ messages: UIMessage[] } & Order> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  return JSON.parse(body);
}
