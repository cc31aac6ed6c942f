// What an open part without a call becomes, row by row.
import { expect, it } from 'vitest';
import { judgePart, type PendingPart } from '../../src/chat/call-intake.ts';

const read: PendingPart = {
  mode: 'loaded',
  isFromEarlierLoad: false,
  hadWord: false,
  tool: { isRunnable: true, onReload: 'run' },
  approval: undefined,
  isBesideOurs: true,
  isGivenUp: false,
};
const write: PendingPart = { ...read, tool: { isRunnable: true, onReload: 'ask' } };
const unknown: PendingPart = { ...read, tool: undefined };

it.each<[string, PendingPart, ReturnType<typeof judgePart>]>([
  ['a read that streams', { ...read, mode: 'live' }, 'run'],
  ['a write that streams', { ...write, mode: 'live' }, 'run'],
  ['a write of an answer that has just ended', { ...write, mode: 'final' }, 'run'],
  [
    'a write in a stream that another page load asked for',
    { ...write, mode: 'live', isFromEarlierLoad: true },
    'interrupt',
  ],
  [
    'a read that had its result, or a question about it, in the page load that asked for the stream',
    { ...read, mode: 'live', isFromEarlierLoad: true, hadWord: true },
    'leave',
  ],
  [
    'the same, and the stream has ended without it',
    { ...read, mode: 'final', isFromEarlierLoad: true, hadWord: true },
    'run',
  ],
  ['a read in a stream that another page load asked for', { ...read, mode: 'live', isFromEarlierLoad: true }, 'run'],
  ['a loaded read', read, 'run'],
  ['a loaded write: it may have run', write, 'interrupt'],
  ['a write found in an answer that streams on', { ...write, mode: 'found' }, 'interrupt'],
  ['a loaded call whose tool says fail', { ...read, tool: { isRunnable: true, onReload: 'fail' } }, 'fail'],
  [
    'a loaded write that still waits for the server’s approval: it cannot have run',
    { ...write, approval: 'asked' },
    'run',
  ],
  ['a loaded write that was approved: it may have run', { ...write, approval: 'given' }, 'interrupt'],
  [
    'a loaded question to a person: there is nothing that may have run',
    { ...write, tool: { isRunnable: false, onReload: 'ask' } },
    'run',
  ],
  ['a loaded call that nobody knows: its tool may still come', unknown, 'leave'],
  ['a loaded call that nobody knows, when a person acts', { ...unknown, isGivenUp: true }, 'refuse'],
  ['a loaded call that nobody knows, alone', { ...unknown, isBesideOurs: false, isGivenUp: true }, 'leave'],
  ['a call that nobody knows, while it streams', { ...unknown, mode: 'live' }, 'leave'],
  ['a call that nobody knows, in an answer that was found', { ...unknown, mode: 'found' }, 'leave'],
  ['a call that nobody has answered when its answer ends', { ...unknown, mode: 'final' }, 'refuse'],
  ['a call of the server’s that waits for approval', { ...unknown, mode: 'final', approval: 'asked' }, 'leave'],
  ['a call of the server’s that was approved', { ...unknown, mode: 'final', approval: 'given' }, 'leave'],
])('%s', (_, pending, verdict) => {
  expect(judgePart(pending)).toBe(verdict);
});
