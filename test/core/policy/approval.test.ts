import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

describe('approval', () => {
  it('runs nothing before a person says yes', () => {
    const { start, status, runs, runner, keyOf } = createHandRunner({ refund: { approval: true } });
    start('refund', 'a');
    expect(status('a')).toBe('awaiting-approval');
    expect(runs('a')).toBe(0);
    runner.approve(keyOf('a'));
    expect(status('a')).toBe('running');
  });

  it('asks at once, while the model still writes, and runs after the step', () => {
    const { add, end, status, wait, runner, keyOf } = createHandRunner({ refund: { approval: true } });
    add('a', 'refund');
    expect(status('a')).toBe('awaiting-approval');
    runner.approve(keyOf('a'));
    expect(wait('a')).toEqual({ type: 'step-end' });
    end();
    expect(status('a')).toBe('running');
  });

  it('asks where the function says so of the parsed input', () => {
    const { add, end, status } = createHandRunner({
      refund: { approval: ({ amount }: { amount: number }) => amount > 100 },
    });
    add('a', 'refund', { amount: 5 });
    add('b', 'refund', { amount: 500 });
    end();
    expect(status('a')).toBe('running');
    expect(status('b')).toBe('awaiting-approval');
  });

  it('does not ask about an input that is not valid', () => {
    const { start, status } = createHandRunner({
      refund: {
        approval: true,
        inputSchema: { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) } },
      },
    });
    start('refund', 'a');
    expect(status('a')).toBe('failed');
  });

  it('ends as denied, with the reason for the model', () => {
    const { add, end, record, runner, keyOf, runs } = createHandRunner({ refund: { approval: true } });
    add('a', 'refund');
    add('b', 'refund');
    end();
    runner.deny(keyOf('a'), 'Too much money');
    runner.deny(keyOf('b'));
    expect(record('a')).toMatchObject({ status: 'denied', error: { kind: 'denied', message: 'Too much money' } });
    expect(record('b')).toMatchObject({ status: 'denied', error: { kind: 'denied', message: 'The user said no' } });
    expect(runs('a')).toBe(0);
  });

  it('does not ask again for a retry of what was approved', async () => {
    const { start, status, runner, keyOf, fail } = createHandRunner({ refund: { approval: true } });
    start('refund', 'a');
    runner.approve(keyOf('a'));
    await fail('a');
    runner.retry(keyOf('a'));
    expect(status('a')).toBe('running');
  });

  it('asks when a call that was cancelled before its yes is retried', () => {
    const { start, status, runner, keyOf } = createHandRunner({ refund: { approval: true } });
    start('refund', 'a');
    runner.cancel(keyOf('a'));
    runner.retry(keyOf('a'));
    expect(status('a')).toBe('awaiting-approval');
  });

  it('comes before the answer that a person gives', () => {
    const { start, status, runner, keyOf } = createHandRunner({ sign: { approval: true, execute: false } });
    start('sign', 'a');
    expect(status('a')).toBe('awaiting-approval');
    runner.approve(keyOf('a'));
    expect(status('a')).toBe('awaiting-input');
  });

  it('is not asked for what the page has approved already', () => {
    const { add, end, status } = createHandRunner({ refund: { approval: true }, asked: { approval: () => true } });
    add('a', 'refund', {}, { approved: true });
    add('b', 'asked', {}, { approved: true });
    end();
    expect(status('a')).toBe('running');
    expect(status('b')).toBe('running');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no idea');
      },
      'threw: no idea',
    ],
    ['gives a promise', async () => false, 'expected `true` or `false` at once, got a promise'],
    ['gives nothing', () => undefined, 'expected `true` or `false` at once, got `undefined`'],
  ])('fails the call, and does not run it, when the function %s', (_, approval, message) => {
    const { start, status, error, runs } = createHandRunner({ refund: { approval: approval as never } });
    start('refund', 'a');
    expect(status('a')).toBe('failed');
    expect(error('a')?.message).toContain('`approval` of refund threw');
    expect(error('a')?.message).toContain(message);
    expect(runs('a')).toBe(0);
  });

  it('does nothing more when the function itself cancels the call', () => {
    const hand = createHandRunner({
      refund: {
        approval: () => {
          hand.runner.cancelAll();
          return false;
        },
      },
    });
    hand.start('refund', 'a');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.runs('a')).toBe(0);
  });
});

describe('approval that the server asks for', () => {
  it('holds a call from its beginning', () => {
    const { add, end, status, runner, keyOf } = createHandRunner({ refund: {} });
    add('a', 'refund', {}, { approvalAsked: true });
    end();
    expect(status('a')).toBe('awaiting-approval');
    runner.approve(keyOf('a'));
    expect(status('a')).toBe('running');
  });

  it('takes a waiting call out of the line', () => {
    const { start, status, runner, keyOf } = createHandRunner({ tool: {} }, { concurrency: 1 });
    start('tool', 'a', 'b');
    runner.requireApproval(keyOf('b'));
    expect(status('b')).toBe('awaiting-approval');
    runner.cancel(keyOf('a'));
    expect(status('b')).toBe('awaiting-approval');
    runner.approve(keyOf('b'));
    expect(status('b')).toBe('running');
  });

  it('holds a call that waits for the step to end, and one whose input is being checked', async () => {
    const { add, end, status, runner, keyOf, clock } = createHandRunner({
      tool: {},
      checked: {
        inputSchema: { '~standard': { version: 1, vendor: 'test', validate: async (value: unknown) => ({ value }) } },
      },
    });
    add('a', 'tool');
    add('b', 'checked');
    runner.requireApproval(keyOf('a'));
    runner.requireApproval(keyOf('b'));
    end();
    await clock.advance(0);
    expect(status('a')).toBe('awaiting-approval');
    expect(status('b')).toBe('awaiting-approval');
  });

  it('stops a read that has started, wherever it stands; after the yes it begins again', async () => {
    const { start, status, runner, keyOf, fail, succeed, record, clock } = createHandRunner(
      { tool: { readOnly: true, retry: 1, retryDelay: 0 } },
      { concurrency: 3 },
    );
    start('tool', 'a', 'b', 'c', 'd');
    await fail('a');
    await succeed('b', 'too early');
    expect([status('a'), status('b'), status('c')]).toEqual(['retrying', 'succeeded', 'running']);
    for (const id of ['a', 'b', 'c']) runner.requireApproval(keyOf(id));
    expect([status('a'), status('b'), status('c'), status('d')]).toEqual([
      ...Array(3).fill('awaiting-approval'),
      'running',
    ]);
    await clock.advance(10);
    runner.approve(keyOf('b'));
    await succeed('b', 'in time');
    expect(record('b')).toMatchObject({ status: 'succeeded', output: 'in time', generation: 1 });
    runner.deny(keyOf('a'));
    expect(record('a')).toMatchObject({ status: 'denied', attempts: [] });
  });

  it('comes too late for a write that has started, and for what was approved, denied or cancelled', async () => {
    const { start, status, runner, keyOf, fail, clock } = createHandRunner(
      { tool: { retry: 1, retryDelay: 0 }, asked: { approval: true } },
      { concurrency: 1 },
    );
    start('tool', 'a', 'b', 'c');
    await fail('a');
    runner.requireApproval(keyOf('a'));
    expect(status('a')).toBe('retrying');
    await clock.advance(0);
    runner.requireApproval(keyOf('a'));
    expect(status('a')).toBe('queued');
    runner.requireApproval('no call');
    runner.requireApproval(keyOf('b'));
    expect(status('b')).toBe('running');
    runner.cancel(keyOf('c'));
    runner.requireApproval(keyOf('c'));
    expect(status('c')).toBe('cancelled');
  });

  it('leaves an approved call in the line', () => {
    const { add, end, status, runner, keyOf } = createHandRunner({ tool: {} }, { concurrency: 1 });
    add('a', 'tool');
    add('b', 'tool', {}, { approved: true });
    end();
    runner.requireApproval(keyOf('b'));
    expect(status('b')).toBe('queued');
  });
});
