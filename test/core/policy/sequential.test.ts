import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

const tools = { plain: {}, alone: { sequential: true }, last: { after: 'alone' } };

describe('sequential', () => {
  it('runs alone in its batch, in call order', async () => {
    const { add, end, running, wait, succeed, keyOf } = createHandRunner(tools);
    add('a', 'plain');
    add('b', 'alone');
    add('c', 'plain');
    end();
    expect(running()).toEqual(['a']);
    expect(wait('b')).toEqual({ type: 'order', call: keyOf('a'), toolName: 'plain' });
    expect(wait('c')).toEqual({ type: 'order', call: keyOf('b'), toolName: 'alone' });
    await succeed('a');
    expect(running()).toEqual(['b']);
    await succeed('b');
    expect(running()).toEqual(['c']);
  });

  it('does not wait for other batches', () => {
    const { runner, start, running } = createHandRunner(tools);
    const other = runner.openBatch('earlier', 0);
    runner.addCall(other, { toolCallId: 'x', toolName: 'plain', input: {} });
    runner.endStep(other);
    start('alone', 'a');
    expect(running()).toEqual(['a']);
  });

  it('gives way to `after`: what a sequential call waits for does not wait for its barrier', async () => {
    const { add, end, running, succeed } = createHandRunner({ alone: { sequential: true, after: 'first' }, first: {} });
    add('a', 'alone');
    add('b', 'first');
    end();
    expect(running()).toEqual(['b']);
    await succeed('b');
    expect(running()).toEqual(['a']);
  });

  it('runs two barriers one after the other', async () => {
    const { start, running, succeed } = createHandRunner(tools);
    start('alone', 'a', 'b');
    expect(running()).toEqual(['a']);
    await succeed('a');
    expect(running()).toEqual(['b']);
  });

  it('waits, when it is retried, for later calls that are on their way', async () => {
    const { add, end, running, fail, succeed, runner, keyOf, wait } = createHandRunner(tools);
    add('a', 'alone');
    add('b', 'plain');
    end();
    await fail('a');
    expect(running()).toEqual(['b']);
    runner.retry(keyOf('a'));
    expect(wait('a')).toEqual({ type: 'order', call: keyOf('b'), toolName: 'plain' });
    await succeed('b');
    expect(running()).toEqual(['a']);
  });

  it.each(['queued', 'retrying'] as const)('waits, when it is retried, for a later call that is %s', async (status) => {
    const hand = createHandRunner(
      { ...tools, plain: { retry: 1, retryDelay: 50 }, other: {} },
      { concurrency: status === 'queued' ? 1 : 2 },
    );
    hand.add('a', 'alone');
    hand.add('b', 'plain');
    const elsewhere = hand.runner.openBatch('elsewhere', 0);
    hand.end();
    hand.runner.addCall(elsewhere, { toolCallId: 'x', toolName: 'other', input: {} });
    hand.runner.subscribe(({ type }) => {
      if (type === 'call-failed') hand.runner.endStep(elsewhere);
    });
    await hand.fail('a');
    if (status === 'retrying') await hand.fail('b');
    else hand.runner.cancel(hand.keyOf('b'));
    if (status === 'queued') hand.runner.retry(hand.keyOf('b'));
    expect(hand.status('b')).toBe(status);
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.wait('a')).toMatchObject({ type: 'order', call: hand.keyOf('b') });
  });

  it('keeps a retried call out while a later barrier runs', async () => {
    const { add, end, running, fail, succeed, runner, keyOf } = createHandRunner(tools);
    add('a', 'plain');
    add('b', 'alone');
    end();
    await fail('a');
    runner.retry(keyOf('a'));
    expect(running()).toEqual(['b']);
    await succeed('b');
    expect(running()).toEqual(['a']);
  });
});
