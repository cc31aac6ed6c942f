import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

const shared = { dedupe: true };

describe('dedupe', () => {
  it('runs identical calls of a batch once, and gives all of them the result', async () => {
    const { add, end, running, wait, succeed, output, keyOf, invocations } = createHandRunner({ tool: shared });
    add('a', 'tool', { city: 'Rome', unit: 'C' });
    add('b', 'tool', { unit: 'C', city: 'Rome' });
    add('c', 'tool', { city: 'Paris', unit: 'C' });
    end();
    expect(running()).toEqual(['a', 'c']);
    expect(wait('b')).toEqual({ type: 'order', call: keyOf('a'), toolName: 'tool' });
    await succeed('a', 20);
    expect(output('b')).toBe(20);
    expect(invocations).toHaveLength(2);
  });

  it('is off by default: half of all real answers repeat a call on purpose', () => {
    const { start, running } = createHandRunner({ tool: {} });
    start('tool', 'a', 'b');
    expect(running()).toEqual(['a', 'b']);
  });

  it('shares a failure too, held once', async () => {
    const { start, fail, record, runner, keyOf, wait } = createHandRunner({ tool: { ...shared, onFailure: 'hold' } });
    start('tool', 'a', 'b');
    await fail('a');
    expect(record('a').held).toBe(true);
    expect(wait('b')).toMatchObject({ type: 'order', call: keyOf('a') });
    runner.skip(keyOf('a'));
    expect(record('b')).toMatchObject({ status: 'failed', error: { message: 'broken' } });
    expect(record('b').held).toBeUndefined();
  });

  it('shares one execution again when all failed calls are retried', async () => {
    const { start, fail, runs, running, runner, batch, succeed, status } = createHandRunner({ tool: shared });
    start('tool', 'a', 'b');
    await fail('a');
    expect(status('b')).toBe('failed');
    runner.retryFailed(batch);
    expect(running()).toEqual(['a']);
    await succeed('a');
    expect(status('b')).toBe('succeeded');
    expect(runs('b')).toBe(0);
  });

  it('runs a copy by itself when only the copy is retried, and then shares that with the first', async () => {
    const { start, fail, running, runner, keyOf, succeed, output, wait } = createHandRunner({ tool: shared });
    start('tool', 'a', 'b');
    await fail('a');
    runner.retry(keyOf('b'));
    expect(running()).toEqual(['b']);
    runner.retry(keyOf('a'));
    expect(wait('a')).toMatchObject({ type: 'order', call: keyOf('b') });
    await succeed('b', 'once');
    expect(output('a')).toBe('once');
  });

  it('lets a copy run when the first was cancelled or denied', () => {
    const { start, running, runner, keyOf, status } = createHandRunner({
      tool: shared,
      asked: { ...shared, approval: true },
    });
    start('tool', 'a', 'b');
    runner.cancel(keyOf('a'));
    expect(running()).toEqual(['b']);
    start('asked', 'c', 'd');
    runner.approve(keyOf('d'));
    expect(status('d')).toBe('queued');
    runner.deny(keyOf('c'));
    expect(status('d')).toBe('running');
  });

  it('takes the result of a copy when the first is run after a reload', async () => {
    const { add, end, runner, keyOf, succeed, output, running } = createHandRunner({ tool: shared });
    add('a', 'tool', {}, { status: 'interrupted' });
    add('b', 'tool', {}, { status: 'interrupted' });
    end();
    runner.skip(keyOf('a'));
    runner.run(keyOf('b'));
    expect(running()).toEqual(['b']);
    await succeed('b', 1);
    runner.retry(keyOf('a'));
    expect(output('a')).toBe(1);
  });

  it('tells apart inputs that JSON cannot carry', () => {
    const { add, end, running } = createHandRunner({ tool: shared });
    add('a', 'tool', { id: 1n });
    add('b', 'tool', { id: 1n });
    end();
    expect(running()).toEqual(['a', 'b']);
  });
});
