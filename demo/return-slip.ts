// Owns what a return slip says, for the page that has its form and for the scripted model that fills it in.
import { z } from 'zod';

export const returnReasons = ['too small', 'too large', 'damaged', 'not as expected'] as const;

export const returnSlipSchema = z.object({
  orderId: z.string().describe('Four digits'),
  reason: z.enum(returnReasons),
  pickUpOn: z.iso.date().describe('When the courier comes, as 2026-04-30'),
  address: z.string().describe('Where the courier comes'),
  note: z.string().describe('For the courier'),
});

export type ReturnSlip = z.infer<typeof returnSlipSchema>;

export const pickupSchema = z.object({ pickupId: z.string(), pickUpOn: z.string(), address: z.string() });

export type Pickup = z.infer<typeof pickupSchema>;
