// Owns one turn of the scripted model: call more tools, or answer. A pure function of the conversation.
import type { Conversation } from './conversation.ts';
import { composeAnswer } from './compose-answer.ts';
import { outputsOf, type ShopTool } from './facts.ts';
import { takeGiftTurn } from './gift-cards.ts';
import { takePoisonedTurn } from './poisoned-page.ts';
import { planCalls, type PlannedCall } from './plan-calls.ts';
import { readRequest, type SupportRequest } from './read-request.ts';
import { takeSlipTurn } from './return-slip.ts';
import { takeStoreTurn } from './stores.ts';
import { countryName, currencyName, list } from './words.ts';

export interface ScriptedTurn {
  text: string;
  calls: { toolName: string; input: Record<string, unknown>; isLong?: boolean }[];
}

const abilities =
  'I can look up your orders (1042, 1057, 1031 and 1063), check sizes in stock, verify an address, explain returns, convert prices and make refunds. ' +
  'Ask for several of these at once and I will look them all up at the same time.';

export function takeTurn(conversation: Conversation): ScriptedTurn {
  const { question, results, earlierResults } = conversation;
  const ownTurn =
    takePoisonedTurn(conversation) ??
    takeSlipTurn(conversation) ??
    takeGiftTurn(conversation) ??
    takeStoreTurn(conversation);
  if (ownTurn !== undefined) return ownTurn;
  if (results.length === 0 && /^\s*(?:many )?thank/i.test(question)) return { text: 'You’re welcome.', calls: [] };
  const request = pointBack(readRequest(question), outputsOf(earlierResults, 'getOrderStatus').at(-1)?.orderId);
  const calls = planCalls(request, results);
  if (calls.length > 0) return { text: sayPlan(calls, results.length === 0), calls };
  return { text: composeAnswer(request, results) || abilities, calls: [] };
}

/** "Refund it" means the order that was spoken of last. */
function pointBack(request: SupportRequest, lastOrderId: string | undefined): SupportRequest {
  const { wants, amounts, products, address, orderIds, pointsBack } = request;
  const asksElsewhere = products.length > 0 || amounts.length > 0 || address !== undefined;
  const meansOrder = wants.refund || (pointsBack && !asksElsewhere);
  return orderIds.length === 0 && lastOrderId !== undefined && meansOrder
    ? { ...request, orderIds: [lastOrderId] }
    : request;
}

function sayPlan(calls: PlannedCall[], isFirst: boolean): string {
  const things = list(
    [...Map.groupBy(calls, ({ toolName }) => toolName)].map(([toolName, same]) => sayCalls(toolName, same)),
  );
  const atOnce = calls.length > 1 ? ' at the same time' : '';
  if (calls.every(({ toolName }) => toolName === 'refundOrder'))
    return `That can be returned. I’ll ${things} once you approve.`;
  return isFirst ? `I’ll ${things}${atOnce}.` : `Next I’ll ${things}${atOnce}.`;
}

/** What the calls of one tool are to do, as one phrase. */
function sayCalls(toolName: ShopTool, calls: PlannedCall[]): string {
  const all = (name: string, say = (text: string) => text) =>
    list([...new Set(calls.map(({ input }) => say(String(input[name]))))]);
  switch (toolName) {
    case 'getOrderStatus':
      return `look up order ${all('orderId')}`;
    case 'getReturnPolicy':
      return `read the return policy for ${all('country', countryName)}`;
    case 'checkInventory':
      return `check the stock in ${all('size')}`;
    case 'verifyShippingAddress':
      return 'verify the address';
    case 'convertCurrency':
      return `convert the price to ${all('to', currencyName)}`;
    case 'refundOrder':
      return `refund order ${all('orderId')}`;
    default:
      return toolName satisfies never;
  }
}
