// Owns which tools the scripted model calls: everything that the request needs and whose input is known by now, not called before.
import type { Order } from '../../shop-contract.ts';
import type { ToolResult } from './conversation.ts';
import { outputsOf, type ShopTool } from './facts.ts';
import { products } from '../shop/catalogue.ts';
import type { SupportRequest } from './read-request.ts';

export interface PlannedCall {
  toolName: ShopTool;
  input: Record<string, unknown>;
}

/** The calls for the next step; none when it is time to answer. */
export function planCalls(request: SupportRequest, results: ToolResult[]): PlannedCall[] {
  const orders = outputsOf(results, 'getOrderStatus');
  const wanted = [
    ...request.orderIds.map((orderId): PlannedCall => ({ toolName: 'getOrderStatus', input: { orderId } })),
    ...planPolicy(request, orders),
    ...planInventory(request, orders),
    ...planAddress(request),
    ...planConversions(request, orders),
    ...planRefunds(request, orders, results),
  ];
  const called = new Set(results.map(({ toolName, input }) => keyOf(toolName, input)));
  return wanted.filter(({ toolName, input }) => !called.has(keyOf(toolName, input)));
}

/** Independent of the order of fields: a provider may send an input back as it likes. */
const keyOf = (toolName: string, input: unknown): string =>
  `${toolName} ${JSON.stringify(Object.entries(input ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))}`;

function planPolicy({ wants, category, address }: SupportRequest, orders: Order[]): PlannedCall[] {
  const known = category ?? orders[0]?.items[0]?.category;
  if (!wants.policy || known === undefined) return [];
  return [{ toolName: 'getReturnPolicy', input: { country: address?.country ?? 'DE', category: known } }];
}

function planInventory({ wants, products: named, sizes }: SupportRequest, orders: Order[]): PlannedCall[] {
  if (!wants.stock) return [];
  const ordered = products.filter(({ sku }) => sku === orders[0]?.items[0]?.sku);
  return (named.length > 0 ? named : ordered).flatMap(({ sku, stock }) =>
    (sizes.length > 0 ? sizes : Object.keys(stock)).map((size): PlannedCall => ({
      toolName: 'checkInventory',
      input: { sku, size },
    })),
  );
}

const planAddress = ({ address }: SupportRequest): PlannedCall[] =>
  address ? [{ toolName: 'verifyShippingAddress', input: { ...address } }] : [];

function planConversions({ amounts, targetCurrencies }: SupportRequest, orders: Order[]): PlannedCall[] {
  const known = amounts.length > 0 ? amounts : orders.map(({ total }) => total);
  return known.flatMap(({ amount, currency: from }) =>
    targetCurrencies
      .filter((to) => to !== from)
      .map((to): PlannedCall => ({ toolName: 'convertCurrency', input: { amount, from, to } })),
  );
}

/** Only once the order and the policy are known: a refund cannot be taken back. */
function planRefunds(request: SupportRequest, orders: Order[], results: ToolResult[]): PlannedCall[] {
  const [policy] = outputsOf(results, 'getReturnPolicy');
  if (!request.wants.refund || !policy) return [];
  const reason = 'Returned by the customer';
  return orders
    .filter((order) => isReturnable(order, policy.days))
    .flatMap(({ orderId, items, total }) => {
      const chosen = request.wants.refundByItem
        ? items
        : items.filter(({ sku }) => request.products.some((product) => product.sku === sku));
      const [asked] = request.amounts;
      const parts =
        asked && asked.currency === total.currency && chosen.length === 0
          ? [{ amount: asked.amount, reason }]
          : chosen.length > 0
            ? chosen.map(({ name, price }) => ({ amount: price.amount, reason: `${name}: returned by the customer` }))
            : [{ amount: total.amount, reason }];
      return parts.map((part): PlannedCall => ({ toolName: 'refundOrder', input: { orderId, ...part } }));
    });
}

/** The last day on which an order can be returned, as 2025-04-30; `undefined` before it was delivered. */
export function lastReturnDay(order: Order, days: number): string | undefined {
  if (order.deliveredOn === undefined) return undefined;
  return new Date(Date.parse(order.deliveredOn) + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

export function isReturnable(order: Order, days: number, today = new Date().toISOString().slice(0, 10)): boolean {
  const last = lastReturnDay(order, days);
  return last !== undefined && last >= today;
}
