import { describe, expect, it, vi } from 'vitest';
import { createToolCallStore, createToolRunner, clientTool } from '../../src/core/index.ts';
import { jsonSchema } from 'ai';
import { createFakeClock, START } from './fake-clock.ts';
import { createHandRunner, flush } from './hand-runner.ts';

describe('runCalls', () => {
  const calls = [
    { toolCallId: '1', toolName: 'tool', input: { n: 1 } },
    { toolCallId: '2', toolName: 'tool', input: { n: 2 } },
  ];

  it('runs calls as one batch and gives their records in the order given', async () => {
    const hand = createHandRunner({ tool: {} });
    const results = hand.runner.runCalls(calls);
    await hand.succeed('2', 'two');
    await hand.fail('1');
    expect((await results).map(({ toolCallId, status }) => [toolCallId, status])).toEqual([
      ['1', 'failed'],
      ['2', 'succeeded'],
    ]);
  });

  it('is done at once with no calls, and with calls that fail at once', async () => {
    const hand = createHandRunner({});
    expect(await hand.runner.runCalls([])).toEqual([]);
    expect(await hand.runner.runCalls(calls)).toMatchObject([{ status: 'failed' }, { status: 'failed' }]);
  });

  it('names its batches like no other, so that no two runs share an idempotency key', async () => {
    const first = createHandRunner({ tool: {} });
    const second = createHandRunner({ tool: {} });
    second.clock.setRandom(0.25);
    for (const hand of [first, second]) void hand.runner.runCalls(calls);
    const keys = [first, second].map((hand) => hand.invocation('1').options.idempotencyKey);
    expect(keys[0]).not.toBe(keys[1]);
    first.clock.jump(1);
    void first.runner.runCalls(calls);
    expect(first.invocations[2]!.options.idempotencyKey).not.toBe(keys[0]);
  });

  it('ends when its batch is forgotten', async () => {
    const hand = createHandRunner({ tool: {} });
    const results = hand.runner.runCalls(calls);
    const batch = Object.keys(hand.runner.store.getState().batches).find((key) => key.startsWith('run-'))!;
    hand.runner.forget(batch);
    expect(await results).toEqual([]);
  });
});

describe('what a tool receives', () => {
  it('is the SDK’s options and what a client run adds', () => {
    const messages = vi.fn(() => [{ role: 'user', content: 'hello' }]);
    const hand = createHandRunner({ tool: {} });
    hand.add('a', 'tool', { n: 1 }, { messages });
    hand.add('b', 'tool');
    hand.end();
    const { options } = hand.invocation('a');
    expect(options).toMatchObject({ toolCallId: 'a', attempt: 1, idempotencyKey: hand.keyOf('a'), context: {} });
    expect(options.abortSignal.aborted).toBe(false);
    expect(hand.invocation('b').options.messages).toEqual([]);
  });

  it('costs no messages to a tool that does not read them', () => {
    const messages = vi.fn(() => []);
    const hand = createHandRunner({ tool: { execute: (_input: never, { attempt }) => attempt } });
    hand.add('a', 'tool', {}, { messages });
    hand.end();
    expect(messages).not.toHaveBeenCalled();
  });

  it('has its tool for `this`', async () => {
    const hand = createHandRunner({
      tool: {
        description: 'me',
        execute(this: { description: string }) {
          return this.description;
        },
      },
    });
    hand.start('tool', 'a');
    await flush();
    expect(hand.output('a')).toBe('me');
  });
});

describe('batches', () => {
  it('are opened once', () => {
    const hand = createHandRunner({});
    const before = hand.runner.store.getState();
    expect(hand.runner.openBatch('message', 0)).toBe(hand.batch);
    expect(hand.runner.store.getState()).toBe(before);
  });

  it('go on when they are opened again: what waits for the end of the step waits for the next one', () => {
    const hand = createHandRunner({ write: { start: 'step-end' } });
    hand.end();
    const isStreaming = () => hand.runner.store.getState().batches[hand.batch]!.streaming;
    expect(isStreaming()).toBe(false);
    hand.runner.openBatch('message', 0);
    hand.add('a', 'write');
    expect(isStreaming()).toBe(true);
    expect(hand.running()).toEqual([]);
    hand.end();
    expect(isStreaming()).toBe(false);
    expect(hand.running()).toEqual(['a']);
  });

  it('do not mind an end that comes twice, or to none', () => {
    const hand = createHandRunner({ tool: {} });
    hand.start('tool', 'a');
    hand.end();
    hand.runner.endStep('no batch');
    hand.runner.abandonStep('no batch');
    hand.runner.forget('no batch');
    expect(hand.runs('a')).toBe(1);
  });

  it('leave nothing behind when forgotten', async () => {
    const hand = createHandRunner({ tool: {} }, { concurrency: 1 });
    hand.start('tool', 'a', 'b');
    hand.runner.forget(hand.batch);
    expect(hand.invocation('a').options.abortSignal.reason).toMatchObject({ by: 'superseded' });
    expect(hand.runner.store.getState().batches).toEqual({});
    await hand.succeed('a');
    hand.runner.cancelAll();
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.invocations).toHaveLength(1);
    hand.runner.openBatch('message', 0);
    hand.start('tool', 'a');
    expect(hand.running()).toEqual(['a']);
  });

  it('reject a check that comes after they were forgotten', async () => {
    const inputSchema = {
      '~standard': { version: 1, vendor: 'test', validate: async (value: unknown) => ({ value }) },
    };
    const hand = createHandRunner({ tool: { inputSchema: inputSchema as never } });
    hand.start('tool', 'a');
    hand.runner.forget(hand.batch);
    await flush();
    expect(hand.invocations).toEqual([]);
  });
});

describe('setOptions', () => {
  it('does nothing when nothing changed', () => {
    const tools = { tool: clientTool({ inputSchema: jsonSchema({}), execute: () => 1 }) };
    const runner = createToolRunner({ tools });
    const policy = runner.policyOf('tool');
    runner.setOptions({ tools });
    expect(runner.policyOf('tool')).toBe(policy);
    runner.setOptions({ tools, timeout: 5 });
    expect(runner.policyOf('tool')).toMatchObject({ timeout: 5 });
    expect(runner.policyOf('none')).toBeUndefined();
  });

  it('gives room to calls that wait', () => {
    const hand = createHandRunner({ tool: {} }, { concurrency: 1 });
    hand.start('tool', 'a', 'b', 'c');
    hand.runner.setOptions({ tools: hand.build({ tool: {} }), concurrency: 2 });
    expect(hand.running()).toEqual(['a', 'b']);
  });

  it('is for later calls: one that waits keeps its tool', async () => {
    const hand = createHandRunner({ tool: {} }, { concurrency: 1 });
    hand.start('tool', 'a', 'b');
    hand.runner.setOptions({ tools: {}, concurrency: 1 });
    await hand.succeed('a');
    expect(hand.running()).toEqual(['b']);
    await hand.succeed('b', 'mine');
    expect(hand.output('b')).toBe('mine');
  });
});

describe('createToolRunner', () => {
  it('writes to a given store', () => {
    const store = createToolCallStore();
    const runner = createToolRunner({ tools: {}, store });
    runner.openBatch('m', 0);
    expect(runner.store).toBe(store.store);
    expect(Object.keys(store.store.getState().batches)).toEqual(['m/0']);
  });

  it('needs no clock, no chat and no React', async () => {
    const runner = createToolRunner({
      tools: {
        add: clientTool({ inputSchema: jsonSchema<{ a: number; b: number }>({}), execute: ({ a, b }) => a + b }),
      },
    });
    const [call] = await runner.runCalls([{ toolCallId: '1', toolName: 'add', input: { a: 2, b: 3 } }]);
    expect(call).toMatchObject({ status: 'succeeded', output: 5 });
  });

  it('has a resend that does nothing: there is no chat to send to', () => {
    const hand = createHandRunner({ tool: {} });
    const before = hand.runner.store.getState();
    hand.runner.resend();
    expect(hand.runner.store.getState()).toBe(before);
  });

  it('stamps what happens with the time of its clock', async () => {
    const hand = createHandRunner({ tool: {} }, { clock: undefined as never });
    expect(hand.clock).not.toBe(createFakeClock());
    const timed = createHandRunner({ tool: {} });
    timed.add('a', 'tool');
    await timed.clock.advance(5);
    timed.end();
    await timed.clock.advance(7);
    await timed.succeed('a');
    expect(timed.record('a')).toMatchObject({ queuedAt: START, startedAt: START + 5, settledAt: START + 12 });
  });
});
