/** Owns the panel of the devtools beside a live chat: a real hook, real calls, no network. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { ChatTransport } from 'ai';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import { clientTool, useParallelTools, type ToolsUIMessage } from 'use-parallel-tools';
import { ToolCallsDevtoolsPanel } from 'use-parallel-tools/devtools';
import { createShopTransport } from './live-chat-model.ts';
import './fixtures/live-batch.css';

const takes = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function createShop() {
  const tools = {
    getOrderStatus: clientTool({
      inputSchema: z.object({ orderId: z.string() }),
      execute: async ({ orderId }) => {
        await takes(300);
        return { orderId, status: 'delivered', total: 49 };
      },
      readOnly: true,
      timeout: 10_000,
    }),
    getReturnPolicy: clientTool({
      inputSchema: z.object({ country: z.string() }),
      execute: async ({ country }) => {
        await takes(120);
        return { country, days: 30 };
      },
      locks: () => ({ read: ['shop:policies'] }),
      readOnly: true,
    }),
    checkInventory: clientTool({
      inputSchema: z.object({ sku: z.string(), size: z.number() }),
      execute: async ({ size }) => {
        await takes(450);
        return { size, inStock: 3 };
      },
      readOnly: true,
      rateLimit: { limit: 5, interval: 60_000 },
    }),
    convertCurrency: clientTool({
      inputSchema: z.object({ amount: z.number(), from: z.string(), to: z.string() }),
      execute: async () => {
        await takes(200);
        throw new Error('rates.example answered 503');
      },
      readOnly: true,
      retry: 1,
      retryDelay: 150,
    }),
  };
  // SAFETY: the script calls these tools alone, so its messages are the hook's.
  const transport = createShopTransport() as unknown as ChatTransport<ToolsUIMessage<typeof tools>>;
  return { tools, transport };
}

interface PanelBesideChatProps {
  theme: 'light' | 'dark' | 'system';
  /** Of what holds the panel. */
  width?: number;
}

function PanelBesideChat({ theme, width }: PanelBesideChatProps) {
  const [{ tools, transport }] = useState(createShop);
  const chat = useParallelTools({ tools, transport, id: 'support' });
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <button
        type="button"
        className="live-batch-run"
        disabled={chat.isBusy}
        onClick={() => void chat.sendMessage({ text: 'What about order 42, in dollars?' })}
      >
        Ask about order 42
      </button>
      <div style={{ blockSize: 460, inlineSize: width, border: '1px solid #8884' }}>
        <ToolCallsDevtoolsPanel theme={theme} />
      </div>
    </div>
  );
}

const meta = {
  title: 'Devtools',
  component: PanelBesideChat,
  args: { theme: 'light' },
} satisfies Meta<typeof PanelBesideChat>;

export default meta;
type Story = StoryObj<typeof meta>;

const patience = { timeout: 5000 };

/** Asks, waits until the failed call is there, and gives the panel. */
async function ask(canvasElement: HTMLElement) {
  await userEvent.click(within(canvasElement).getByRole('button', { name: 'Ask about order 42' }));
  const host = await waitFor(() => {
    const found = canvasElement.querySelector('[data-tool-calls-devtools]')?.shadowRoot;
    if (!found) throw new Error('The panel is not there yet');
    return found;
  });
  // SAFETY: Testing Library takes any node that can be searched.
  const panel = within(host as unknown as HTMLElement);
  const failed = await panel.findByRole('option', { name: /convertCurrency.*Failed/ }, patience);
  return { panel, failed };
}

/** The turn on one axis, and the details of the call that failed. */
export const Calls: Story = {
  play: async ({ canvasElement }) => {
    const { panel, failed } = await ask(canvasElement);
    await userEvent.click(failed);
    const details = within(panel.getByRole('article', { name: 'convertCurrency' }));
    await expect(details.getByText('2 attempts')).toBeVisible();
    await expect(details.getByRole('button', { name: 'Retry' })).toBeEnabled();
  },
};

/** The critical path of a step, and advice. */
export const StepWithAdvice: Story = {
  play: async ({ canvasElement }) => {
    const { panel } = await ask(canvasElement);
    await userEvent.click(panel.getByRole('option', { name: /Step 1/ }));
    await expect(panel.getByText(/convertCurrency needed 2 attempts/)).toBeVisible();
    await expect(panel.getByText('Critical path')).toBeVisible();
  },
};

/** Slots, locks and rate limits. */
export const Waits: Story = {
  play: async ({ canvasElement }) => {
    const { panel } = await ask(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Waits' }));
    await expect(panel.getByText('1 of 5 in', { exact: false })).toBeVisible();
    await expect(panel.getByText('No call waits to start.')).toBeVisible();
  },
};

/** A fault that was asked for, and the line that says so. */
export const Simulate: Story = {
  play: async ({ canvasElement }) => {
    const { panel } = await ask(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Simulate' }));
    await userEvent.click(panel.getByRole('button', { name: 'Add fault' }));
    await expect(await panel.findByRole('status')).toHaveTextContent('Faults are simulated');
  },
};

/** The log at a moment that is over. */
export const Events: Story = {
  play: async ({ canvasElement }) => {
    const { panel } = await ask(canvasElement);
    await userEvent.click(panel.getByRole('button', { name: 'Events' }));
    await userEvent.click(panel.getAllByRole('option', { name: /attempt-started/ })[0]!);
    await expect(panel.getByRole('button', { name: 'Now' })).toBeEnabled();
  },
};

const inDark = { theme: 'dark' } as const;

/** The same, dark. */
export const Dark: Story = { args: inDark, play: async (context) => Calls.play?.(context) };
export const StepInDark: Story = { args: inDark, play: async (context) => StepWithAdvice.play?.(context) };
export const WaitsInDark: Story = { args: inDark, play: async (context) => Waits.play?.(context) };
export const SimulateInDark: Story = { args: inDark, play: async (context) => Simulate.play?.(context) };
export const EventsInDark: Story = { args: inDark, play: async (context) => Events.play?.(context) };

const inNarrow = { width: 320 };

/** The same in little room, as on a phone. */
export const Narrow: Story = { args: inNarrow, play: async (context) => Calls.play?.(context) };
export const WaitsInNarrow: Story = { args: inNarrow, play: async (context) => Waits.play?.(context) };
export const SimulateInNarrow: Story = { args: inNarrow, play: async (context) => Simulate.play?.(context) };
export const EventsInNarrow: Story = { args: inNarrow, play: async (context) => Events.play?.(context) };
