import { describe, expect, it } from 'vitest';
import { isBatchSettled } from '../../../src/core/index.ts';
import { createHandRunner, flush } from '../hand-runner.ts';

const held = { onFailure: 'hold' as const };
const isOver = ({ runner, batch }: ReturnType<typeof createHandRunner>) =>
  isBatchSettled(runner.store.getState().batches[batch]!);

describe('onFailure', () => {
  it("settles the batch with 'report'", async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(hand.record('a').held).toBeUndefined();
    expect(isOver(hand)).toBe(true);
  });

  it("keeps the batch open with 'hold', until the call is skipped", async () => {
    const hand = createHandRunner({ tool: held });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(hand.record('a')).toMatchObject({ status: 'failed', held: true });
    expect(isOver(hand)).toBe(false);
    hand.runner.skip(hand.keyOf('a'));
    expect(hand.record('a')).toMatchObject({ status: 'failed' });
    expect(isOver(hand)).toBe(true);
  });

  it("keeps the batch open with 'hold', until a retry succeeds", async () => {
    const hand = createHandRunner({ tool: held });
    hand.start('tool', 'a');
    await hand.fail('a');
    hand.runner.retry(hand.keyOf('a'));
    await hand.fail('a');
    expect(hand.record('a')).toMatchObject({ held: true, generation: 1 });
    hand.runner.retryFailed(hand.batch);
    await hand.succeed('a');
    expect(isOver(hand)).toBe(true);
  });

  it('holds any failure: of the input, of a lock function, of a timeout', async () => {
    const hand = createHandRunner({
      tool: { ...held, timeout: 10 },
      locked: { ...held, locks: () => ({ write: 1 }) as never },
    });
    hand.add('a', 'tool');
    hand.add('b', 'locked');
    hand.end();
    await hand.clock.advance(10);
    expect(hand.record('a').held).toBe(true);
    expect(hand.record('b').held).toBe(true);
  });

  it('keeps `runCalls` waiting, until the person has decided', async () => {
    const { runner, fail } = createHandRunner({ tool: held });
    let results: unknown;
    void runner.runCalls([{ toolCallId: 'a', toolName: 'tool', input: {} }]).then((calls) => {
      results = calls.map(({ status }) => status);
    });
    await fail('a');
    expect(results).toBeUndefined();
    const call = Object.values(runner.store.getState().batches).flatMap(({ calls }) => Object.values(calls))[0]!;
    runner.skip(call);
    await flush();
    expect(results).toEqual(['failed']);
  });

  it.each([
    ['cancel', (hand: ReturnType<typeof createHandRunner>) => hand.runner.cancel(hand.keyOf('a'))],
    ['cancelAll', (hand: ReturnType<typeof createHandRunner>) => hand.runner.cancelAll()],
    ['abort', (hand: ReturnType<typeof createHandRunner>) => hand.runner.abort('stop', hand.batch)],
  ])('gives up on a held failure at %s, and keeps its error', async (_, giveUp) => {
    const hand = createHandRunner({ tool: held });
    hand.start('tool', 'a');
    await hand.fail('a');
    giveUp(hand);
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { message: 'broken' } });
    expect(isOver(hand)).toBe(true);
  });
});
