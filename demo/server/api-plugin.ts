// Owns the bridge from Vite's dev server to the demo's API: Node's request in, a web Response out, aborted when the page goes.
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Plugin, ViteDevServer } from 'vite';

/** Serves `/api/` from `demo/server`, and reads keys from an `.env` file beside package.json, where there is one. */
export function apiPlugin({ envFile }: { envFile: string }): Plugin {
  return {
    name: 'demo-api',
    configureServer(server) {
      if (existsSync(envFile)) process.loadEnvFile(envFile);
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void answer(server, request, response);
        else next();
      });
    },
  };
}

async function answer(server: ViteDevServer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    // SAFETY: the module's one export; Vite loads by path and cannot know its type.
    const { handleApi } = (await server.ssrLoadModule('/server/routes.ts')) as typeof import('./routes.ts');
    const response = await handleApi(toRequest(incoming, gone.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (!response.body) return void outgoing.end();
    // SAFETY: the DOM's ReadableStream and Node's are the same class here.
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing);
  } catch (error) {
    if (gone.signal.aborted) return;
    server.config.logger.error(`[api] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' });
    outgoing.end('The demo server failed. Its terminal says why.');
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const single of [value ?? []].flat()) headers.append(name, single);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`), {
    method,
    headers,
    signal,
    // SAFETY: see above; Node wants `duplex` for a body that streams.
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  });
}
