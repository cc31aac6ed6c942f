// Owns: what a call with a large input costs a page, in Node and without a network: its input comes in pieces, as a server or a proxy sends on what
// came to it together. Processor time from the message to `execute`, with the SDK's own `Chat` and with ours.
import { Chat } from '@ai-sdk/react';
import { DefaultChatTransport, type ChatTransport, type UIMessage, type UIMessageChunk } from 'ai';
import { z } from 'zod';
import { clientTool } from '../../src/core/tool.ts';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import type { BenchCase, Probe } from '../bench-case.ts';
import { atMost } from '../goals.ts';
import { ratio } from '../statistics.ts';
import { showFigure } from '../table.ts';

/** Characters of the input, and of a delta. */
const INPUT = 40_000;
const DELTA = 10;
/** Deltas in a piece. */
const TOGETHER = [1, 4, 16, 64] as const;

/** Asks for the call. Settles once it runs. */
type Ask = (transport: ChatTransport<UIMessage>) => Promise<void>;

const byHand: Ask = (transport) =>
  new Promise((resolve) => {
    const chat = new Chat<UIMessage>({ transport, onToolCall: () => resolve() });
    void chat.sendMessage({ text: 'Write it.' });
  });

const inputSchema = z.object({ text: z.string() });

const ours: Ask = (transport) =>
  new Promise((resolve) => {
    const write = clientTool({
      inputSchema,
      start: 'eager',
      execute() {
        resolve();
        // No follow-up.
        return new Promise<never>(() => {});
      },
    });
    const { bridge, functions } = createParallelChat<UIMessage>({ transport, tools: { write } });
    bridge.mount();
    void functions.sendMessage({ text: 'Write it.' });
  });

export const largeInput: BenchCase = {
  name: 'large-input',
  title: `A large input, in Node: ${INPUT / 1_000} kB, in deltas of ${DELTA} characters of which some come together: processor time until \`execute\``,
  rounds: { full: 8, quick: 3 },
  open: async () => {
    const rows = TOGETHER.map((together) => ({
      what: together === 1 ? 'one by one' : `${together} together`,
      own: toProbe('useParallelTools', together, ours),
      hand: toProbe('AI SDK by hand', together, byHand),
    }));
    return {
      probes: rows.flatMap(({ own, hand }) => [own, hand]),
      judge: (figureOf) => ({
        table: [
          ['', ...rows.map(({ what }) => what)],
          ['useParallelTools', ...rows.map(({ own }) => showFigure(figureOf(own), ' ms', 0))],
          ['AI SDK by hand', ...rows.map(({ hand }) => showFigure(figureOf(hand), ' ms', 0))],
        ],
        goals: rows.map(({ what, own, hand }, index) =>
          atMost(
            `time of a large input ÷ by hand’s, deltas ${what}`,
            ratio(figureOf(own), figureOf(hand)),
            index === 0 ? 1.05 : 0.7,
          ),
        ),
      }),
      close() {},
    };
  },
};

function toProbe(contender: string, together: number, ask: Ask): Probe {
  return {
    contender,
    what: `${together} together`,
    unit: 'ms',
    async sample() {
      const transport = new DefaultChatTransport<UIMessage>({ fetch: async () => respond(together) });
      const before = process.cpuUsage();
      await ask(transport);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    },
  };
}

/** The answer with the call, so many chunks at a time. */
function respond(together: number): Response {
  const encoder = new TextEncoder();
  const input = { text: 'lorem ipsum '.repeat(Math.ceil(INPUT / 12)).slice(0, INPUT) };
  const text = JSON.stringify(input);
  const call = { toolCallId: 'call', toolName: 'write' };
  const chunks: UIMessageChunk[] = [
    { type: 'start', messageId: 'answer' },
    { type: 'start-step' },
    { type: 'tool-input-start', ...call },
    ...Array.from({ length: Math.ceil(text.length / DELTA) }, (_, index): UIMessageChunk => {
      const inputTextDelta = text.slice(index * DELTA, (index + 1) * DELTA);
      return { type: 'tool-input-delta', toolCallId: call.toolCallId, inputTextDelta };
    }),
    { type: 'tool-input-available', ...call, input },
    { type: 'finish-step' },
    { type: 'finish' },
  ];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      // Each piece in a task of its own.
      await new Promise((resolve) => setImmediate(resolve));
      const piece = chunks.splice(0, together).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
      if (piece.length > 0) controller.enqueue(encoder.encode(piece.join('')));
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
