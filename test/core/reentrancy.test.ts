// Owns: whoever hears an event, or is asked as a policy, may give commands at once.
import { describe, expect, it } from 'vitest';
import type { ToolCallStoreEvent } from '../../src/core/index.ts';
import { createHandRunner, flush, type HandTool } from './hand-runner.ts';

/** Does something inside of the first event of a type. */
function onFirst(hand: ReturnType<typeof createHandRunner>, type: ToolCallStoreEvent['type'], act: () => void) {
  const stop = hand.runner.subscribe((event) => {
    if (event.type !== type) return;
    stop();
    act();
  });
}

function create(tool: HandTool = {}, concurrency = 10) {
  const hand = createHandRunner({ tool }, { concurrency });
  return {
    ...hand,
    cancel: () => hand.runner.cancel(hand.keyOf('a')),
    retry: () => hand.runner.retry(hand.keyOf('a')),
  };
}

describe('a command inside of an event', () => {
  it('cancels a call as it comes: nothing of it runs', () => {
    const hand = create({ readOnly: true });
    onFirst(hand, 'call-added', hand.cancel);
    hand.add('a', 'tool');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.invocations).toEqual([]);
  });

  it('cancels a call as it starts: its tool is not executed', () => {
    const hand = create();
    onFirst(hand, 'attempt-started', hand.cancel);
    hand.start('tool', 'a');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.invocations).toEqual([]);
    expect(hand.clock.pending).toBe(0);
  });

  it('cancels a call as it is approved, and as it is retried', async () => {
    const hand = create({ approval: true });
    onFirst(hand, 'approval-granted', hand.cancel);
    hand.start('tool', 'a');
    hand.runner.approve(hand.keyOf('a'));
    expect(hand.status('a')).toBe('cancelled');
    onFirst(hand, 'call-retried', hand.cancel);
    hand.retry();
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.invocations).toEqual([]);
  });

  it('cancels a call as its backoff begins, and as it ends', async () => {
    const hand = create({ retry: true, retryDelay: 10 });
    hand.start('tool', 'a');
    onFirst(hand, 'attempt-failed', hand.cancel);
    await hand.fail('a');
    expect(hand.status('a')).toBe('cancelled');
    hand.retry();
    await hand.fail('a');
    onFirst(hand, 'backoff-ended', hand.cancel);
    await hand.clock.advance(10);
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.runs('a')).toBe(2);
    expect(hand.clock.pending).toBe(0);
  });

  it('retries a call as it fails, which keeps neither slot nor lock of the first run', async () => {
    const hand = create({ locks: () => ({ write: ['key'] }) }, 1);
    hand.start('tool', 'a', 'b');
    onFirst(hand, 'call-failed', hand.retry);
    await hand.fail('a');
    expect(hand.running()).toEqual(['b']);
    await hand.succeed('b');
    expect(hand.running()).toEqual(['a']);
    await hand.succeed('a');
    hand.add('c', 'tool');
    expect(hand.running()).toEqual(['c']);
  });

  it('approves, answers and skips as soon as it is asked', async () => {
    const hand = createHandRunner({ asked: { approval: true }, ask: { execute: false }, held: { onFailure: 'hold' } });
    onFirst(hand, 'approval-required', () => hand.runner.approve(hand.keyOf('a')));
    onFirst(hand, 'input-required', () => hand.runner.respond(hand.keyOf('b'), 'yes'));
    onFirst(hand, 'call-failed', () => hand.runner.skip(hand.keyOf('c')));
    hand.add('a', 'asked');
    hand.add('b', 'ask');
    hand.add('c', 'held');
    hand.end();
    expect(hand.status('a')).toBe('running');
    expect(hand.output('b')).toBe('yes');
    await hand.fail('c');
    expect(hand.record('c').held).toBeUndefined();
  });

  it('cancels a call as it is told to wait', () => {
    const hand = create({}, 1);
    onFirst(hand, 'attempt-started', () => onFirst(hand, 'wait-changed', () => hand.runner.cancel(hand.keyOf('b'))));
    hand.start('tool', 'a', 'b', 'c');
    expect(hand.status('b')).toBe('cancelled');
    hand.runner.cancel(hand.keyOf('a'));
    expect(hand.running()).toEqual(['c']);
  });

  it('cannot add a call to a batch that is being forgotten', () => {
    const hand = create();
    hand.start('tool', 'a');
    const thrown: unknown[] = [];
    onFirst(hand, 'call-cancelled', () => {
      try {
        hand.add('b', 'tool');
      } catch (error) {
        thrown.push(error);
      }
    });
    hand.runner.forget(hand.batch);
    expect(thrown).toEqual([expect.objectContaining({ message: expect.stringContaining('There is no open batch') })]);
  });
});

describe('a command inside of a tool or a policy', () => {
  it('cancels the call that runs: the signal is aborted before the tool goes on', async () => {
    let aborted = false;
    const hand = create({
      execute(_input: never, { abortSignal }) {
        hand.cancel();
        aborted = abortSignal.aborted;
        return 'never seen';
      },
    });
    hand.start('tool', 'a');
    await flush();
    expect(aborted).toBe(true);
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.clock.pending).toBe(0);
  });

  it('cancels the call whose locks are asked for', () => {
    const hand = create({
      locks: () => {
        hand.cancel();
        return { write: ['key'] };
      },
    });
    hand.start('tool', 'a');
    expect(hand.status('a')).toBe('cancelled');
    expect(hand.invocations).toEqual([]);
  });

  it('starts others while one starts: limits hold', () => {
    const hand = createHandRunner(
      {
        tool: {
          execute: () => {
            for (const id of ['c', 'd', 'e']) hand.add(id, 'late');
            return new Promise(() => {});
          },
        },
        late: {},
      },
      { concurrency: 3 },
    );
    hand.start('tool', 'a');
    expect(hand.running()).toEqual(['a', 'c', 'd']);
    expect(hand.wait('e')).toEqual({ type: 'slot', scope: 'all' });
  });
});
