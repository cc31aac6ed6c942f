// Owns what the scripted model understands of a customer's words: order numbers, products, sizes, amounts, an address, wishes.
import type { Address } from '../../shop-contract.ts';
import { euroRates, postalCodes, products, type Product } from '../shop/catalogue.ts';

export interface SupportRequest {
  orderIds: string[];
  products: Product[];
  sizes: string[];
  /** Of the products named, or of a word such as "shoes". */
  category: Product['category'] | undefined;
  amounts: { amount: number; currency: string }[];
  targetCurrencies: string[];
  address: Address | undefined;
  /** It speaks of an order or a product without naming it. */
  pointsBack: boolean;
  wants: { refund: boolean; refundByItem: boolean; policy: boolean; stock: boolean };
}

const productWords: Record<string, RegExp> = {
  'trail-runner': /\b(?:trail[\s-]?)?runners?\b/i,
  'city-sneaker': /\b(?:city[\s-]?)?sneakers?\b/i,
  'rain-shell': /\brain[\s-]?(?:shell|jacket)\b|\bjacket\b/i,
  'merino-socks': /\bsocks?\b/i,
  'summit-pack': /\b(?:summit|back)[\s-]?pack\b/i,
};

const categoryWords: [RegExp, Product['category']][] = [
  [/\b(?:shoes?|boots?|footwear)\b/i, 'footwear'],
  [/\b(?:clothes|clothing|shirt|trousers)\b/i, 'clothing'],
  [/\b(?:gear|tent|bag)\b/i, 'gear'],
];

const currencyWords: Record<string, string> = {
  USD: 'us dollars?|dollars?|usd|us\\$|\\$',
  GBP: 'pounds? sterling|pounds?|gbp|£',
  CHF: 'swiss francs?|francs?|chf',
  JPY: 'yen|jpy|¥',
  SEK: 'kronor|krona|sek',
  EUR: 'euros?|eur|€',
};
const anyCurrency = Object.values(currencyWords).join('|');
const number = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?`;

const countryWords: [RegExp, string][] = [
  [/\bgermany\b/i, 'DE'],
  [/\baustria\b/i, 'AT'],
  [/\bswitzerland\b/i, 'CH'],
  [/\bfrance\b/i, 'FR'],
];

export function readRequest(question: string): SupportRequest {
  // What was understood is cut out, so that the 12 of a street is not taken for a size.
  let text = question;
  const cut = <T>(pattern: RegExp, read: (match: RegExpMatchArray) => T | undefined): T[] => {
    const found = [...text.matchAll(pattern)].map(read).filter((value) => value !== undefined);
    text = text.replace(pattern, ' ');
    return found;
  };

  const [address] = cut(
    /(\p{Lu}[\p{L}.]*(?:\s\p{L}[\p{L}.]*){0,2}\s\d+\s?[a-z]?),\s*(\d{4,5})\s+(\p{Lu}\p{L}+)/gu,
    (match) => readAddress(match, question),
  );
  const orderIds = cut(
    /\borders?\s*(?:numbers?|nos?\.?)?\s*#?(\d{3,6}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)#?\d{4,6})*)/gi,
    (match) => match[1],
  )
    .concat(cut(/#(\d{3,6})\b/g, (match) => match[1]))
    .flatMap((list) => list.match(/\d+/g) ?? []);
  const amounts = [
    ...cut(new RegExp(`(${anyCurrency})\\s?(${number})`, 'gi'), (match) => readAmount(match[2], match[1])),
    ...cut(new RegExp(`\\b(${number})\\s?(${anyCurrency})(?![a-z])`, 'gi'), (match) => readAmount(match[1], match[2])),
  ];
  const named = products.filter(({ sku }) => productWords[sku]?.test(text));
  const sizes = cut(/\b(3[5-9]|4[0-9]|XS|S|M|L|XL)\b(?!['’])/g, (match) => match[1]);
  const currencies = Object.keys(euroRates).filter((code) =>
    new RegExp(`(?<![a-z])(?:${currencyWords[code]})(?![a-z])`, 'i').test(text),
  );
  const refund = /(?:^|[.!?,;:]\s*|\b(?:please|and|then|you|to|me)\s+)refund\b/i.test(question);

  return {
    orderIds: [...new Set(orderIds)],
    products: named,
    sizes: [...new Set(sizes)],
    category: categoryWords.find(([pattern]) => pattern.test(question))?.[1] ?? named[0]?.category,
    amounts,
    targetCurrencies: currencies.filter((code) => amounts.every(({ currency }) => currency !== code)),
    address,
    pointsBack: /\b(?:it|this|that|them|these|my order|the order)\b/i.test(question),
    wants: {
      refund,
      refundByItem: refund && /\b(?:both|each|all|every|two)\b[\w\s]*\bitems?\b/i.test(question),
      policy: refund || /\breturn(?:s|ed|ing)?\b|\bsend (?:it|them|this) back\b|\bpolicy\b/i.test(question),
      stock: sizes.length > 0 || /\b(?:in stock|available|availability|do you have|stock)\b/i.test(question),
    },
  };
}

function readAddress(match: RegExpMatchArray, question: string): Address {
  const [, street = '', postalCode = '', city = ''] = match;
  const country =
    countryWords.find(([pattern]) => pattern.test(question))?.[1] ??
    postalCodes[postalCode]?.country ??
    (postalCode.length === 4 ? 'AT' : 'DE');
  // "to Torstraße 12" begins at the street, and "Is Torstraße 12" too.
  return { street: street.replace(/^(?:Is|To|At|Use|My|Ship|Send|Does|And|The)\s+/, ''), postalCode, city, country };
}

function readAmount(digits: string | undefined, word: string | undefined) {
  if (digits === undefined || word === undefined) return undefined;
  const decimal = /,\d{1,2}$/.test(digits) ? digits.replace(',', '.') : digits.replaceAll(',', '');
  const currency = Object.keys(currencyWords).find((code) =>
    new RegExp(`^(?:${currencyWords[code]})$`, 'i').test(word),
  );
  return currency === undefined ? undefined : { amount: Number(decimal), currency };
}
