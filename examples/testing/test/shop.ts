import type { Shop } from '../src/order-tools';

/** A shop that answers the first `failures` look-ups with an error. */
export function createShop({ failures = 0 } = {}): Shop {
  let left = failures;
  return {
    async getOrder(orderId) {
      if (left-- > 0) throw new Error('The shop is closed');
      return { status: orderId === '42' ? 'delivered' : 'unknown' };
    },
    async refund() {
      return { refunded: 49 };
    },
  };
}
