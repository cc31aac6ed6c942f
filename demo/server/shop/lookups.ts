// Owns the shop's answers that change nothing: orders, policies, addresses, stock, rates.
import type { Address, AddressCheck, ExchangeRate, Inventory, Order, ReturnPolicy } from '../../shop-contract.ts';
import { dateFrom, euroRates, postalCodes, products, returnDays, returnShipping, type Product } from './catalogue.ts';
import type { ShopSession } from './session.ts';
import { ShopError } from './shop-error.ts';

export function findOrder(session: ShopSession, orderId: string): Order {
  const order = session.orders.get(orderId);
  if (!order) throw new ShopError(404, 'unknown-order', `There is no order ${orderId} in this account.`);
  return order;
}

const isCategory = (value: string): value is Product['category'] => Object.hasOwn(returnDays, value);

export function findReturnPolicy(country: string, category: string): ReturnPolicy {
  const shipping = returnShipping[country];
  if (shipping === undefined) {
    throw new ShopError(
      404,
      'unknown-country',
      `The shop does not deliver to ${country}, so it has no return policy there.`,
    );
  }
  if (!isCategory(category)) {
    const known = Object.keys(returnDays).join(', ');
    throw new ShopError(404, 'unknown-category', `There is no category ${category}. The categories are ${known}.`);
  }
  return {
    country,
    category,
    days: returnDays[category],
    condition: category === 'footwear' ? 'unworn, in the original box' : 'unused, with its tags',
    shippingCost: { amount: shipping, currency: 'EUR' },
  };
}

/** Letters without case, accents and spelling variants: Torstraße, torstrasse, Torstr. are one street. */
const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/str\.(?=\s|$)/g, 'strasse')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');

export function checkAddress(address: Address): AddressCheck {
  const area = postalCodes[address.postalCode];
  if (!area || area.country !== address.country) {
    return { deliverable: false, address, note: `${address.postalCode} is not a postal code in ${address.country}.` };
  }
  const [, name = '', number = ''] = /^(.*?)\s*(\d+\s*[a-z]?)?$/i.exec(address.street.trim()) ?? [];
  const street = area.streets.find((candidate) => plain(candidate) === plain(name));
  if (!street) {
    return { deliverable: false, address, note: `There is no ${name} in ${address.postalCode} ${area.city}.` };
  }
  if (!number) return { deliverable: false, address, note: 'The house number is missing.' };
  const checked = {
    street: `${street} ${number}`,
    postalCode: address.postalCode,
    city: area.city,
    country: area.country,
  };
  const corrected = checked.street !== address.street || checked.city !== address.city;
  return { deliverable: true, address: checked, ...(corrected ? { note: 'The spelling was corrected.' } : {}) };
}

export function findInventory(sku: string, size: string, now: number): Inventory {
  const product = products.find((candidate) => candidate.sku === sku);
  if (!product) {
    const known = products.map((candidate) => candidate.sku).join(', ');
    throw new ShopError(404, 'unknown-product', `There is no product ${sku}. The products are ${known}.`);
  }
  const quantity = product.stock[size];
  if (quantity === undefined) {
    const sizes = Object.keys(product.stock).join(', ');
    throw new ShopError(404, 'unknown-size', `${product.name} is not made in size ${size}. The sizes are ${sizes}.`);
  }
  const where = quantity > 0 ? { warehouse: quantity > 3 ? 'Berlin' : 'Rotterdam' } : { restockOn: dateFrom(now, 11) };
  return { sku, name: product.name, size, quantity, ...where };
}

export function findExchangeRate(from: string, to: string, now: number): ExchangeRate {
  const [source, target] = [euroRates[from], euroRates[to]];
  if (source === undefined || target === undefined) {
    const known = Object.keys(euroRates).join(', ');
    const unknown = source === undefined ? from : to;
    throw new ShopError(404, 'unknown-currency', `There is no rate for ${unknown}. The currencies are ${known}.`);
  }
  return { from, to, rate: Number((target / source).toFixed(6)), asOf: dateFrom(now, 0) };
}
