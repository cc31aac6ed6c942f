/** Owns the model of the live chat story: four calls in one answer, then words about whatever results it is sent. Nothing leaves the browser. */
import { calls, says, ScriptedTransport, type TestRequest } from 'use-parallel-tools/testing';

const ask = [
  says('I’ll look at the order, the policy, the stock and the rate at the same time.'),
  calls(
    ['getOrderStatus', { orderId: '42' }, 'call-getOrderStatus'],
    ['getReturnPolicy', { country: 'DE' }, 'call-getReturnPolicy'],
    ['checkInventory', { sku: 'runner-2', size: 43 }, 'call-checkInventory'],
    ['convertCurrency', { amount: 49, from: 'EUR', to: 'USD' }, 'call-convertCurrency'],
  ),
];

/** `transport.requests` are what the model was asked: the question is one, each follow-up another. */
export function createShopTransport(): ScriptedTransport {
  return new ScriptedTransport({ script: (request) => (request.results.length === 0 ? ask : says(answer(request))) });
}

function answer({ results }: TestRequest): string {
  const failed = results.filter(({ errorText }) => errorText !== undefined);
  if (failed.length === 0) return 'Order 42 was delivered, size 43 is in stock, and €49.00 is $56.90.';
  return `Order 42 was delivered and size 43 is in stock. Missing: ${failed.map(({ toolName }) => toolName).join(', ')}.`;
}
