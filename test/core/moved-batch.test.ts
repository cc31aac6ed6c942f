// A batch whose message is known by another id now: everything about it goes on, under other keys.
import { describe, expect, it } from 'vitest';
import { createToolCallStore, type ToolCallStatus } from '../../src/core/index.ts';
import { createHandRunner, flush } from './hand-runner.ts';

type Hand = ReturnType<typeof createHandRunner>;

const open = () =>
  createHandRunner({
    tool: { retry: 1, retryDelay: 1000 },
    plain: {},
    asked: { approval: true },
    person: { execute: false },
    held: { onFailure: 'hold' },
    late: { start: 'step-end' },
  });

/** The record of a call once its batch has moved to the message `next`. */
const recordOf = (hand: Hand, id: string) => hand.runner.store.getState().batches['next/0']!.calls[`next/0/${id}`]!;

/** How a call comes to each status, and how it goes on from there after the move. */
const STATUSES: [string, ToolCallStatus, (hand: Hand) => unknown, (hand: Hand) => unknown, ToolCallStatus][] = [
  [
    'queued for the end of the step',
    'queued',
    (hand) => hand.add('a', 'late'),
    async (hand) => {
      hand.runner.endStep('next/0');
      await hand.succeed('a');
    },
    'succeeded',
  ],
  ['running', 'running', (hand) => hand.start('tool', 'a'), (hand) => hand.succeed('a'), 'succeeded'],
  [
    'retrying',
    'retrying',
    async (hand) => {
      hand.start('tool', 'a');
      await hand.fail('a');
    },
    async (hand) => {
      await hand.clock.advance(1000);
      await hand.succeed('a');
    },
    'succeeded',
  ],
  [
    'awaiting approval',
    'awaiting-approval',
    (hand) => hand.start('asked', 'a'),
    async (hand) => {
      hand.runner.approve(hand.keyOf('a'));
      await hand.succeed('a');
    },
    'succeeded',
  ],
  [
    'awaiting input',
    'awaiting-input',
    (hand) => hand.start('person', 'a'),
    (hand) => hand.runner.respond(hand.keyOf('a'), 'red'),
    'succeeded',
  ],
  [
    'interrupted',
    'interrupted',
    (hand) => {
      hand.add('a', 'tool', {}, { status: 'interrupted' });
      hand.end();
    },
    async (hand) => {
      hand.runner.run(hand.keyOf('a'));
      await hand.succeed('a');
    },
    'succeeded',
  ],
  [
    'succeeded',
    'succeeded',
    async (hand) => {
      hand.start('tool', 'a');
      await hand.succeed('a');
    },
    (hand) => hand.runner.cancel(hand.keyOf('a')),
    'succeeded',
  ],
  [
    'failed',
    'failed',
    async (hand) => {
      hand.start('plain', 'a');
      await hand.fail('a');
    },
    async (hand) => {
      hand.runner.retryFailed(hand.batch);
      await hand.succeed('a');
    },
    'succeeded',
  ],
  [
    'failed and held',
    'failed',
    async (hand) => {
      hand.start('held', 'a');
      await hand.fail('a');
    },
    (hand) => {
      expect(hand.runner.isFinished('next/0')).toBe(false);
      hand.runner.skip(hand.keyOf('a'));
      expect(hand.runner.isFinished('next/0')).toBe(true);
    },
    'failed',
  ],
  [
    'cancelled',
    'cancelled',
    (hand) => {
      hand.start('tool', 'a');
      hand.runner.cancel(hand.keyOf('a'));
    },
    async (hand) => {
      hand.runner.retry(hand.keyOf('a'));
      await hand.succeed('a');
    },
    'succeeded',
  ],
  [
    'denied',
    'denied',
    (hand) => {
      hand.start('asked', 'a');
      hand.runner.deny(hand.keyOf('a'), 'no');
    },
    (hand) => hand.runner.approve(hand.keyOf('a')),
    'denied',
  ],
];

describe('a call that is moved with its batch', () => {
  it.each(STATUSES)('goes on when it is %s', async (_, status, lead, goOn, end) => {
    const hand = open();
    await lead(hand);
    const before = hand.record('a');
    expect(before.status).toBe(status);
    const runs = hand.runs('a');
    expect(hand.runner.moveBatch(hand.batch, 'next')).toBe('next/0');
    expect(recordOf(hand, 'a')).toEqual({ ...before, key: 'next/0/a', batchKey: 'next/0', messageId: 'next' });
    expect(Object.keys(hand.runner.store.getState().batches)).toEqual(['next/0']);
    expect(hand.runs('a')).toBe(runs);
    await goOn(hand);
    expect(recordOf(hand, 'a').status).toBe(end);
    expect(hand.runner.hasOpenCalls()).toBe(false);
    expect(hand.clock.pending).toBe(0);
  });

  it('keeps its attempt, its signal and its idempotency key, in a later retry too', async () => {
    const hand = open();
    hand.start('plain', 'a');
    hand.runner.moveBatch(hand.batch, 'next');
    expect(hand.invocation('a').options.abortSignal.aborted).toBe(false);
    await hand.fail('a');
    hand.runner.moveBatch('next/0', 'last');
    hand.runner.retry('last/0/a');
    expect(hand.invocations.map(({ options }) => options.idempotencyKey)).toEqual(['message/0/a', 'message/0/a']);
  });

  it('is reached by commands that name a key which it had before, or an object from then', async () => {
    const hand = open();
    hand.start('tool', 'a', 'b', 'c');
    const old = hand.record('b');
    hand.runner.moveBatch(hand.batch, 'next');
    hand.runner.cancel(hand.keyOf('a'));
    hand.runner.moveBatch('next/0', 'last');
    hand.runner.cancel(old);
    hand.runner.cancel('next/0/c');
    const calls = Object.values(hand.runner.store.getState().batches['last/0']!.calls);
    expect(calls.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(hand.runner.currentKey(old)).toBe('last/0/b');
    expect(hand.runner.currentKey('elsewhere/0/b')).toBe('elsewhere/0/b');
  });

  it('reports progress, and streams its output, under its new key', async () => {
    const hand = open();
    hand.start('tool', 'a');
    hand.invocation('a').options.reportProgress({ fraction: 0.5 });
    hand.runner.moveBatch(hand.batch, 'next');
    await hand.clock.advance(20);
    expect(recordOf(hand, 'a').progress).toEqual({ fraction: 0.5 });
  });

  it('takes an answer whose check was under way', async () => {
    let check: (() => void) | undefined;
    const outputSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => new Promise((resolve) => (check = () => resolve({ issues: [{ message: 'is no colour' }] }))),
      },
    };
    const hand = createHandRunner({ person: { execute: false, outputSchema } });
    hand.start('person', 'a');
    hand.runner.respond(hand.keyOf('a'), 1);
    hand.runner.moveBatch(hand.batch, 'next');
    check!();
    await flush();
    expect(recordOf(hand, 'a').error?.message).toContain('is no colour');
  });
});

describe('calls that wait', () => {
  it('for a lock or for the order say under which key it is held now, and get their turn', async () => {
    const hand = createHandRunner({
      write: { locks: () => ({ write: ['x'] }) },
      first: {},
      after: { after: ['first'] },
    });
    hand.add('a', 'write');
    hand.add('b', 'first');
    hand.add('c', 'after');
    hand.end();
    const other = hand.runner.openBatch('other', 0);
    hand.runner.addCall(other, { toolCallId: 'd', toolName: 'write', input: {} });
    hand.runner.endStep(other);
    const waitOf = () => hand.runner.store.getState().batches[other]!.calls['other/0/d']!.waitingFor;
    expect(waitOf()).toMatchObject({ type: 'lock', heldBy: 'message/0/a' });
    hand.runner.moveBatch(hand.batch, 'next');
    expect(waitOf()).toMatchObject({ type: 'lock', heldBy: 'next/0/a' });
    expect(recordOf(hand, 'c').waitingFor).toMatchObject({ type: 'order', call: 'next/0/b' });
    await hand.succeed('a');
    await hand.succeed('b');
    expect(recordOf(hand, 'c').status).toBe('running');
    expect(hand.runs('d')).toBe(1);
  });

  it('for a slot of a limit start when it is free, each once', async () => {
    const hand = createHandRunner({ tool: {} }, { concurrency: 1 });
    hand.start('tool', 'a', 'b');
    hand.runner.moveBatch(hand.batch, 'next');
    await hand.succeed('a');
    await hand.succeed('b');
    expect([hand.runs('a'), hand.runs('b')]).toEqual([1, 1]);
    expect(recordOf(hand, 'b').status).toBe('succeeded');
  });

  it('for their identical call take its result', async () => {
    const hand = createHandRunner({ tool: { dedupe: true } });
    hand.start('tool', 'a', 'b');
    hand.runner.moveBatch(hand.batch, 'next');
    await hand.succeed('a', 7);
    expect(recordOf(hand, 'b').output).toBe(7);
    expect(hand.runs('b')).toBe(0);
  });
});

describe('a batch that is moved', () => {
  it('keeps its place, its halt and its generation', () => {
    const hand = open();
    const other = hand.runner.openBatch('other', 0);
    hand.runner.dispatch(
      { type: 'batch-reopened', batchKey: hand.batch },
      { type: 'batch-halted', batchKey: hand.batch, halt: 'cut' },
      { type: 'retry-blocked', batchKey: hand.batch, block: 'later-write' },
    );
    hand.runner.moveBatch(hand.batch, 'a/b');
    const { batches } = hand.runner.store.getState();
    expect(Object.keys(batches)).toEqual(['a/b/0', other]);
    expect(batches['a/b/0']).toMatchObject({
      key: 'a/b/0',
      messageId: 'a/b',
      step: 0,
      streaming: true,
      generation: 1,
      halt: 'cut',
      retryBlock: 'later-write',
    });
  });

  it('is told of in one event, and leaves what was read before as it was', () => {
    const hand = open();
    hand.add('a', 'late');
    const before = hand.runner.store.getState();
    hand.events.length = 0;
    hand.runner.moveBatch(hand.batch, 'next');
    expect(hand.events).toEqual([{ type: 'batch-moved', batchKey: 'message/0', messageId: 'next' }]);
    expect(Object.keys(before.batches)).toEqual(['message/0']);
    expect(before.batches['message/0']!.order).toEqual(['message/0/a']);
  });

  it('stays where it is when its new key is that of another batch', () => {
    const hand = open();
    hand.start('tool', 'a');
    hand.runner.openBatch('next', 0);
    expect(hand.runner.moveBatch(hand.batch, 'next')).toBe('message/0');
    expect(hand.status('a')).toBe('running');
    expect(hand.runner.moveBatch('nowhere/0', 'next')).toBe('nowhere/0');
    const { store, dispatch } = createToolCallStore();
    for (const messageId of ['m', 'next'])
      dispatch({ type: 'batch-opened', batchKey: `${messageId}/0`, messageId, step: 0, streaming: true });
    const state = store.getState();
    dispatch({ type: 'batch-moved', batchKey: 'm/0', messageId: 'next' });
    expect(store.getState()).toEqual(state);
  });

  it('may go back to the key that it had', async () => {
    const hand = open();
    hand.start('tool', 'a');
    hand.runner.moveBatch(hand.batch, 'next');
    hand.runner.moveBatch('next/0', 'message');
    hand.runner.cancel('next/0/a');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.runner.currentKey('next/0/a')).toBe('message/0/a');
  });

  it('leaves its key to another one, whose calls are others: for commands, and for whoever reads their idempotency keys', async () => {
    const hand = open();
    hand.start('tool', 'a');
    hand.runner.moveBatch(hand.batch, 'next');
    hand.runner.openBatch('message', 0);
    hand.start('tool', 'a');
    const keys = hand.invocations.map(({ options }) => options.idempotencyKey);
    expect(new Set(keys).size).toBe(2);
    hand.runner.cancel('message/0/a');
    expect(hand.status('a')).toBe('cancelled');
    expect(recordOf(hand, 'a').status).toBe('running');
  });

  it('is forgotten under its new key, and under an old one', () => {
    const hand = open();
    hand.start('tool', 'a');
    hand.runner.moveBatch(hand.batch, 'next');
    hand.runner.forget(hand.batch);
    expect(hand.runner.store.getState().batches).toEqual({});
    expect(hand.invocation('a').options.abortSignal.aborted).toBe(true);
    expect(hand.runner.currentKey('message/0/a')).toBe('message/0/a');
  });
});
