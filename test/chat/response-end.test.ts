// How an answer ended, row by row: what `onFinish` said, what the tap saw, and the judgement.
import { expect, it } from 'vitest';
import { judgeEnd, type FinishFlags, type ResponseEnd } from '../../src/sdk/response-end.ts';
import type { ResponseRecord } from '../../src/sdk/response-tap.ts';

const flags = (fields: Partial<FinishFlags> = {}): FinishFlags => ({
  isAbort: false,
  isDisconnect: false,
  isError: false,
  ...fields,
});
// SAFETY: the fields that the judgement reads.
const record = (fields: Partial<ResponseRecord> = {}) =>
  ({ finished: true, finishReason: 'tool-calls', aborted: false, failed: false, ...fields }) as ResponseRecord;

it.each<[string, FinishFlags, ResponseRecord | undefined, ResponseEnd]>([
  ['a finish chunk with tool calls', flags(), record(), 'well'],
  ['a finish chunk without a reason', flags(), record({ finishReason: undefined }), 'well'],
  ['a finish chunk with a stop', flags({ finishReason: 'stop' }), record({ finishReason: 'stop' }), 'well'],
  ['an unknown reason', flags(), record({ finishReason: 'other' }), 'well'],
  ['no finish chunk', flags(), record({ finished: false }), 'cut'],
  ['the length', flags(), record({ finishReason: 'length' }), 'cut'],
  ['the content filter', flags(), record({ finishReason: 'content-filter' }), 'cut'],
  ['an interruption by the server', flags(), record({ finishReason: 'interrupted' as never }), 'cut'],
  ['an error as the reason', flags(), record({ finishReason: 'error' }), 'error'],
  ['an error chunk after the finish chunk', flags(), record({ failed: true }), 'error'],
  ['a throw', flags({ isError: true }), record({ finished: false }), 'error'],
  ['the abort chunk of a server', flags(), record({ aborted: true, finished: false }), 'stopped'],
  ['the user’s stop', flags({ isAbort: true }), record({ finished: false }), 'stopped'],
  ['the user’s stop, with an error', flags({ isAbort: true, isError: true }), undefined, 'stopped'],
  ['a lost connection', flags({ isDisconnect: true, isError: true }), record({ finished: false }), 'lost'],
  ['a lost connection that nobody tapped', flags({ isDisconnect: true }), undefined, 'lost'],
  ['nothing that anybody saw', flags(), undefined, 'unknown'],
  ['a reason of `onFinish`, without a tap', flags({ finishReason: 'tool-calls' }), undefined, 'well'],
  ['the length, without a tap', flags({ finishReason: 'length' }), undefined, 'cut'],
])('judges %s', (_, given, seen, end) => {
  expect(judgeEnd(given, seen)).toBe(end);
});
