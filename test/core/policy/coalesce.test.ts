// Proves: calls of a tool with `executeMany` that are ready together run as one attempt, and stay calls of their own in everything else.
import { jsonSchema } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import {
  clientTool,
  createToolRunner,
  ToolCallError,
  type ExecuteManyOptions,
  type ToolCallsPlugin,
} from '../../../src/core/index.ts';
import { createDeferred, type Deferred } from '../../harness/deferred.ts';
import { createHandRunner, flush, type HandTool } from '../hand-runner.ts';

interface Request extends Deferred<unknown> {
  readonly inputs: readonly unknown[];
  readonly options: ExecuteManyOptions;
  readonly ids: string[];
}

/** A runner with a tool `many` whose requests a test answers by hand, and one `other` with `execute`. */
function createBench(policy: HandTool = {}, { plugins = [] as ToolCallsPlugin[], concurrency = 10 } = {}) {
  const requests: Request[] = [];
  const executeMany = (inputs: readonly unknown[], options: ExecuteManyOptions) => {
    const deferred = createDeferred();
    requests.push({ ...deferred, inputs, options, ids: options.calls.map(({ toolCallId }) => toolCallId) });
    return deferred.promise;
  };
  const hand = createHandRunner(
    { many: { readOnly: true, execute: false, executeMany, ...policy }, other: {} },
    { plugins, concurrency },
  );
  const last = () => requests.at(-1)!;
  return {
    ...hand,
    requests,
    last,
    ids: () => requests.map(({ ids }) => ids.join(' ')),
    /** Ends the step; the calls that are ready in this task go. */
    async end() {
      hand.end();
      await hand.clock.advance(0);
    },
    async answer(...entries: unknown[]) {
      last().resolve(entries);
      await flush();
    },
    async refuse(thrown: unknown) {
      last().reject(thrown);
      await flush();
    },
    statuses: (...ids: string[]) => ids.map((id) => hand.status(id)).join(' '),
  };
}

const addAll = ({ add }: Pick<ReturnType<typeof createBench>, 'add'>, ...ids: string[]) => {
  for (const id of ids) add(id, 'many', { id });
};

describe('which calls go together', () => {
  it('takes what is ready in one task, however long that takes', async () => {
    const bench = createBench();
    const { now } = bench.clock;
    let passed = 0;
    // Each look at the time finds it later.
    vi.spyOn(bench.clock, 'now').mockImplementation(() => now() + passed++);
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    await bench.clock.advance(1_000);
    expect(bench.ids()).toEqual(['a b c']);
  });

  it('gives the calls of an answer to executeMany as one, in call order, and each its output', async () => {
    const bench = createBench();
    addAll(bench, 'a', 'b', 'c');
    expect(bench.wait('a')).toEqual({ type: 'step-end' });
    await bench.end();
    expect(bench.last().inputs).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    expect(bench.statuses('a', 'b', 'c')).toBe('running running running');
    await bench.answer(1, undefined, 3);
    expect(['a', 'b', 'c'].map(bench.output)).toEqual([1, null, 3]);
    expect(bench.requests).toHaveLength(1);
  });

  it('gives each call its own key, attempt, progress and messages', async () => {
    const bench = createBench();
    bench.add('a', 'many', {}, { messages: () => ['said'] });
    bench.add('b', 'many', { other: true });
    await bench.end();
    const { toolName, calls } = bench.last().options;
    expect(toolName).toBe('many');
    expect(calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([bench.keyOf('a'), bench.keyOf('b')]);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(calls[0]!.messages).toEqual(['said']);
    calls[1]!.reportProgress({ fraction: 0.5 });
    await bench.clock.advance(16);
    expect(bench.record('b').progress).toEqual({ fraction: 0.5 });
    expect(bench.record('a').progress).toBeUndefined();
  });

  it('takes at most `max`', async () => {
    const bench = createBench({ coalesce: { max: 2 } });
    addAll(bench, 'a', 'b', 'c', 'd', 'e');
    await bench.end();
    expect(bench.ids()).toEqual(['a b', 'c d', 'e']);
  });

  it('waits so many milliseconds from the first ready call, while the model is still writing', async () => {
    const bench = createBench({ coalesce: { wait: 50 } });
    addAll(bench, 'a');
    expect(bench.wait('a')).toEqual({ type: 'coalesce', until: bench.clock.now() + 50 });
    await bench.clock.advance(30);
    addAll(bench, 'b');
    await bench.clock.advance(19);
    expect(bench.requests).toEqual([]);
    await bench.clock.advance(1);
    addAll(bench, 'c');
    await bench.clock.advance(50);
    expect(bench.ids()).toEqual(['a b', 'c']);
  });

  it('does not wait for the time where so many are ready that no more could go', () => {
    const bench = createBench({ coalesce: { wait: 50, max: 2 } });
    addAll(bench, 'a', 'b', 'c');
    expect(bench.ids()).toEqual(['a b']);
    expect(bench.wait('c')).toMatchObject({ type: 'coalesce' });
  });

  it('takes along what came while it waited for a slot', async () => {
    const bench = createBench({ coalesce: { wait: 0 } }, { concurrency: 1 });
    bench.add('x', 'other');
    bench.end();
    addAll(bench, 'a');
    await bench.clock.advance(10);
    expect(bench.wait('a')).toEqual({ type: 'slot', scope: 'all' });
    addAll(bench, 'b');
    await bench.succeed('x');
    expect(bench.ids()).toEqual(['a b']);
  });

  it('leaves no timer behind when the only call that waited is cancelled', () => {
    const bench = createBench({ coalesce: { wait: 50 } });
    addAll(bench, 'a');
    bench.runner.cancel(bench.keyOf('a'));
    expect(bench.clock.pending).toBe(0);
  });

  it('runs calls together that a person approves together', async () => {
    const bench = createBench({ approval: true });
    addAll(bench, 'a', 'b');
    await bench.end();
    bench.runner.approve(bench.batch);
    await bench.clock.advance(0);
    expect(bench.ids()).toEqual(['a b']);
  });

  it('leaves out what does not fit the schema, was denied or waits for a lock', async () => {
    const validate = (value: unknown) =>
      (value as { id?: string }).id === undefined
        ? { success: false as const, error: new Error('no id') }
        : { success: true as const, value };
    const bench = createBench({
      inputSchema: jsonSchema({}, { validate }),
      approval: ((input: { id: string }) => input.id === 'asked') as never,
      locks: ((input: { id: string }) => ({ write: input.id === 'twin' ? ['a'] : [input.id] })) as never,
    });
    addAll(bench, 'a', 'asked', 'twin', 'b');
    bench.add('bad', 'many', {});
    await bench.end();
    expect(bench.ids()).toEqual(['a b']);
    expect(bench.error('bad')?.kind).toBe('invalid-input');
    expect(bench.wait('twin')).toMatchObject({ type: 'lock', heldBy: bench.keyOf('a') });
    bench.runner.deny(bench.keyOf('asked'));
    await bench.answer(1, 2);
    await bench.clock.advance(0);
    expect(bench.ids()).toEqual(['a b', 'twin']);
  });

  it('stays out of deadlocks where two tools need the same keys in another order', async () => {
    const bench = createBench({
      locks: ((input: { id: string }) => ({ write: [input.id] })) as never,
    });
    bench.runner.setOptions({
      concurrency: 10,
      tools: {
        ...bench.build({ pair: { locks: () => ({ write: ['a', 'b'] }) } }),
        ...bench.build({
          many: {
            execute: false,
            executeMany: async (inputs: unknown[]) => inputs,
            locks: ((input: { id: string }) => ({ write: [input.id] })) as never,
          },
        }),
      },
    });
    addAll(bench, 'a');
    bench.add('pair', 'pair');
    addAll(bench, 'b');
    await bench.end();
    expect(bench.statuses('a', 'pair', 'b')).toBe('succeeded running queued');
    await bench.succeed('pair');
    await bench.clock.advance(0);
    expect(bench.status('b')).toBe('succeeded');
  });
});

describe('limits', () => {
  it('takes one slot for all of them, until the last one has ended', async () => {
    const bench = createBench({}, { concurrency: 1 });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    bench.add('x', 'other');
    bench.end();
    bench.runner.cancel(bench.keyOf('a'));
    expect(bench.wait('x')).toEqual({ type: 'slot', scope: 'all' });
    await bench.answer(1, 2, 3);
    expect(bench.status('x')).toBe('running');
  });

  it('is one start of a rate limit, and one of the tool’s own concurrency', async () => {
    const bench = createBench({ rateLimit: { limit: 1, interval: 100 }, coalesce: { max: 2 } });
    addAll(bench, 'a', 'b', 'c', 'd', 'e');
    await bench.end();
    expect(bench.ids()).toEqual(['a b']);
    await bench.clock.advance(200);
    expect(bench.ids()).toEqual(['a b', 'c d', 'e']);
    const narrow = createBench({ concurrency: 1, coalesce: { max: 2 } });
    addAll(narrow, 'a', 'b', 'c');
    await narrow.end();
    expect(narrow.ids()).toEqual(['a b']);
    await narrow.answer(1, 2);
    expect(narrow.ids()).toEqual(['a b', 'c']);
  });
});

describe('failures', () => {
  it('fails a call whose entry is an Error, and no other', async () => {
    const bench = createBench({ retry: 0 });
    addAll(bench, 'a', 'b');
    await bench.end();
    await bench.answer(1, new Error('unknown order'));
    expect(bench.output('a')).toBe(1);
    expect(bench.error('b')).toMatchObject({ kind: 'execution', message: 'unknown order' });
  });

  it('checks each output against the schema and with `isFailure`', async () => {
    const outputSchema = jsonSchema<number>(
      {},
      {
        validate: (value) =>
          typeof value === 'number'
            ? { success: true, value: value + 1 }
            : { success: false, error: new Error('no number') },
      },
    );
    const bench = createBench({ retry: 0, outputSchema, isFailure: (output: unknown) => output === 0 && 'zero' });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    await bench.answer(1, 'text', 0);
    expect(bench.output('a')).toBe(2);
    expect(bench.error('b')?.kind).toBe('invalid-output');
    expect(bench.error('c')?.message).toBe('zero');
  });

  it.each([
    ['too few outputs', [1], 'got 1.'],
    ['too many outputs', [1, 2, 3], 'got 3.'],
    ['no array', 'text', "got `'text'` (string)"],
  ])('fails all of them for %s', async (_, entries, message) => {
    const bench = createBench({ retry: 0 });
    addAll(bench, 'a', 'b');
    await bench.end();
    bench.last().resolve(entries);
    await flush();
    expect(bench.error('a')?.message).toContain('one output or Error for each of its 2 inputs');
    expect(bench.error('b')?.message).toContain(message);
  });

  it('fails all of them for a throw, at once or later, and all of them read the body of a Response', async () => {
    const atOnce = createBench({
      retry: 0,
      executeMany: () => {
        throw new Error('broken');
      },
    });
    addAll(atOnce, 'a', 'b');
    await atOnce.end();
    expect([atOnce.error('a')?.message, atOnce.error('b')?.message]).toEqual(['broken', 'broken']);

    const bench = createBench({ retry: 0 });
    addAll(bench, 'a', 'b');
    await bench.end();
    await bench.refuse(Response.json({ reason: 'down' }, { status: 503 }));
    await bench.clock.advance(1);
    for (const id of ['a', 'b']) expect(bench.error(id)).toMatchObject({ status: 503, body: '{"reason":"down"}' });
  });

  it('fails all of them at the timeout, aborts the request once, and drops what comes later', async () => {
    const bench = createBench({ retry: 0, timeout: 100 });
    addAll(bench, 'a', 'b');
    await bench.end();
    await bench.clock.advance(100);
    expect([bench.error('a')?.kind, bench.error('b')?.kind]).toEqual(['timeout', 'timeout']);
    expect(bench.last().options.abortSignal.reason).toMatchObject({ by: 'timeout' });
    await bench.answer(1, 2);
    expect(bench.statuses('a', 'b')).toBe('failed failed');
  });

  it('repeats only those that failed, together, though the delay is random', async () => {
    const bench = createBench({ retry: 1 });
    addAll(bench, 'a', 'b', 'c', 'd');
    await bench.end();
    let next = 0;
    bench.clock.random = () => (next += 0.2);
    await bench.answer(new Error('first'), 2, new Error('third'), 4);
    expect(bench.statuses('a', 'b', 'c', 'd')).toBe('retrying succeeded retrying succeeded');
    await bench.clock.advance(1_000);
    expect(bench.ids()).toEqual(['a b c d', 'a c']);
    expect(bench.last().options.calls.map(({ attempt }) => attempt)).toEqual([2, 2]);
    await bench.answer('one', 'three');
    expect([bench.output('a'), bench.output('c')]).toEqual(['one', 'three']);
  });

  it('runs failed calls together again when a person retries them', async () => {
    const bench = createBench({ retry: 0 });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    await bench.answer(new Error('no'), 2, new Error('no'));
    const keys = bench.last().options.calls.map(({ idempotencyKey }) => idempotencyKey);
    bench.runner.retryFailed(bench.batch);
    await bench.clock.advance(0);
    expect(bench.ids()).toEqual(['a b c', 'a c']);
    expect(bench.last().options.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([keys[0], keys[2]]);
  });
});

describe('cancel', () => {
  it('aborts the request only when no call wants it any more', async () => {
    const bench = createBench();
    addAll(bench, 'a', 'b');
    await bench.end();
    const { abortSignal, calls } = bench.last().options;
    bench.runner.cancel(bench.keyOf('a'));
    expect([calls[0]!.abortSignal.aborted, calls[1]!.abortSignal.aborted, abortSignal.aborted]).toEqual([
      true,
      false,
      false,
    ]);
    bench.runner.cancel(bench.keyOf('b'));
    expect(abortSignal.reason).toMatchObject({ by: 'user' });
    expect(bench.statuses('a', 'b')).toBe('cancelled cancelled');
  });

  it('keeps the others’ outputs theirs when one was cancelled', async () => {
    const bench = createBench();
    addAll(bench, 'a', 'b');
    await bench.end();
    bench.runner.cancel(bench.keyOf('a'));
    await bench.answer(1, 2);
    expect(bench.status('a')).toBe('cancelled');
    expect(bench.output('b')).toBe(2);
  });

  it('does not start a call that whoever hears of the first start cancels', async () => {
    const bench = createBench();
    bench.runner.subscribe((event) => {
      if (event.type === 'attempt-started') bench.runner.cancel(bench.keyOf('b'));
    });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    expect(bench.ids()).toEqual(['a c']);
  });
});

describe('plugins', () => {
  it('waits for what each call’s plugins prepare, and not for a call that is cancelled meanwhile', async () => {
    const ready = new Map(['a', 'b', 'c'].map((id) => [id, createDeferred<void>()]));
    const plugin: ToolCallsPlugin = { name: 'p', beforeAttempt: ({ toolCallId }) => ready.get(toolCallId)!.promise };
    const bench = createBench({ retry: 0 }, { plugins: [plugin] });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    ready.get('a')!.resolve();
    await flush();
    expect(bench.wait('b')).toEqual({ type: 'plugin', name: 'p' });
    bench.runner.cancel(bench.keyOf('b'));
    ready.get('c')!.reject(new ToolCallError('execution', 'refused'));
    await flush();
    expect(bench.ids()).toEqual(['a']);
    expect(bench.status('c')).toBe('failed');
  });

  it('puts each call’s plugins around its own part of the request', async () => {
    const gate = createDeferred();
    const plugin: ToolCallsPlugin = {
      name: 'p',
      async execute({ toolCallId }, run) {
        if (toolCallId === 'b') return 'simulated';
        if (toolCallId === 'c') await gate.promise;
        return [await run({ extra: toolCallId })];
      },
    };
    const bench = createBench({}, { plugins: [plugin] });
    addAll(bench, 'a', 'b', 'c');
    await bench.end();
    expect(bench.output('b')).toBe('simulated');
    expect(bench.requests).toEqual([]);
    gate.resolve(undefined);
    await flush();
    expect(bench.ids()).toEqual(['a c']);
    expect(bench.last().options.calls).toMatchObject([{ extra: 'a' }, { extra: 'c' }]);
    await bench.answer(1, 3);
    expect([bench.output('a'), bench.output('c')]).toEqual([[1], [3]]);
  });
});

describe('misuse', () => {
  const inputSchema = jsonSchema({});
  const executeMany = () => [];
  const define = (definition: object) => () => clientTool(definition as never);
  const run = (tool: object) => () => createToolRunner({ tools: { many: { inputSchema, ...tool } as never } });

  it.each([
    ['both', define({ inputSchema, execute: () => 1, executeMany }), 'either `execute` or `executeMany`, got both'],
    ['no function', define({ inputSchema, executeMany: 1 }), 'Expected `executeMany` of clientTool to be a function'],
    ['coalesce alone', run({ execute: () => 1, coalesce: {} }), 'beside `executeMany`'],
    ['coalesce that is no object', run({ executeMany, coalesce: true }), 'to be { max?, wait? }'],
    ['a max of 0', run({ executeMany, coalesce: { max: 0 } }), '`coalesce.max` of tool `many` to be an integer'],
    ['a wait of its own', run({ executeMany, coalesce: { wait: 'soon' } }), "milliseconds from 0 up, or `'step-end'`"],
  ])('refuses %s', (_, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });
});
