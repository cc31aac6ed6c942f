// Owns: the demo's shop, asked over its own door as the browser's tools ask it.
import { describe, expect, it } from 'vitest';
import { latencyOf } from '../../demo/server/shop/latency.ts';
import { createShopApi } from '../../demo/server/shop/shop-api.ts';

const now = Date.parse('2025-05-20T12:00:00Z');

interface Asking {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A shop without latency, and a way to ask it. */
function openShop(clock = () => now) {
  const api = createShopApi({ now: clock });
  return async (path: string, { method, body, headers = {} }: Asking = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await api(
      new Request(`http://shop.test/api/shop/${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { 'x-shop-latency': '0', ...headers },
        ...(body === undefined ? {} : { body: text }),
      }),
    );
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

const refund = (key: string, fields: object = {}): Asking => ({
  body: { orderId: '1042', amount: 129, reason: 'Wrong size', ...fields },
  headers: { 'idempotency-key': key },
});

describe('lookups', () => {
  it('finds an order with its items and dates', async () => {
    const ask = openShop();
    const { status, body } = await ask('orders/1042');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      orderId: '1042',
      status: 'delivered',
      deliveredOn: '2025-05-14',
      total: { amount: 147, currency: 'EUR' },
    });
  });

  it('finds a return policy', async () => {
    const { body } = await openShop()('return-policy?country=US&category=footwear');
    expect(body).toMatchObject({ days: 30, shippingCost: { amount: 14.9, currency: 'EUR' } });
  });

  it.each([
    ['Torstraße 12', '10119', 'Berlin', true, undefined],
    ['torstr. 12', '10119', 'berlin', true, 'The spelling was corrected.'],
    ['Torstraße', '10119', 'Berlin', false, 'The house number is missing.'],
    ['Broadway 1', '10119', 'Berlin', false, 'There is no Broadway in 10119 Berlin.'],
    ['Torstraße 12', '99999', 'Berlin', false, '99999 is not a postal code in DE.'],
  ])('checks the address %s, %s %s', async (street, postalCode, city, deliverable, note) => {
    const { body } = await openShop()('addresses', { body: { street, postalCode, city, country: 'DE' } });
    expect(body).toMatchObject({ deliverable, ...(note ? { note } : {}) });
    if (deliverable) expect(body['address']).toMatchObject({ street: 'Torstraße 12', city: 'Berlin' });
  });

  it('counts pieces in stock, and says when a sold out size returns', async () => {
    const ask = openShop();
    expect((await ask('inventory?sku=trail-runner&size=43')).body).toMatchObject({ quantity: 4, warehouse: 'Berlin' });
    expect((await ask('inventory?sku=trail-runner&size=42')).body).toMatchObject({
      quantity: 0,
      restockOn: '2025-05-31',
    });
  });

  it('gives the rate between any two currencies', async () => {
    expect((await openShop()('exchange-rates?from=EUR&to=USD')).body).toMatchObject({ rate: 1.1632 });
    expect((await openShop()('exchange-rates?from=USD&to=EUR')).body).toMatchObject({ rate: 0.859697 });
  });
});

describe('bad requests', () => {
  it.each<[string, Asking | undefined, number, string]>([
    ['orders/9999', undefined, 404, 'There is no order 9999 in this account.'],
    ['orders', undefined, 400, 'The path must end in an order number.'],
    ['orders/%E0%A4%A', undefined, 400, 'The path is not valid percent-encoding.'],
    ['coupons', undefined, 404, 'The shop has no GET /api/shop/coupons.'],
    ['orders/1042', { method: 'DELETE' }, 404, 'The shop has no DELETE /api/shop/orders/1042.'],
    ['constructor', undefined, 404, 'The shop has no GET /api/shop/constructor.'],
    ['return-policy?country=DE', undefined, 400, 'category:'],
    ['return-policy?country=BR&category=gear', undefined, 404, 'does not deliver to BR'],
    ['inventory?sku=trail-runner&size=12', undefined, 404, 'The sizes are 40, 41, 42, 43, 44, 45, 46.'],
    ['inventory?sku=boat&size=12', undefined, 404, 'There is no product boat.'],
    ['exchange-rates?from=EUR&to=XYZ', undefined, 404, 'There is no rate for XYZ.'],
    ['addresses', { body: { street: 'Torstraße 12' } }, 400, 'postalCode:'],
    ['addresses', { body: '{' }, 400, 'The body is not JSON.'],
    ['refunds', { body: { orderId: '1042', amount: 1, reason: '' } }, 400, 'needs an Idempotency-Key header'],
    ['refunds', refund('a', { amount: -1 }), 400, 'amount:'],
    ['orders/1042', { headers: { 'x-shop-latency': 'soon' } }, 400, 'Expected x-shop-latency to be a number'],
  ])('answers %s with a status and a sentence', async (path, asking, status, message) => {
    const answer = await openShop()(path, asking);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { message: expect.stringContaining(message) as string } });
  });
});

describe('refunds', () => {
  it('go to the bank and are booked after a while', async () => {
    let time = now;
    const ask = openShop(() => time);
    const slow = { 'x-shop-latency': '0.01' };
    const asked = refund('a');
    const { body } = await ask('refunds', { ...asked, headers: { ...asked.headers, ...slow } });
    expect(body).toMatchObject({ refundId: 'R-1042-1', status: 'received', progress: 0 });
    time += 13;
    expect((await ask('refunds/R-1042-1')).body).toMatchObject({ status: 'sent to the bank', progress: 0.5 });
    time += 13;
    expect((await ask('refunds/R-1042-1')).body).toMatchObject({ status: 'booked', progress: 1 });
  });

  it('are booked once for one key, however often it is sent', async () => {
    const ask = openShop();
    const first = await ask('refunds', refund('a'));
    expect((await ask('refunds', refund('a'))).body).toEqual(first.body);
    expect((await ask('orders/1042')).body).toMatchObject({ refunded: { amount: 129 } });
  });

  it('refuse a key that was used for something else', async () => {
    const ask = openShop();
    await ask('refunds', refund('a'));
    expect(await ask('refunds', refund('a', { amount: 1 }))).toMatchObject({
      status: 422,
      body: { error: { code: 'key-reused' } },
    });
  });

  it('never exceed what was paid', async () => {
    const ask = openShop();
    await ask('refunds', refund('a'));
    expect(await ask('refunds', refund('b'))).toMatchObject({
      status: 409,
      body: { error: { message: 'Only €18.00 of order 1042 can still be refunded.' } },
    });
    expect(await ask('refunds', refund('c', { amount: 18 }))).toMatchObject({ status: 200 });
  });

  it('wait until the order is delivered', async () => {
    expect(await openShop()('refunds', refund('a', { orderId: '1057' }))).toMatchObject({
      status: 409,
      body: { error: { message: 'Order 1057 is in transit; only a delivered order can be refunded.' } },
    });
  });

  it('of one conversation are not seen by another', async () => {
    const ask = openShop();
    const inSession = (name: string, asking: Asking = {}) => ({
      ...asking,
      headers: { ...asking.headers, 'x-shop-session': name },
    });
    await ask('refunds', inSession('one', refund('a')));
    expect((await ask('orders/1042', inSession('one'))).body).toMatchObject({ refunded: { amount: 129 } });
    expect((await ask('orders/1042', inSession('two'))).body).toMatchObject({ refunded: { amount: 0 } });
  });
});

describe('the fault of the exchange rates', () => {
  const asking = (key: string, fault: string): Asking => ({
    headers: { 'idempotency-key': key, 'x-shop-fault': fault },
  });
  const path = 'exchange-rates?from=EUR&to=USD';

  it('outlasts the two requests that a call makes by itself, and ends with the next', async () => {
    const ask = openShop();
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt++) statuses.push((await ask(path, asking('a', 'until-retried'))).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await ask(path, asking('b', 'until-retried'))).status).toBe(503);
  });

  it('can last, or never come', async () => {
    const ask = openShop();
    const statuses = [];
    for (let attempt = 0; attempt < 4; attempt++) statuses.push((await ask(path, asking('a', 'always'))).status);
    expect(statuses).toEqual([503, 503, 503, 503]);
    expect((await ask(path, asking('a', 'none'))).status).toBe(200);
  });

  it('spares everything else', async () => {
    expect((await openShop()('orders/1042', asking('a', 'always'))).status).toBe(200);
  });
});

describe('latency', () => {
  it('stays between 300 and 2,500 ms, whatever the route', () => {
    const routes = ['orders', 'return-policy', 'addresses', 'inventory', 'exchange-rates', 'refunds'] as const;
    for (const route of routes) {
      expect(latencyOf(route, 1, () => 0)).toBeGreaterThanOrEqual(300);
      expect(latencyOf(route, 1, () => 1)).toBeLessThanOrEqual(2500);
      expect(latencyOf(route, 0)).toBe(0);
    }
  });

  it('ends at once when the request is aborted', async () => {
    const controller = new AbortController();
    const answer = createShopApi()(
      new Request('http://shop.test/api/shop/orders/1042', {
        headers: { 'x-shop-latency': '10' },
        signal: controller.signal,
      }),
    );
    controller.abort();
    await expect(answer).rejects.toThrow('abort');
  });
});
