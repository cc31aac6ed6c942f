// What the scripted model does about the return slip: it fills in what is on the page, books once, and reads what was taken back.
import { expect, it } from 'vitest';
import type { ToolOutcome } from '../../demo/server/scripted/conversation.ts';
import { takeSlipTurn } from '../../demo/server/scripted/return-slip.ts';
import { prompts } from '../../demo/src/prompts.ts';

const question = prompts.find(({ title }) => title === 'Fill in the return slip')!.text;
const onPage = ['fillReturnSlip', 'bookPickup'];
const pickup = { pickupId: 'PU-1042', pickUpOn: '2026-11-28', address: 'Torstraße 12, 10119 Berlin' };
const done = (toolName: string, value: unknown = {}) => ({
  toolName,
  input: {},
  outcome: { type: 'output', value } as ToolOutcome,
});

/** The turn after these results. */
const turnAfter = (results: ReturnType<typeof done>[] = [], toolNames = onPage, said = question) =>
  takeSlipTurn({ question: said, results, earlierResults: results, toolNames });

it('fills in what the customer said, and books after that', () => {
  expect(turnAfter()?.calls).toMatchObject([
    { toolName: 'fillReturnSlip', input: { orderId: '1042', reason: 'too small', address: pickup.address } },
  ]);
  expect(turnAfter([done('fillReturnSlip')])?.calls).toEqual([{ toolName: 'bookPickup', input: {} }]);
  const last = turnAfter([done('fillReturnSlip'), done('bookPickup', pickup)]);
  expect(last?.calls).toEqual([]);
  expect(last?.text).toContain('Pickup PU-1042 is booked');
});

it('asks for the slip where it is not on the page', () => {
  expect(turnAfter([], [])).toMatchObject({ calls: [], text: expect.stringContaining('open the return slip') });
});

it('says what was taken back', () => {
  const undone = done('bookPickup', { ...pickup, undoneByUser: 'The user has undone this call.' });
  expect(turnAfter([undone], onPage, 'Is the pickup still booked?')?.text).toContain('you have taken it back');
  expect(turnAfter([], onPage, 'Is a pickup booked?')?.text).toBe('No pickup is booked.');
});

it('leaves other questions to others', () => {
  expect(turnAfter([], onPage, 'Where is order 1042?')).toBe(undefined);
});
