import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

describe('start', () => {
  it.each([
    ['readOnly', { readOnly: true }],
    ['idempotent', { idempotent: true }],
    ["start: 'eager'", { start: 'eager' as const }],
  ])('starts a tool with %s as soon as its input is complete', (_, policy) => {
    const { add, running } = createHandRunner({ tool: policy });
    add('a', 'tool');
    expect(running()).toEqual(['a']);
  });

  it('keeps any other tool until the step has ended, and says so', () => {
    const { add, end, running, wait } = createHandRunner({ tool: {} });
    add('a', 'tool');
    expect(wait('a')).toEqual({ type: 'step-end' });
    end();
    expect(running()).toEqual(['a']);
  });

  it("keeps a readOnly tool with start: 'step-end'", () => {
    const { add, running } = createHandRunner({ tool: { readOnly: true, start: 'step-end' } });
    add('a', 'tool');
    expect(running()).toEqual([]);
  });

  it('keeps a tool that the server asks approval for', () => {
    const { add, running } = createHandRunner({ tool: { readOnly: true, needsApproval: true } });
    add('a', 'tool');
    expect(running()).toEqual([]);
  });

  it('starts nothing after an answer that broke off, and leaves alone what runs', () => {
    const { add, running, status, error, runner, batch } = createHandRunner({ eager: { readOnly: true }, late: {} });
    add('a', 'eager');
    add('b', 'late');
    runner.abandonStep(batch);
    expect(running()).toEqual(['a']);
    expect(status('b')).toBe('cancelled');
    expect(error('b')).toMatchObject({ by: 'not-run', message: expect.stringContaining('Not run') });
    expect(runner.store.getState().batches[batch]?.streaming).toBe(false);
  });

  it('goes on with a second attempt after an answer that broke off', async () => {
    const { add, fail, running, status, clock, runner, batch } = createHandRunner({
      eager: { readOnly: true, retryDelay: 10 },
    });
    add('a', 'eager');
    await fail('a');
    runner.abandonStep(batch);
    expect(status('a')).toBe('retrying');
    await clock.advance(10);
    expect(running()).toEqual(['a']);
  });
});
