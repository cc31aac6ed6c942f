// Owns the shop's data: what it sells, what was ordered, where it delivers, its policies and rates. No behaviour.
import type { Address, Order } from '../../shop-contract.ts';

export interface Product {
  sku: string;
  name: string;
  category: 'footwear' | 'clothing' | 'gear';
  price: number;
  /** Pieces by size; `0` is sold out for now. */
  stock: Record<string, number>;
}

export const products: Product[] = [
  {
    sku: 'trail-runner',
    name: 'Trail Runner',
    category: 'footwear',
    price: 129,
    stock: { '40': 2, '41': 7, '42': 0, '43': 4, '44': 1, '45': 0, '46': 3 },
  },
  {
    sku: 'city-sneaker',
    name: 'City Sneaker',
    category: 'footwear',
    price: 95,
    stock: { '39': 3, '40': 0, '41': 5, '42': 8, '43': 2, '44': 6 },
  },
  {
    sku: 'rain-shell',
    name: 'Rain Shell',
    category: 'clothing',
    price: 189,
    stock: { S: 4, M: 0, L: 9, XL: 2 },
  },
  {
    sku: 'merino-socks',
    name: 'Merino Socks',
    category: 'clothing',
    price: 18,
    stock: { S: 30, M: 12, L: 0 },
  },
  { sku: 'summit-pack', name: 'Summit Pack', category: 'gear', price: 95, stock: { 'one size': 5 } },
];

const berlin: Address = { street: 'Torstraße 8', postalCode: '10119', city: 'Berlin', country: 'DE' };
const vienna: Address = { street: 'Kärntner Straße 21', postalCode: '1010', city: 'Wien', country: 'AT' };

const day = 24 * 60 * 60 * 1000;

/** The calendar date `days` from `now`, as 2025-04-30. */
export const dateFrom = (now: number, days: number): string => new Date(now + days * day).toISOString().slice(0, 10);

/** The customer's orders, dated so that they stay plausible on any day. */
export function createOrders(now: number): Order[] {
  return [
    order(
      '1042',
      'delivered',
      berlin,
      [
        ['trail-runner', '42'],
        ['merino-socks', 'M'],
      ],
      {
        placedOn: dateFrom(now, -9),
        deliveredOn: dateFrom(now, -6),
      },
    ),
    order('1057', 'in transit', berlin, [['rain-shell', 'M']], {
      placedOn: dateFrom(now, -3),
      expectedOn: dateFrom(now, 2),
    }),
    order('1031', 'delivered', vienna, [['summit-pack', 'one size']], {
      placedOn: dateFrom(now, -52),
      deliveredOn: dateFrom(now, -48),
    }),
    order(
      '1063',
      'processing',
      vienna,
      [
        ['city-sneaker', '41'],
        ['merino-socks', 'S'],
      ],
      {
        placedOn: dateFrom(now, 0),
        expectedOn: dateFrom(now, 4),
      },
    ),
  ];
}

function order(
  orderId: string,
  status: Order['status'],
  shipTo: Address,
  wanted: [sku: string, size: string][],
  dates: Pick<Order, 'placedOn' | 'deliveredOn' | 'expectedOn'>,
): Order {
  const items = wanted.map(([sku, size]) => {
    const product = products.find((candidate) => candidate.sku === sku);
    if (!product) throw new Error(`The catalogue has no ${sku}, which order ${orderId} contains. Add it to products.`);
    const price = { amount: product.price, currency: 'EUR' };
    return { sku, name: product.name, category: product.category, size, price };
  });
  const amount = items.reduce((sum, item) => sum + item.price.amount, 0);
  return {
    orderId,
    status,
    ...dates,
    items,
    total: { amount, currency: 'EUR' },
    refunded: { amount: 0, currency: 'EUR' },
    shipTo,
  };
}

/** Days to return by category, and who pays for it by country. */
export const returnDays: Record<Product['category'], number> = { footwear: 30, clothing: 30, gear: 14 };
export const returnShipping: Record<string, number> = { DE: 0, AT: 0, FR: 4.9, CH: 9.9, GB: 9.9, US: 14.9 };

/** Streets by postal code; what is not here cannot be delivered to. */
export const postalCodes: Record<string, { city: string; country: string; streets: string[] }> = {
  '10119': { city: 'Berlin', country: 'DE', streets: ['Torstraße', 'Linienstraße', 'Choriner Straße'] },
  '20095': { city: 'Hamburg', country: 'DE', streets: ['Mönckebergstraße', 'Spitalerstraße'] },
  '80331': { city: 'München', country: 'DE', streets: ['Sendlinger Straße', 'Rosental'] },
  '1010': { city: 'Wien', country: 'AT', streets: ['Kärntner Straße', 'Graben'] },
  '8001': { city: 'Zürich', country: 'CH', streets: ['Bahnhofstrasse', 'Rennweg'] },
  '75002': { city: 'Paris', country: 'FR', streets: ['Rue Montorgueil', 'Rue de la Paix'] },
};

/** What one euro is worth. */
export const euroRates: Record<string, number> = {
  EUR: 1,
  USD: 1.1632,
  GBP: 0.8745,
  CHF: 0.9361,
  JPY: 176.9,
  SEK: 10.98,
};
