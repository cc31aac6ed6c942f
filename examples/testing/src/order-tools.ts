import { clientTool } from 'use-parallel-tools';
import { z } from 'zod';

export interface Shop {
  getOrder(orderId: string): Promise<{ status: string }>;
  refund(orderId: string, idempotencyKey: string): Promise<{ refunded: number }>;
}

export const createTools = (shop: Shop) => ({
  getOrder: clientTool({
    description: 'Look up an order',
    inputSchema: z.object({ orderId: z.string() }),
    readOnly: true,
    execute: ({ orderId }) => shop.getOrder(orderId),
  }),
  refund: clientTool({
    description: 'Refund an order',
    inputSchema: z.object({ orderId: z.string() }),
    approval: true,
    execute: ({ orderId }, { idempotencyKey }) => shop.refund(orderId, idempotencyKey),
  }),
});
