// Owns the browser's way to the shop: paths, headers, and errors as sentences. Every request ends when its signal aborts.
import { z } from 'zod';
import {
  addressCheckSchema,
  exchangeRateSchema,
  inventorySchema,
  orderSchema,
  refundSchema,
  returnPolicySchema,
  shopHeaders,
  storeStockSchema,
  type Address,
  type StoreQuestion,
} from '../shop-contract.ts';
import { useSettings } from './settings.ts';

interface ShopRequest {
  signal: AbortSignal;
  /** Sent as Idempotency-Key: the same for every attempt of a call. */
  key?: string;
  body?: object;
}

async function ask<T>(path: string, schema: z.ZodType<T>, { signal, key, body }: ShopRequest): Promise<T> {
  const { session, latency, fault } = useSettings.getState();
  const response = await fetch(`/api/shop/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      [shopHeaders.session]: session,
      [shopHeaders.latency]: String(latency),
      [shopHeaders.fault]: fault,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal,
  });
  if (!response.ok) throw new Error(await readProblem(response));
  return schema.parse(await response.json());
}

async function readProblem(response: Response): Promise<string> {
  // SAFETY: the form of the shop's errors; anything else is caught by the `?.`.
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
  return body?.error?.message ?? `The shop answered ${response.status}.`;
}

const search = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

export const shop = {
  order: (orderId: string, signal: AbortSignal) =>
    ask(`orders/${encodeURIComponent(orderId)}`, orderSchema, { signal }),
  returnPolicy: (fields: { country: string; category: string }, signal: AbortSignal) =>
    ask(`return-policy?${search(fields)}`, returnPolicySchema, { signal }),
  checkAddress: (address: Address, signal: AbortSignal) =>
    ask('addresses', addressCheckSchema, { signal, body: address }),
  inventory: (fields: { sku: string; size: string }, signal: AbortSignal) =>
    ask(`inventory?${search(fields)}`, inventorySchema, { signal }),
  exchangeRate: (fields: { from: string; to: string }, signal: AbortSignal, key: string) =>
    ask(`exchange-rates?${search(fields)}`, exchangeRateSchema, { signal, key }),
  storeStock: (questions: readonly StoreQuestion[], signal: AbortSignal) =>
    ask('store-stock', z.array(storeStockSchema.nullable()), { signal, body: questions }),
  requestRefund: (refund: { orderId: string; amount: number; reason: string }, signal: AbortSignal, key: string) =>
    ask('refunds', refundSchema, { signal, key, body: refund }),
  refund: (refundId: string, signal: AbortSignal) =>
    ask(`refunds/${encodeURIComponent(refundId)}`, refundSchema, { signal }),
};
