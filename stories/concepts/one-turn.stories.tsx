/** Owns the stories of calls that lose no time to the model: one that uses another's result in the same turn, and some that start before their inputs are said to be complete. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { simulateReadableStream, type ChatTransport, type ToolSet, type UIMessage, type UIMessageChunk } from 'ai';
import { useEffect, useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  MessageToolCalls,
  ToolCallsProvider,
  useParallelTools,
  type ToolCallsPlugin,
} from 'use-parallel-tools';
import { earlyStart } from 'use-parallel-tools/early';
import { toolCallRefs } from 'use-parallel-tools/refs';
import { Sheet } from '../fixtures/sheet.tsx';
import { wait } from '../fixtures/live-batch.tsx';
import '../fixtures/live-batch.css';

interface OneTurnProps {
  tools: ToolSet;
  createPlugins: () => ToolCallsPlugin[];
  /** What the model answers to a person. */
  chunks: readonly UIMessageChunk[];
  /** Milliseconds between two pieces of an answer. */
  pace: number;
  onChat: (chat: ReturnType<typeof useParallelTools>) => void;
}

/** A model that writes the chunks, and then says that it is done. */
function createModel({ chunks, pace }: OneTurnProps): ChatTransport<UIMessage> {
  const done: UIMessageChunk[] = [
    { type: 'text-start', id: 'text' },
    { type: 'text-delta', id: 'text', delta: 'Done.' },
    { type: 'text-end', id: 'text' },
  ];
  return {
    sendMessages: async ({ messages }) =>
      simulateReadableStream<UIMessageChunk>({
        chunkDelayInMs: pace,
        chunks: [
          { type: 'start' },
          { type: 'start-step' },
          ...(messages.at(-1)?.role === 'user' ? chunks : done),
          { type: 'finish-step' },
          { type: 'finish', finishReason: messages.at(-1)?.role === 'user' ? 'tool-calls' : 'stop' },
        ],
      }),
    reconnectToStream: async () => null,
  };
}

function OneTurn(props: OneTurnProps) {
  const [{ transport, plugins }] = useState(() => ({ transport: createModel(props), plugins: props.createPlugins() }));
  const chat = useParallelTools({ tools: props.tools, transport, plugins });
  const { onChat } = props;
  useEffect(() => onChat(chat));
  return (
    <Sheet>
      <ToolCallsProvider value={chat.toolCalls}>
        <div className="live-batch">
          <div className="live-batch-bar">
            <button
              type="button"
              className="live-batch-run"
              disabled={chat.isBusy}
              onClick={() => void chat.sendMessage({ text: 'Go' })}
            >
              Ask
            </button>
          </div>
          {chat.messages
            .filter(({ role }) => role === 'assistant')
            .map((message) => (
              <MessageToolCalls key={message.id} groups={groupMessageParts(message)}>
                {({ part }) => (part.type === 'text' ? <p>{part.text}</p> : null)}
              </MessageToolCalls>
            ))}
        </div>
      </ToolCallsProvider>
    </Sheet>
  );
}

/** What a play function looks at beside the page. */
let chat: ReturnType<typeof useParallelTools>;

const meta = {
  title: 'Concepts/One turn',
  component: OneTurn,
  args: {
    tools: {},
    createPlugins: (): ToolCallsPlugin[] => [],
    chunks: [],
    pace: 20,
    onChat: (given) => void (chat = given),
  },
  argTypes: { tools: { table: { disable: true } }, chunks: { table: { disable: true } } },
  tags: ['!autodocs'],
} satisfies Meta<typeof OneTurn>;

export default meta;
type Story = StoryObj<typeof meta>;

const patience = { timeout: 15_000 };

const call = (toolCallId: string, toolName: string, input: unknown): UIMessageChunk[] => [
  { type: 'tool-input-start', toolCallId, toolName },
  { type: 'tool-input-available', toolCallId, toolName, input },
];

const customerTools: ToolSet = {
  getCustomer: clientTool({
    title: 'Customer',
    inputSchema: z.object({ customerId: z.string() }),
    readOnly: true,
    execute: async (_input, { abortSignal }) => {
      await wait(1200, abortSignal);
      return { name: 'Ada', email: 'ada@example.org' };
    },
  }),
  sendMail: clientTool({
    title: 'Send a mail',
    inputSchema: z.object({ to: z.string(), text: z.string() }),
    approval: true,
    execute: () => ({ sent: true }),
  }),
};

/** The mail names the customer's address: it waits for it, and a person is asked with the address in its place. */
export const References: Story = {
  args: {
    tools: customerTools,
    createPlugins: () => [toolCallRefs()],
    chunks: [
      ...call('call-1', 'getCustomer', { customerId: 'c-7' }),
      ...call('call-2', 'sendMail', {
        to: '{{getCustomer#1.email}}',
        text: 'Dear {{getCustomer#1.name}}, your order is on its way.',
      }),
    ],
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask' }));
    await waitFor(() => expect(canvasElement.textContent).toMatch(/Waiting for Customer/), patience);
    await waitFor(() => expect(canvas.getByText('ada@example.org')).toBeVisible(), patience);
    await expect(canvas.getByText('Dear Ada, your order is on its way.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /^Approve Send a mail/ }));
    await waitFor(() => expect(canvas.getByText('Done.')).toBeVisible(), patience);
  },
};

const weatherTools: ToolSet = {
  getWeather: clientTool({
    title: 'Weather',
    inputSchema: z.object({ city: z.string() }),
    readOnly: true,
    start: 'early',
    execute: async ({ city }, { abortSignal }) => {
      await wait(600, abortSignal);
      return { city, degrees: city.length };
    },
  }),
};

const cities = ['Oslo', 'Riga', 'Bergen', 'Tallinn'];

/** All inputs are said to be complete when the answer ends, as with OpenAI's chat models. The first calls have run by then, and end as soon as they start. */
export const EarlyStart: Story = {
  args: {
    tools: weatherTools,
    createPlugins: () => [earlyStart()],
    pace: 60,
    chunks: [
      ...cities.flatMap((city, index): UIMessageChunk[] => [
        { type: 'tool-input-start', toolCallId: `call-${index}`, toolName: 'getWeather' },
        ...['{"ci', 'ty":', `"${city}`, '"}'].map((inputTextDelta): UIMessageChunk => {
          return { type: 'tool-input-delta', toolCallId: `call-${index}`, inputTextDelta };
        }),
      ]),
      ...cities.map((city, index): UIMessageChunk => {
        return { type: 'tool-input-available', toolCallId: `call-${index}`, toolName: 'getWeather', input: { city } };
      }),
    ],
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask' }));
    await waitFor(() => expect(canvas.getByText('Done.')).toBeVisible(), patience);
    await expect(canvas.getByRole('button', { name: /^4 tools/ })).toBeVisible();
    const calls = Object.values(chat.toolCalls.store.getState().batches).flatMap((batch) => Object.values(batch.calls));
    await expect(calls.map(({ plugins }) => plugins)).toEqual(
      cities.map(() => ({ 'early-start': { startedAt: expect.any(Number) as number } })),
    );
  },
};
