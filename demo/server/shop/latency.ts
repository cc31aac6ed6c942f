// Owns how long the shop takes to answer. The wait is real and ends at once when the request is aborted.
import { setTimeout as wait } from 'node:timers/promises';

export type ShopRoute =
  | 'orders'
  | 'return-policy'
  | 'addresses'
  | 'inventory'
  | 'exchange-rates'
  | 'refunds'
  | 'store-stock';

/** Milliseconds at factor 1, each varied by a quarter. */
const typical: Record<ShopRoute, number> = {
  orders: 1100,
  'return-policy': 600,
  addresses: 2000,
  inventory: 1500,
  'exchange-rates': 900,
  refunds: 900,
  'store-stock': 1200,
};

/** Milliseconds for one request. `factor` comes from the page's settings. */
export function latencyOf(route: ShopRoute, factor: number, random: () => number = Math.random): number {
  return Math.round(typical[route] * factor * (0.75 + random() / 2));
}

export async function takeTime(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}
