// Proves: the results of a tool with `staleTime` are used again while they are fresh, and only then.
import { describe, expect, it } from 'vitest';
import { resultCache, type ResultCacheOptions } from '../../../src/cache/index.ts';
import type { ToolPolicy } from '../../../src/core/index.ts';
import { START } from '../fake-clock.ts';
import { createHandRunner, flush, type HandTool } from '../hand-runner.ts';

const reads = (keys: readonly string[]) => ({ locks: () => ({ read: keys }) }) satisfies ToolPolicy<never>;
const writes = (keys: readonly string[]) => ({ locks: () => ({ write: keys }) }) satisfies ToolPolicy<never>;

/** A runner with a tool `read` whose results stay fresh for a minute, and one that writes what it reads. */
function createBench(read: HandTool = {}, others: Record<string, HandTool> = {}, options: ResultCacheOptions = {}) {
  const tools = {
    read: { readOnly: true, staleTime: 60_000, retry: 0, ...reads(['order']), ...read },
    write: { idempotent: true, retry: 0, ...writes(['order']) },
    ...others,
  };
  const hand = createHandRunner(tools, { plugins: [resultCache(options)] });
  return {
    ...hand,
    /** Adds a call to a batch of its own, which ends at once. */
    addAlone(id: string, toolName: string, input: unknown = {}) {
      const batch = hand.runner.openBatch(`message of ${id}`, 0);
      const key = hand.runner.addCall(batch, { toolCallId: id, toolName, input });
      hand.runner.endStep(batch);
      return { key, record: () => hand.runner.store.getState().batches[batch]!.calls[key]! };
    },
  };
}

/** A runner that knows the result `'first'` of a call with the input `{}`. */
async function createKnowingBench(...options: Parameters<typeof createBench>) {
  const bench = createBench(...options);
  bench.addAlone('a', 'read');
  await bench.succeed('a', 'first');
  return bench;
}

describe('a known result', () => {
  it('is the output of an equal call in a later turn, which does not run', async () => {
    const { addAlone, clock, invocations } = await createKnowingBench();
    await clock.advance(12_000);
    const { record } = addAlone('b', 'read');
    expect(record()).toMatchObject({
      status: 'succeeded',
      output: 'first',
      attempts: [],
      settledAt: START + 12_000,
      reused: { at: START },
    });
    expect(record().startedAt).toBeUndefined();
    expect(invocations).toHaveLength(1);
  });

  it('is used until it is as old as staleTime', async () => {
    const { addAlone, clock } = await createKnowingBench();
    await clock.advance(59_999);
    expect(addAlone('b', 'read').record().status).toBe('succeeded');
    await clock.advance(1);
    expect(addAlone('c', 'read').record().status).toBe('running');
  });

  it('is replaced by that of the call that ran because it was stale', async () => {
    const { addAlone, clock, succeed } = await createKnowingBench();
    await clock.advance(60_000);
    addAlone('b', 'read');
    await succeed('b', 'second');
    expect(addAlone('c', 'read').record()).toMatchObject({ output: 'second', reused: { at: START + 60_000 } });
  });

  it('is not kept of a tool without staleTime', async () => {
    const { addAlone } = await createKnowingBench({ staleTime: 0 });
    expect(addAlone('b', 'read').record().status).toBe('running');
  });

  it('stays fresh for ever where staleTime says so', async () => {
    const { addAlone, clock } = await createKnowingBench({ staleTime: Infinity });
    await clock.advance(1e9);
    expect(addAlone('b', 'read').record().status).toBe('succeeded');
  });

  it('takes no slot and no start of a rate limit', async () => {
    const { addAlone } = await createKnowingBench({ concurrency: 1, rateLimit: { limit: 2, interval: 60_000 } });
    expect(addAlone('b', 'read', { other: true }).record().status).toBe('running');
    expect(addAlone('c', 'read').record().status).toBe('succeeded');
    expect(addAlone('d', 'read', { more: true }).record().waitingFor).toMatchObject({ type: 'rate-limit' });
  });

  it('waits for approval like any call', async () => {
    let isAsked = false;
    const { addAlone, runner } = await createKnowingBench({ approval: () => isAsked });
    isAsked = true;
    const { key, record } = addAlone('b', 'read');
    expect(record().status).toBe('awaiting-approval');
    runner.approve(key);
    expect(record()).toMatchObject({ status: 'succeeded', output: 'first' });
  });

  it('is asked for by the parsed input, whatever the order of its keys', async () => {
    const inputSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: object) => ({ value: { unit: 'C', ...value } }),
      },
    };
    const { addAlone, succeed } = createBench({ inputSchema: inputSchema as never });
    addAlone('a', 'read', { city: 'Rome' });
    await succeed('a', 20);
    await flush();
    const same = addAlone('b', 'read', { unit: 'C', city: 'Rome' });
    const other = addAlone('c', 'read', { unit: 'F', city: 'Rome' });
    await flush();
    expect(same.record().status).toBe('succeeded');
    expect(other.record().status).toBe('running');
  });

  it('is not used for an input that JSON does not carry whole', async () => {
    const inputSchema = {
      '~standard': { version: 1, vendor: 'test', validate: (value: object) => ({ value: new Map([['key', value]]) }) },
    };
    const { addAlone, succeed } = createBench({ inputSchema: inputSchema as never });
    addAlone('a', 'read', 1);
    await succeed('a', 'of one');
    expect(addAlone('b', 'read', 2).record().status).toBe('running');
  });

  it('is not made by a call that failed', async () => {
    const { addAlone, fail } = createBench();
    addAlone('a', 'read');
    await fail('a');
    expect(addAlone('b', 'read').record().status).toBe('running');
  });

  it('is not made by what somebody else answers', () => {
    const { addAlone, runner } = createBench();
    const { key } = addAlone('a', 'read');
    runner.overrule(key, { type: 'call-succeeded', output: "the server's" }, 'server');
    expect(addAlone('b', 'read').record().status).toBe('running');
  });

  it('outlives the batch of its call', async () => {
    const { addAlone, runner } = await createKnowingBench();
    for (const batch of Object.keys(runner.store.getState().batches)) runner.forget(batch);
    expect(addAlone('b', 'read').record()).toMatchObject({ output: 'first' });
  });
});

describe('a call that writes', () => {
  it.each([
    ['succeeds', ({ succeed }: ReturnType<typeof createBench>) => succeed('w')],
    ['fails', ({ fail }: ReturnType<typeof createBench>) => fail('w')],
    ['times out', ({ clock }: ReturnType<typeof createBench>) => clock.advance(60_000)],
    ['is cancelled', async ({ runner }: ReturnType<typeof createBench>) => runner.cancelAll()],
  ])('makes what was read under its key stale when it %s', async (_, end) => {
    const bench = await createKnowingBench({ staleTime: Infinity });
    const { record } = bench.addAlone('w', 'write');
    await end(bench);
    expect(record().settledAt).toBeDefined();
    expect(bench.addAlone('b', 'read').record().status).toBe('running');
  });

  it('leaves what was read under another key', async () => {
    const { addAlone, succeed } = await createKnowingBench({}, { other: writes(['another order']) });
    addAlone('w', 'other');
    await succeed('w');
    expect(addAlone('b', 'read').record().status).toBe('succeeded');
  });

  it('leaves what is known when it never started', async () => {
    const { addAlone, runner } = await createKnowingBench({}, { asked: { ...writes(['order']), approval: true } });
    runner.deny(addAlone('w', 'asked').key);
    expect(addAlone('b', 'read').record().status).toBe('succeeded');
  });

  it('is waited for by a later read, which then runs', async () => {
    const { addAlone, succeed } = await createKnowingBench();
    addAlone('w', 'write');
    const { record } = addAlone('b', 'read');
    expect(record()).toMatchObject({ status: 'queued', waitingFor: { type: 'lock', key: 'order' } });
    await succeed('w');
    expect(record().status).toBe('running');
  });

  it('makes stale what a read had locked for writing, but a read makes nothing stale', async () => {
    const { addAlone, succeed } = await createKnowingBench(writes(['order']));
    expect(addAlone('b', 'read').record().status).toBe('succeeded');
    addAlone('w', 'write');
    await succeed('w');
    expect(addAlone('c', 'read').record().status).toBe('running');
  });
});

describe('a result on its way', () => {
  it('is waited for by equal calls of other batches, and is the output of all of them', async () => {
    const { addAlone, succeed, invocations } = createBench();
    const first = addAlone('a', 'read');
    const second = addAlone('b', 'read');
    const third = addAlone('c', 'read');
    expect(second.record()).toMatchObject({
      status: 'queued',
      waitingFor: { type: 'order', call: first.key, toolName: 'read' },
    });
    await succeed('a', 'shared');
    for (const { record } of [second, third]) {
      expect(record()).toMatchObject({ status: 'succeeded', output: 'shared', attempts: [], reused: { at: START } });
    }
    expect(first.record().reused).toBeUndefined();
    expect(invocations).toHaveLength(1);
  });

  it('is waited for in one batch too', async () => {
    const { start, running, succeed, output } = createBench();
    start('read', 'a', 'b');
    expect(running()).toEqual(['a']);
    await succeed('a', 'shared');
    expect(output('b')).toBe('shared');
  });

  it('is waited for over the attempts of its call', async () => {
    const { addAlone, fail, succeed, clock } = createBench({ retry: 1, retryDelay: 100 });
    addAlone('a', 'read');
    const { record } = addAlone('b', 'read');
    await fail('a');
    expect(record().status).toBe('queued');
    await clock.advance(100);
    await succeed('a', 'at last');
    expect(record().output).toBe('at last');
  });

  it('fails those that wait for it, held where their policy holds', async () => {
    const { addAlone, fail } = createBench({ onFailure: 'hold' });
    addAlone('a', 'read');
    const { record } = addAlone('b', 'read');
    await fail('a');
    expect(record()).toMatchObject({ status: 'failed', held: true, attempts: [], error: { message: 'broken' } });
  });

  it('is not that of a call that was cancelled: the next one runs, and the others wait for it', async () => {
    const { addAlone, runner, succeed } = createBench();
    const { key } = addAlone('a', 'read');
    const second = addAlone('b', 'read');
    const third = addAlone('c', 'read');
    runner.cancel(key);
    expect(second.record().status).toBe('running');
    expect(third.record().waitingFor).toMatchObject({ type: 'order', call: second.key });
    await succeed('b', 'its own');
    expect(third.record().output).toBe('its own');
  });

  it('is not that of a call that the server answered', () => {
    const { addAlone, runner } = createBench();
    const { key } = addAlone('a', 'read');
    const { record } = addAlone('b', 'read');
    runner.overrule(key, { type: 'call-succeeded', output: 'other' }, 'server');
    expect(record().status).toBe('running');
  });

  it('is not waited for by a call that was cancelled meanwhile', async () => {
    const { addAlone, runner, succeed } = createBench();
    addAlone('a', 'read');
    const { key, record } = addAlone('b', 'read');
    runner.cancel(key);
    await succeed('a');
    expect(record().status).toBe('cancelled');
  });

  it('is not waited for by a call that comes after a write of what it reads', async () => {
    const { addAlone, succeed } = createBench();
    addAlone('a', 'read');
    addAlone('w', 'write');
    const { record } = addAlone('b', 'read');
    await succeed('a', 'before');
    await succeed('w');
    expect(record().status).toBe('running');
  });

  it('runs with other calls of a tool with executeMany, once', async () => {
    const requests: unknown[][] = [];
    const executeMany = async (inputs: unknown[]) => {
      requests.push(inputs);
      return inputs.map(() => 'done');
    };
    const { add, end, clock, record } = createBench({ execute: false, executeMany });
    add('a', 'read', { id: 1 });
    add('b', 'read', { id: 2 });
    add('c', 'read', { id: 1 });
    end();
    await clock.advance(0);
    expect(requests).toEqual([[{ id: 1 }, { id: 2 }]]);
    expect(record('a').attempts[0]?.request).toBe(1);
    expect(record('c')).toMatchObject({ output: 'done', attempts: [] });
  });
});

describe('a retry', () => {
  it('runs though the result is known', async () => {
    const { addAlone, runner, fail, succeed } = createBench();
    const { key, record } = addAlone('a', 'read');
    await fail('a');
    addAlone('b', 'read');
    await succeed('b', 'known');
    runner.retry(key);
    expect(record().status).toBe('running');
    await succeed('a', 'asked anew');
    expect(addAlone('c', 'read').record().output).toBe('asked anew');
  });

  it('runs beside a call that is at work', async () => {
    const { addAlone, runner, fail } = createBench();
    const { key, record } = addAlone('a', 'read');
    await fail('a');
    const other = addAlone('b', 'read');
    runner.retry(key);
    expect([record().status, other.record().status]).toEqual(['running', 'running']);
  });
});

describe('invalidate', () => {
  const known = async () => {
    const bench = createBench({ locks: ({ id }: { id: number }) => ({ read: [`order:${id}`] }) } as HandTool, {
      look: { readOnly: true, staleTime: 60_000 },
    });
    for (const [id, toolName] of [
      ['1', 'read'],
      ['2', 'read'],
      ['3', 'look'],
    ] as const) {
      bench.addAlone(id, toolName, { id: Number(id) });
      await bench.succeed(id, `output ${id}`);
    }
    /** The inputs of the calls that run: nothing else is known of them. */
    const stale = () =>
      [1, 2, 3].filter((id) => {
        const { record } = bench.addAlone(`again ${id}`, id === 3 ? 'look' : 'read', { id });
        return record().status === 'running';
      });
    return { ...bench, stale };
  };

  it('makes every known result stale', async () => {
    const { runner, stale } = await known();
    runner.invalidate();
    expect(stale()).toEqual([1, 2, 3]);
  });

  it('chooses by tool, by lock key, and by a function', async () => {
    const byTool = await known();
    byTool.runner.invalidate({ toolName: 'look' });
    expect(byTool.stale()).toEqual([3]);
    const byKey = await known();
    byKey.runner.invalidate({ keys: ['order:2', 'order:9'] });
    expect(byKey.stale()).toEqual([2]);
    const byFunction = await known();
    byFunction.runner.invalidate({ toolName: 'read', predicate: ({ output }) => output === 'output 1' });
    expect(byFunction.stale()).toEqual([1]);
  });

  it('tells the function of results what is known of each', async () => {
    const { runner, addAlone } = await known();
    addAlone('4', 'look', { id: 4 });
    const told: unknown[] = [];
    runner.invalidate({ toolName: 'look', predicate: (result) => told.push(result) < 0 });
    expect(told).toEqual([
      expect.objectContaining({ toolName: 'look', input: { id: 3 }, output: 'output 3', at: START }),
      expect.objectContaining({ toolName: 'look', input: { id: 4 } }),
    ]);
    expect(told[1]).not.toHaveProperty('output');
  });

  it('changes nothing where the function throws', async () => {
    const { runner, stale } = await known();
    const predicate = ({ toolName }: { toolName: string }) => {
      if (toolName === 'look') throw new Error('a mistake');
      return true;
    };
    expect(() => runner.invalidate({ predicate })).toThrow('a mistake');
    expect(stale()).toEqual([]);
  });

  it('lets a call at work go on for itself, and those that wait for it run anew', async () => {
    const { addAlone, runner, succeed, invocations } = createBench();
    const first = addAlone('a', 'read');
    const second = addAlone('b', 'read');
    const third = addAlone('c', 'read');
    runner.invalidate({ toolName: 'read' });
    expect(second.record().status).toBe('running');
    expect(third.record().waitingFor).toMatchObject({ type: 'order', call: second.key });
    await succeed('a', 'before');
    expect(first.record().output).toBe('before');
    await succeed('b', 'after');
    expect(third.record().output).toBe('after');
    expect(addAlone('d', 'read').record()).toMatchObject({ output: 'after' });
    expect(invocations).toHaveLength(2);
  });
});

describe('what is kept', () => {
  const fill = async (options: ResultCacheOptions, outputs: readonly string[]) => {
    const bench = createBench({}, {}, options);
    for (const [id, output] of outputs.entries()) {
      bench.addAlone(`${id}`, 'read', { id });
      await bench.succeed(`${id}`, output);
    }
    const isKnown = (id: number) => bench.addAlone(`${id} again`, 'read', { id }).record().status === 'succeeded';
    return [...outputs.keys()].filter(isKnown);
  };

  it('is so many results, the newest', async () => {
    expect(await fill({ maxResults: 2 }, ['a', 'b', 'c'])).toEqual([1, 2]);
  });

  it('is so much JSON, and no output that is larger', async () => {
    expect(await fill({ maxSize: 10 }, ['four', 'four', 'more than ten'])).toEqual([1]);
  });

  it('is a thousand results where nothing is said', async () => {
    const { addAlone } = createBench({ execute: () => 'done' });
    for (let id = 0; id <= 1_000; id++) addAlone(`${id}`, 'read', { id });
    await flush();
    expect(addAlone('the second', 'read', { id: 1 }).record().status).toBe('succeeded');
    expect(addAlone('the first', 'read', { id: 0 }).record().status).toBe('running');
  }, 20_000);

  it.each([{ maxResults: 0 }, { maxSize: 1.5 }])('refuses %o', (options) => {
    expect(() => resultCache(options)).toThrow('of resultCache to be an integer from 1 up');
  });
});
