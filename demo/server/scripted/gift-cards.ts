// Owns the scripted model's scenario of gift cards: one call for each card that the customer names, and what became of them.
import type { GiftCard } from '../../shop-contract.ts';
import { giftCardSchema } from '../../shop-contract.ts';
import type { Conversation, ToolResult } from './conversation.ts';
import { list, money } from './words.ts';

interface GiftTurn {
  text: string;
  calls: { toolName: 'sendGiftCard'; input: GiftCard & Record<string, unknown> }[];
}

/** The turn of a conversation about gift cards; `undefined` for any other. */
export function takeGiftTurn({ question, results }: Conversation): GiftTurn | undefined {
  if (!/\bgift cards?\b/i.test(question)) return undefined;
  const cards = readCards(question);
  if (cards.length === 0) return { text: 'Tell me how much, and for whom: €20 to Mia Huber, for example.', calls: [] };
  if (results.length > 0) return { text: sayCards(results), calls: [] };
  return {
    text: `I’ll send ${cards.length === 1 ? 'it' : `${cards.length} gift cards`} once you approve.`,
    calls: cards.map((input) => ({ toolName: 'sendGiftCard', input: { ...input } })),
  };
}

/** "€20 and €30 to Mia Huber" are two cards. */
function readCards(question: string): GiftCard[] {
  const groups = question.matchAll(/((?:€\d+(?:,\s|\sand\s|\s)?(?:and\s)?)+)to\s(\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+)?)/gu);
  return [...groups].flatMap(([, amounts = '', to = '']) =>
    [...amounts.matchAll(/€(\d+)/g)].map(([, amount]) => ({ to, amount: Number(amount) })),
  );
}

function sayCards(results: ToolResult[]): string {
  const sent = results.flatMap(({ outcome }) => {
    const card = outcome.type === 'output' ? giftCardSchema.safeParse(outcome.value) : undefined;
    return card?.success ? [card.data] : [];
  });
  const missing = results.length - sent.length;
  const people = [...Map.groupBy(sent, ({ to }) => to)].map(
    ([to, cards]) => `${list(cards.map(({ amount }) => money({ amount, currency: 'EUR' })))} to ${to}`,
  );
  const said = people.length === 0 ? 'I sent no gift card.' : `I sent gift cards: ${list(people)}.`;
  if (missing === 0 || people.length === 0) return said;
  return `${said} I did not send ${missing === 1 ? 'one' : missing} of them.`;
}
