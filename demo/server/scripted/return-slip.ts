// Owns the scripted model's scenario of the return slip: a form on the customer's page that it fills in, if it is there, and a pickup that it books.
import { pickupSchema, returnReasons, type ReturnSlip } from '../../return-slip.ts';
import type { Conversation, ToolResult } from './conversation.ts';
import { readRequest } from './read-request.ts';
import { date } from './words.ts';

export interface SlipCall {
  toolName: 'fillReturnSlip' | 'bookPickup';
  input: Record<string, unknown>;
  /** The model writes it as slowly as text. */
  isLong?: boolean;
}

interface SlipTurn {
  text: string;
  calls: SlipCall[];
}

/** The turn of a conversation about the slip; `undefined` for any other. */
export function takeSlipTurn({ question, results, earlierResults, toolNames }: Conversation): SlipTurn | undefined {
  if (!/\breturn slip\b|\bpick ?up\b/i.test(question)) return undefined;
  if (question.trim().endsWith('?')) return { text: sayPickup(earlierResults), calls: [] };
  const isOpen = toolNames.includes('fillReturnSlip');
  if (!isOpen && results.length === 0)
    return {
      text: 'Please open the return slip, the parcel at the top of the page. Then I can fill it in.',
      calls: [],
    };
  const hasCalled = (name: SlipCall['toolName']) => results.some(({ toolName }) => toolName === name);
  if (!hasCalled('fillReturnSlip'))
    return {
      text: 'I’ll fill in the return slip.',
      calls: [{ toolName: 'fillReturnSlip', input: fillSlip(question), isLong: true }],
    };
  if (/\bbook\b/i.test(question) && !hasCalled('bookPickup'))
    return {
      text: 'It is filled in. I’ll book the pickup once you approve.',
      calls: [{ toolName: 'bookPickup', input: {} }],
    };
  return { text: hasCalled('bookPickup') ? sayPickup(results) : 'The return slip is filled in.', calls: [] };
}

function fillSlip(question: string): ReturnSlip {
  const { orderIds, address } = readRequest(question);
  const reason = returnReasons.find((each) => question.includes(each)) ?? 'not as expected';
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000);
  return {
    orderId: orderIds[0] ?? '1042',
    reason,
    pickUpOn: tomorrow.toISOString().slice(0, 10),
    address: address ? `${address.street}, ${address.postalCode} ${address.city}` : '',
    note: 'One box of shoes, packed and labelled. Please ring at the door and take it on the second floor.',
  };
}

/** Whether there is a pickup, as far as the results say. */
function sayPickup(results: ToolResult[]): string {
  const last = results.findLast(({ toolName }) => toolName === 'bookPickup');
  if (last === undefined) return 'No pickup is booked.';
  if (last.outcome.type !== 'output') return 'The return slip is filled in. I did not book the pickup.';
  if (JSON.stringify(last.outcome.value).includes('The user has undone this call'))
    return 'No pickup is booked: you have taken it back.';
  const pickup = pickupSchema.safeParse(last.outcome.value);
  return pickup.success
    ? `Pickup ${pickup.data.pickupId} is booked for ${date(pickup.data.pickUpOn)}, at ${pickup.data.address}.`
    : 'The pickup is booked.';
}
