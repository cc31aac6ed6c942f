// Owns the tools of the stores: checks that go in one request and are used again, and a tour that is computed in a worker or on the page.
import { clientTool } from 'use-parallel-tools';
import { workerTool } from 'use-parallel-tools/worker';
import { z } from 'zod';
import { storeStockSchema, tourSchema } from '../shop-contract.ts';
import { planTour, stores } from '../stores.ts';
import { shop } from './shop-client.ts';

const storeIds = z.array(z.string()).max(9).describe('Ids of the stores to visit');

export const storeTools = {
  checkStore: clientTool({
    description: `Whether one store has a product in one size. Call it once for each store. The stores: ${stores.map(({ storeId }) => storeId).join(', ')}.`,
    inputSchema: z.object({ storeId: z.string(), sku: z.string(), size: z.string() }),
    outputSchema: storeStockSchema,
    executeMany: async (inputs, { abortSignal }) => {
      const found = await shop.storeStock(inputs, abortSignal);
      return inputs.map(({ storeId }, index) => found[index] ?? new Error(`There is no store called ${storeId}.`));
    },
    readOnly: true,
    staleTime: 120_000,
  }),

  planTour: workerTool({
    description: 'The shortest round trip through stores, computed in a worker.',
    inputSchema: z.object({ storeIds }),
    outputSchema: tourSchema,
    readOnly: true,
    worker: () => new Worker(new URL('./tour.worker.ts', import.meta.url), { type: 'module' }),
  }),

  planTourOnPage: clientTool({
    description: 'The same as planTour, computed on the page, which stands still meanwhile. For comparison only.',
    inputSchema: z.object({ storeIds }),
    outputSchema: tourSchema,
    readOnly: true,
    execute: ({ storeIds: chosen }) => planTour(stores.filter(({ storeId }) => chosen.includes(storeId))),
  }),
};
