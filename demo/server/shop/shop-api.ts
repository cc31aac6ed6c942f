// Owns the shop's HTTP: which path means what, what a request must look like, and that it takes its time.
// What the answers say is in lookups.ts and refunds.ts.
import { z } from 'zod';
import { addressSchema, shopHeaders, type RateFault } from '../../shop-contract.ts';
import { latencyOf, takeTime, type ShopRoute } from './latency.ts';
import { checkAddress, findExchangeRate, findInventory, findOrder, findReturnPolicy } from './lookups.ts';
import { findRefund, requestRefund } from './refunds.ts';
import { createSessions, type ShopSession } from './session.ts';
import { ShopError, shopErrorResponse } from './shop-error.ts';
import { findStoreStock, storeQuestionsSchema } from './store-stock.ts';

/** How many requests of one tool call fail: as many as `convertCurrency` makes by itself, so that only a person's Retry cures it. */
const requestsUntilRetried = 2;

interface ShopRequest {
  request: Request;
  url: URL;
  session: ShopSession;
  /** What follows the route's name in the path, decoded. */
  rest: string[];
  factor: number;
  now: number;
}

type Answer = (shopRequest: ShopRequest) => object | Promise<object>;

/** The door: answers every request below `/api/shop/`. */
export function createShopApi({ now = Date.now }: { now?: () => number } = {}): (
  request: Request,
) => Promise<Response> {
  const sessionOf = createSessions();
  return async (request) => {
    try {
      const url = new URL(request.url);
      const [name = '', ...rest] = readPath(url);
      const answer = routes[`${request.method} ${name}`];
      if (!answer || !isRoute(name)) {
        throw new ShopError(404, 'unknown-path', `The shop has no ${request.method} ${url.pathname}.`);
      }
      const session = sessionOf(request.headers.get(shopHeaders.session) ?? '', now());
      const factor = readFactor(request);
      // Asking how far a refund is costs no time: it is asked often.
      if (!(name === 'refunds' && request.method === 'GET')) await takeTime(latencyOf(name, factor), request.signal);
      return Response.json(await answer({ request, url, session, rest, factor, now: now() }));
    } catch (error) {
      if (error instanceof ShopError) return shopErrorResponse(error);
      throw error;
    }
  };
}

const routes: Record<string, Answer> = {
  'GET orders': ({ session, rest }) => findOrder(session, one(rest, 'an order number')),
  'GET return-policy': ({ url }) => {
    const { country, category } = query(url, z.object({ country: z.string().length(2), category: z.string().min(1) }));
    return findReturnPolicy(country, category);
  },
  'POST addresses': async ({ request }) => checkAddress(await body(request, addressSchema)),
  'GET inventory': ({ url, now }) => {
    const { sku, size } = query(url, z.object({ sku: z.string().min(1), size: z.string().min(1) }));
    return findInventory(sku, size, now);
  },
  'POST store-stock': async ({ request }) => findStoreStock(await body(request, storeQuestionsSchema)),
  'GET exchange-rates': ({ request, url, session, now }) => {
    failIfAsked(request, session);
    const { from, to } = query(url, z.object({ from: z.string().length(3), to: z.string().length(3) }));
    return findExchangeRate(from, to, now);
  },
  'POST refunds': async ({ request, session, factor, now }) => {
    const key = request.headers.get('idempotency-key');
    if (!key)
      throw new ShopError(400, 'missing-key', 'A refund needs an Idempotency-Key header, so that it is booked once.');
    const refund = await body(
      request,
      z.object({ orderId: z.string().min(1), amount: z.number().positive(), reason: z.string() }),
    );
    return requestRefund(session, key, refund, { now, duration: 2600 * factor });
  },
  'GET refunds': ({ session, rest, now }) => findRefund(session, one(rest, 'a refund number'), now),
};

const routeNames: Record<ShopRoute, true> = {
  orders: true,
  'return-policy': true,
  addresses: true,
  inventory: true,
  'exchange-rates': true,
  refunds: true,
  'store-stock': true,
};
const isRoute = (name: string): name is ShopRoute => Object.hasOwn(routeNames, name);

function failIfAsked(request: Request, session: ShopSession): void {
  const fault = request.headers.get(shopHeaders.fault) as RateFault | null;
  const call = request.headers.get('idempotency-key') ?? '';
  const asked = (session.rateRequests.get(call) ?? 0) + 1;
  session.rateRequests.set(call, asked);
  if (fault === 'always' || (fault === 'until-retried' && asked <= requestsUntilRetried)) {
    throw new ShopError(503, 'rates-unavailable', 'Exchange rates are down (503).');
  }
}

function readPath(url: URL): string[] {
  try {
    return url.pathname
      .replace(/^\/api\/shop\//, '')
      .split('/')
      .filter(Boolean)
      .map(decodeURIComponent);
  } catch {
    throw new ShopError(400, 'invalid-path', 'The path is not valid percent-encoding.');
  }
}

function readFactor(request: Request): number {
  const header = request.headers.get(shopHeaders.latency);
  const factor = header === null ? 1 : Number(header);
  if (!Number.isFinite(factor) || factor < 0 || factor > 10) {
    throw new ShopError(
      400,
      'invalid-latency',
      `Expected ${shopHeaders.latency} to be a number from 0 to 10, got ${header}.`,
    );
  }
  return factor;
}

function one(rest: string[], what: string): string {
  const [value] = rest;
  if (value === undefined || rest.length > 1) throw new ShopError(400, 'invalid-path', `The path must end in ${what}.`);
  return value;
}

const query = <T>(url: URL, schema: z.ZodType<T>): T => parse(schema, Object.fromEntries(url.searchParams));

async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const value: unknown = await request.json().catch(() => {
    throw new ShopError(400, 'invalid-json', 'The body is not JSON.');
  });
  return parse(schema, value);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new ShopError(400, 'invalid-request', problems.join('; '));
}
