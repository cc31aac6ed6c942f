import { readFileSync } from 'node:fs';
import { replaySession } from 'use-parallel-tools/testing';
import { createTools } from '../src/order-tools';
import { createShop } from './shop';

const session = readFileSync('test/session.json', 'utf8');

test('the recorded session goes as it went', async () => {
  const { differences } = await replaySession(session, { tools: createTools(createShop()) });
  expect(differences).toEqual([]);
});

test('a shop that has lost the order is noticed', async () => {
  const shop = { ...createShop(), getOrder: async () => ({ status: 'lost' }) };
  const { differences } = await replaySession(session, { tools: createTools(shop) });
  expect(differences.map(({ message }) => message)).toEqual([
    'getOrder (call-1) gave {"status":"delivered"}, and now gave {"status":"lost"}.',
  ]);
});
