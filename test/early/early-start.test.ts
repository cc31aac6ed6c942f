// Proves: a call of a tool with `start: 'early'` runs once its input is whole, and nobody hears of it before the call itself starts.
import { describe, expect, it } from 'vitest';
import { clientTool, type ToolCallsPlugin } from 'use-parallel-tools';
import { earlyStart } from 'use-parallel-tools/early';
import { createTestChat } from 'use-parallel-tools/testing';
import { z } from 'zod';
import { expectConsole } from '../setup/console.ts';
import { openPage, writeInput, writePieces } from './streamed-calls.ts';

const OSLO = { city: 'Oslo' };
const RIGA = { city: 'Riga' };

describe('an early start', () => {
  it('runs calls while the server holds their inputs back, and gives each its result when it starts', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":', '"Oslo"}');
    writePieces(answer, 'b', 'look', '{"ci', 'ty":"Riga"', '}');
    await chat.until(() => runs.length === 2);
    expect(runs.map(({ input }) => input)).toEqual([OSLO, RIGA]);
    runs[1]!.end.resolve('rain');
    await chat.advance(500);
    expect(chat.calls).toEqual([]);
    expect(chat.events).toEqual([]);
    expect(chat.messages.at(-1)?.parts.map((part) => 'state' in part && part.state)).toEqual([
      false,
      'input-streaming',
      'input-streaming',
    ]);
    writeInput(answer, 'a', 'look', OSLO);
    writeInput(answer, 'b', 'look', RIGA);
    answer.finish();
    await chat.until(() => chat.call('b').status === 'succeeded');
    expect(chat.call('a').status).toBe('running');
    runs[0]!.end.resolve('snow');
    const followUp = await chat.transport.next();
    expect(followUp.messages.at(-1)?.parts.slice(1)).toMatchObject([{ output: 'snow' }, { output: 'rain' }]);
    expect(runs).toHaveLength(2);
    followUp.start().text('Done').finish('stop');
    await chat.settled();
  });

  it('notes on the call when its run began', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    const startedAt = chat.clock.now();
    await chat.advance(700);
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => chat.calls.length === 1);
    expect(chat.call('a').plugins).toEqual({ 'early-start': { startedAt } });
    expect(chat.call('a').startedAt).toBe(startedAt + 700);
  });

  it('throws the run away where the input is another one in the end, and runs the call anew', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    runs[0]!.end.resolve('snow');
    writeInput(answer, 'a', 'look', RIGA);
    await chat.until(() => runs.length === 2);
    expect(runs[0]!.options.abortSignal.aborted).toBe(true);
    expect(runs[1]!.input).toEqual(RIGA);
    expect(runs[1]!.options.idempotencyKey).not.toBe(runs[0]!.options.idempotencyKey);
    runs[1]!.end.resolve('rain');
    await chat.until(() => chat.call('a').status === 'succeeded');
    expect(chat.call('a').output).toBe('rain');
  });

  it('gives up a run as soon as more comes of its input', async () => {
    const { chat, runs, answer } = await openPage({
      policy: { inputSchema: z.object({ city: z.string().optional() }) },
    });
    writePieces(answer, 'a', 'look', '{}', '{"city":"Oslo"}');
    await chat.until(() => runs[0]?.options.abortSignal.aborted === true);
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => runs.length === 2);
    expect(runs[1]!.input).toEqual(OSLO);
  });

  it('runs a call anew whose early run has failed', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    runs[0]!.end.reject(new Error('503'));
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => runs.length === 2);
    runs[1]!.end.resolve('snow');
    await chat.until(() => chat.call('a').status === 'succeeded');
    expect(chat.call('a').attempts).toHaveLength(1);
  });

  it('shows the progress of a run once the call has started', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    runs[0]!.options.reportProgress({ fraction: 0.5 });
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => chat.calls[0]?.progress?.fraction === 0.5);
    runs[0]!.options.reportProgress({ fraction: 0.75 });
    await chat.until(() => chat.call('a').progress?.fraction !== 0.5);
    expect(chat.call('a').progress).toEqual({ fraction: 0.75 });
  });

  it('takes up a stream of outputs', async () => {
    async function* look() {
      yield 'clouds';
      yield 'snow';
    }
    const { chat, answer } = await openPage({ policy: { execute: look } });
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => chat.call('a').status === 'succeeded');
    expect(chat.call('a').output).toBe('snow');
  });

  it('gives the tool the conversation before the step', async () => {
    const { chat, runs, answer } = await openPage();
    answer.text('I look.');
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    expect(runs[0]!.options.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  });

  it('cancels the run with the call', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    writeInput(answer, 'a', 'look', OSLO);
    await chat.until(() => chat.calls[0]?.status === 'running');
    expect(runs).toHaveLength(1);
    chat.toolCalls.cancel('m/0/a');
    expect(runs[0]!.options.abortSignal.reason).toMatchObject({ by: 'user' });
    runs[0]!.end.reject(new Error('aborted'));
    await chat.advance(10);
    expect(runs).toHaveLength(1);
  });

  it.each<[string, (page: Awaited<ReturnType<typeof openPage>>) => void]>([
    ['a stop', ({ chat }) => chat.stop()],
    ['an unmount', ({ chat }) => chat.unmount()],
    ['a cut', ({ answer }) => answer.close()],
    ['a broken connection', ({ answer }) => answer.fail(new TypeError('network error'))],
    ['a good end without the call', ({ answer }) => answer.finish('stop')],
    ['an error of the server', ({ answer }) => void answer.write({ type: 'error', errorText: 'no' })],
    ['a step that is taken back', ({ answer }) => void answer.write({ type: 'reset-step' } as never)],
    [
      'an input that the server refuses',
      ({ answer }) =>
        void answer.write({ type: 'tool-input-error', toolCallId: 'a', toolName: 'look', input: {}, errorText: 'no' }),
    ],
    [
      'a result of the server',
      ({ answer }) => void answer.write({ type: 'tool-output-available', toolCallId: 'a', output: 'snow' }),
    ],
  ])('aborts a run whose call does not come, because of %s', async (_what, end) => {
    const page = await openPage();
    const { chat, runs, answer } = page;
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.until(() => runs.length === 1);
    end(page);
    await chat.until(() => runs[0]!.options.abortSignal.aborted);
    expect(runs[0]!.options.abortSignal.reason).toMatchObject({ kind: 'cancelled' });
  });
});

describe('no early start', () => {
  /** Calls `look` with a whole input that is not said to be complete: whether it has run by then. */
  async function hasRunEarly(options: Parameters<typeof openPage>[0], toolName = 'look'): Promise<boolean> {
    const { chat, runs, answer } = await openPage(options);
    writePieces(answer, 'a', toolName, '{"city":"Oslo"}');
    await chat.advance(50);
    const count = runs.length;
    writeInput(answer, 'a', toolName, OSLO);
    await chat.until(() => chat.calls.length === 1);
    return count > 0;
  }

  it('is where nothing is in its way', async () => {
    expect(await hasRunEarly({})).toBe(true);
    expect(await hasRunEarly({ policy: { approval: () => false } })).toBe(true);
    expect(await hasRunEarly({ policy: { locks: () => ({ read: ['x'] }) } })).toBe(true);
  });

  it('of a tool that does not ask for it', async () => {
    expect(await hasRunEarly({}, 'read')).toBe(false);
  });

  it.each<[string, object]>([
    ['asks a person', { approval: () => true }],
    ['fails to say whether a person is to be asked', { approval: () => Promise.resolve(false) }],
    ['writes what it locks', { locks: () => ({ write: ['x'] }) }],
    ['fails to say what it locks', { locks: () => 'x' }],
    ['has no `execute`', { execute: undefined }],
    ['runs its calls together', { execute: undefined, executeMany: (inputs: unknown[]) => inputs }],
  ])('of a tool that %s', async (_what, policy) => {
    expect(await hasRunEarly({ policy })).toBe(false);
  });

  it.each<[string, object]>([
    ['needsApproval', { needsApproval: true }],
    ['approval', { approval: true }],
    ['openWorld', { openWorld: true }],
    ['after', { after: 'read' }],
    ['sequential', { sequential: true }],
    ['dedupe', { dedupe: true }],
    ['rateLimit', { rateLimit: { limit: 1, interval: 10 } }],
    ['concurrency', { concurrency: 1 }],
  ])('of a tool with `%s`, whose author is told', async (field, policy) => {
    expectConsole('warn', `the tool "look" has \`start: 'early'\` and \`${field}\``);
    const { chat, runs, answer } = await openPage({ policy });
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.advance(50);
    expect(runs).toEqual([]);
  });

  it('where a plugin asks a person', async () => {
    const strict: ToolCallsPlugin = {
      name: 'strict',
      approval: ({ input }) => (input === undefined ? false : 'Sure?'),
    };
    expect(await hasRunEarly({ plugins: [strict] })).toBe(false);
  });

  it('of an input that does not fit, or is not JSON', async () => {
    const { chat, runs, answer } = await openPage();
    writePieces(answer, 'a', 'look', '{"city":1}');
    writePieces(answer, 'b', 'look', '{"city":oslo}');
    writePieces(answer, 'c', 'look', '"Oslo"');
    await chat.advance(50);
    expect(runs).toEqual([]);
  });

  it('of more calls than `max`', async () => {
    const { chat, runs, answer } = await openPage({ early: { max: 1 } });
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    writePieces(answer, 'b', 'look', '{"city":"Riga"}');
    await chat.advance(50);
    expect(runs.map(({ input }) => input)).toEqual([OSLO]);
  });

  it('without the plugin', async () => {
    const tool = clientTool({
      inputSchema: z.object({}),
      readOnly: true,
      start: 'early',
      execute: () => 'done',
    });
    const chat = createTestChat({ tools: { look: tool } });
    chat.send('Hi');
    const answer = await chat.transport.next();
    answer.start('m');
    writePieces(answer, 'a', 'look', '{}');
    writeInput(answer, 'a', 'look', {});
    await chat.until(() => chat.calls[0]?.status === 'succeeded');
    expect(chat.call('a').plugins).toBeUndefined();
  });
});

describe('locks', () => {
  const reads = { locks: ({ city }: { city: string }) => ({ read: [city] }) };

  it('keep a read from starting early while a write of its key waits or runs', async () => {
    const { chat, runs, answer } = await openPage({ policy: reads });
    answer.call('w', 'save', OSLO);
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    writePieces(answer, 'b', 'look', '{"city":"Riga"}');
    await chat.until(() => runs.length === 1);
    expect(runs[0]!.input).toEqual(RIGA);
  });

  it('keep it from starting early after a write in the same answer whose input is not known yet', async () => {
    const { chat, runs, answer } = await openPage({ policy: reads });
    writePieces(answer, 'w', 'save', '{"city":"Os');
    writePieces(answer, 'a', 'look', '{"city":"Oslo"}');
    await chat.advance(50);
    expect(runs).toEqual([]);
  });

  it('let a write that starts meanwhile throw away what was read before it', async () => {
    const { chat, runs, answer } = await openPage({ policy: reads });
    answer.call('w', 'save', RIGA).finish();
    await chat.until(() => runs.length === 1);
    runs[0]!.end.reject(new Error('503'));
    const next = await chat.transport.next();
    next.start('n');
    writePieces(next, 'a', 'look', '{"city":"Riga"}');
    await chat.until(() => runs.length === 2);
    chat.toolCalls.retry('m/0/w');
    await chat.until(() => runs.length === 3);
    expect(runs[1]!.options.abortSignal.aborted).toBe(true);
  });
});

describe('misuse', () => {
  it('is `early` for a tool that is not read-only', () => {
    const tool = clientTool({ inputSchema: z.object({}), start: 'early', execute: () => 1 });
    expect(() => createTestChat({ tools: { save: tool } })).toThrow(
      "Expected `start` of tool `save` to be 'eager' or 'step-end', or 'early' for a tool that is `readOnly`, got `'early'` (string).",
    );
  });

  it('is a `max` below 1', () => {
    expect(() => earlyStart({ max: 0 })).toThrow('Expected `max` of earlyStart to be an integer from 1 up');
  });
});
