// Owns which request goes where. Loaded through Vite, so that it sees the library's source as the page does.
import { getModel, postChat } from './chat-route.ts';
import { createShopApi } from './shop/shop-api.ts';

const shop = createShopApi();

/** Answers a request below `/api/`. */
export async function handleApi(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/api/shop/')) return await shop(request);
  if (pathname === '/api/chat' && request.method === 'POST') return await postChat(request);
  if (pathname === '/api/model' && request.method === 'GET') return getModel();
  return Response.json(
    { error: { code: 'unknown-path', message: `There is no ${request.method} ${pathname}.` } },
    { status: 404 },
  );
}
