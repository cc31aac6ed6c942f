import { calls, createTestChat, says } from 'use-parallel-tools/testing';
import { createTools } from '../src/order-tools';
import { createShop } from './shop';

const tools = createTools(createShop());

test('the model gets both orders in one request', async () => {
  const chat = createTestChat({
    tools,
    script: [calls(['getOrder', { orderId: '42' }], ['getOrder', { orderId: '43' }]), says('One was delivered.')],
  });
  chat.send('Where are orders 42 and 43?');
  await chat.settled();
  expect(chat.requests).toHaveLength(2);
  expect(chat.requests[1]?.results.map(({ output }) => output)).toEqual([
    { status: 'delivered' },
    { status: 'unknown' },
  ]);
  expect(chat.text).toBe('One was delivered.');
});

test('nothing is refunded before a person says yes', async () => {
  const chat = createTestChat({ tools, script: [calls(['refund', { orderId: '42' }]), says('Refunded.')] });
  chat.send('Refund order 42');
  await chat.settled();
  expect(chat.call('refund').status).toBe('awaiting-approval');

  chat.toolCalls.approve(chat.call('refund'));
  await chat.settled();
  expect(chat.call('refund').output).toEqual({ refunded: 49 });
});

test('a look-up is tried again, and the backoff takes no real time', async () => {
  const chat = createTestChat({
    tools: createTools(createShop({ failures: 2 })),
    script: [calls(['getOrder', { orderId: '42' }]), says('It was delivered.')],
  });
  chat.send('Where is order 42?');
  await chat.until(() => chat.call('getOrder').status === 'retrying');
  await chat.settled();
  expect(chat.call('getOrder').attempts).toHaveLength(3);
  expect(chat.call('getOrder').status).toBe('succeeded');
});
