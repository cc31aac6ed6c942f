// Plugins in the runner: asked before a call starts, before each attempt, and around the tool. Whatever they throw, no sibling call notices.
import { describe, expect, it } from 'vitest';
import { ToolCallError, type ToolCallsPlugin } from 'use-parallel-tools/core';
import { expectConsole } from '../setup/console.ts';
import { createDeferred } from '../harness/deferred.ts';
import { createHandRunner } from './hand-runner.ts';

type Members = Omit<ToolCallsPlugin, 'name'>;

function open(plugins: readonly (Members & { name?: string })[], tool: object = {}) {
  const named = plugins.map((plugin, index) => ({ name: `plugin ${index + 1}`, ...plugin }));
  return createHandRunner({ tool: { readOnly: true, retry: 0, ...tool } }, { plugins: named });
}

describe('approval', () => {
  it('asks a person with the reasons of all plugins, before an eager start too', () => {
    const hand = open([
      { approval: () => 'It costs money' },
      { approval: () => false },
      { approval: () => 'It is late' },
    ]);
    hand.add('a', 'tool');
    expect(hand.record('a')).toMatchObject({ status: 'awaiting-approval', reasons: ['It costs money', 'It is late'] });
    hand.runner.approve(hand.keyOf('a'));
    expect(hand.status('a')).toBe('running');
  });

  it('is not asked about a call that was approved', () => {
    const hand = open([{ approval: () => 'Sure?' }]);
    hand.add('a', 'tool', {}, { approved: true });
    expect(hand.status('a')).toBe('running');
  });

  it.each([
    [
      'throws',
      () =>
        void (() => {
          throw new Error('no idea');
        })(),
    ],
    ['answers with anything else', () => true as never],
  ])('asks a person where it %s', (_, approval) => {
    expectConsole('error', '`approval` of the plugin "plugin 1" threw');
    const hand = open([{ approval: approval as never }]);
    hand.add('a', 'tool');
    expect(hand.record('a').status).toBe('awaiting-approval');
    expect(hand.record('a').reasons?.[0]).toContain('since the plugin "plugin 1" failed');
  });

  it('is asked again by reconsider: of what waits in the line, and of what only plugins asked for', () => {
    let reason: string | false = false;
    const named: ToolCallsPlugin = { name: 'guard', approval: () => reason };
    const hand = createHandRunner({ tool: { readOnly: true } }, { plugins: [named], concurrency: 1 });
    hand.add('a', 'tool');
    hand.add('b', 'tool');
    reason = 'Now it is risky';
    hand.runner.reconsider();
    expect([hand.status('a'), hand.status('b')]).toEqual(['running', 'awaiting-approval']);
    reason = false;
    hand.runner.reconsider();
    expect(hand.status('b')).toBe('queued');
  });

  it('keeps the question that the policy asks, whatever plugins say later', () => {
    const hand = open([{ approval: () => false }], { approval: true });
    hand.add('a', 'tool');
    hand.runner.reconsider();
    expect(hand.status('a')).toBe('awaiting-approval');
  });
});

describe('beforeAttempt', () => {
  it('holds each attempt back, and says for whom the call waits', async () => {
    const gates = [createDeferred<void>(), createDeferred<void>()];
    const attempts: number[] = [];
    const journal: ToolCallsPlugin = {
      name: 'journal',
      beforeAttempt: (_, attempt) => gates[attempts.push(attempt) - 1]!.promise,
    };
    const hand = createHandRunner({ tool: { readOnly: true, retry: 1, retryDelay: 0 } }, { plugins: [journal] });
    hand.add('a', 'tool');
    expect(hand.wait('a')).toEqual({ type: 'plugin', name: 'journal' });
    expect(hand.runs('a')).toBe(0);
    gates[0]!.resolve();
    await hand.clock.advance(0);
    expect(hand.status('a')).toBe('running');
    await hand.fail('a');
    await hand.clock.advance(0);
    expect(hand.runs('a')).toBe(1);
    gates[1]!.resolve();
    await hand.clock.advance(0);
    expect(attempts).toEqual([1, 2]);
    expect(hand.runs('a')).toBe(2);
  });

  it('asks one plugin after another, and none that comes after a refusal', async () => {
    const asked: string[] = [];
    const hand = open([
      { beforeAttempt: async () => void asked.push('first') },
      { beforeAttempt: () => void asked.push('second') },
      { beforeAttempt: () => Promise.reject(new ToolCallError('execution', 'The disk is full')) },
      { beforeAttempt: () => void asked.push('never') },
    ]);
    hand.add('a', 'tool');
    await hand.clock.advance(0);
    expect(asked).toEqual(['first', 'second']);
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { message: 'The disk is full' } });
    expect(hand.runs('a')).toBe(0);
  });

  it('fails the attempt when it throws: the tool does not run', async () => {
    expectConsole('error', '`beforeAttempt` of the plugin "plugin 1" threw');
    const hand = open([
      {
        beforeAttempt() {
          throw new Error('down');
        },
      },
    ]);
    hand.add('a', 'tool');
    await hand.clock.advance(0);
    expect(hand.record('a')).toMatchObject({
      status: 'failed',
      error: { message: 'The tool did not run, since the plugin "plugin 1" failed: down' },
    });
    expect(hand.runs('a')).toBe(0);
  });

  it.each(['cancel', 'require approval'])('lets a person %s meanwhile: then the tool does not run', async (how) => {
    const gate = createDeferred<void>();
    const hand = open([{ beforeAttempt: () => gate.promise }]);
    hand.add('a', 'tool');
    if (how === 'require approval') hand.runner.requireApproval(hand.keyOf('a'));
    else hand.runner.cancel(hand.keyOf('a'));
    gate.resolve();
    await hand.clock.advance(0);
    expect(hand.status('a')).toBe(how === 'require approval' ? 'awaiting-approval' : 'cancelled');
    expect(hand.runs('a')).toBe(0);
  });

  it('keeps its slot while it waits', async () => {
    const gate = createDeferred<void>();
    const plugin: ToolCallsPlugin = {
      name: 'slow',
      beforeAttempt: ({ toolCallId }) => (toolCallId === 'a' ? gate.promise : undefined),
    };
    const hand = createHandRunner({ tool: { readOnly: true } }, { plugins: [plugin], concurrency: 1 });
    hand.add('a', 'tool');
    hand.add('b', 'tool');
    expect(hand.runs('b')).toBe(0);
    hand.runner.cancel(hand.keyOf('a'));
    expect(hand.status('b')).toBe('running');
  });
});

describe('execute', () => {
  it('nests, the first outermost, and joins options', async () => {
    const order: string[] = [];
    const around = (name: string, extra?: object): Members => ({
      async execute(_, run) {
        order.push(`${name} in`);
        const value = await run(extra);
        order.push(`${name} out`);
        return value;
      },
    });
    const hand = open([around('outer', { trace: 1 }), around('inner', { span: 2 })]);
    hand.add('a', 'tool');
    expect(order).toEqual(['outer in', 'inner in']);
    expect(hand.invocation('a').options).toMatchObject({ trace: 1, span: 2, toolCallId: 'a', attempt: 1 });
    await hand.succeed('a', 'done');
    expect(order).toEqual(['outer in', 'inner in', 'inner out', 'outer out']);
    expect(hand.output('a')).toBe('done');
  });

  it("hands the tool's own error through", async () => {
    const hand = open([{ execute: async (_, run) => await run() }, { execute: (_, run) => run() }]);
    hand.add('a', 'tool');
    await hand.fail('a', new Error('the service is down'));
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { message: 'the service is down' } });
  });

  it('gives another output, or a simulated error, in place of the tool', async () => {
    const hand = open([
      {
        execute(call, run) {
          if (call.toolCallId === 'a') return 'a value of the plugin';
          if (call.toolCallId === 'b') throw new ToolCallError('execution', 'simulated');
          return run();
        },
      },
    ]);
    for (const id of ['a', 'b', 'c']) hand.add(id, 'tool');
    await hand.clock.advance(0);
    expect(hand.output('a')).toBe('a value of the plugin');
    expect(hand.record('b')).toMatchObject({ status: 'failed', error: { message: 'simulated' } });
    expect([hand.runs('a'), hand.runs('b'), hand.runs('c')]).toEqual([0, 0, 1]);
  });

  it.each<[string, Members['execute']]>([
    [
      'before the tool',
      () => {
        throw new Error('fault');
      },
    ],
    ['before the tool, later', () => Promise.reject(new Error('fault'))],
    [
      'beside the tool',
      (_, run) => {
        void run();
        throw new Error('fault');
      },
    ],
    [
      'after the tool',
      async (_, run) => {
        await run();
        throw new Error('fault');
      },
    ],
  ])('that throws %s is passed over: the tool runs once, and its output stands', async (_, execute) => {
    expectConsole('error', '`execute` of the plugin "plugin 1" threw');
    const hand = open([{ ...(execute && { execute }) }]);
    hand.add('a', 'tool');
    await hand.clock.advance(0);
    await hand.succeed('a', 'done');
    await hand.clock.advance(0);
    expect(hand.runs('a')).toBe(1);
    expect(hand.output('a')).toBe('done');
  });
});

it('keeps the facts of plugins on batch, call and chat, whatever becomes of the call', async () => {
  const hand = open([]);
  hand.add('a', 'tool');
  const [batchKey, callKey] = [hand.batch, hand.keyOf('a')];
  const note = (data: object, at: object) =>
    hand.runner.dispatch({ type: 'plugin-event', plugin: 'p', data, batchKey, ...at } as never);
  note({ one: 1 }, { callKey });
  note({ two: 2 }, { callKey });
  note({ size: 3 }, {});
  note({ open: true }, { batchKey: '' });
  note({ lost: true }, { callKey: 'no call' });
  note({ lost: true }, { batchKey: 'no batch' });
  await hand.fail('a');
  hand.runner.retry(hand.keyOf('a'));
  const state = hand.runner.store.getState();
  expect(hand.record('a').plugins).toEqual({ p: { one: 1, two: 2 } });
  expect(state.batches[batchKey]!.plugins).toEqual({ p: { size: 3 } });
  expect(state.plugins).toEqual({ p: { open: true } });
});
