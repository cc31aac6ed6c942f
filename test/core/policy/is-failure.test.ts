// Owns: outputs that say that the tool failed, by MCP's convention and by others'.
import { jsonSchema } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { withPolicy } from '../../../src/core/index.ts';
import { createHandRunner } from '../hand-runner.ts';

const text = (...texts: string[]) => texts.map((each) => ({ type: 'text', text: each }));
const unreadable = new Proxy(
  {},
  {
    get() {
      throw new Error('hands off');
    },
  },
);

describe('isFailure, by default', () => {
  it.each([
    ['its text', { content: text('no such city'), isError: true }, 'no such city'],
    ['all its texts', { content: text('one', 'two'), isError: true }, 'one\ntwo'],
    [
      'the text beside an image',
      { content: [{ type: 'image', data: '', mimeType: 'image/png' }, ...text('x')], isError: true },
      'x',
    ],
    ['words of ours where there is no text', { content: [], isError: true }, 'tool answered that it failed'],
    [
      'words of ours where the text is none',
      { content: [{ type: 'text', text: 7 }, null], isError: true },
      'tool answered that it failed',
    ],
  ])('takes an MCP result with `isError: true` for a failure, with %s', async (_, output, message) => {
    const { start, succeed, record } = createHandRunner({ tool: {} });
    start('tool', 'a');
    await succeed('a', output);
    expect(record('a')).toMatchObject({ status: 'failed', error: { kind: 'execution', message, cause: output } });
    expect(record('a').output).toBeUndefined();
  });

  it.each([
    ['an MCP result', { content: text('sunny') }],
    ['one that says that it did not fail', { content: text('sunny'), isError: false }],
    ['one that says so in another word', { content: [], isError: 'true' }],
    ["another's `isError`", { isError: true }],
    ['null', null],
    ['false', false],
    ['a string', 'isError'],
  ])('lets pass %s', async (_, output) => {
    const { start, succeed, record } = createHandRunner({ tool: {} });
    start('tool', 'a');
    await succeed('a', output);
    expect(record('a')).toMatchObject({ status: 'succeeded', output });
  });

  it('leaves an output that cannot be read to the check of outputs', async () => {
    const { start, succeed, record } = createHandRunner({ tool: {} });
    start('tool', 'a');
    await succeed('a', [unreadable]);
    expect(record('a')).toMatchObject({ status: 'failed', error: { kind: 'invalid-output' } });
  });

  it('is asked before the outputSchema, which a failed result does not fit', async () => {
    const outputSchema = z.object({ celsius: z.number() });
    const { start, succeed, record } = createHandRunner({ tool: { outputSchema } });
    start('tool', 'a', 'b');
    await succeed('a', { content: text('no such city'), isError: true });
    await succeed('b', { content: text('no such city') });
    expect(record('a').error).toMatchObject({ kind: 'execution', message: 'no such city' });
    expect(record('b').error).toMatchObject({ kind: 'invalid-output' });
  });

  it('is retried as the policy says, and a later good result counts', async () => {
    const { start, succeed, record, clock, runs } = createHandRunner({ tool: { readOnly: true, retryDelay: 10 } });
    start('tool', 'a');
    await succeed('a', { content: text('busy'), isError: true });
    expect(record('a')).toMatchObject({ status: 'retrying', attempts: [{ error: { message: 'busy' } }] });
    await clock.advance(10);
    await succeed('a', { content: text('sunny') });
    expect(record('a')).toMatchObject({ status: 'succeeded', output: { content: text('sunny') } });
    expect(runs('a')).toBe(2);
  });

  it('hears what the output says of when to come again', async () => {
    const { start, succeed, record, clock } = createHandRunner({ tool: { retry: 1, retryDelay: 10 } });
    start('tool', 'a');
    await succeed('a', { content: text('busy'), isError: true, retryAfter: 500 });
    await clock.advance(499);
    expect(record('a').status).toBe('retrying');
    await clock.advance(1);
    expect(record('a').status).toBe('running');
  });

  it("judges a stream's last value only", async () => {
    const failure = { content: text('half'), isError: true };
    async function* execute() {
      yield failure;
      yield { content: text('whole') };
    }
    const { start, record, clock } = createHandRunner({ tool: { execute } });
    start('tool', 'a');
    await clock.advance(0);
    expect(record('a')).toMatchObject({ status: 'succeeded', output: { content: text('whole') } });
  });

  it('does not judge what a person answers', () => {
    const { start, record, runner, keyOf } = createHandRunner({ ask: { execute: false } });
    start('ask', 'a');
    runner.respond(keyOf('a'), { content: [], isError: true });
    expect(record('a').status).toBe('succeeded');
  });
});

describe('isFailure', () => {
  const run = async (isFailure: unknown, output: unknown) => {
    const hand = createHandRunner({ tool: { isFailure: isFailure as never } });
    hand.start('tool', 'a');
    await hand.succeed('a', output);
    return hand.record('a');
  };

  it.each([
    ['true', true, 'tool answered that it failed'],
    ['a string', 'out of stock', 'out of stock'],
  ])('fails the call when it gives %s', async (_, answer, message) => {
    expect(await run(() => answer, { ok: false })).toMatchObject({
      status: 'failed',
      error: { kind: 'execution', message, cause: { ok: false } },
    });
  });

  it.each([false, '', undefined, null])('lets the output pass when it gives %o', async (answer) => {
    expect(await run(() => answer, 7)).toMatchObject({ status: 'succeeded', output: 7 });
  });

  it.each([
    ['a promise', async () => false, /`isFailure` of tool threw: .*at once, got a promise/],
    ['a number', () => 0, /got `0` \(number\)/],
  ])('fails the call when it gives %s: nobody can say whether the tool failed', async (_, isFailure, message) => {
    const call = await run(isFailure, 7);
    expect(call.error).toMatchObject({ kind: 'execution', message: expect.stringMatching(message) as string });
  });

  it('fails the call when it throws', async () => {
    const broken = () => {
      throw new Error('no idea');
    };
    expect((await run(broken, 7)).error?.message).toBe('`isFailure` of tool threw: no idea');
  });

  it('takes the place of the default', async () => {
    const output = { content: text('no'), isError: true };
    expect(await run(() => false, output)).toMatchObject({ status: 'succeeded', output });
  });

  it('is asked once an attempt, with the output as it came', async () => {
    const isFailure = vi.fn<() => boolean>(() => false);
    const output = { ok: true };
    await run(isFailure, output);
    expect(isFailure.mock.calls).toEqual([[output]]);
  });

  it('can be given to tools that somebody else wrote', () => {
    const tools = { tool: { inputSchema: jsonSchema({}), execute: () => ({ ok: false }) } };
    const isFailure = () => true;
    expect(withPolicy(tools, { '*': { isFailure } }).tool).toMatchObject({ isFailure });
  });

  it('must be a function', () => {
    expect(() => createHandRunner({ tool: { isFailure: true as never } })).toThrow(
      'Expected `isFailure` of tool `tool` to be a function, got `true` (boolean)',
    );
  });
});
