// Owns: the demo's scenario of the stores: what the scripted model asks for and says, what the shop answers, and the tour.
import { describe, expect, it } from 'vitest';
import { takeTurn } from '../../demo/server/scripted/turn.ts';
import { createShopApi } from '../../demo/server/shop/shop-api.ts';
import { prompts } from '../../demo/src/prompts.ts';
import { planTour, stores } from '../../demo/stores.ts';

const textOf = (title: string) => prompts.find((prompt) => prompt.title === title)!.text;
const answered = (question: string, values: readonly unknown[], toolName = 'checkStore') =>
  takeTurn({
    question,
    earlierResults: [],
    toolNames: [],
    results: values.map((value) => ({ toolName, input: {}, outcome: { type: 'output', value } })),
  });

async function askShop(body: unknown) {
  const request = new Request('http://shop.test/api/shop/store-stock', {
    method: 'POST',
    headers: { 'x-shop-latency': '0' },
    body: JSON.stringify(body),
  });
  return (await createShopApi()(request)).json() as Promise<unknown>;
}

describe('the stores', () => {
  it('are all asked at once', () => {
    const { calls } = takeTurn({ question: textOf('Ask every store'), results: [], earlierResults: [], toolNames: [] });
    expect(calls).toHaveLength(12);
    expect(calls[0]).toEqual({
      toolName: 'checkStore',
      input: { storeId: 'berlin', sku: 'trail-runner', size: '43' },
    });
  });

  it('answer in one request, in the order of the questions', async () => {
    const question = { sku: 'trail-runner', size: '43' };
    expect(
      await askShop([
        { ...question, storeId: 'hamburg' },
        { ...question, storeId: 'atlantis' },
        { ...question, storeId: 'berlin' },
      ]),
    ).toEqual([
      { ...question, storeId: 'hamburg', city: 'Hamburg', quantity: 1 },
      null,
      { ...question, storeId: 'berlin', city: 'Berlin', quantity: 2 },
    ]);
  });

  it('are named in the answer with what they have', () => {
    const stock = { storeId: 'berlin', sku: 'trail-runner', size: '43', city: 'Berlin', quantity: 2 };
    const gone = { ...stock, city: 'Munich', quantity: 0 };
    expect(answered('Which stores have it?', [stock, gone]).text).toBe('It is in stock in Berlin (2 left).');
    expect(answered('Which stores have it?', [gone, 'nothing']).text).toBe(
      'No store has it. 1 of the stores did not answer.',
    );
  });
});

describe('the tour', () => {
  it('is planned in a worker and on the page', () => {
    const { calls } = answered(textOf('Ask every store'), ['stock']);
    expect(calls.map(({ toolName }) => toolName)).toEqual(['planTour', 'planTourOnPage']);
    expect(calls[0]!.input).toEqual(calls[1]!.input);
  });

  it('is the shortest, and tells how far it is', () => {
    const square = [
      [0, 0],
      [10, 10],
      [0, 10],
      [10, 0],
    ].map(([x = 0, y = 0]) => ({ storeId: `${x} ${y}`, city: `${x} ${y}`, x, y }));
    const told: number[] = [];
    const tour = planTour(square, (fraction) => told.push(fraction));
    expect(tour).toEqual({ route: ['0 0', '0 10', '10 10', '10 0'], kilometres: 40 });
    expect(told).toEqual([0, 1 / 3, 2 / 3]);
    expect(planTour([])).toEqual({ route: [], kilometres: 0 });
    expect(planTour(stores.slice(0, 1))).toEqual({ route: ['Berlin'], kilometres: 0 });
  });

  it('is told in the answer', () => {
    expect(answered('Plan a tour', [{ route: ['Berlin', 'Hamburg'], kilometres: 600 }], 'planTour').text).toBe(
      'The shortest tour is 600 km: Berlin and Hamburg, and back.',
    );
  });
});
