// Owns the stock of the shop's stores: asked for many of them in one request.
import { z } from 'zod';
import { storeQuestionSchema, type StoreStock } from '../../shop-contract.ts';
import { stores } from '../../stores.ts';

export const storeQuestionsSchema = z.array(storeQuestionSchema).min(1).max(50);

/** One entry a question, in their order; `null` for a store that there is not. */
export function findStoreStock(questions: z.infer<typeof storeQuestionsSchema>): (StoreStock | null)[] {
  return questions.map(({ storeId, sku, size }) => {
    const place = stores.findIndex((store) => store.storeId === storeId);
    if (place < 0) return null;
    return { storeId, city: stores[place]!.city, sku, size, quantity: (place * 7 + size.length * 3 + sku.length) % 4 };
  });
}
