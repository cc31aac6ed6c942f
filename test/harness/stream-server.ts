// Owns: a real HTTP server that answers each chat request as a test says, and what the SDK finds wrong with what it was sent.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FinishReason, UIMessage, UIMessageChunk } from 'ai';
import { findProblems } from './check-request.ts';
import { createDeferred, type Deferred } from './deferred.ts';

/** One request, and the response that the test writes to it. */
export class StreamRequest {
  readonly messages: UIMessage[];
  readonly #response: ServerResponse;

  constructor(messages: UIMessage[], response: ServerResponse) {
    this.messages = messages;
    this.#response = response;
  }

  write(...chunks: UIMessageChunk[]): this {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' });
    }
    for (const chunk of chunks) this.#response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    return this;
  }

  start(messageId?: string): this {
    return this.write({ type: 'start', ...(messageId !== undefined && { messageId }) }, { type: 'start-step' });
  }

  text(text: string): this {
    const id = 'text-1';
    return this.write({ type: 'text-start', id }, { type: 'text-delta', id, delta: text }, { type: 'text-end', id });
  }

  call(toolCallId: string, toolName: string, input: unknown = {}): this {
    return this.write(
      { type: 'tool-input-start', toolCallId, toolName },
      { type: 'tool-input-available', toolCallId, toolName, input },
    );
  }

  finish(finishReason: FinishReason = 'tool-calls'): void {
    this.write({ type: 'finish-step' }, { type: 'finish', finishReason });
    this.#response.end('data: [DONE]\n\n');
  }

  /** Ends the response as a proxy does that gives up: what was sent is whole, no `finish` chunk came. */
  end(): void {
    this.#response.end();
  }

  /** The connection breaks. */
  cut(): void {
    this.#response.destroy();
  }

  refuse(status: number): void {
    this.#response.writeHead(status).end('Internal Server Error');
  }
}

export async function startStreamServer() {
  const requests: StreamRequest[] = [];
  const problems: string[] = [];
  const waiters: Deferred<StreamRequest>[] = [];
  let taken = 0;
  const hand = () => {
    while (waiters.length > 0 && taken < requests.length) waiters.shift()!.resolve(requests[taken++]!);
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { messages } = JSON.parse(body) as { messages: UIMessage[] };
    problems.push(...(await findProblems(messages)));
    requests.push(new StreamRequest(messages, response));
    hand();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`,
    requests,
    problems,
    next(): Promise<StreamRequest> {
      const waiter = createDeferred<StreamRequest>();
      waiters.push(waiter);
      hand();
      return waiter.promise;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
