// Owns the tool of the story of remembered answers: gift cards, of which a person may say yes once for whoever gets them, as long as they are small.
// It answers from here, so that the story needs no shop, and nothing is ever sent.
import { clientTool } from 'use-parallel-tools';
import { giftCardSchema } from '../shop-contract.ts';

/** A larger one is asked about each time. */
const mostWithoutAsking = 50;

export const giftTools = {
  sendGiftCard: clientTool({
    title: 'Send gift card',
    description: 'Sends a gift card in euros, paid by the customer’s card. The page asks the customer first.',
    inputSchema: giftCardSchema,
    outputSchema: giftCardSchema,
    approval: true,
    approvalKey: ({ to, amount }) => (amount <= mostWithoutAsking ? `${to}, up to €${mostWithoutAsking}` : undefined),
    execute: (card) => new Promise<typeof card>((resolve) => void setTimeout(resolve, 400, card)),
  }),
};
