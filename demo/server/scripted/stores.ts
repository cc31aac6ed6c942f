// Owns the scripted model's scenario of the stores: every store is asked at once, or a courier's tour is planned twice.
import type { z } from 'zod';
import { storeStockSchema, tourSchema, type StoreStock, type Tour } from '../../shop-contract.ts';
import { stores } from '../../stores.ts';
import type { Conversation, ToolResult } from './conversation.ts';
import { readRequest } from './read-request.ts';
import { list } from './words.ts';

export interface StoreCall {
  toolName: 'checkStore' | 'planTour' | 'planTourOnPage';
  input: Record<string, unknown>;
}

/** So many stops are looked at in every order within a second or two. */
const mostStops = 9;

/** The turn of a conversation about stores; `undefined` for any other. */
export function takeStoreTurn({ question, results }: Conversation): { text: string; calls: StoreCall[] } | undefined {
  const wants = { stock: /\bstores\b/i.test(question), tour: /\btour\b/i.test(question) };
  if (!wants.stock && !wants.tour) return undefined;
  const hasCalled = (name: StoreCall['toolName']) => results.some(({ toolName }) => toolName === name);
  if (wants.stock && !hasCalled('checkStore')) return askStores(question);
  if (wants.tour && !hasCalled('planTour')) return planTours();
  const said = [wants.stock && sayStock(results), wants.tour && sayTour(results)].filter((words) => words !== false);
  return { text: said.join('\n\n'), calls: [] };
}

function askStores(question: string): { text: string; calls: StoreCall[] } {
  const { products, sizes } = readRequest(question);
  const [product = { sku: 'trail-runner', name: 'Trail Runner' }] = products;
  const [size = '43'] = sizes;
  return {
    text: `I’ll ask all twelve stores for the ${product.name} in ${size}.`,
    calls: stores.map(({ storeId }) => ({ toolName: 'checkStore', input: { storeId, sku: product.sku, size } })),
  };
}

function planTours(): { text: string; calls: StoreCall[] } {
  const storeIds = stores.slice(0, mostStops).map(({ storeId }) => storeId);
  return {
    text: 'I’ll have the tour computed in a worker, and once more on the page.',
    calls: [
      { toolName: 'planTour', input: { storeIds } },
      { toolName: 'planTourOnPage', input: { storeIds } },
    ],
  };
}

function outputsOf<TOutput>(results: ToolResult[], schema: z.ZodType<TOutput>): TOutput[] {
  return results.flatMap(({ outcome }) => {
    const parsed = outcome.type === 'output' ? schema.safeParse(outcome.value) : undefined;
    return parsed?.success ? [parsed.data] : [];
  });
}

function sayStock(results: ToolResult[]): string {
  const asked = results.filter(({ toolName }) => toolName === 'checkStore');
  const found: StoreStock[] = outputsOf(asked, storeStockSchema);
  const there = found.filter(({ quantity }) => quantity > 0).map(({ city, quantity }) => `${city} (${quantity} left)`);
  const missing = asked.length - found.length;
  const unknown = missing === 0 ? '' : ` ${missing} of the stores did not answer.`;
  return `${there.length === 0 ? 'No store has it.' : `It is in stock in ${list(there)}.`}${unknown}`;
}

function sayTour(results: ToolResult[]): string {
  const [tour]: Tour[] = outputsOf(results, tourSchema);
  if (tour === undefined) return 'The tour could not be planned.';
  return `The shortest tour is ${tour.kilometres} km: ${list(tour.route)}, and back.`;
}
