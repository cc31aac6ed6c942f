// Owns the pages of chat-page/, built, which a browser loads many times faster than module by module, with React as it runs in development:
// StrictMode mounts twice. What the model says and what a tool gives is the test's to write, and what it was asked the test's to count.
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { UIMessage } from 'ai';
import { build, preview } from 'vite';
import { findProblems } from '../harness/check-request.ts';
import { createDeferred, type Deferred } from '../harness/deferred.ts';
import { StreamRequest } from '../harness/stream-server.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** One `execute` that has reached the server. */
export interface ToolRequest {
  /** `read a`: the tool and the id that it was asked for. */
  readonly name: string;
  readonly idempotencyKey: string;
  answer(value: unknown): void;
}

/** What was asked so far, in order, and what is asked next. */
class Inbox<TRequest> {
  readonly all: TRequest[] = [];
  #waiters: Deferred<TRequest>[] = [];
  #taken = 0;

  add(request: TRequest): void {
    this.all.push(request);
    this.#hand();
  }

  next(): Promise<TRequest> {
    const waiter = createDeferred<TRequest>();
    this.#waiters.push(waiter);
    this.#hand();
    return waiter.promise;
  }

  /** What was asked so far was for another test. */
  forget(): void {
    this.all.length = 0;
    this.#waiters = [];
    this.#taken = 0;
  }

  #hand(): void {
    while (this.#waiters.length > 0 && this.#taken < this.all.length) {
      this.#waiters.shift()!.resolve(this.all[this.#taken++]!);
    }
  }
}

export async function startChatPage() {
  const chats = new Inbox<StreamRequest>();
  const executions = new Inbox<ToolRequest>();
  const problems: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/api/chat') {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { messages } = JSON.parse(body) as { messages: UIMessage[] };
      problems.push(...(await findProblems(messages)));
      return chats.add(new StreamRequest(messages, response));
    }
    const [tool, id] = pathname.split('/').slice(-2);
    executions.add({
      name: `${tool} ${id}`,
      idempotencyKey: String(request.headers['idempotency-key']),
      answer: (value) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value)),
    });
  }

  const outDir = await mkdtemp(join(tmpdir(), 'chat-page-'));
  const shared = { configFile: false, root: path('./chat-page'), logLevel: 'error' } as const;
  await build({
    ...shared,
    plugins: [react()],
    resolve: {
      alias: [
        { find: /^use-parallel-tools$/, replacement: path('../../src/index.ts') },
        { find: /^use-parallel-tools\/durable$/, replacement: path('../../src/durable/index.ts') },
        { find: /^use-parallel-tools\/webmcp$/, replacement: path('../../src/webmcp/index.ts') },
      ],
    },
    // React as in development: StrictMode mounts twice.
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      outDir,
      minify: false,
      rollupOptions: {
        input: [
          path('./chat-page/index.html'),
          path('./chat-page/durable/index.html'),
          path('./chat-page/tabs/index.html'),
          path('./chat-page/webmcp/index.html'),
        ],
      },
    },
  });
  const server = await preview({
    ...shared,
    build: { outDir },
    plugins: [
      {
        name: 'chat-page',
        configurePreviewServer: ({ middlewares }) =>
          void middlewares.use((request, response, next) => {
            if (request.url?.startsWith('/api/')) void answer(request, response);
            else next();
          }),
      },
    ],
    preview: { host: '127.0.0.1', port: 0 },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (!url) throw new Error('The page is served, but Vite names no local address for it.');
  return {
    url,
    /** The requests to the model. */
    chats,
    /** The tools at work. */
    executions,
    /** What the SDK finds wrong with what the model was sent. */
    problems,
    /** The names of `executions` from the one on that is number `from`. */
    executed: (from = 0) => executions.all.slice(from).map(({ name }) => name),
    /** Begins anew, for the next test. */
    forget() {
      for (const inbox of [chats, executions]) inbox.forget();
    },
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

export type ChatPageServer = Awaited<ReturnType<typeof startChatPage>>;

/** The tool calls that a request carries, as `id: state`, with all their repetitions. */
export function carriedCalls({ messages }: Pick<StreamRequest, 'messages'>): string[] {
  return messages.flatMap(({ parts }) =>
    parts.flatMap((part) => ('toolCallId' in part ? `${part.toolCallId}: ${part.state}` : [])),
  );
}
