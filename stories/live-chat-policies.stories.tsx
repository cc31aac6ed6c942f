/** Owns the policy fields that need a conversation to be seen: `start`, `onReload`, `errorText`. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { UIMessage } from 'ai';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  ToolCallGroup,
  ToolCallsProvider,
  useParallelTools,
  type ToolPolicy,
} from 'use-parallel-tools';
import { createShopTransport } from './live-chat-model.ts';
import { Sheet } from './fixtures/sheet.tsx';
import './fixtures/live-batch.css';

interface PolicyChatProps {
  /** The policy of every tool of the shop. */
  policy: ToolPolicy;
  /** Fails every call with these words. */
  failure?: string;
  /** What the page was loaded with. */
  messages?: UIMessage[];
}

const names = ['getOrderStatus', 'getReturnPolicy', 'checkInventory', 'convertCurrency'];

function createShop({ policy, failure }: PolicyChatProps) {
  const tool = clientTool({
    inputSchema: z.looseObject({}),
    ...policy,
    execute: async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (failure !== undefined) throw new Error(failure);
      return { fine: true };
    },
  });
  const tools = Object.fromEntries(names.map((name) => [name, tool]));
  return { tools, transport: createShopTransport() };
}

function PolicyChat(props: PolicyChatProps) {
  const [{ tools, transport }] = useState(() => createShop(props));
  const { messages } = props;
  const chat = useParallelTools<typeof tools, UIMessage>({ tools, transport, ...(messages && { messages }) });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <div className="live-batch" data-sent={JSON.stringify(chat.messages)}>
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
            onClick={() => void chat.sendMessage({ text: 'What about order 42?' })}
          >
            Ask about order 42
          </button>
        </div>
      </div>
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'Live chat/Policies',
  component: PolicyChat,
  args: { policy: {} },
  render: (args) => (
    <Sheet>
      <PolicyChat {...args} />
    </Sheet>
  ),
} satisfies Meta<typeof PolicyChat>;

export default meta;
type Story = StoryObj<typeof meta>;

const patience = { timeout: 8000 };

/** `start: 'step-end'`: calls that change something start when the model's answer is complete. */
export const StartsAtStepEnd: Story = {
  args: { policy: { start: 'step-end' } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask about order 42' }));
    await canvas.findByText(/^4 tools$/, {}, patience);
    await canvas.findByText(/€49\.00 is \$56\.90/, {}, patience);
  },
};

/** `errorText`: the person reads the tool's own words, the model reads others. */
export const ErrorTextForTheModel: Story = {
  args: { policy: { errorText: () => 'temporarily unavailable' }, failure: 'ECONNREFUSED 10.0.0.7:5432' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask about order 42' }));
    await canvas.findByText(/^4 failed$/, {}, patience);
    await expect(canvas.getAllByText('ECONNREFUSED 10.0.0.7:5432')[0]).toBeVisible();
    await waitFor(() => {
      const sent = canvasElement.querySelector('[data-sent]')?.getAttribute('data-sent') ?? '';
      return expect(sent.includes('"errorText":"temporarily unavailable"') && !sent.includes('ECONNREFUSED')).toBe(
        true,
      );
    }, patience);
  },
};

const reloaded: UIMessage[] = [
  { id: 'question', role: 'user', parts: [{ type: 'text', text: 'What about order 42?' }] },
  {
    id: 'answer',
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: 'tool-getOrderStatus', toolCallId: 'pending', state: 'input-available', input: { orderId: '42' } },
    ],
  },
];

/** `onReload: 'ask'`: a call found pending after a reload may have run already; a person says. */
export const AsksAfterAReload: Story = {
  args: { policy: { onReload: 'ask' }, messages: reloaded },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(await canvas.findByRole('button', { name: /^Run getOrderStatus/ }, patience));
    await canvas.findByText(/^1 tool$/, {}, patience);
    await canvas.findByText(/Order 42 was delivered/, {}, patience);
  },
};
