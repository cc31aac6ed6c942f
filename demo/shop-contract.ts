// Owns what the shop's API answers, as zod schemas. The server keeps to it, the browser's tools check it, the scripted model reads it.
import { z } from 'zod';

const moneySchema = z.object({ amount: z.number(), currency: z.string() });

export const addressSchema = z.object({
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z.string(),
});

export const orderSchema = z.object({
  orderId: z.string(),
  status: z.enum(['processing', 'in transit', 'delivered']),
  placedOn: z.string(),
  deliveredOn: z.string().optional(),
  expectedOn: z.string().optional(),
  items: z.array(
    z.object({ sku: z.string(), name: z.string(), category: z.string(), size: z.string(), price: moneySchema }),
  ),
  total: moneySchema,
  refunded: moneySchema,
  shipTo: addressSchema,
});

export const returnPolicySchema = z.object({
  country: z.string(),
  category: z.string(),
  days: z.number(),
  condition: z.string(),
  shippingCost: moneySchema,
});

export const addressCheckSchema = z.object({
  deliverable: z.boolean(),
  address: addressSchema,
  /** Why it cannot be delivered to, or what was corrected. */
  note: z.string().optional(),
});

export const inventorySchema = z.object({
  sku: z.string(),
  name: z.string(),
  size: z.string(),
  quantity: z.number(),
  warehouse: z.string().optional(),
  restockOn: z.string().optional(),
});

export const exchangeRateSchema = z.object({ from: z.string(), to: z.string(), rate: z.number(), asOf: z.string() });

export const conversionSchema = exchangeRateSchema.extend({ amount: z.number(), converted: z.number() });

export const refundSchema = z.object({
  refundId: z.string(),
  orderId: z.string(),
  amount: moneySchema,
  status: z.enum(['received', 'sent to the bank', 'booked']),
  /** 0 to 1. */
  progress: z.number(),
});

export const storeQuestionSchema = z.object({ storeId: z.string(), sku: z.string(), size: z.string() });

export const storeStockSchema = storeQuestionSchema.extend({ city: z.string(), quantity: z.number() });

export const tourSchema = z.object({ route: z.array(z.string()), kilometres: z.number() });

export const giftCardSchema = z.object({ to: z.string(), amount: z.number().positive() });

export type GiftCard = z.infer<typeof giftCardSchema>;
export type StoreQuestion = z.infer<typeof storeQuestionSchema>;
export type StoreStock = z.infer<typeof storeStockSchema>;
export type Tour = z.infer<typeof tourSchema>;
export type Address = z.infer<typeof addressSchema>;
export type Order = z.infer<typeof orderSchema>;
export type ReturnPolicy = z.infer<typeof returnPolicySchema>;
export type AddressCheck = z.infer<typeof addressCheckSchema>;
export type Inventory = z.infer<typeof inventorySchema>;
export type ExchangeRate = z.infer<typeof exchangeRateSchema>;
export type Conversion = z.infer<typeof conversionSchema>;
export type Refund = z.infer<typeof refundSchema>;

/** What the exchange rate service does: works, fails until a person retries the call, or always fails. */
export type RateFault = 'none' | 'until-retried' | 'always';

/** Request headers by which the page tells the shop how to behave. */
export const shopHeaders = { session: 'x-shop-session', latency: 'x-shop-latency', fault: 'x-shop-fault' } as const;
