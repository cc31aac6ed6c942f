// Owns the questions that one click asks.

export interface SuggestedPrompt {
  title: string;
  hint: string;
  text: string;
  /** What it is about has to be on the page. */
  opens?: 'returnSlip';
}

export const prompts: SuggestedPrompt[] = [
  {
    title: 'Settle a whole case',
    hint: 'Six tools at once. One fails; Retry cures it.',
    text:
      'Order 1042 came in the wrong size. Can I still return the shoes? Do you have the Trail Runner in 43 or 44? ' +
      'Can you send it to Torstraße 12, 10119 Berlin, and what is €129 in US dollars?',
  },
  {
    title: 'Compare sizes',
    hint: 'Five stock checks, three at a time.',
    text: 'Is the Trail Runner in stock in 41, 42, 43, 44 or 45?',
  },
  {
    title: 'Refund an order',
    hint: 'Asks you first, then takes turns.',
    text: 'Please refund both items of order 1042, the shoes came in the wrong size.',
  },
  {
    title: 'Price it abroad',
    hint: 'Four conversions while the rates are down.',
    text: 'What is €189 in US dollars, pounds, Swiss francs and yen?',
  },
  {
    title: 'Ask every store',
    hint: 'Twelve checks, one request. Ask again: none.',
    text: 'Which of your stores have the Trail Runner in 43? Then plan the courier’s tour.',
  },
  {
    title: 'Read a poisoned page',
    hint: 'It wants your address mailed away. The page asks you first.',
    text: 'What does the carrier say about my parcel, and where do you send it?',
  },
  {
    title: 'Send gift cards',
    hint: 'One yes for Mia. Ask again: hers pass.',
    text: 'Please send gift cards: €20 and €30 to Mia Huber, €25 to Ben Okafor, and €80 to Mia Huber.',
  },
  {
    title: 'Fill in the return slip',
    hint: 'A form with its own tools fills in as the model writes. Undo takes the pickup back.',
    text:
      'Fill in the return slip for order 1042: the shoes are too small. Pick them up at Torstraße 12, 10119 Berlin, ' +
      'and book the pickup.',
    opens: 'returnSlip',
  },
];
