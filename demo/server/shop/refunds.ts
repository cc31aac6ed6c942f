// Owns the one thing that changes the shop: refunds. The same Idempotency-Key books once, however often it is sent.
import type { Refund } from '../../shop-contract.ts';
import { findOrder } from './lookups.ts';
import type { BookedRefund, ShopSession } from './session.ts';
import { ShopError } from './shop-error.ts';

export interface RefundRequest {
  orderId: string;
  amount: number;
  reason: string;
}

/** Books a refund, or finds the one that `key` has already booked. `duration` is how long the bank takes. */
export function requestRefund(
  session: ShopSession,
  key: string,
  request: RefundRequest,
  { now, duration }: { now: number; duration: number },
): Refund {
  const text = JSON.stringify([request.orderId, request.amount, request.reason]);
  const earlier = session.refundsByKey.get(key);
  if (earlier) {
    if (earlier.request !== text) {
      throw new ShopError(
        422,
        'key-reused',
        'This Idempotency-Key was used for another refund. Send a new one for a new refund.',
      );
    }
    return findRefund(session, earlier.refundId, now);
  }
  const order = findOrder(session, request.orderId);
  if (order.status !== 'delivered') {
    throw new ShopError(
      409,
      'not-delivered',
      `Order ${order.orderId} is ${order.status}; only a delivered order can be refunded.`,
    );
  }
  const left = order.total.amount - order.refunded.amount;
  if (request.amount > left) {
    throw new ShopError(409, 'too-much', `Only €${left.toFixed(2)} of order ${order.orderId} can still be refunded.`);
  }
  order.refunded.amount += request.amount;
  const booked: BookedRefund = {
    refundId: `R-${order.orderId}-${session.refunds.size + 1}`,
    orderId: order.orderId,
    amount: { amount: request.amount, currency: order.total.currency },
    requestedAt: now,
    duration,
  };
  session.refunds.set(booked.refundId, booked);
  session.refundsByKey.set(key, { request: text, refundId: booked.refundId });
  return describe(booked, now);
}

export function findRefund(session: ShopSession, refundId: string, now: number): Refund {
  const booked = session.refunds.get(refundId);
  if (!booked) throw new ShopError(404, 'unknown-refund', `There is no refund ${refundId}.`);
  return describe(booked, now);
}

function describe({ refundId, orderId, amount, requestedAt, duration }: BookedRefund, now: number): Refund {
  const progress = duration > 0 ? Math.min(1, (now - requestedAt) / duration) : 1;
  const status = progress >= 1 ? 'booked' : progress > 0.3 ? 'sent to the bank' : 'received';
  return { refundId, orderId, amount, status, progress };
}
