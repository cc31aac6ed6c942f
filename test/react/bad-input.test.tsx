// Whatever a model sends or a tool does: one call fails with a clear error, its siblings and the chat are unharmed.
import type { UIMessageChunk } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createDeferred } from '../harness/deferred.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

const anything = z.object({});

/** Runs one odd tool beside a good one; gives the odd call's record and the follow-up's parts. */
async function runBeside(execute: () => unknown) {
  const odd = clientTool({ inputSchema: anything, execute: execute as () => unknown });
  const good = clientTool({ inputSchema: anything, execute: () => 'fine' });
  const { ask, transport, call, settle } = renderChat({ tools: { odd, good } });
  (await ask()).start().call('odd', 'odd').call('good', 'good').finish();
  const followUp = await transport.next();
  followUp.start().text('Done').finish('stop');
  await settle();
  expect(call('good')).toMatchObject({ status: 'succeeded', output: 'fine' });
  expect(transport.responses).toHaveLength(2);
  return {
    call: call('odd'),
    part: followUp.messages.at(-1)!.parts.find((part) => 'toolCallId' in part && part.toolCallId === 'odd'),
  };
}

/** An output so many levels deep. */
function nest(levels: number): object {
  let value: object = { core: true };
  for (let level = 1; level < levels; level++) value = { deep: value };
  return value;
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

describe('a tool that fails', () => {
  it.each([
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
      'broken',
    ],
    ['rejects', () => Promise.reject(new Error('later')), 'later'],
    [
      'throws a string',
      () => {
        throw 'just words';
      },
      'just words',
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
      'The tool threw undefined',
    ],
    ['rejects with null', () => Promise.reject(null), 'The tool threw null'],
    [
      'throws an object',
      () => {
        throw { code: 7 };
      },
      'The tool threw {"code":7}',
    ],
    [
      'throws what cannot be read',
      () => {
        throw new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
            has: () => {
              throw new Error('no');
            },
            getPrototypeOf: () => {
              throw new Error('no');
            },
          },
        );
      },
      'The tool threw a value that cannot be read',
    ],
    [
      'returns a thenable that throws',
      () => ({
        // oxlint-disable-next-line unicorn/no-thenable
        get then() {
          throw new Error('trap');
        },
      }),
      'trap',
    ],
  ])('%s: its error is data', async (_, execute, message) => {
    const { call, part } = await runBeside(execute);
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'execution', message } });
    expect(part).toMatchObject({ state: 'output-error', errorText: message });
  });

  it.each([
    ['a BigInt', () => ({ total: 10n }), '`total` is a BigInt'],
    ['a cycle', () => cyclic, '`self` refers back to itself'],
    ['a function', () => () => 1, 'it is a function'],
    ['a nested function', () => ({ list: [{ go: () => 1 }] }), '`list.0.go` is a function'],
    ['a DOM node', () => document.createElement('div'), 'it is a DOM node'],
    ['a Map', () => new Map([[1, 2]]), 'it is a Map'],
    ['a symbol', () => Symbol('s'), 'it is a symbol'],
    ['an embedding', () => ({ embedding: new Float32Array(3) }), '`embedding` is a Float32Array'],
    ['bytes', () => new Uint8Array(1_000_000), 'it is a Uint8Array'],
    ['a selection of the page', () => ({ selected: document.getSelection() }), '`selected` is a Selection'],
    ['an event', () => new MouseEvent('click'), 'it is a MouseEvent'],
    ['a list of the page', () => document.querySelectorAll('html'), 'it is a NodeList'],
    ['a number that is none', () => ({ scores: [1, 0 / 0] }), '`scores.1` is NaN'],
    ['an invalid date', () => ({ at: new Date('soon') }), '`at` is an invalid Date'],
    ['five thousand levels', () => nest(5000), 'is nested more than 500 levels deep'],
    ['a list indexed by an id', () => Object.assign([], { 48213: 'x' }), 'it is a list full of holes'],
    [
      'a stream inside of something else',
      () => ({ rows: (async function* rows() {})() }),
      '`rows` is an AsyncIterable',
    ],
  ])('returns %s: that is an invalid output', async (_, execute, message) => {
    const { call, part } = await runBeside(execute);
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'invalid-output' } });
    expect(call.error?.message).toContain(message);
    expect(part).toMatchObject({ state: 'output-error' });
  });

  it('returns as many levels as an output may have: it travels', async () => {
    const { part } = await runBeside(() => nest(500));
    expect(part).toMatchObject({ state: 'output-available', output: nest(500) });
  });

  it('changes what it has returned: record, message and later requests keep what it was', async () => {
    const live = { rows: ['first'], at: new Date(0) };
    const shared = clientTool({ inputSchema: anything, execute: async () => live });
    const { ask, transport, call, settle } = renderChat({ tools: { shared } });
    (await ask()).start().call('a', 'shared').finish();
    const followUp = await transport.next();
    live.rows.push('second');
    followUp.start().text('Done').finish('stop');
    await settle();
    const { messages } = await ask('Again');
    const output = { rows: ['first'], at: '1970-01-01T00:00:00.000Z' };
    expect(call('a').output).toEqual(output);
    expect(messages[1]?.parts).toContainEqual(expect.objectContaining({ toolCallId: 'a', output }));
  });

  it('returns undefined: that is reported as null', async () => {
    const { call, part } = await runBeside(() => undefined);
    expect(call).toMatchObject({ status: 'succeeded', output: null });
    expect(part).toMatchObject({ state: 'output-available', output: null });
  });

  it.each([0, false, '', null])('returns %j: that is an output', async (value) => {
    const { call, part } = await runBeside(() => value);
    expect(call).toMatchObject({ status: 'succeeded', output: value });
    expect(part).toMatchObject({ state: 'output-available', output: value });
  });

  it('never settles: it times out, and is told so', async () => {
    let signal: AbortSignal | undefined;
    const stuck = clientTool({
      inputSchema: anything,
      timeout: 30,
      execute: (_, { abortSignal }) => {
        signal = abortSignal;
        return new Promise(() => {});
      },
    });
    const { ask, transport, call } = renderChat({ tools: { stuck } });
    (await ask()).start().call('a', 'stuck').finish();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error']);
    expect(call('a')).toMatchObject({ status: 'failed', error: { kind: 'timeout', message: 'Timed out after 30 ms' } });
    expect(signal).toMatchObject({ aborted: true, reason: { by: 'timeout' } });
  });
});

describe('a tool that streams its output', () => {
  async function* count() {
    yield { n: 1 };
    yield { n: 2 };
  }

  it.each<[string, () => unknown]>([
    ['is an async generator', count],
    ['resolves to an async generator', async () => count()],
    [
      'resolves to a ReadableStream',
      async () =>
        new ReadableStream({
          start(controller) {
            controller.enqueue({ n: 2 });
            controller.close();
          },
        }),
    ],
  ])('%s: the last value is the output', async (_, execute) => {
    const { call, part } = await runBeside(execute);
    expect(call).toMatchObject({ status: 'succeeded', output: { n: 2 } });
    expect(part).toMatchObject({ state: 'output-available', output: { n: 2 } });
  });

  it('is closed when the person stops the answer', async () => {
    const closed = createDeferred();
    const endless = clientTool({
      inputSchema: anything,
      execute: async () => new ReadableStream({ cancel: () => closed.resolve('closed') }),
    });
    const { ask, chat, call, settle } = renderChat({ tools: { endless } });
    (await ask()).start().call('a', 'endless').finish();
    await settle();
    expect(call('a').status).toBe('running');
    void chat().stop();
    expect(await closed.promise).toBe('closed');
    expect(call('a')).toMatchObject({ status: 'cancelled', error: { by: 'stop' } });
  });
});

describe('a call without arguments', () => {
  it.each([
    ['null', { input: null }],
    ['an empty string', { input: '' }],
    ['nothing', {}],
  ])('that comes as %s runs with what the schema makes of an empty object', async (_, given) => {
    const inputs: unknown[] = [];
    const list = clientTool({
      inputSchema: z.object({ limit: z.number().default(10) }),
      execute: (input) => void inputs.push(input),
    });
    const { ask, transport, call } = renderChat({ tools: { list } });
    const response = (await ask()).start();
    // SAFETY: what backends of one's own send.
    response.write({ type: 'tool-input-available', toolCallId: 'a', toolName: 'list', ...given } as UIMessageChunk);
    response.finish();
    const { messages } = await transport.next();
    expect(partStates(messages)).toEqual(['a: output-available']);
    expect(inputs).toEqual([{ limit: 10 }]);
    expect(call('a').input).toBe((given as { input?: unknown }).input);
  });
});

describe('a call that cannot be run', () => {
  it('has an input that does not fit: it never starts', async () => {
    let runs = 0;
    const strict = clientTool({ inputSchema: z.object({ n: z.number() }), readOnly: true, execute: () => runs++ });
    const { ask, transport, call } = renderChat({ tools: { strict } });
    (await ask()).start().call('a', 'strict', { n: 'one' }).finish();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error']);
    expect(call('a').error).toMatchObject({ kind: 'invalid-input' });
    expect(call('a').error?.message).toContain('n: Invalid input: expected number, received string');
    expect(runs).toBe(0);
  });

  it.each(['nobody', 'constructor', '__proto__', 'toString'])(
    'is for a tool %s that nobody registered',
    async (name) => {
      const { ask, transport, call } = renderChat({ tools: {} });
      (await ask()).start().call('a', name).finish();
      expect(partStates((await transport.next()).messages)).toEqual(['a: output-error']);
      expect(call('a').error).toMatchObject({
        kind: 'unknown-tool',
        message: `There is no tool named ${name} on this page`,
      });
    },
  );

  it('was refused by the server: the model still hears of it, with its siblings', async () => {
    const good = clientTool({ inputSchema: anything, execute: () => 'fine' });
    const { ask, transport, call } = renderChat({ tools: { good } });
    const response = await ask();
    response.start().call('good', 'good');
    response.write({
      type: 'tool-input-error',
      toolCallId: 'bad',
      toolName: 'good',
      input: '{',
      errorText: 'Not JSON',
    });
    response.finish();
    expect(partStates((await transport.next()).messages)).toEqual(['good: output-available', 'bad: output-error']);
    expect(call('bad')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input', message: 'Not JSON' } });
  });

  it('shares its id with a different call of the step: neither is answered', async () => {
    const inputs: unknown[] = [];
    const open = clientTool({
      inputSchema: z.object({ n: z.number() }),
      readOnly: true,
      execute: (input) => void inputs.push(input),
    });
    const { ask, transport, call } = renderChat({ tools: { open } });
    (await ask()).start().call('same', 'open', { n: 1 }).call('same', 'open', { n: 2 }).finish();
    expect(partStates((await transport.next()).messages)).toEqual(['same: output-error']);
    expect(call('same').error?.message).toContain('two different calls');
    expect(inputs).toEqual([{ n: 1 }]);
  });

  it('came twice with the same id and input: it runs once', async () => {
    let runs = 0;
    const open = clientTool({ inputSchema: anything, readOnly: true, execute: () => ++runs });
    const { ask, transport, call } = renderChat({ tools: { open } });
    (await ask()).start().call('same', 'open').call('same', 'open').finish();
    expect(partStates((await transport.next()).messages)).toEqual(['same: output-available']);
    expect(call('same')).toMatchObject({ status: 'succeeded', output: 1 });
  });
});

describe('misuse of the hook', () => {
  it.each([
    [{ concurrency: 0 }, 'Expected `concurrency` to be an integer from 1 up, got `0` (number).'],
    [{ maxFollowUps: -1 }, 'Expected `maxFollowUps` to be an integer from 0 up, got `-1` (number).'],
    [{ tools: { broken: {} } }, 'Expected tool `broken` to have an `inputSchema`, got `undefined`.'],
    [{ tools: undefined }, 'Expected `tools` to be an object of tools by name, got `undefined`.'],
    [{ sendAutomaticallyWhen: () => true }, 'useParallelTools takes no `sendAutomaticallyWhen`'],
    [{ chat: {} }, 'useParallelTools makes its own chat and takes no `chat`.'],
  ])('throws at once: %j', (options, message) => {
    expect(() => renderChat({ tools: {}, ...options } as never)).toThrow(message);
  });
});
