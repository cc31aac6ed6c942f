// Which pieces of a call's input the chat is told one by one: those that come together are one, and whatever comes with what, the message is the
// same to the last key.
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinInputDeltas } from '../../src/sdk/join-input-deltas.ts';

const start = (id: string): UIMessageChunk => ({ type: 'tool-input-start', toolCallId: id, toolName: 'work' });
const delta = (id: string, text: string): UIMessageChunk => ({
  type: 'tool-input-delta',
  toolCallId: id,
  inputTextDelta: text,
});
const whole = (id: string, input: unknown = {}): UIMessageChunk => ({
  type: 'tool-input-available',
  toolCallId: id,
  toolName: 'work',
  input,
});

/** A response whose chunks come in these pieces, each in a task of its own. */
function respond(pieces: readonly (readonly UIMessageChunk[])[], error?: Error): ReadableStream<UIMessageChunk> {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      const piece = pieces[next++];
      for (const chunk of piece ?? []) controller.enqueue(chunk);
      if (piece === undefined) return error === undefined ? controller.close() : controller.error(error);
    },
  });
}

/** The response as the chat has it. */
function join(stream: ReadableStream<UIMessageChunk>): ReadableStream<UIMessageChunk> {
  const reader = joinInputDeltas(stream.getReader());
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** What came, and how it ended. */
async function readAll(stream: ReadableStream<UIMessageChunk>): Promise<(UIMessageChunk | Error)[]> {
  const seen: (UIMessageChunk | Error)[] = [];
  try {
    for await (const chunk of stream) seen.push(chunk);
  } catch (thrown) {
    seen.push(thrown as Error);
  }
  return seen;
}

describe('pieces of an input', () => {
  it.each<[string, UIMessageChunk[][], UIMessageChunk[]]>([
    ['alone', [[delta('a', '{')]], [delta('a', '{')]],
    ['that come together are one', [[delta('a', '{'), delta('a', '"b"'), delta('a', ':')]], [delta('a', '{"b":')]],
    [
      'that come one after another stay as they are',
      [[delta('a', '{')], [delta('a', '}')]],
      [delta('a', '{'), delta('a', '}')],
    ],
    [
      'are left out where the whole input comes with them',
      [[start('a'), delta('a', '{'), delta('a', '}'), whole('a')]],
      [start('a'), whole('a')],
    ],
    [
      'stay where the whole input comes later',
      [[start('a'), delta('a', '{'), delta('a', '}')], [whole('a')]],
      [start('a'), delta('a', '{}'), whole('a')],
    ],
    [
      'of two calls stay apart',
      [[delta('a', '{'), delta('b', '{'), delta('b', '}'), whole('a')]],
      [delta('a', '{'), delta('b', '{}'), whole('a')],
    ],
    [
      'stay before anything else of their call',
      [[delta('a', '{'), { type: 'tool-input-error', toolCallId: 'a', toolName: 'work', input: '{', errorText: 'no' }]],
      [delta('a', '{'), { type: 'tool-input-error', toolCallId: 'a', toolName: 'work', input: '{', errorText: 'no' }],
    ],
    ['stay before what is of no call', [[delta('a', '{'), { type: 'finish' }]], [delta('a', '{'), { type: 'finish' }]],
  ])('%s', async (_, pieces, told) => {
    expect(await readAll(join(respond(pieces)))).toEqual(told);
  });

  it('are told before the end or the error that comes with them', async () => {
    const broken = new Error('The connection broke');
    expect(await readAll(join(respond([[delta('a', '{')]], broken)))).toEqual([delta('a', '{'), broken]);
    let isFirst = true;
    const reader = joinInputDeltas({
      async read() {
        if (!isFirst) throw broken;
        isFirst = false;
        return { done: false, value: delta('a', '{') };
      },
    });
    expect(await reader.read()).toEqual({ done: false, value: delta('a', '{') });
    await expect(reader.read()).rejects.toBe(broken);
  });

  it('are one for 32 at most, so that a page has its turns', async () => {
    const many = Array.from({ length: 100 }, () => delta('a', ' '));
    const told = await readAll(join(respond([many])));
    expect(told).toEqual([32, 32, 32, 4].map((count) => delta('a', ' '.repeat(count))));
  });
});

// ── The SDK has the same message ─────────────────────────────────────────────

const json = fc.json({ maxDepth: 2 }).map((text) => `{"value":${text}}`);
const call = fc.record({
  text: json,
  /** Where it is cut. */
  cuts: fc.array(fc.nat(40), { maxLength: 8 }),
  isWhole: fc.boolean(),
  isDynamic: fc.boolean(),
});

type Call = typeof call extends fc.Arbitrary<infer TCall> ? TCall : never;

function toChunks({ text, cuts, isWhole, isDynamic }: Call, id: string): UIMessageChunk[] {
  const places = [...new Set(cuts.filter((cut) => cut < text.length))].toSorted((left, right) => left - right);
  const texts = [0, ...places].map((from, index) => text.slice(from, places[index]));
  const dynamic = isDynamic && { dynamic: true };
  return [
    { ...start(id), ...dynamic } as UIMessageChunk,
    ...texts.map((each) => delta(id, each)),
    ...(isWhole ? [{ ...whole(id, JSON.parse(text)), ...dynamic } as UIMessageChunk] : []),
  ];
}

/** The chunks of all calls, each call's in their order. */
function mix(calls: readonly Call[], picks: readonly number[]): UIMessageChunk[] {
  const left = calls.map((each, index) => toChunks(each, `c${index}`));
  const mixed: UIMessageChunk[] = [];
  for (let turn = 0; left.some(({ length }) => length > 0); turn++) {
    const open = left.filter(({ length }) => length > 0);
    mixed.push(open[(picks[turn % Math.max(1, picks.length)] ?? 0) % open.length]!.shift()!);
  }
  return mixed;
}

async function lastMessage(stream: ReadableStream<UIMessageChunk>): Promise<UIMessage | undefined> {
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) last = message;
  return last;
}

it('the message is the same, however the pieces come', async () => {
  const answers = fc.record({
    calls: fc.array(call, { minLength: 1, maxLength: 3 }),
    picks: fc.array(fc.nat(2), { maxLength: 6 }),
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(answers, async ({ calls, picks, sizes }) => {
      const chunks: UIMessageChunk[] = [{ type: 'start-step' }, ...mix(calls, picks), { type: 'finish-step' }];
      const pieces: UIMessageChunk[][] = [];
      for (let from = 0, turn = 0; from < chunks.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        pieces.push(chunks.slice(from, (from += size)));
      }
      const expected = await lastMessage(respond([chunks]));
      expect(await lastMessage(join(respond(pieces)))).toStrictEqual(expected);
    }),
    { numRuns: 200 },
  );
});
