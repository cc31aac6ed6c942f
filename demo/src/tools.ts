// Owns the tools: what the model may call, and how the browser may run it. Shared by the page and the server.
import { clientTool } from 'use-parallel-tools';
import { z } from 'zod';
import {
  addressCheckSchema,
  addressSchema,
  conversionSchema,
  inventorySchema,
  orderSchema,
  refundSchema,
  returnPolicySchema,
} from '../shop-contract.ts';
import { giftTools } from './gift-tools.ts';
import { mailTools } from './mail-tools.ts';
import { shop } from './shop-client.ts';
import { storeTools } from './store-tools.ts';

const currency = z.string().length(3).describe('ISO 4217, such as EUR');

export const tools = {
  ...storeTools,
  ...mailTools,
  ...giftTools,
  getOrderStatus: clientTool({
    description: 'Look up an order of this customer: its items, status, dates, total and address.',
    inputSchema: z.object({ orderId: z.string().describe('Four digits') }),
    outputSchema: orderSchema,
    execute: ({ orderId }, { abortSignal }) => shop.order(orderId, abortSignal),
    readOnly: true,
    timeout: 15_000,
    locks: ({ orderId }) => ({ read: [`order:${orderId}`] }),
  }),

  getReturnPolicy: clientTool({
    description: 'How long and on what terms goods of a category can be returned from a country.',
    inputSchema: z.object({
      country: z.string().length(2).describe('ISO 3166, such as DE'),
      category: z.enum(['footwear', 'clothing', 'gear']),
    }),
    outputSchema: returnPolicySchema,
    execute: (input, { abortSignal }) => shop.returnPolicy(input, abortSignal),
    readOnly: true,
    dedupe: true,
  }),

  verifyShippingAddress: clientTool({
    description: 'Check that the shop can deliver to an address, and correct its spelling.',
    inputSchema: addressSchema,
    outputSchema: addressCheckSchema,
    execute: (address, { abortSignal }) => shop.checkAddress(address, abortSignal),
    readOnly: true,
    timeout: 15_000,
  }),

  checkInventory: clientTool({
    description: 'How many pieces of a product in one size are in stock. Call it once for each size.',
    inputSchema: z.object({ sku: z.string(), size: z.string() }),
    outputSchema: inventorySchema,
    execute: (input, { abortSignal }) => shop.inventory(input, abortSignal),
    readOnly: true,
    concurrency: 3,
  }),

  convertCurrency: clientTool({
    description: 'Convert an amount of money at today’s rate.',
    inputSchema: z.object({ amount: z.number(), from: currency, to: currency }),
    outputSchema: conversionSchema,
    execute: async ({ amount, from, to }, { abortSignal, idempotencyKey }) => {
      const rate = await shop.exchangeRate({ from, to }, abortSignal, idempotencyKey);
      return { ...rate, amount, converted: Math.round(amount * rate.rate * 100) / 100 };
    },
    readOnly: true,
    retry: 1,
    retryDelay: 600,
  }),

  refundOrder: clientTool({
    description:
      'Refund an amount of an order to the customer’s card. It cannot be taken back. The page asks the customer first.',
    inputSchema: z.object({ orderId: z.string(), amount: z.number().positive(), reason: z.string() }),
    outputSchema: refundSchema,
    execute: async (input, { abortSignal, idempotencyKey, reportProgress }) => {
      reportProgress({ fraction: 0.1, message: 'Requesting' });
      let refund = await shop.requestRefund(input, abortSignal, idempotencyKey);
      while (refund.status !== 'booked') {
        reportProgress({ fraction: 0.2 + 0.8 * refund.progress, message: progressMessages[refund.status] });
        await pause(200, abortSignal);
        refund = await shop.refund(refund.refundId, abortSignal);
      }
      return refund;
    },
    destructive: true,
    approval: true,
    locks: ({ orderId }) => ({ write: [`order:${orderId}`] }),
    timeout: 30_000,
  }),
};

const progressMessages = { received: 'Booking', 'sent to the bank': 'Sent to the bank' };

/** Waits; rejects once the signal aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
