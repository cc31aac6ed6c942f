// Owns how the scripted model says a list, a date, an amount.
import type { Address } from '../../shop-contract.ts';

const listFormat = new Intl.ListFormat('en', { type: 'conjunction' });
export const list = (items: string[]): string => listFormat.format(items).replace(/,(?= and [^,]*$)/, '');

export const money = ({ amount, currency }: { amount: number; currency: string }): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount);

export const date = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(day));

export const oneLine = ({ street, postalCode, city }: Pick<Address, 'street' | 'postalCode' | 'city'>): string =>
  `${street}, ${postalCode} ${city}`;

export const countryName = (code: string): string => new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;

const currencyNames: Record<string, string> = {
  EUR: 'euros',
  USD: 'US dollars',
  GBP: 'pounds',
  CHF: 'Swiss francs',
  JPY: 'yen',
  SEK: 'Swedish kronor',
};
export const currencyName = (code: string): string => currencyNames[code] ?? code;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
