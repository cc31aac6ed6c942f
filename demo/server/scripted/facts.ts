// Owns what the scripted model knows from the tools' results, read with the shop's own schemas.
import type { z } from 'zod';
import {
  addressCheckSchema,
  conversionSchema,
  inventorySchema,
  orderSchema,
  refundSchema,
  returnPolicySchema,
  type AddressCheck,
  type Conversion,
  type Inventory,
  type Order,
  type Refund,
  type ReturnPolicy,
} from '../../shop-contract.ts';
import type { ToolOutcome, ToolResult } from './conversation.ts';

interface Outputs {
  getOrderStatus: Order;
  getReturnPolicy: ReturnPolicy;
  verifyShippingAddress: AddressCheck;
  checkInventory: Inventory;
  convertCurrency: Conversion;
  refundOrder: Refund;
}

export type ShopTool = keyof Outputs;

const outputSchemas: { [TName in ShopTool]: z.ZodType<Outputs[TName]> } = {
  getOrderStatus: orderSchema,
  getReturnPolicy: returnPolicySchema,
  verifyShippingAddress: addressCheckSchema,
  checkInventory: inventorySchema,
  convertCurrency: conversionSchema,
  refundOrder: refundSchema,
};

/** The outputs of a tool that answered, in call order. */
export function outputsOf<TName extends ShopTool>(results: ToolResult[], name: TName): Outputs[TName][] {
  const schema: z.ZodType<Outputs[TName]> = outputSchemas[name];
  return results.flatMap(({ toolName, outcome }) => {
    const parsed = toolName === name && outcome.type === 'output' ? schema.safeParse(outcome.value) : undefined;
    return parsed?.success ? [parsed.data] : [];
  });
}

export interface Shortfall {
  toolName: string;
  input: unknown;
  outcome: Exclude<ToolOutcome, { type: 'output' }>;
}

/** The calls that brought nothing, in call order. */
export const shortfallsOf = (results: ToolResult[]): Shortfall[] =>
  results.flatMap(({ toolName, input, outcome }) => (outcome.type === 'output' ? [] : [{ toolName, input, outcome }]));
