// Owns: whatever a model sends and a tool does, the call ends as one clear record and its siblings go on.
import { jsonSchema } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createToolRunner } from '../../src/core/index.ts';
import { createHandRunner, flush, type HandTool } from './hand-runner.ts';

const cycle: { self?: unknown } = {};
cycle.self = cycle;

let deep: unknown = 1;
for (let level = 0; level < 10_000; level++) deep = { deep };

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
afterEach(() => expect(rejections).toEqual([]));

/** Runs the tool beside a sibling, and gives its record once the sibling is done. */
async function runBeside(tool: HandTool, input: unknown = {}) {
  const hand = createHandRunner({ odd: tool, sibling: {} });
  hand.add('odd', 'odd', input);
  hand.add('sibling', 'sibling');
  hand.end();
  await flush();
  await hand.succeed('sibling', 'fine');
  expect(hand.output('sibling')).toBe('fine');
  return hand.record('odd');
}

describe('a tool', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'broken',
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken');
      },
      'broken',
    ],
    [
      'throws a string',
      () => {
        throw 'broken';
      },
      'broken',
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
      'The tool threw undefined',
    ],
    ['rejects with undefined', () => Promise.reject(undefined), 'The tool threw undefined'],
    [
      'throws null',
      () => {
        throw null;
      },
      'The tool threw null',
    ],
    [
      'throws a response',
      () => {
        throw new Response(null, { status: 500 });
      },
      'HTTP 500',
    ],
  ])('that %s fails with what it threw', async (_, execute, message) => {
    expect(await runBeside({ execute })).toMatchObject({ status: 'failed', error: { kind: 'execution', message } });
  });

  it.each([
    ['a BigInt', 1n, 'is a BigInt'],
    ['a cycle', cycle, '`self` refers back to itself'],
    ['a function', () => 1, 'is a function'],
    ['a map', new Map(), 'is a Map'],
    ['an embedding', { embedding: new Float32Array(2) }, '`embedding` is a Float32Array'],
    ['a score that is no number', { score: Number.NaN }, '`score` is NaN'],
    ['what is nested without end', deep, 'is nested more than 500 levels deep'],
  ])('that gives %s has no valid output', async (_, output, problem) => {
    const call = await runBeside({ execute: () => output });
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'invalid-output' } });
    expect(call.error?.message).toContain('The output of odd cannot be sent as JSON: ');
    expect(call.error?.message).toContain(problem);
  });

  it('that changes what it has returned changes no record', async () => {
    const live = { rows: [1] };
    expect(await runBeside({ execute: async () => live })).toMatchObject({
      status: 'succeeded',
      output: { rows: [1] },
    });
    const hand = createHandRunner({ tool: { execute: async () => live } });
    hand.start('tool', 'a');
    await flush();
    live.rows.push(2);
    expect(hand.output('a')).toEqual({ rows: [1] });
  });

  it('that cancels its own call and returns a stream is not read', async () => {
    const began: string[] = [];
    const hand = createHandRunner({
      odd: {
        execute() {
          hand.runner.cancel(hand.keyOf('a'));
          return (async function* stream() {
            yield began.push('began');
          })();
        },
      },
    });
    hand.start('odd', 'a');
    await flush();
    expect(hand.status('a')).toBe('cancelled');
    expect(began).toEqual([]);
  });

  it('that gives undefined succeeds with null', async () => {
    expect(await runBeside({ execute: () => undefined })).toMatchObject({ status: 'succeeded', output: null });
  });

  it.each([0, false, '', null])('that gives %j succeeds with it', async (output) => {
    expect(await runBeside({ execute: () => output })).toMatchObject({ status: 'succeeded', output });
  });

  it('that never settles runs, and harms nobody, until its timeout', async () => {
    expect(await runBeside({ execute: () => new Promise(() => {}), timeout: 10 })).toMatchObject({ status: 'running' });
  });

  it('that gives an output which does not fit its schema fails', async () => {
    const call = await runBeside({ execute: () => 'text', outputSchema: z.number() });
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'invalid-output' } });
    expect(call.error?.message).toContain('The output of odd does not fit its outputSchema: ');
  });

  it('stores the parsed output', async () => {
    expect(await runBeside({ execute: () => '5', outputSchema: z.coerce.number() })).toMatchObject({ output: 5 });
    const slow = z.string().transform(async (text) => text.length);
    expect(await runBeside({ execute: async () => 'four', outputSchema: slow })).toMatchObject({ output: 4 });
  });

  it('changes nothing by a check of its output that comes after a cancel', async () => {
    const hand = createHandRunner({ odd: { outputSchema: z.string().transform(async (text) => text) } });
    hand.start('odd', 'a');
    hand.invocation('a').resolve('late');
    await Promise.resolve();
    hand.runner.cancel(hand.keyOf('a'));
    await flush();
    expect(hand.status('a')).toBe('cancelled');
  });
});

describe('an input', () => {
  it('that does not fit fails before the tool runs', async () => {
    const call = await runBeside(
      { inputSchema: z.object({ id: z.number() }) as never, execute: () => 'never' },
      { id: 'x' },
    );
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' }, attempts: [] });
    expect(call.error?.message).toMatch(/^The input does not fit odd: id: /);
  });

  it('reaches the tool parsed, while the record keeps what the model sent', async () => {
    const hand = createHandRunner({
      odd: { inputSchema: z.object({ id: z.coerce.number(), unit: z.string().default('C') }) as never },
    });
    hand.add('a', 'odd', { id: '7' });
    hand.end();
    expect(hand.invocation('a').input).toEqual({ id: 7, unit: 'C' });
    expect(hand.record('a').input).toEqual({ id: '7' });
  });

  it('is checked by an asynchronous schema too, which a cancel does not wait for', async () => {
    const hand = createHandRunner({ odd: { inputSchema: z.string().refine(async (text) => text !== 'bad') as never } });
    hand.add('a', 'odd', 'good');
    hand.add('b', 'odd', 'bad');
    hand.add('c', 'odd', 'good');
    hand.end();
    expect(hand.running()).toEqual([]);
    hand.runner.cancel(hand.keyOf('c'));
    await flush();
    expect(hand.running()).toEqual(['a']);
    expect(hand.error('b')?.kind).toBe('invalid-input');
    expect(hand.status('c')).toBe('cancelled');
    expect(hand.runs('c')).toBe(0);
  });

  const optional = z.object({ unit: z.string().default('C') });
  it.each([undefined, null, ''])(
    'that is %j stands for no arguments where the schema wants an object',
    async (input) => {
      const asked: unknown[] = [];
      const hand = createHandRunner({
        odd: { inputSchema: optional as never, approval: ((parsed: unknown) => asked.push(parsed) === 0) as never },
        slow: { inputSchema: optional.refine(async () => true) as never },
        strict: { inputSchema: z.object({ id: z.number() }) as never },
      });
      for (const toolName of ['odd', 'slow', 'strict']) {
        hand.runner.addCall(hand.batch, { toolCallId: toolName, toolName, input });
      }
      hand.end();
      await flush();
      expect(hand.running()).toEqual(['odd', 'slow']);
      expect(asked).toEqual([{ unit: 'C' }]);
      for (const id of ['odd', 'slow']) {
        expect(hand.invocation(id).input).toEqual({ unit: 'C' });
        expect(hand.record(id).input).toBe(input);
      }
      expect(hand.record('strict')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' } });
    },
  );

  it.each([undefined, null, 1n, cycle])('may be %o where the schema takes it', async (input) => {
    expect(await runBeside({ execute: () => 'done' }, input)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a tool that nobody registered', () => {
  it.each(['unknown', 'constructor', '__proto__', 'toString', ''])('named %j fails at once', (toolName) => {
    const hand = createHandRunner({ known: {} });
    hand.add('a', toolName);
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { kind: 'unknown-tool' } });
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty'])('named %s runs once it is registered', (toolName) => {
    const hand = createHandRunner({ [toolName]: {} });
    hand.start(toolName, 'a');
    expect(hand.running()).toEqual(['a']);
  });
});

describe('one id twice', () => {
  it('is one call when both ask for the same', () => {
    const hand = createHandRunner({ tool: { readOnly: true } });
    hand.add('a', 'tool', { n: 1, m: 2 });
    expect(hand.add('a', 'tool', { m: 2, n: 1 })).toBe(hand.keyOf('a'));
    expect(hand.runs('a')).toBe(1);
    expect(hand.running()).toEqual(['a']);
  });

  it('is one call when neither has an input', () => {
    const hand = createHandRunner({ tool: { readOnly: true } });
    hand.add('a', 'tool', undefined);
    hand.add('a', 'tool', undefined);
    expect(hand.running()).toEqual(['a']);
  });

  it('tells a list from an object with numbers for names', () => {
    const hand = createHandRunner({ tool: { readOnly: true } });
    hand.add('a', 'tool', [1]);
    hand.add('a', 'tool', { 0: 1 });
    expect(hand.status('a')).toBe('failed');
  });

  it.each([
    ['another input', 'tool', { n: 2 }],
    ['another tool', 'other', { n: 1 }],
    ['an input that JSON cannot carry', 'tool', { n: 1n }],
  ])('fails when the second has %s: a result could answer only one', async (_, toolName, input) => {
    const hand = createHandRunner({ tool: { readOnly: true }, other: {} });
    hand.add('a', 'tool', { n: 1 });
    hand.add('a', toolName, input);
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' } });
    expect(hand.error('a')?.message).toContain('The model gave the id a to two different calls');
    expect(hand.invocation('a').options.abortSignal.aborted).toBe(true);
    await hand.succeed('a');
    hand.runner.retry(hand.keyOf('a'));
    expect(hand.status('a')).toBe('failed');
  });

  it('fails a call that had succeeded, or was held', async () => {
    const hand = createHandRunner({ tool: { readOnly: true, onFailure: 'hold', retry: 0 }, late: { dedupe: true } });
    hand.add('a', 'tool');
    hand.add('b', 'tool');
    await hand.succeed('a');
    await hand.fail('b');
    hand.add('a', 'tool', { n: 2 });
    hand.add('b', 'tool', { n: 2 });
    expect(hand.record('a')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' } });
    expect(hand.record('b')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' } });
    expect(hand.record('b').held).toBeUndefined();
  });

  it('speaks for no identical call any more', async () => {
    const hand = createHandRunner({ tool: { readOnly: true, dedupe: true, concurrency: 1 } });
    hand.add('a', 'tool', { n: 1 });
    await hand.succeed('a', 'one');
    hand.add('a', 'tool', { n: 2 });
    hand.add('b', 'tool', { n: 1 });
    expect(hand.record('b')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' } });
  });
});

describe('a tool without an execute of its own', () => {
  it.each([undefined, null])('(%s) is answered by a person', async (execute) => {
    const runner = createToolRunner({ tools: { ask: { inputSchema: jsonSchema({}), execute: execute as never } } });
    const batch = runner.openBatch('m', 0);
    const key = runner.addCall(batch, { toolCallId: 'a', toolName: 'ask', input: {} });
    expect(runner.store.getState().batches[batch]?.calls[key]?.status).toBe('awaiting-input');
  });
});
