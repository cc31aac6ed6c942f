/** Owns the story of a form that fills in while the model is still writing: the hook, a model that writes slowly and a screen with its own tool. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { simulateReadableStream, type ChatTransport, type UIMessage, type UIMessageChunk } from 'ai';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import { clientTool, ToolCallsProvider, useClientTool, useParallelTools, useToolInput } from 'use-parallel-tools';
import { Sheet } from './fixtures/sheet.tsx';
import './fixtures/live-batch.css';
import './fixtures/order-form.css';

const order = z.object({ item: z.string(), note: z.string() });
type Order = z.infer<typeof order>;

/** The form of the page: the model fills it, and a person may write on. */
function OrderForm() {
  const [saved, setSaved] = useState<Order>({ item: '', note: '' });
  useClientTool(
    'fillOrder',
    clientTool({
      inputSchema: order,
      idempotent: true,
      execute: (input) => {
        setSaved(input);
        return { filled: true };
      },
    }),
  );
  const written = useToolInput<Order>({ toolName: 'fillOrder' });
  const isWriting = written?.status === 'streaming';
  const shown = isWriting ? { ...saved, ...written.input } : saved;
  return (
    <form className="order-form" aria-label="Order" aria-busy={isWriting}>
      <label>
        Item
        <input
          value={shown.item}
          readOnly={isWriting}
          onChange={(event) => setSaved({ ...saved, item: event.target.value })}
        />
      </label>
      <label>
        Note
        <textarea
          rows={3}
          value={shown.note}
          readOnly={isWriting}
          onChange={(event) => setSaved({ ...saved, note: event.target.value })}
        />
      </label>
    </form>
  );
}

const wanted: Order = { item: 'Trail Runner, 43', note: 'Please leave it with the neighbour on the second floor.' };

/** A model that writes a few letters at a time. */
function createModel(): ChatTransport<UIMessage> {
  const call = { toolCallId: 'call-1', toolName: 'fillOrder' };
  const filling: UIMessageChunk[] = [
    { type: 'tool-input-start', ...call },
    ...(JSON.stringify(wanted).match(/.{1,6}/gu) ?? []).map((inputTextDelta) => ({
      type: 'tool-input-delta' as const,
      toolCallId: 'call-1',
      inputTextDelta,
    })),
    { type: 'tool-input-available', ...call, input: wanted },
  ];
  const saying: UIMessageChunk[] = [
    { type: 'text-start', id: 'text' },
    { type: 'text-delta', id: 'text', delta: 'The form is filled in.' },
    { type: 'text-end', id: 'text' },
  ];
  return {
    sendMessages: async ({ messages }) =>
      simulateReadableStream<UIMessageChunk>({
        chunkDelayInMs: 30,
        initialDelayInMs: null,
        chunks: [
          { type: 'start' },
          { type: 'start-step' },
          ...(messages.at(-1)?.role === 'user' ? filling : saying),
          { type: 'finish-step' },
          { type: 'finish', finishReason: messages.at(-1)?.role === 'user' ? 'tool-calls' : 'stop' },
        ],
      }),
    reconnectToStream: async () => null,
  };
}

function Page() {
  const [transport] = useState(createModel);
  const chat = useParallelTools({ tools: {}, transport });
  const last = chat.messages.at(-1)?.parts.findLast((part) => part.type === 'text');
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <div className="live-batch">
        <OrderForm />
        <div className="live-batch-bar">
          <button
            type="button"
            className="live-batch-run"
            disabled={chat.isBusy}
            onClick={() => void chat.sendMessage({ text: 'The runners in 43, to the neighbour' })}
          >
            Fill it in
          </button>
          <span role="status">{chat.isBusy ? 'The model writes …' : last?.text}</span>
        </div>
      </div>
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'Input while it streams',
  component: Page,
  render: () => (
    <Sheet>
      <Page />
    </Sheet>
  ),
} satisfies Meta<typeof Page>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The form shows each word as it comes; once the call has run, a person can write on. */
export const AFormThatFillsIn: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const [item, note] = [canvas.getByLabelText('Item'), canvas.getByLabelText('Note')];
    await userEvent.click(canvas.getByRole('button', { name: 'Fill it in' }));
    await waitFor(() => expect(canvas.getByRole('form')).toHaveAttribute('aria-busy', 'true'));
    await waitFor(() => expect(item).toHaveValue(wanted.item));
    await waitFor(() => expect(canvas.getByText('The form is filled in.')).toBeVisible(), { timeout: 10_000 });
    await expect(note).toHaveValue(wanted.note);
    await expect(note).not.toHaveAttribute('readonly');
    await userEvent.type(note, ' Thanks.');
    await expect(note).toHaveValue(`${wanted.note} Thanks.`);
    await expect(canvas.getByRole('form')).toHaveAttribute('aria-busy', 'false');
  },
};
export const AFormThatFillsInDark: Story = { ...AFormThatFillsIn, globals: { theme: 'dark' } };
