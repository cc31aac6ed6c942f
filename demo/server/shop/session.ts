// Owns the shop's state: one session a conversation, in memory. A new chat in the page starts with fresh orders.
import type { Order, Refund } from '../../shop-contract.ts';
import { createOrders } from './catalogue.ts';

export interface BookedRefund {
  refundId: string;
  orderId: string;
  amount: Refund['amount'];
  requestedAt: number;
  /** Milliseconds until the bank has booked it. */
  duration: number;
}

export interface ShopSession {
  orders: Map<string, Order>;
  refunds: Map<string, BookedRefund>;
  /** The refund that an Idempotency-Key stands for, and the request that it came with. */
  refundsByKey: Map<string, { request: string; refundId: string }>;
  /** How often each tool call asked for a rate. */
  rateRequests: Map<string, number>;
}

const createSession = (now: number): ShopSession => ({
  orders: new Map(createOrders(now).map((order) => [order.orderId, order])),
  refunds: new Map(),
  refundsByKey: new Map(),
  rateRequests: new Map(),
});

/** Finds a conversation's session, or opens it; the oldest is forgotten when there are more than `limit`. */
export function createSessions(limit = 200): (id: string, now: number) => ShopSession {
  const sessions = new Map<string, ShopSession>();
  return (id, now) => {
    const session = sessions.get(id) ?? createSession(now);
    sessions.delete(id);
    sessions.set(id, session);
    const [oldest] = sessions.keys();
    if (sessions.size > limit && oldest !== undefined) sessions.delete(oldest);
    return session;
  };
}
