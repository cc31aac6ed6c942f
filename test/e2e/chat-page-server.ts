// Owns the page of chat-page/ on a dev server, as React runs it there: StrictMode mounts twice. What the model says and what a tool gives
// is the test's to write, and what it was asked the test's to count.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { UIMessage } from 'ai';
import { createServer } from 'vite';
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

  const server = await createServer({
    configFile: false,
    root: path('./chat-page'),
    cacheDir: path('../../node_modules/.vite/chat-page-e2e'),
    logLevel: 'error',
    plugins: [
      react(),
      {
        name: 'chat-page',
        // Vite's own client reloads a page that has lost its server, as a frozen one may.
        transformIndexHtml: {
          order: 'post',
          handler: (html) => html.replace('<script type="module" src="/@vite/client"></script>', ''),
        },
        configureServer: ({ middlewares }) =>
          void middlewares.use((request, response, next) => {
            if (request.url?.startsWith('/api/')) void answer(request, response);
            else next();
          }),
      },
    ],
    resolve: {
      alias: [
        { find: /^use-parallel-tools$/, replacement: path('../../src/index.ts') },
        { find: /^use-parallel-tools\/durable$/, replacement: path('../../src/durable/index.ts') },
      ],
    },
    // Found while the page runs, a dependency would reload it, and the reload would be the wrong one.
    optimizeDeps: {
      include: [
        '@ai-sdk/react',
        '@radix-ui/react-collapsible',
        '@radix-ui/react-slot',
        'ai',
        'idb',
        'react',
        'react-dom',
        'react-dom/client',
        'react/jsx-dev-runtime',
        'zod',
        'zustand/react',
        'zustand/vanilla',
      ],
    },
    server: { host: '127.0.0.1', port: 0, watch: null, hmr: false },
  });
  await server.listen();
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
    close: () => server.close(),
  };
}

export type ChatPageServer = Awaited<ReturnType<typeof startChatPage>>;

/** The tool calls that a request carries, as `id: state`, with all their repetitions. */
export function carriedCalls({ messages }: Pick<StreamRequest, 'messages'>): string[] {
  return messages.flatMap(({ parts }) =>
    parts.flatMap((part) => ('toolCallId' in part ? `${part.toolCallId}: ${part.state}` : [])),
  );
}
