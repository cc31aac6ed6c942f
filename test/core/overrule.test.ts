// Specifies: a call that somebody else has answered ends with that, whatever its status.
import { describe, expect, it } from 'vitest';
import { createHandRunner, flush } from './hand-runner.ts';

const theirs = { type: 'call-succeeded', output: 'theirs' } as const;
type Hand = ReturnType<typeof createHandRunner>;

const ways: [string, (hand: Hand) => unknown][] = [
  ['awaiting-approval', (hand) => hand.start('asked', 'a')],
  ['awaiting-input', (hand) => hand.start('person', 'a')],
  ['interrupted', (hand) => hand.add('a', 'tool', {}, { status: 'interrupted' })],
  ['queued', (hand) => hand.add('a', 'tool')],
  ['running', (hand) => hand.start('tool', 'a')],
  ['retrying', (hand) => (hand.start('tool', 'a'), hand.fail('a'))],
  ['succeeded', (hand) => (hand.start('tool', 'a'), hand.succeed('a', 'ours'))],
  ['failed', (hand) => (hand.start('held', 'a'), hand.fail('a'))],
  ['cancelled', (hand) => (hand.start('tool', 'a'), hand.runner.cancel(hand.keyOf('a')))],
  ['denied', (hand) => (hand.start('asked', 'a'), hand.runner.deny(hand.keyOf('a')))],
];

describe('a call that somebody else has answered', () => {
  it.each(ways)('and that is %s ends with that, and nothing revives it', async (status, lead) => {
    const hand = createHandRunner({
      tool: { retry: 1, retryDelay: 5 },
      asked: { approval: true },
      held: { onFailure: 'hold' },
      person: { execute: false },
    });
    await lead(hand);
    expect(hand.status('a')).toBe(status);
    const runs = hand.runs('a');
    hand.runner.overrule(hand.keyOf('a'), theirs, 'server');
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: 'theirs', answeredBy: 'server' });
    hand.runner.approve(hand.keyOf('a'));
    hand.runner.run(hand.keyOf('a'));
    hand.end();
    hand.clock.advance(60_000);
    if (status === 'running') await hand.succeed('a', 'late');
    await flush();
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: 'theirs' });
    expect(hand.runs('a')).toBe(runs);
    expect(hand.runner.isFinished(hand.batch)).toBe(true);
    expect(hand.runner.hasOpenCalls()).toBe(false);
  });

  it('is aborted where it runs, with the reason, which its attempt keeps', () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.runner.overrule(hand.keyOf('a'), theirs, 'server');
    const { abortSignal } = hand.invocation('a').options;
    expect(abortSignal.reason).toMatchObject({ kind: 'cancelled', by: 'answered' });
    expect(hand.record('a').attempts).toMatchObject([{ error: { by: 'answered' } }]);
  });

  it('gives back its slot and its lock at once', () => {
    const hand = createHandRunner({ tool: { locks: () => ({ write: ['one'] }) } }, { concurrency: 1 });
    hand.start('tool', 'a', 'b', 'c');
    expect(hand.running()).toEqual(['a']);
    hand.runner.overrule(hand.keyOf('b'), theirs, 'server');
    expect(hand.running()).toEqual(['a']);
    hand.runner.overrule(hand.keyOf('a'), theirs, 'server');
    expect(hand.running()).toEqual(['c']);
  });

  it('lets go what waits for it: the calls that come after it, and its twin, which takes its result', async () => {
    const hand = createHandRunner({ first: {}, second: { after: 'first' }, twin: { dedupe: true } });
    hand.add('a', 'first');
    hand.add('b', 'second');
    hand.add('c', 'twin');
    hand.add('d', 'twin');
    hand.end();
    expect(hand.running()).toEqual(['a', 'c']);
    hand.runner.overrule(hand.keyOf('a'), theirs, 'server');
    hand.runner.overrule(hand.keyOf('c'), theirs, 'server');
    await flush();
    expect(hand.running()).toEqual(['b']);
    expect(hand.record('d')).toMatchObject({ status: 'succeeded', output: 'theirs' });
  });
});
