// Owns: the server that every contender talks to, on a real socket of this machine: the page, one answer with tool calls, then one with
// text. It has the clock: from the arrival of the user's message to the arrival of the results.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { answerAgUi, countAgUiResults, streamEvents } from './ag-ui-events.ts';
import type { Order } from './order.ts';
import { answerUI, countUIResults } from './ui-message-stream.ts';

export interface Batch {
  /** From the arrival of the user's message to the arrival of the results. */
  readonly milliseconds: number;
  /** How many results the follow-up held. */
  readonly results: number;
}

export interface ChatServer {
  readonly url: string;
  /** The next user's message gets this answer; settles when its results are here. */
  serve(order: Order): Promise<Batch>;
  close(): void;
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** @param folder the built page */
export async function startChatServer(folder: string): Promise<ChatServer> {
  let order: Order = { latencies: [] };
  let askedAt = 0;
  let deliver: ((batch: Batch) => void) | undefined;

  function note(results: number | undefined): boolean {
    const now = performance.now();
    if (results === undefined) askedAt = now;
    else deliver?.({ milliseconds: now - askedAt, results });
    return results !== undefined;
  }

  async function answer(path: string, body: string): Promise<Response> {
    const request = JSON.parse(body);
    if (path === '/api/ui') return answerUI(order, note(countUIResults(request)));
    const isFollowUp = note(countAgUiResults(request));
    const events = () => streamEvents(order, request, isFollowUp);
    if (path === '/api/ag-ui') return answerAgUi(events());
    const { answerTanStack } = await import(new URL('rivals/tanstack-server.ts', import.meta.url).href);
    return answerTanStack(request, events);
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://bench').pathname;
    // A page that shares its process with nobody has a finer clock.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (!path.startsWith('/api/')) {
      const file = path === '/' ? 'index.html' : path.slice(1);
      const content = await readFile(join(folder, file));
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(content);
      return;
    }
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { status, headers, body: stream } = await answer(path, body);
    response.writeHead(status, Object.fromEntries(headers));
    if (stream === null) response.end();
    else Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]).pipe(response);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (!String(error).includes('ENOENT')) console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // SAFETY: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    serve(next) {
      order = next;
      return new Promise((resolve) => (deliver = resolve));
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
