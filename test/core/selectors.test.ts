import { describe, expect, it } from 'vitest';
import {
  countCalls,
  isBatchSettled,
  listCalls,
  measureCall,
  measureCalls,
  selectIsRunning,
  selectRetryBlock,
  selectToolBatch,
  selectToolCall,
  selectToolCalls,
  toBatchStatus,
  ToolCallError,
  isAwaitingPerson,
  type ToolBatch,
  type ToolCall,
  type ToolCallErrorKind,
  type ToolCallStatus,
} from '../../src/core/index.ts';

const call = (status: ToolCallStatus, fields: object = {}): ToolCall =>
  // SAFETY: a record with the fields that the test is about.
  ({ key: `m/0/${status}`, batchKey: 'm/0', status, ...fields }) as ToolCall;
const batch = (...calls: ToolCall[]): ToolBatch => ({
  key: 'm/0',
  messageId: 'm',
  step: 0,
  order: calls.map(({ key }) => key),
  calls: Object.fromEntries(calls.map((each) => [each.key, each])),
  streaming: false,
  generation: 0,
});

describe('looking up', () => {
  const [first, second] = [call('queued'), call('running')];
  const state = { batches: { 'm/0': batch(first, second) } };

  it('finds batches and calls by key', () => {
    expect(selectToolBatch(state, 'm/0')).toBe(state.batches['m/0']);
    expect(selectToolBatch(state, 'm/1')).toBeUndefined();
    expect(selectToolCall(state, first.key)).toBe(first);
    expect(selectToolCall(state, 'm/1/queued')).toBeUndefined();
    expect(selectToolCall(state, 'nonsense')).toBeUndefined();
  });

  it('lists calls in call order, without those that are gone', () => {
    expect(selectToolCalls(state)).toEqual([first, second]);
    expect(listCalls({ order: ['gone', second.key], calls: { [second.key]: second } })).toEqual([second]);
  });
});

describe('isBatchSettled and selectIsRunning', () => {
  const OPEN: Record<ToolCallStatus, boolean> = {
    queued: true,
    'awaiting-approval': true,
    'awaiting-input': true,
    interrupted: true,
    running: true,
    retrying: true,
    succeeded: false,
    failed: false,
    denied: false,
    cancelled: false,
  };

  it.each(Object.entries(OPEN))('take a call that is %s for open: %s', (status, isOpen) => {
    // SAFETY: the entries of a record by status.
    const each = batch(call('succeeded', { key: 'm/0/x' }), call(status as ToolCallStatus));
    expect(isBatchSettled(each)).toBe(!isOpen);
    expect(selectIsRunning({ batches: { 'm/0': each } })).toBe(isOpen);
  });

  it('take a held failure for open', () => {
    expect(isBatchSettled(batch(call('failed', { held: true })))).toBe(false);
  });

  it('take nothing for settled', () => {
    expect(isBatchSettled(batch())).toBe(true);
    expect(selectIsRunning({ batches: {} })).toBe(false);
    expect(selectIsRunning({ batches: { 'm/0': undefined as never } })).toBe(false);
    expect(isBatchSettled({ calls: { gone: undefined as never } })).toBe(true);
  });
});

describe('countCalls and toBatchStatus', () => {
  const counts = (...calls: ToolCall[]) => countCalls(calls);

  it('count what people want to know', () => {
    const statuses: ToolCallStatus[] = [
      'queued',
      'awaiting-approval',
      'awaiting-input',
      'interrupted',
      'running',
      'retrying',
      'succeeded',
      'failed',
      'denied',
      'cancelled',
    ];
    expect(counts(...statuses.map((status) => call(status)), call('failed', { held: true }))).toEqual({
      total: 11,
      done: 1,
      failed: 2,
      cancelled: 1,
      denied: 1,
      active: 2,
      queued: 1,
      awaiting: 4,
    });
  });

  it.each([
    ['awaiting', [call('awaiting-approval'), call('running')]],
    ['awaiting', [call('failed', { held: true })]],
    ['running', [call('running'), call('failed')]],
    ['running', [call('queued'), call('succeeded')]],
    ['failed', [call('failed'), call('succeeded')]],
    ['succeeded', [call('succeeded'), call('cancelled')]],
    ['cancelled', [call('cancelled'), call('denied')]],
    ['running', []],
  ] as const)('call a batch %s', (status, calls) => {
    expect(toBatchStatus(counts(...calls))).toBe(status);
  });

  it('ask for a person where one is needed', () => {
    expect(isAwaitingPerson(call('awaiting-input'))).toBe(true);
    expect(isAwaitingPerson(call('failed'))).toBe(false);
    expect(isAwaitingPerson(call('running'))).toBe(false);
  });
});

describe('measureCalls', () => {
  const span = (startedAt: number, settledAt?: number) =>
    settledAt === undefined ? call('running', { startedAt }) : call('succeeded', { startedAt, settledAt });

  it('compares the time that a person waited with one call after another', () => {
    expect(measureCalls([span(100, 200), span(120, 180), span(150, 250)], 999)).toEqual({
      wall: 150,
      sequential: 260,
      saved: 110,
    });
  });

  it('counts what a call did before it was retried', () => {
    const earlierRuns = [{ queuedAt: 90, attempts: [{ startedAt: 100, endedAt: 200 }], settledAt: 200 }];
    const retried = call('succeeded', { startedAt: 5000, settledAt: 5100, earlierRuns });
    expect(measureCalls([span(100, 180), retried], 9999)).toEqual({ wall: 200, sequential: 280, saved: 80 });
    expect(measureCalls([span(100, 180), call('queued', { earlierRuns })], 9999)).toEqual({
      wall: 100,
      sequential: 180,
      saved: 80,
    });
    expect(measureCall(retried, 9999)).toBe(100);
  });

  it('counts gaps for nothing, whatever the order', () => {
    expect(measureCalls([span(500, 600), span(100, 200)], 999)).toEqual({ wall: 200, sequential: 200, saved: 0 });
  });

  it('counts a running call up to now, and one that never started not at all', () => {
    expect(measureCalls([span(100), call('queued'), call('succeeded', { startedAt: 0, settledAt: 0 })], 160)).toEqual({
      wall: 60,
      sequential: 60,
      saved: 0,
    });
    expect(measureCalls([], 5)).toEqual({ wall: 0, sequential: 0, saved: 0 });
  });

  it('never counts backwards when the clock was set back', () => {
    expect(measureCalls([span(100)], 50)).toEqual({ wall: 0, sequential: 0, saved: 0 });
    expect(measureCall(span(100), 50)).toBe(0);
  });

  it('measures one call', () => {
    expect(measureCall(span(100), 160)).toBe(60);
    expect(measureCall(span(100, 130), 160)).toBe(30);
    expect(measureCall(call('queued'), 160)).toBeUndefined();
  });
});

describe('selectRetryBlock', () => {
  const failed = (kind: ToolCallErrorKind) => call('failed', { error: new ToolCallError(kind, '') });

  it.each([
    ['execution', undefined],
    ['timeout', undefined],
    ['invalid-output', undefined],
    ['interrupted', undefined],
    ['invalid-input', 'not-runnable'],
    ['unknown-tool', 'not-runnable'],
  ] as const)('says of a failure by %s: %s', (kind, block) => {
    expect(selectRetryBlock(batch(), failed(kind))).toBe(block);
  });

  it('lets a cancelled call be retried', () => {
    expect(
      selectRetryBlock(undefined, call('cancelled', { error: new ToolCallError('cancelled', '') })),
    ).toBeUndefined();
  });

  it.each(['succeeded', 'running', 'denied', 'queued'] as const)(
    'has nothing to retry of a call that is %s',
    (status) => {
      expect(selectRetryBlock(batch(), call(status))).toBe('not-failed');
      expect(selectRetryBlock(batch(), undefined)).toBe('not-failed');
    },
  );

  it("gives the batch's reason", () => {
    expect(selectRetryBlock({ ...batch(), retryBlock: 'later-write' }, failed('execution'))).toBe('later-write');
  });
});
