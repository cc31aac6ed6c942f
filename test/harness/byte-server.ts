// Owns: a real HTTP server that keeps every byte of what it is sent, and answers each request with the chunks that a test gives, or cuts them off.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UIMessage, UIMessageChunk } from 'ai';

export interface ByteAnswer {
  readonly chunks: readonly UIMessageChunk[];
  /** After how many chunks the connection breaks. */
  readonly cutAt?: number;
}

export interface ByteListener {
  /** Everything that came with one request: its line, headers and body. */
  hear(bytes: string): void;
  answer(messages: readonly UIMessage[]): ByteAnswer;
  /** What is left of an answer that was cut off; `undefined` where there is none. */
  resume(): ByteAnswer | undefined;
}

export async function startByteServer() {
  const listeners = new Map<string, ByteListener>();
  const write = (response: ServerResponse, { chunks, cutAt = Infinity }: ByteAnswer) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' });
    for (const chunk of chunks.slice(0, cutAt)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    if (cutAt < chunks.length) setTimeout(() => response.destroy(), 2);
    else response.end('data: [DONE]\n\n');
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The page has taken its request back: what came of it counts.
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const [, id = ''] = /^\/([\w-]+)/.exec(request.url ?? '') ?? [];
    const listener = listeners.get(id);
    listener?.hear(`${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n\n${body}`);
    const answer =
      request.method === 'POST'
        ? listener?.answer((JSON.parse(body || '{"messages":[]}') as { messages: UIMessage[] }).messages)
        : listener?.resume();
    if (answer === undefined) response.writeHead(204).end();
    else write(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** The API of one chat. */
    listen(id: string, listener: ByteListener): string {
      listeners.set(id, listener);
      return `${origin}/${id}`;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
