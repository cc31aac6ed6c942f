// What the scripted model does about gift cards: a call for each card that the customer names, and what it says of them.
import { expect, it } from 'vitest';
import type { ToolOutcome } from '../../demo/server/scripted/conversation.ts';
import { takeGiftTurn } from '../../demo/server/scripted/gift-cards.ts';
import { prompts } from '../../demo/src/prompts.ts';
import { tools } from '../../demo/src/tools.ts';

const question = prompts.find(({ title }) => title === 'Send gift cards')!.text;
const turnAfter = (outcomes: ToolOutcome[] = [], said = question) =>
  takeGiftTurn({
    question: said,
    earlierResults: [],
    toolNames: [],
    results: outcomes.map((outcome) => ({ toolName: 'sendGiftCard', input: {}, outcome })),
  });
const sent = (to: string, amount: number): ToolOutcome => ({ type: 'output', value: { to, amount } });

it('names each card, and what an answer to it would cover', () => {
  const cards = turnAfter()!.calls.map(({ input }) => input);
  expect(cards).toEqual([
    { to: 'Mia Huber', amount: 20 },
    { to: 'Mia Huber', amount: 30 },
    { to: 'Ben Okafor', amount: 25 },
    { to: 'Mia Huber', amount: 80 },
  ]);
  const { approvalKey } = tools.sendGiftCard;
  expect(cards.map((card) => approvalKey?.(card))).toEqual([
    'Mia Huber, up to €50',
    'Mia Huber, up to €50',
    'Ben Okafor, up to €50',
    undefined,
  ]);
});

it.each([
  ['what was sent', [sent('Mia Huber', 20), sent('Ben Okafor', 25)], 'I sent gift cards: €20.00 to Mia Huber and €25.00 to Ben Okafor.'],
  ['what was not', [sent('Mia Huber', 20), { type: 'denied', reason: undefined }], 'I sent gift cards: €20.00 to Mia Huber. I did not send one of them.'],
  ['that nothing was', [{ type: 'error', message: 'The user said no' }], 'I sent no gift card.'],
] as [string, ToolOutcome[], string][])('says %s', (_, outcomes, text) => {
  expect(turnAfter(outcomes)).toEqual({ text, calls: [] });
}); // prettier-ignore

it('asks for whom where nobody is named, and leaves other questions to others', () => {
  expect(turnAfter([], 'I want a gift card')).toMatchObject({ calls: [], text: expect.stringContaining('for whom') });
  expect(turnAfter([], 'Where is order 1042?')).toBe(undefined);
});
