// Whatever a model sends or a tool does: one call fails with a clear error, its siblings and the chat are unharmed.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
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
  ])('returns %s: that is an invalid output', async (_, execute, message) => {
    const { call, part } = await runBeside(execute);
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'invalid-output' } });
    expect(call.error?.message).toContain(message);
    expect(part).toMatchObject({ state: 'output-error' });
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
