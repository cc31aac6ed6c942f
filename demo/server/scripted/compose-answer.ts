// Owns the scripted model's final answer: one paragraph a topic, made of the results that came, then what is missing and why.
import type { Conversion, Inventory, Order, ReturnPolicy } from '../../shop-contract.ts';
import type { ToolResult } from './conversation.ts';
import { outputsOf, shortfallsOf, type Shortfall } from './facts.ts';
import { isReturnable, lastReturnDay } from './plan-calls.ts';
import type { SupportRequest } from './read-request.ts';
import { capitalized, countryName, currencyName, date, list, money, oneLine } from './words.ts';

export function composeAnswer(request: SupportRequest, results: ToolResult[]): string {
  const orders = outputsOf(results, 'getOrderStatus');
  const [policy] = outputsOf(results, 'getReturnPolicy');
  const refunded = outputsOf(results, 'refundOrder');
  const paragraphs = [
    ...orders.map(sayOrder),
    ...(policy ? [sayPolicy(policy, orders, request.wants.refund)] : []),
    ...sayInventory(outputsOf(results, 'checkInventory')),
    ...outputsOf(results, 'verifyShippingAddress').map(({ deliverable, address, note }) =>
      deliverable
        ? `We can deliver to ${oneLine(address)}.${note ? ` ${note}` : ''}`
        : `We cannot deliver to ${oneLine(address)}: ${note ?? 'the address was not found.'}`,
    ),
    ...sayConversions(outputsOf(results, 'convertCurrency')),
    ...(refunded.length > 0
      ? [
          `I refunded ${list(refunded.map(({ amount, orderId, refundId }) => `${money(amount)} for order ${orderId} (${refundId})`))}. It takes two or three days to reach your account.`,
        ]
      : []),
    ...sayShortfalls(shortfallsOf(results)),
  ];
  return paragraphs.join('\n\n');
}

function sayOrder({ orderId, status, deliveredOn, expectedOn, items, refunded }: Order): string {
  const what = list(items.map(({ name, size }) => (/^one size$/.test(size) ? name : `${name} in ${size}`)));
  const state = {
    delivered: `was delivered${deliveredOn ? ` on ${date(deliveredOn)}` : ''}`,
    'in transit': `is on its way${expectedOn ? ` and should arrive on ${date(expectedOn)}` : ''}`,
    processing: `is being packed${expectedOn ? ` and should arrive on ${date(expectedOn)}` : ''}`,
  }[status];
  const before = refunded.amount > 0 ? ` ${money(refunded)} of it was refunded before.` : '';
  return `Order ${orderId} (${what}) ${state}.${before}`;
}

function sayPolicy(policy: ReturnPolicy, orders: Order[], wantsRefund: boolean): string {
  const { days, condition, category, country, shippingCost } = policy;
  const shipping =
    shippingCost.amount === 0 ? 'return shipping is free' : `return shipping costs ${money(shippingCost)}`;
  if (orders.length === 0) {
    return `${capitalized(category)} can be returned for ${days} days in ${countryName(country)}, ${condition}; ${shipping}.`;
  }
  const said = orders.map((order) => {
    const last = lastReturnDay(order, days);
    const name = orders.length > 1 ? `order ${order.orderId}` : 'it';
    if (last === undefined) return `${name} can be returned for ${days} days once it has arrived`;
    if (isReturnable(order, days)) return `you can return ${name} until ${date(last)}, ${condition}`;
    return `${name} could be returned until ${date(last)}, so that is over${wantsRefund ? ' and I made no refund' : ''}`;
  });
  return `${capitalized(list(said))}; ${shipping}.`;
}

function sayInventory(found: Inventory[]): string[] {
  return [...Map.groupBy(found, ({ name }) => name)].map(([name, sizes]) => {
    const there = sizes.filter(({ quantity }) => quantity > 0);
    const gone = sizes.filter(({ quantity }) => quantity === 0);
    const soldOut = gone.map(
      ({ size, restockOn }) => `${size} is sold out${restockOn ? ` until ${date(restockOn)}` : ''}`,
    );
    if (there.length === 0) return `The ${name} is not in stock: ${list(soldOut)}.`;
    const inStock = `The ${name} is in stock in ${list(there.map(({ size, quantity }) => `${size} (${quantity} left)`))}`;
    return `${inStock}${soldOut.length > 0 ? `; ${list(soldOut)}` : ''}.`;
  });
}

function sayConversions(conversions: Conversion[]): string[] {
  return [...Map.groupBy(conversions, ({ amount, from }) => money({ amount, currency: from }))].map(
    ([source, targets]) => {
      const amounts = targets.map(({ converted, to, from, rate }) => {
        const how = targets.length === 1 ? ` (1 ${from} is ${rate} ${to})` : '';
        return `${money({ amount: converted, currency: to })}${how}`;
      });
      return `${source} is ${list(amounts)} today.`;
    },
  );
}

/** The words that the library reports when the customer, and not the tool, is the reason. */
const declined = /^the user (?:said no|did not answer)/i;
const stopped = /^(?:cancelled|not run)/i;

function sayShortfalls(shortfalls: Shortfall[]): string[] {
  const failures = shortfalls.filter(
    ({ outcome }) => outcome.type === 'error' && !declined.test(outcome.message) && !stopped.test(outcome.message),
  );
  const groups = Map.groupBy(shortfalls, ({ toolName, outcome }) => `${toolName} ${JSON.stringify(outcome)}`);
  const said = [...groups.values()].map((same) => {
    const what = sayAttempts(same);
    const [first] = same;
    if (first?.outcome.type !== 'error' || declined.test(first.outcome.message))
      return `I did not ${what}, as you declined.`;
    return `I could not ${what}: ${lowerFirst(first.outcome.message).replace(/\.?$/, '.')}`;
  });
  if (failures.length === 0) return said;
  const which = failures.length === 1 ? 'that call' : 'those calls';
  return [...said, `Retry ${which}, and I will complete this answer.`];
}

/** What calls of one tool were to do, as one phrase. */
function sayAttempts(calls: Shortfall[]): string {
  const inputs = calls.map(({ input }) => readFields(input));
  const all = (name: string) => list([...new Set(inputs.map((fields) => fields[name] ?? 'nothing'))]);
  const toolName = calls[0]?.toolName ?? '';
  switch (toolName) {
    case 'getOrderStatus':
      return `look up order ${all('orderId')}`;
    case 'getReturnPolicy':
      return 'read the return policy';
    case 'checkInventory':
      return `check the stock of ${all('sku')} in ${all('size')}`;
    case 'verifyShippingAddress':
      return `check the address at ${all('street')}`;
    case 'convertCurrency': {
      const amounts = inputs.map(({ amount, from }) => money({ amount: Number(amount), currency: from ?? 'EUR' }));
      return `convert ${list([...new Set(amounts)])} to ${list([...new Set(inputs.map(({ to }) => currencyName(to ?? '')))])}`;
    }
    case 'refundOrder': {
      const amounts = inputs.map(({ amount }) => money({ amount: Number(amount), currency: 'EUR' }));
      return `refund ${list(amounts)} for order ${all('orderId')}`;
    }
    default:
      return `use ${toolName}`;
  }
}

/** An input's fields as text: what failed may have had any input. */
const readFields = (input: unknown): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(input ?? {}).map(([name, value]) => [name, String(value)]));

const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
