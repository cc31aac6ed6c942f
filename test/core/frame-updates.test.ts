import { describe, expect, it } from 'vitest';
import { normalizeProgress } from '../../src/core/frame-updates.ts';
import { createHandRunner, flush } from './hand-runner.ts';

function countUpdates({ runner }: ReturnType<typeof createHandRunner>) {
  let updates = 0;
  runner.store.subscribe(() => {
    updates++;
  });
  return () => updates;
}

describe('reportProgress', () => {
  it('shows the last report, and costs one store update a frame however often it is called', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a', 'b');
    const updates = countUpdates(hand);
    for (let index = 1; index <= 10_000; index++) {
      hand.invocation('a').options.reportProgress({ fraction: index / 10_000, message: `${index}` });
      hand.invocation('b').options.reportProgress({ fraction: 0.5 });
    }
    expect(updates()).toBe(0);
    await hand.clock.advance(16);
    expect(updates()).toBe(1);
    expect(hand.record('a').progress).toEqual({ fraction: 1, message: '10000' });
    expect(hand.record('b').progress).toEqual({ fraction: 0.5 });
  });

  it('is shown ten times a second at most, and the first report with the next frame', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a', 'b');
    const updates = countUpdates(hand);
    for (let report = 1; report <= 100; report++) {
      hand.invocation('a').options.reportProgress({ message: `${report}` });
      hand.invocation('b').options.reportProgress({ message: `${report}` });
      await hand.clock.advance(20);
      if (report === 1) expect(hand.record('a').progress).toEqual({ message: '1' });
    }
    expect(updates()).toBeGreaterThan(15);
    expect(updates()).toBeLessThanOrEqual(20);
    await hand.clock.advance(116);
    expect(hand.record('a').progress).toEqual({ message: '100' });
    expect(hand.record('b').progress).toEqual({ message: '100' });
    expect(hand.clock.pending).toBe(0);
  });

  it('is shown soon where the clock was set back', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a');
    hand.invocation('a').options.reportProgress({ message: 'before' });
    await hand.clock.advance(16);
    hand.clock.jump(-3_600_000);
    hand.invocation('a').options.reportProgress({ message: 'after' });
    await hand.clock.advance(116);
    expect(hand.record('a').progress).toEqual({ message: 'after' });
  });

  it('goes along with whatever else is told', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a', 'b');
    const updates = countUpdates(hand);
    hand.invocation('a').options.reportProgress({ message: 'first' });
    await hand.clock.advance(16);
    hand.invocation('a').options.reportProgress({ message: 'second' });
    await hand.succeed('b');
    await hand.clock.advance(16);
    expect(updates()).toBe(2);
    expect(hand.record('a').progress).toEqual({ message: 'second' });
    expect(hand.clock.pending).toBe(0);
  });

  it('leaves no timer where the call ends before its report is shown', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a');
    hand.invocation('a').options.reportProgress({ message: 'first' });
    await hand.clock.advance(16);
    hand.invocation('a').options.reportProgress({ message: 'second' });
    expect(hand.clock.pending).toBe(1);
    await hand.succeed('a');
    expect(hand.clock.pending).toBe(0);
  });

  it('changes nothing after the call has settled', async () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a', 'b');
    hand.invocation('a').options.reportProgress({ fraction: 0.1 });
    hand.invocation('b').options.reportProgress({ fraction: 0.2 });
    await hand.succeed('a');
    hand.invocation('a').options.reportProgress({ fraction: 0.9 });
    await hand.clock.advance(16);
    expect(hand.record('a').progress).toBeUndefined();
    expect(hand.record('b').progress).toEqual({ fraction: 0.2 });
  });

  it('shows nothing of an attempt that failed on the one that follows', async () => {
    const hand = createHandRunner({ tool: { retry: 1, retryDelay: 0 } });
    hand.start('tool', 'a');
    hand.invocation('a').options.reportProgress({ fraction: 0.9 });
    await hand.fail('a');
    await hand.clock.advance(16);
    expect(hand.status('a')).toBe('running');
    expect(hand.record('a').progress).toBeUndefined();
  });

  it('asks for no frame that it does not need', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a');
    hand.invocation('a').options.reportProgress({ fraction: 0.1 });
    expect(hand.clock.pending).toBe(1);
    await hand.succeed('a');
    expect(hand.clock.pending).toBe(0);
  });
});

describe('what becomes of calls by itself', () => {
  it('is there for whoever reads at once, and told once a frame however many calls settle', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a', 'b', 'c');
    const updates = countUpdates(hand);
    await hand.succeed('a');
    await hand.fail('b');
    expect([hand.status('a'), hand.status('b'), hand.status('c')]).toEqual(['succeeded', 'failed', 'running']);
    expect(updates()).toBe(0);
    await hand.clock.advance(16);
    expect(updates()).toBe(1);
    expect(hand.clock.pending).toBe(0);
  });

  it('is told at once where a batch begins or ends: `isRunning` changes', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    const updates = countUpdates(hand);
    hand.start('tool', 'a', 'b', 'c');
    expect(updates()).toBe(1);
    await hand.succeed('a');
    await hand.succeed('b');
    expect(updates()).toBe(1);
    await hand.succeed('c');
    expect(updates()).toBe(2);
    expect(hand.clock.pending).toBe(0);
  });

  it('is told with what a person does, at once', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    hand.start('tool', 'a', 'b', 'c');
    const updates = countUpdates(hand);
    await hand.fail('a');
    expect(updates()).toBe(0);
    hand.runner.cancel(hand.keyOf('b'));
    expect(updates()).toBe(1);
    expect(hand.clock.pending).toBe(0);
    hand.runner.retryFailed(hand.batch);
    expect(updates()).toBe(2);
  });

  it('asks for no frame where nobody listens', async () => {
    const hand = createHandRunner({ tool: { timeout: false } });
    const stop = hand.runner.store.subscribe(() => {});
    stop();
    hand.start('tool', 'a');
    await hand.succeed('a');
    expect(hand.clock.pending).toBe(0);
  });
});

describe('preliminary outputs', () => {
  it('are shown once a frame, beside the progress; the last one is the output', async () => {
    let finish!: () => void;
    const hand = createHandRunner({
      tool: {
        async *execute(_input: never, { reportProgress }: { reportProgress: (progress: object) => void }) {
          for (let index = 0; index < 1000; index++) yield index;
          reportProgress({ fraction: 0.5 });
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          yield 'last';
        },
      },
    });
    const updates = countUpdates(hand);
    hand.start('tool', 'a');
    await flush();
    const before = updates();
    await hand.clock.advance(16);
    expect(updates()).toBe(before + 1);
    expect(hand.record('a')).toMatchObject({ status: 'running', output: 999, progress: { fraction: 0.5 } });
    finish();
    await flush();
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: 'last' });
    await hand.clock.advance(16);
    expect(hand.clock.pending).toBe(0);
  });

  it('are each as they were when they were given', async () => {
    const live = { rows: [1] };
    let finish!: () => void;
    const hand = createHandRunner({
      tool: {
        async *execute() {
          yield live;
          live.rows.push(2);
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          yield live;
        },
      },
    });
    hand.start('tool', 'a');
    await hand.clock.advance(16);
    // The generator runs on at once: what it has not given yet is not shown.
    expect(live.rows).toEqual([1, 2]);
    const shown = hand.output('a');
    expect(shown).toEqual({ rows: [1] });
    finish();
    await flush();
    live.rows.push(3);
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: { rows: [1, 2] } });
    expect(shown).toEqual({ rows: [1] });
  });

  it('are not shown where JSON cannot carry them; only the last one has to be an output', async () => {
    let finish!: () => void;
    const hand = createHandRunner({
      tool: {
        async *execute() {
          yield 'shown';
          yield new Map();
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          yield 'last';
        },
      },
    });
    hand.start('tool', 'a');
    await hand.clock.advance(16);
    expect(hand.record('a')).toMatchObject({ status: 'running', output: 'shown' });
    finish();
    await flush();
    expect(hand.record('a')).toMatchObject({ status: 'succeeded', output: 'last' });
  });

  it('may be undefined', async () => {
    const hand = createHandRunner({
      tool: {
        async *execute() {
          yield 1;
          yield undefined;
          await new Promise(() => {});
        },
      },
    });
    hand.start('tool', 'a');
    await hand.clock.advance(16);
    expect(hand.record('a').output).toBeUndefined();
  });
});

describe('normalizeProgress', () => {
  it.each([
    [{ fraction: 2 }, { fraction: 1 }],
    [{ fraction: -1 }, { fraction: 0 }],
    [{ fraction: NaN }, {}],
    [{ fraction: '0.5' }, {}],
    [{ message: 7 }, { message: '7' }],
    [{ message: null }, {}],
    [undefined, {}],
    [null, {}],
  ])('makes of %j %j', (given, progress) => {
    expect(normalizeProgress(given as never)).toEqual(progress);
  });
});
