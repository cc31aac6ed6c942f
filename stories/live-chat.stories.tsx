/** Owns the live chat: the hook, a model and the cards in one browser page, without a network. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { ChatTransport } from 'ai';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  ToolCallGroup,
  ToolCallsProvider,
  useParallelTools,
  type ToolsUIMessage,
} from 'use-parallel-tools';
import { createShopTransport } from './live-chat-model.ts';
import { Sheet } from './fixtures/sheet.tsx';
import './fixtures/live-batch.css';

/** What a play function looks at beside the page. */
interface Shop {
  atOnce: number;
  requests: () => number;
}

interface LiveChatProps {
  /** Milliseconds that each tool takes. */
  latency: number;
  /** How many times the exchange rate fails before it answers. */
  failures: number;
  onShop: (shop: Shop) => void;
}

/** Four tools over a shop that takes its time; the exchange rate is out of order at first. */
function createShop({ latency, failures, onShop }: LiveChatProps) {
  const scripted = createShopTransport();
  const shop: Shop = { atOnce: 0, requests: () => scripted.requests.length };
  let open = 0;
  let left = failures;
  const serve = async <TOutput,>(abortSignal: AbortSignal, output: () => TOutput): Promise<TOutput> => {
    shop.atOnce = Math.max(shop.atOnce, ++open);
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, latency);
        abortSignal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(abortSignal.reason as Error);
        });
      });
      return output();
    } finally {
      open--;
    }
  };
  const tools = {
    getOrderStatus: clientTool({
      inputSchema: z.object({ orderId: z.string() }),
      execute: ({ orderId }, { abortSignal }) =>
        serve(abortSignal, () => ({ orderId, status: 'delivered', total: 49 })),
      readOnly: true,
    }),
    getReturnPolicy: clientTool({
      inputSchema: z.object({ country: z.string() }),
      execute: ({ country }, { abortSignal }) => serve(abortSignal, () => ({ country, days: 30 })),
      readOnly: true,
    }),
    checkInventory: clientTool({
      inputSchema: z.object({ sku: z.string(), size: z.number() }),
      execute: ({ size }, { abortSignal }) => serve(abortSignal, () => ({ size, inStock: 3 })),
      readOnly: true,
    }),
    convertCurrency: clientTool({
      inputSchema: z.object({ amount: z.number(), from: z.string(), to: z.string() }),
      execute: ({ amount }, { abortSignal }) =>
        serve(abortSignal, () => {
          if (left-- > 0) throw new Error('rates.example answered 503');
          return { amount: Math.round(amount * 116.12) / 100 };
        }),
      readOnly: true,
      retry: 0,
    }),
  };
  onShop(shop);
  // SAFETY: the script calls the same tools, so its messages are the hook's.
  const transport = scripted as unknown as ChatTransport<ToolsUIMessage<typeof tools>>;
  return { tools, transport };
}

function LiveChat(props: LiveChatProps) {
  const [{ tools, transport }] = useState(() => createShop(props));
  const chat = useParallelTools({ tools, transport });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <div className="live-batch">
        {chat.messages.map((message) =>
          groupMessageParts(message).map((group) => {
            if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
            return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
          }),
        )}
        <div className="live-batch-bar">
          <button
            type="button"
            className="live-batch-run"
            disabled={chat.isBusy}
            onClick={() => void chat.sendMessage({ text: 'What about order 42, in dollars?' })}
          >
            Ask about order 42
          </button>
          <button type="button" className="live-batch-run" disabled={!chat.isBusy} onClick={() => void chat.stop()}>
            Stop
          </button>
        </div>
      </div>
    </ToolCallsProvider>
  );
}

/** The shop of the story that is shown. */
let shop: Shop | undefined;

const meta = {
  title: 'Live chat',
  component: LiveChat,
  args: { latency: 600, failures: 1, onShop: (created) => (shop = created) },
  argTypes: { onShop: { table: { disable: true } } },
  render: (args) => (
    <Sheet>
      <LiveChat {...args} />
    </Sheet>
  ),
} satisfies Meta<typeof LiveChat>;

export default meta;
type Story = StoryObj<typeof meta>;

const patience = { timeout: 5000 };

/** Four tools run at once, one fails, the model says what is missing; Retry runs that one again and the answer is complete. */
export const OneFailsAndIsRetried: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask about order 42' }));
    await waitFor(() => expect(canvas.getAllByText('Running')).toHaveLength(4), patience);
    await expect(shop?.atOnce).toBe(4);
    await canvas.findByText(/Missing: convertCurrency\./, {}, patience);
    await expect(canvas.getByText('1 failed')).toBeVisible();
    await expect(shop?.requests()).toBe(2);

    const retry = canvas.getByRole('button', { name: /^Retry convertCurrency/ });
    retry.focus();
    await userEvent.keyboard('{Enter}');
    await canvas.findByText(/€49\.00 is \$56\.90/, {}, patience);
    await expect(canvas.queryByText(/Missing/)).not.toBeInTheDocument();
    await expect(canvas.getByRole('button', { name: /^4 tools/ })).toBeVisible();
    await expect(shop?.requests()).toBe(3);
  },
};

/** Stop ends the running tools; what they were is told, nothing is sent. */
export const StoppedByThePerson: Story = {
  args: { latency: 60_000, failures: 0 },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask about order 42' }));
    await waitFor(() => expect(canvas.getAllByText('Running')).toHaveLength(4), patience);
    await userEvent.click(canvas.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Ask about order 42' })).toBeEnabled(), patience);
    await expect(canvas.queryByText('Running')).not.toBeInTheDocument();
    await expect(shop?.requests()).toBe(1);
  },
};
