// Answers `/api/…` with the functions of `server/routes.ts`. A server of your own, or a framework with routes, takes the place of this file.
import type { Plugin } from 'vite';

type Routes = Record<string, (request: Request) => Response | Promise<Response>>;

export const api = (): Plugin => ({
  name: 'api',
  configureServer(server) {
    server.middlewares.use('/api', async (incoming, outgoing, next) => {
      try {
        const url = new URL(incoming.originalUrl ?? '/', `http://${incoming.headers.host}`);
        const { routes } = (await server.ssrLoadModule('/server/routes.ts')) as { routes: Routes };
        const route = routes[`${incoming.method} ${url.pathname}`];
        if (!route) return void outgoing.writeHead(404).end();
        const body: Uint8Array[] = [];
        for await (const chunk of incoming) body.push(chunk as Uint8Array);
        const init = body.length > 0 ? { body: new Uint8Array(Buffer.concat(body)) } : {};
        const response = await route(new Request(url, { method: incoming.method ?? 'GET', ...init }));
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        const reader = response.body?.getReader();
        for (let read = await reader?.read(); read?.value; read = await reader?.read()) outgoing.write(read.value);
        outgoing.end();
      } catch (error) {
        next(error);
      }
    });
  },
});
