// Proves: what a chat comes to is the same with an early start and without, however an input is cut into pieces, whatever the server says of it in the end,
// and whichever calls fail: the model reads the same, the page shows the same, and the result of a call is always that of its own input.
import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientTool } from 'use-parallel-tools';
import { earlyStart } from 'use-parallel-tools/early';
import {
  calls,
  createTestChat,
  finishes,
  says,
  writes,
  type Script,
  type TestRequest,
} from 'use-parallel-tools/testing';
import { z } from 'zod';
import { ignoreConsole } from '../setup/console.ts';

interface Input {
  readonly n: number;
  readonly text: string;
}

/** One call: what streams, in pieces, and what the server says at the end. */
interface StreamedCall {
  readonly pieces: readonly string[];
  /** What the server says of the input in the end. */
  readonly end:
    | { readonly type: 'input'; readonly input: unknown }
    | { readonly type: 'refused' }
    | { readonly type: 'answered' };
}

interface Answer {
  readonly streamed: readonly StreamedCall[];
  /** `'each'`: the server ends an input before the next begins. `'last'`: it ends all of them when the answer does. */
  readonly ends: 'each' | 'last';
  readonly reason: 'tool-calls' | 'length';
}

const input: fc.Arbitrary<Input> = fc.record({ n: fc.integer({ min: -2, max: 3 }), text: fc.string({ maxLength: 6 }) });

/** A text in pieces: any, of any length, empty ones included. */
const cut = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 6 }).map((places) => {
    const ends = [...places.sort((left, right) => left - right), text.length];
    return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
  });

const streamedCall: fc.Arbitrary<StreamedCall> = fc
  .record({
    input,
    other: input,
    indent: fc.constantFrom(0, 2),
    lie: fc.constantFrom('', '', '', '{}', 'other', 'cut', 'more'),
  })
  .chain(({ input, other, indent, lie }) => {
    const text = JSON.stringify(lie === 'other' ? other : input, null, indent);
    const lies: Record<string, string> = { '{}': `{}${text}`, cut: text.slice(0, -1), more: `${text}{"n":9}` };
    const streams = lies[lie] ?? text;
    return fc.record({
      pieces: cut(streams),
      end: fc.oneof(
        { weight: 6, arbitrary: fc.constant({ type: 'input' as const, input }) },
        { weight: 1, arbitrary: fc.constant({ type: 'refused' as const }) },
        { weight: 1, arbitrary: fc.constant({ type: 'answered' as const }) },
      ),
    });
  });

const answer: fc.Arbitrary<Answer> = fc.record({
  streamed: fc.array(streamedCall, { minLength: 1, maxLength: 4 }),
  ends: fc.constantFrom('each', 'last'),
  reason: fc.constantFrom('tool-calls', 'tool-calls', 'tool-calls', 'length'),
});

function write({ streamed, ends, reason }: Answer): Script {
  const starts = streamed.map(({ pieces }, index): UIMessageChunk[] => [
    { type: 'tool-input-start', toolCallId: `call-${index}`, toolName: 'look' },
    ...pieces.map((inputTextDelta) => ({
      type: 'tool-input-delta' as const,
      toolCallId: `call-${index}`,
      inputTextDelta,
    })),
  ]);
  const closes = streamed.map(({ end }, index): UIMessageChunk[] => {
    const call = { toolCallId: `call-${index}`, toolName: 'look' };
    if (end.type === 'refused') return [{ type: 'tool-input-error', ...call, input: {}, errorText: 'no' }];
    const available = end.type === 'input' ? end.input : { n: 0, text: '' };
    return [
      { type: 'tool-input-available', ...call, input: available },
      ...(end.type === 'answered'
        ? [{ type: 'tool-output-available' as const, toolCallId: call.toolCallId, output: 'the server’s' }]
        : []),
    ];
  });
  const chunks =
    ends === 'last' ? [...starts, ...closes].flat() : starts.flatMap((start, index) => [...start, ...closes[index]!]);
  return (request: TestRequest) =>
    request.text === '' ? says('Done') : [writes(...chunks), finishes(reason), ...(chunks.length > 0 ? [] : [calls()])];
}

/** What everybody has heard of an answer in the end. */
async function play(start: 'early' | 'eager', script: Script) {
  const ran: number[] = [];
  const tool = clientTool({
    inputSchema: z.object({ n: z.number().min(-1), text: z.string() }),
    readOnly: true,
    start,
    retry: 0,
    execute: async ({ n, text }) => {
      ran.push(n);
      for (let turn = 0; turn < n; turn++) await undefined;
      if (n === 0) throw new Error(`nothing of ${text}`);
      return { n, text };
    },
  });
  const chat = createTestChat({ tools: { look: tool }, plugins: [earlyStart()], script });
  chat.send('Hi');
  await chat.settled();
  chat.unmount();
  return {
    ran,
    told: chat.requests.map(({ messages }) => messages.map(({ role, parts }) => ({ role, parts }))),
    shown: chat.messages.map(({ role, parts }) => ({ role, parts })),
    calls: chat.calls.map((call) => ({
      ...call,
      plugins: undefined,
      queuedAt: undefined,
      attempts: call.attempts.length,
    })),
  };
}

ignoreConsole(/the server ran the tool "look"/);

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);

describe('an early start', () => {
  it('changes nothing of what comes of an answer', { timeout: 120_000 }, async () => {
    let isRunEarly = false;
    await fc.assert(
      fc.asyncProperty(answer, async (given) => {
        const [early, eager] = [await play('early', write(given)), await play('eager', write(given))];
        expect({ ...early, ran: undefined }).toEqual({ ...eager, ran: undefined });
        isRunEarly ||= early.ran.length > eager.ran.length;
      }),
      { numRuns: RUNS },
    );
    // Or it would have proved nothing.
    expect(isRunEarly).toBe(true);
  });
});
