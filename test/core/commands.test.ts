import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ToolCallError } from '../../src/core/index.ts';
import { createHandRunner, flush } from './hand-runner.ts';

describe('cancel', () => {
  const ways: [string, (hand: ReturnType<typeof createHandRunner>) => Promise<void> | void][] = [
    ['awaiting-approval', (hand) => hand.start('asked', 'a')],
    ['awaiting-input', (hand) => hand.start('person', 'a')],
    ['interrupted', (hand) => void hand.add('a', 'tool', {}, { status: 'interrupted' })],
    ['queued', (hand) => void hand.add('a', 'tool')],
    ['running', (hand) => hand.start('tool', 'a')],
    [
      'retrying',
      async (hand) => {
        hand.start('tool', 'a');
        await hand.fail('a');
      },
    ],
  ];

  it.each(ways)('ends a call that is %s, and nothing revives it', async (status, lead) => {
    const hand = createHandRunner({
      tool: { retry: 1, retryDelay: 5 },
      asked: { approval: true },
      person: { execute: false },
    });
    await lead(hand);
    expect(hand.status('a')).toBe(status);
    const runs = hand.runs('a');
    hand.runner.cancel(hand.keyOf('a'));
    hand.runner.cancel(hand.record('a'));
    expect(hand.record('a')).toMatchObject({ status: 'cancelled', error: { kind: 'cancelled', by: 'user' } });
    expect(hand.clock.pending).toBe(0);
    hand.end();
    hand.runner.approve(hand.keyOf('a'));
    hand.runner.respond(hand.keyOf('a'), 1);
    hand.runner.run(hand.keyOf('a'));
    await hand.clock.advance(100_000);
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.runs('a')).toBe(runs);
    expect(hand.clock.pending).toBe(0);
  });

  it('aborts the signal, and drops what comes late', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.cancel(hand.keyOf('a'));
    expect(hand.invocation('a').options.abortSignal.reason).toMatchObject({ by: 'user' });
    await hand.succeed('a');
    expect(hand.status('a')).toBe('cancelled');
  });

  it('keeps the signal of a call that succeeded as it is', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    await hand.succeed('a');
    hand.runner.cancel(hand.keyOf('a'));
    expect(hand.status('a')).toBe('succeeded');
    expect(hand.invocation('a').options.abortSignal.aborted).toBe(false);
  });
});

describe('cancelAll and abort', () => {
  it('start nothing in the room that they make', () => {
    const hand = createHandRunner({ tool: { locks: () => ({ write: ['key'] }) } }, { concurrency: 1 });
    hand.start('tool', 'a', 'b', 'c');
    hand.runner.cancelAll();
    expect(hand.invocations).toHaveLength(1);
    for (const id of ['a', 'b', 'c']) expect(hand.status(id)).toBe('cancelled');
  });

  it('end one batch and leave the others', () => {
    const hand = createHandRunner({ tool: {} }, { concurrency: 1 });
    hand.start('tool', 'a');
    const other = hand.runner.openBatch('later', 0);
    const key = hand.runner.addCall(other, { toolCallId: 'x', toolName: 'tool', input: {} });
    hand.runner.endStep(other);
    hand.runner.cancelAll(hand.batch);
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.runner.store.getState().batches[other]?.calls[key]?.status).toBe('running');
    hand.runner.cancelAll('no batch');
  });

  it.each(['stop', 'unmount', 'superseded', 'new-message'] as const)('tell the tools that it was %s', (by) => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.abort(by);
    expect(hand.invocation('a').options.abortSignal.reason).toMatchObject({ kind: 'cancelled', by });
    expect(hand.error('a')).toMatchObject({ by });
  });

  it('tell the store before the tools, and the tools before others start', () => {
    const hand = createHandRunner({ tool: {}, other: {} }, { concurrency: 1 });
    const order: string[] = [];
    hand.start('tool', 'a');
    hand.add('b', 'other');
    hand.runner.subscribe(({ type }) => order.push(type));
    hand.invocation('a').options.abortSignal.addEventListener('abort', () => order.push('abort'));
    hand.runner.cancel(hand.keyOf('a'));
    expect(order).toEqual(['call-cancelled', 'abort', 'attempt-started']);
  });
});

describe('retry', () => {
  it('runs a failed call again, with a fresh budget and the same idempotency key', async () => {
    const hand = createHandRunner({ tool: { retry: 1, retryDelay: 0 } });
    hand.start('tool', 'a');
    for (let attempt = 0; attempt < 2; attempt++) {
      await hand.fail('a');
      await hand.clock.advance(0);
    }
    expect(hand.status('a')).toBe('failed');
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.record('a')).toMatchObject({ status: 'running', generation: 1 });
    expect(hand.record('a').attempts).toHaveLength(1);
    await hand.fail('a');
    expect(hand.status('a')).toBe('retrying');
    await hand.clock.advance(0);
    await hand.succeed('a');
    expect(hand.status('a')).toBe('succeeded');
    expect(hand.invocations.map(({ options }) => options.attempt)).toEqual([1, 2, 1, 2]);
    expect(new Set(hand.invocations.map(({ options }) => options.idempotencyKey))).toEqual(new Set([hand.keyOf('a')]));
  });

  it('gives identical calls different idempotency keys', () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a', 'b');
    expect(hand.invocation('a').options.idempotencyKey).not.toBe(hand.invocation('b').options.idempotencyKey);
  });

  it('drops what the cancelled run says later', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.cancel(hand.keyOf('a'));
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.runs('a')).toBe(2);
    hand.invocations[0]!.resolve('first');
    hand.invocations[0]!.options.reportProgress({ fraction: 1 });
    await hand.clock.advance(16);
    expect(hand.record('a')).toMatchObject({ status: 'running' });
    expect(hand.record('a').progress).toBeUndefined();
    await hand.succeed('a', 'second');
    expect(hand.output('a')).toBe('second');
  });

  it.each(['succeeded', 'running', 'denied', 'invalid', 'unknown', 'missing'])(
    'does nothing for a call that is %s',
    async (id) => {
      const hand = createHandRunner({
        tool: {},
        asked: { approval: true },
        strict: { inputSchema: z.object({ n: z.number() }) as never },
      });
      for (const name of ['succeeded', 'running']) hand.add(name, 'tool');
      hand.add('denied', 'asked');
      hand.add('invalid', 'strict');
      hand.add('unknown', 'nothing');
      hand.end();
      await hand.succeed('succeeded');
      hand.runner.deny(hand.keyOf('denied'));
      const before = hand.runner.store.getState();
      hand.runner.retry(hand.keyOf(id));
      expect(hand.runner.store.getState()).toBe(before);
    },
  );

  it('does nothing while the batch says that it would lose something', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    await hand.fail('a');
    hand.runner.dispatch({ type: 'retry-blocked', batchKey: hand.batch, block: 'later-write' });
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.status('a')).toBe('failed');
  });

  it('uses the tool and the policy of now', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    await hand.fail('a');
    hand.runner.setOptions({ tools: hand.build({ tool: { execute: () => 'mended' } }) });
    hand.runner.retry(hand.keyOf('a'));
    await flush();
    expect(hand.output('a')).toBe('mended');
  });

  it('fails a call whose tool has gone', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    await hand.fail('a');
    hand.runner.setOptions({ tools: {} });
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.error('a')?.kind).toBe('unknown-tool');
  });
});

describe('retryFailed', () => {
  it('runs every failed call again, and no other', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a', 'b', 'c', 'd');
    await hand.fail('a');
    await hand.fail('b');
    await hand.succeed('c');
    hand.runner.cancel(hand.keyOf('d'));
    hand.runner.retryFailed({ key: hand.batch });
    expect(hand.running()).toEqual(['a', 'b']);
    hand.runner.retryFailed('no batch');
  });
});

describe('interrupted calls', () => {
  it('wait for a person, and run when told', () => {
    const hand = createHandRunner({ tool: {} });
    hand.add('a', 'tool', {}, { status: 'interrupted' });
    hand.end();
    expect(hand.status('a')).toBe('interrupted');
    hand.runner.run(hand.keyOf('a'));
    hand.runner.run(hand.keyOf('a'));
    hand.runner.run('no call');
    expect(hand.status('a')).toBe('running');
    expect(hand.runs('a')).toBe(1);
  });

  it('fail when skipped, and can be retried', () => {
    const hand = createHandRunner({ tool: {} });
    hand.add('a', 'tool', {}, { status: 'interrupted' });
    hand.end();
    hand.runner.skip(hand.keyOf('a'));
    expect(hand.error('a')?.kind).toBe('interrupted');
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.status('a')).toBe('running');
  });

  it('still ask for the approval that the server asked for', () => {
    const hand = createHandRunner({ tool: {} });
    hand.add('a', 'tool', {}, { status: 'interrupted', approvalAsked: true });
    hand.end();
    hand.runner.run(hand.keyOf('a'));
    expect(hand.status('a')).toBe('awaiting-approval');
  });
});

describe('addEndedCall', () => {
  it('adds a call that ended elsewhere, once, and runs nothing', () => {
    const hand = createHandRunner({ tool: {} });
    const call = { toolCallId: 'a', toolName: 'tool', input: { n: 1 } };
    const fail = (message: string) =>
      ({ type: 'call-failed', error: new ToolCallError('invalid-input', message) }) as const;
    hand.runner.addEndedCall(hand.batch, call, fail('the server says no'));
    hand.runner.addEndedCall(hand.batch, call, fail('again'));
    hand.runner.addEndedCall(hand.batch, { ...call, toolCallId: 'b' }, { type: 'call-succeeded', output: 'known' });
    expect(hand.record('a')).toMatchObject({
      status: 'failed',
      error: { message: 'the server says no' },
      attempts: [],
    });
    expect(hand.record('b')).toMatchObject({ status: 'succeeded', output: 'known', attempts: [] });
    expect(hand.invocations).toEqual([]);
  });
});

describe('respond', () => {
  const asking = { execute: false as const, outputSchema: z.string().min(3) };

  it("takes a person's answer as the output", () => {
    const hand = createHandRunner({ ask: { execute: false } });
    hand.start('ask', 'a');
    expect(hand.status('a')).toBe('awaiting-input');
    hand.runner.respond(hand.keyOf('a'), { colour: 'red' });
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: { colour: 'red' } });
    hand.runner.respond(hand.keyOf('a'), 'again');
    expect(hand.output('a')).toEqual({ colour: 'red' });
  });

  it('says why an answer does not fit, and waits for a better one', () => {
    const hand = createHandRunner({ ask: asking });
    hand.start('ask', 'a');
    hand.runner.respond(hand.keyOf('a'), 'no');
    expect(hand.record('a')).toMatchObject({ status: 'awaiting-input', error: { kind: 'invalid-output' } });
    expect(hand.error('a')?.message).toMatch(/^The answer to ask does not fit its outputSchema: /);
    hand.runner.respond(hand.keyOf('a'), 'yes');
    expect(hand.output('a')).toBe('yes');
  });

  it('refuses an answer that cannot be sent', () => {
    const hand = createHandRunner({ ask: { execute: false } });
    hand.start('ask', 'a');
    hand.runner.respond(hand.keyOf('a'), 1n);
    expect(hand.error('a')?.message).toContain('cannot be sent as JSON');
    hand.runner.respond(hand.keyOf('a'), { picked: new Set(['red']) });
    expect(hand.error('a')?.message).toContain('`picked` is a Set');
    expect(hand.status('a')).toBe('awaiting-input');
  });

  it('takes an answer as it was when it was given', () => {
    const hand = createHandRunner({ ask: { execute: false } });
    hand.start('ask', 'a');
    const form = { colours: ['red'], at: new Date(0) };
    hand.runner.respond(hand.keyOf('a'), form);
    form.colours.push('blue');
    expect(hand.output('a')).toEqual({ colours: ['red'], at: '1970-01-01T00:00:00.000Z' });
  });

  it('takes the first of two answers that are checked at once, and none after a cancel', async () => {
    const slow = z.string().refine(async () => true);
    const hand = createHandRunner({ ask: { execute: false, outputSchema: slow } });
    hand.start('ask', 'a', 'b');
    hand.runner.respond(hand.keyOf('a'), 'one');
    hand.runner.respond(hand.keyOf('a'), 'two');
    hand.runner.respond(hand.keyOf('b'), 'late');
    hand.runner.cancel(hand.keyOf('b'));
    hand.runner.retry(hand.keyOf('b'));
    await flush();
    expect(hand.output('a')).toBe('one');
    expect(hand.status('b')).toBe('awaiting-input');
  });

  it('is for calls that wait for input only', () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.respond(hand.keyOf('a'), 1);
    hand.runner.respond('no call', 1);
    expect(hand.status('a')).toBe('running');
  });
});

describe('skip', () => {
  it('gives up on a question, and tells the model', () => {
    const hand = createHandRunner({ ask: { execute: false } });
    hand.start('ask', 'a');
    hand.runner.skip(hand.keyOf('a'));
    expect(hand.record('a')).toMatchObject({
      status: 'failed',
      error: { kind: 'denied', message: 'The user did not answer' },
    });
  });

  it('does nothing where there is nothing to give up', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a', 'b');
    await hand.fail('b');
    const before = hand.runner.store.getState();
    for (const id of ['a', 'b', 'c']) hand.runner.skip(hand.keyOf(id));
    expect(hand.runner.store.getState()).toBe(before);
  });
});

describe('approve and deny', () => {
  it('do nothing to calls that do not wait for them', () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.approve(hand.keyOf('a'));
    hand.runner.deny(hand.keyOf('a'));
    hand.runner.approve('no call');
    hand.runner.deny('no call');
    hand.runner.cancel('no call');
    hand.runner.retry('no call');
    expect(hand.status('a')).toBe('running');
  });
});
