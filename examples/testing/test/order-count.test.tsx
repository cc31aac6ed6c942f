import { screen } from '@testing-library/react';
import { calls, says } from 'use-parallel-tools/testing';
import { renderWithToolCalls } from 'use-parallel-tools/testing/react';
import { OrderCount } from '../src/order-count';
import { createTools } from '../src/order-tools';
import { createShop } from './shop';

test('counts the orders that were found', async () => {
  const { chat } = renderWithToolCalls(<OrderCount />, {
    tools: createTools(createShop()),
    script: [calls(['getOrder', { orderId: '42' }], ['getOrder', { orderId: '43' }]), says('Here they are.')],
  });
  expect(screen.getByText('0 orders found')).toBeTruthy();
  chat.send('Where are orders 42 and 43?');
  await chat.settled();
  expect(screen.getByText('2 orders found')).toBeTruthy();
});
