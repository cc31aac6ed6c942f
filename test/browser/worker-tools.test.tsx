/** Tools in real workers: they end when they are told to, and the page stays smooth. */
import { afterEach, describe, expect, it } from 'vitest';
import { createToolRunner, type ToolRunner } from 'use-parallel-tools/core';
import { workerTool } from 'use-parallel-tools/worker';
import { z } from 'zod';

const terminated: Worker[] = [];
const made: Worker[] = [];

/** A factory of its own for each test, and so workers of its own. */
function createFactory() {
  return () => {
    const worker = new Worker(new URL('./math.worker.ts', import.meta.url), { type: 'module' });
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      terminated.push(worker);
      terminate();
    };
    made.push(worker);
    return worker;
  };
}

const inputSchema = z.any();

function open(
  policy: object = {},
  names = ['add', 'spin', 'loop', 'patient', 'count', 'report', 'fail', 'crash', 'nth'],
) {
  const worker = createFactory();
  const tools = Object.fromEntries(
    names.map((name) => [name, workerTool({ inputSchema, worker, pool: 2, retry: 0, readOnly: true, ...policy })]),
  );
  return createToolRunner({ tools });
}

const run = (runner: ToolRunner, toolName: string, input: unknown = {}, count = 1) =>
  runner.runCalls(
    Array.from({ length: count }, (_, index) => ({ toolCallId: `${toolName}-${index}`, toolName, input })),
  );

afterEach(() => {
  for (const worker of made.splice(0)) worker.terminate();
  terminated.length = 0;
});

const running = async (runner: ToolRunner) => {
  await expect
    .poll(() =>
      Object.values(runner.store.getState().batches)
        .flatMap(({ calls }) => Object.values(calls))
        .some(({ status }) => status === 'running'),
    )
    .toBe(true);
  // Long enough for the worker to have begun.
  await new Promise((resolve) => setTimeout(resolve, 300));
};

describe('a tool in a worker', () => {
  it('gives its output', async () => {
    expect(await run(open(), 'add', { a: 1, b: 2 })).toMatchObject([{ status: 'succeeded', output: 3 }]);
  });

  it('streams what an async generator yields: the last value is the output', async () => {
    const runner = open();
    const seen = new Set<unknown>();
    runner.subscribe((event) => event.type === 'output-streamed' && seen.add(event.output));
    expect(await run(runner, 'count', { to: 60 })).toMatchObject([{ status: 'succeeded', output: 60 }]);
    expect(seen.size).toBeGreaterThan(0);
  });

  it('reports progress, and knows its attempt and its idempotency key', async () => {
    const [call] = await run(open(), 'report');
    expect(call).toMatchObject({ status: 'succeeded', output: { attempt: 1, idempotencyKey: call!.key } });
  });

  it('fails with the name, the words and the `retryAfter` of its error', async () => {
    const runner = open({ retry: 1 });
    const failed: unknown[] = [];
    runner.subscribe((event) => event.type === 'attempt-failed' && failed.push(event.retryAt - event.at));
    const [call] = await run(runner, 'fail');
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'execution', message: 'too many' } });
    expect((call!.error!.cause as Error).name).toBe('RangeError');
    expect(failed).toEqual([7]);
  });

  it('says which tools the worker has where it has none of that name', async () => {
    const runner = open({}, ['nobody']);
    const [call] = await run(runner, 'nobody');
    expect(call!.error!.message).toContain('The worker has no tool `nobody`. It exposes: add, spin,');
  });

  it('fails alone with what cannot be cloned, and with a file that is not there', async () => {
    const [call] = await run(open(), 'add', { a: () => 1 });
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'execution' } });
    const worker = () => new Worker('/no-such-worker.js', { type: 'module' });
    const [lost] = await run(
      createToolRunner({ tools: { lost: workerTool({ inputSchema, worker, retry: 0 }) } }),
      'lost',
    );
    expect(lost!.error!.message).toContain('The worker crashed: its file could not be loaded');
  });
});

describe('workers', () => {
  it('are as many as the pool allows, and are used again', async () => {
    const calls = await run(open(), 'nth', {}, 200);
    expect(calls.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(made).toHaveLength(2);
    expect(terminated).toHaveLength(0);
  });

  it('compute beside each other while the frames of the page go on', async () => {
    const runner = open();
    const gaps: number[] = [];
    let last = performance.now();
    let isOver = false;
    const frame = () => {
      gaps.push(performance.now() - last);
      last = performance.now();
      if (!isOver) requestAnimationFrame(frame);
    };
    await run(runner, 'nth', {}, 2);
    requestAnimationFrame(frame);
    await run(runner, 'spin', { milliseconds: 300 }, 2);
    isOver = true;
    // The page was never held up for as long as one of the calls.
    expect(Math.max(...gaps.slice(1))).toBeLessThan(250);
  });

  it('that do not stop are terminated and replaced: an endless loop ends with its call', async () => {
    const runner = open({ timeout: false });
    const all = run(runner, 'loop');
    await running(runner);
    const before = performance.now();
    runner.cancelAll();
    expect(await all).toMatchObject([{ status: 'cancelled' }]);
    await expect.poll(() => terminated.length, { interval: 10 }).toBe(1);
    expect(performance.now() - before).toBeLessThan(300);
    expect(await run(runner, 'add', { a: 1, b: 1 })).toMatchObject([{ output: 2 }]);
  });

  it('that time out are terminated too', async () => {
    const runner = open({ timeout: 400 });
    expect(await run(runner, 'loop')).toMatchObject([{ status: 'failed', error: { kind: 'timeout' } }]);
    await expect.poll(() => terminated.length).toBe(1);
  });

  it('that stop by themselves when told are kept', async () => {
    const runner = open({ timeout: false });
    const all = run(runner, 'patient');
    await running(runner);
    runner.cancelAll();
    await all;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(terminated).toHaveLength(0);
    await run(runner, 'nth');
    expect(made).toHaveLength(1);
  });

  it('that crash fail their call, not its sibling, and are replaced', async () => {
    const runner = open();
    const [crashed, fine] = await Promise.all([run(runner, 'crash'), run(runner, 'spin', { milliseconds: 100 })]);
    expect(crashed![0]).toMatchObject({ status: 'failed' });
    expect(crashed![0]!.error!.message).toContain('The worker crashed: ');
    expect(fine).toMatchObject([{ status: 'succeeded' }]);
    expect(await run(runner, 'nth')).toMatchObject([{ status: 'succeeded' }]);
  });

  it('are closed when nobody has needed them for a while', async () => {
    const runner = open({ idle: 50 });
    await run(runner, 'nth', {}, 2);
    await expect.poll(() => terminated.length).toBe(made.length);
    expect(await run(runner, 'nth')).toMatchObject([{ status: 'succeeded' }]);
  });

  it('take over what is handed to them', async () => {
    const buffer = new ArrayBuffer(8);
    const size = workerTool({
      inputSchema: z.object({ buffer: z.instanceof(ArrayBuffer) }),
      worker: createFactory(),
      transfer: (input) => [input.buffer],
    });
    expect(await run(createToolRunner({ tools: { size } }), 'size', { buffer })).toMatchObject([
      { output: { size: 8 } },
    ]);
    expect(buffer.byteLength).toBe(0);
  });
});

it('refuses a worker that is no function, and a pool of none', () => {
  expect(() => workerTool({ inputSchema, worker: undefined as never })).toThrow(
    'Expected `worker` of workerTool to be a function',
  );
  expect(() => workerTool({ inputSchema, worker: createFactory(), pool: 0 })).toThrow('`pool`');
});
