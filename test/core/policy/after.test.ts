import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

describe('after', () => {
  it('waits for every call of the named tools, and says which', async () => {
    const { add, end, running, wait, succeed, fail, keyOf } = createHandRunner({
      verify: {},
      refund: { after: 'verify' },
    });
    add('a', 'refund');
    add('b', 'verify');
    add('c', 'verify');
    end();
    expect(running()).toEqual(['b', 'c']);
    expect(wait('a')).toEqual({ type: 'order', call: keyOf('b'), toolName: 'verify' });
    await succeed('b');
    expect(wait('a')).toEqual({ type: 'order', call: keyOf('c'), toolName: 'verify' });
    await fail('c');
    expect(running()).toEqual(['a']);
  });

  it('takes several names', async () => {
    const { add, end, running, succeed } = createHandRunner({ one: {}, two: {}, last: { after: ['one', 'two'] } });
    add('a', 'one');
    add('b', 'two');
    add('c', 'last');
    end();
    await succeed('a');
    expect(running()).toEqual(['b']);
    await succeed('b');
    expect(running()).toEqual(['c']);
  });

  it('does not wait when its batch has no such call', () => {
    const { start, running } = createHandRunner({ verify: {}, refund: { after: 'verify' } });
    start('refund', 'a');
    expect(running()).toEqual(['a']);
  });

  it('waits for the step to end, even when eager: a call that it comes after may still arrive', () => {
    const { add, end, wait, running } = createHandRunner({ verify: {}, refund: { after: 'verify', start: 'eager' } });
    add('a', 'refund');
    expect(wait('a')).toEqual({ type: 'step-end' });
    end();
    expect(running()).toEqual(['a']);
  });

  it('looks at its own batch only', () => {
    const { runner, start, running } = createHandRunner({ verify: {}, refund: { after: 'verify' } });
    const other = runner.openBatch('earlier', 0);
    runner.addCall(other, { toolCallId: 'x', toolName: 'verify', input: {} });
    runner.endStep(other);
    start('refund', 'a');
    expect(running()).toEqual(['a']);
  });

  it('goes on when the call that it waits for is cancelled or denied', () => {
    const { add, end, running, runner, keyOf } = createHandRunner({
      verify: {},
      ask: { approval: true },
      refund: { after: ['verify', 'ask'] },
    });
    add('a', 'verify');
    add('b', 'ask');
    add('c', 'refund');
    end();
    runner.cancel(keyOf('a'));
    expect(running()).toEqual([]);
    runner.deny(keyOf('b'));
    expect(running()).toEqual(['c']);
  });

  it('waits on while a person decides about a held failure', async () => {
    const { add, end, status, wait, fail, runner, keyOf } = createHandRunner({
      verify: { onFailure: 'hold' },
      refund: { after: 'verify' },
    });
    add('a', 'verify');
    add('b', 'refund');
    end();
    await fail('a');
    expect(wait('b')).toMatchObject({ type: 'order', call: keyOf('a') });
    runner.skip(keyOf('a'));
    expect(status('b')).toBe('running');
  });
});
