// Owns one turn of the scripted model: call more tools, or answer. A pure function of the conversation.
import type { Conversation } from './conversation.ts';
import { composeAnswer } from './compose-answer.ts';
import { outputsOf } from './facts.ts';
import { planCalls, type PlannedCall } from './plan-calls.ts';
import { readRequest, type SupportRequest } from './read-request.ts';
import { countryName, currencyName, list } from './words.ts';

export interface ScriptedTurn {
  text: string;
  calls: PlannedCall[];
}

const abilities =
  'I can look up your orders (1042, 1057, 1031 and 1063), check sizes in stock, verify an address, explain returns, convert prices and make refunds. ' +
  'Ask for several of these at once and I will look them all up at the same time.';

export function takeTurn({ question, results, earlierResults }: Conversation): ScriptedTurn {
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
  return orderIds.length === 0 && lastOrderId !== undefined && meansOrder ? { ...request, orderIds: [lastOrderId] } : request;
}

function sayPlan(calls: PlannedCall[], isFirst: boolean): string {
  const things = list([...new Set(calls.map(sayCall))]);
  const atOnce = calls.length > 1 ? ' at the same time' : '';
  if (calls.every(({ toolName }) => toolName === 'refundOrder')) return `That can be returned. I’ll ${things} now.`;
  return isFirst ? `I’ll ${things}${atOnce}.` : `Next I’ll ${things}${atOnce}.`;
}

function sayCall({ toolName, input }: PlannedCall): string {
  switch (toolName) {
    case 'getOrderStatus':
      return `look up order ${String(input['orderId'])}`;
    case 'getReturnPolicy':
      return `read the return policy for ${countryName(String(input['country']))}`;
    case 'checkInventory':
      return 'check the stock';
    case 'verifyShippingAddress':
      return 'verify the address';
    case 'convertCurrency':
      return `convert the price to ${currencyName(String(input['to']))}`;
    case 'refundOrder':
      return `refund order ${String(input['orderId'])}`;
    default:
      return toolName satisfies never;
  }
}
