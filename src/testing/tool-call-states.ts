/** Owns the states that stories and tests show by their names: a shop’s tools in every status, and the batches that people meet. */
import { ToolCallError } from '../core/errors.ts';
import { expectOneOf } from '../core/expect.ts';
import type { ToolBatch, ToolCall } from '../core/tool-call.ts';
import * as make from './call-fixtures.ts';

export const order = {
  orderId: '42',
  status: 'delivered',
  deliveredOn: '2025-11-18',
  total: { amount: 49, currency: 'EUR' },
  items: 1,
};
const address = { orderId: '42', street: 'Torstraße 12', city: 'Berlin' };
const refund = { orderId: '42', amount: '49.00 EUR', to: 'Visa ending 4242', reason: 'Wrong size' };
const size = { sku: 'runner-2', size: 43 };
const rate = { amount: 49, from: 'EUR', to: 'USD' };
const question = { question: 'Which colour should the replacement have?' };

export const timedOut = () => new ToolCallError('timeout', 'No answer from rates.example within 10 s.');
const lock = {
  type: 'lock',
  key: 'order:42',
  heldBy: 'message/0/refundOrder',
  heldByToolName: 'refundOrder',
} as const;

/** One call of each status, as its story shows it. */
export const call = {
  preparing: () => make.streaming('getOrderStatus', { orderId: '4' }),
  queued: () => make.queued('checkAddress', address, lock),
  awaitingApproval: () => make.awaitingApproval('refundOrder', refund, true),
  awaitingInput: () => make.awaitingInput('pickColor', question),
  running: () => make.running('checkInventory', size, { elapsed: 4000, fraction: 0.6, message: '3 of 5 warehouses' }),
  runningUnknown: () => make.running('checkInventory', {}),
  retrying: () => make.retrying('convertCurrency', rate, '429 Too Many Requests'),
  succeeded: () => make.succeeded('getOrderStatus', { orderId: '42' }, order),
  failed: () => make.failed('convertCurrency', rate, timedOut(), [10_000, 10_000, 10_000]),
  denied: () => make.denied('refundOrder', { orderId: '42', amount: 49, currency: 'EUR' }, 'Ask the customer first'),
  cancelled: () => make.cancelled('checkInventory', size),
  interrupted: () => make.interrupted('refundOrder', { orderId: '42', amount: '49.00 EUR' }),
};

/** The batches that people meet. */
export const batch = {
  running: () =>
    make.createBatch(
      make.succeeded('getOrderStatus', { orderId: '42' }, order, 340),
      make.succeeded('getReturnPolicy', { country: 'DE', category: 'footwear' }, { days: 30 }, 210),
      make.running('refundOrder', { orderId: '42' }, { elapsed: 4000, fraction: 0.6, message: 'Sending to the bank' }),
      make.queued('checkAddress', address, lock),
      make.retrying('convertCurrency', rate, 'Rate limited'),
    ),
  finished: () =>
    make.createBatch(
      make.succeeded('getOrderStatus', { orderId: '42' }, order, 940),
      make.succeeded('getReturnPolicy', { country: 'DE', category: 'footwear' }, { days: 30 }, 600),
      make.succeeded('checkInventory', size, { inStock: 3 }, 1200),
      make.succeeded('checkInventory', { sku: 'runner-2', size: 44 }, { inStock: 0 }, 1000, { id: 'second' }),
      make.succeeded('convertCurrency', rate, 56.9, 860),
    ),
  oneFailed: () =>
    make.createBatch(
      make.succeeded('getOrderStatus', { orderId: '42' }, order, 340),
      make.succeeded('getReturnPolicy', { country: 'DE', category: 'footwear' }, { days: 30 }, 210),
      make.succeeded('checkInventory', size, { inStock: 3 }, 610),
      call.failed(),
      make.succeeded('checkAddress', { street: 'Torstraße 12, Berlin' }, true, 180),
    ),
  needsAPerson: () =>
    make.createBatch(
      make.succeeded('getOrderStatus', { orderId: '42' }, order, 340),
      call.awaitingApproval(),
      make.awaitingApproval('updateAddress', { orderId: '42', street: 'Torstraße 12', city: '10119 Berlin' }),
      make.awaitingApproval('sendLabel', { orderId: '42', carrier: 'DHL' }),
      call.awaitingInput(),
    ),
  cancelled: () =>
    make.createBatch(
      make.succeeded('getOrderStatus', { orderId: '42' }, order, 340),
      make.cancelled('checkInventory', size, 2100),
      make.denied('refundOrder', { orderId: '42' }, ''),
    ),
};

const one = (create: () => ToolCall) => () => make.createBatch(create());

/** Every state that has a name: the batches that people meet, and one call in each status that none of them is about. */
const states = {
  running: batch.running,
  finished: batch.finished,
  'one-failed': batch.oneFailed,
  'needs-a-person': batch.needsAPerson,
  cancelled: batch.cancelled,
  queued: one(call.queued),
  'awaiting-approval': one(call.awaitingApproval),
  'awaiting-input': one(call.awaitingInput),
  retrying: one(call.retrying),
  succeeded: one(call.succeeded),
  failed: one(call.failed),
  denied: one(call.denied),
  interrupted: one(call.interrupted),
} as const satisfies Record<string, () => ToolBatch>;

export type ToolCallStateName = keyof typeof states;

/** The names of the states. */
// SAFETY: the keys of the table above.
export const toolCallStateNames = Object.keys(states) as readonly ToolCallStateName[];

/** A batch in the state of this name. @throws TypeError where there is none */
export function createToolCallState(name: ToolCallStateName): ToolBatch {
  expectOneOf('the name of the state', name, toolCallStateNames);
  return states[name]();
}
