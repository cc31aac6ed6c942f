/** Owns the story of a page whose tools the browser's own agent calls: the hook, an agent that is played, and the cards of its calls. No network. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { ChatTransport, UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import { expect, userEvent, within } from 'storybook/test';
import { z } from 'zod';
import { clientTool, ToolCallGroup, ToolCallsProvider, useDirectBatches, useParallelTools } from 'use-parallel-tools';
import { offerTools, type WebMcpModelContext, type WebMcpTool } from 'use-parallel-tools/webmcp';
import { Sheet } from './fixtures/sheet.tsx';
import './fixtures/live-batch.css';

const order = z.object({ orderId: z.string() });

const tools = {
  getOrder: clientTool({
    title: 'Look up an order',
    description: 'Gives an order of the user',
    inputSchema: order,
    readOnly: true,
    execute: ({ orderId }) => ({ orderId, status: 'delivered' }),
  }),
  refund: clientTool({
    title: 'Refund an order',
    description: 'Pays an order back',
    inputSchema: order,
    locks: ({ orderId }) => ({ write: [`order:${orderId}`] }),
    execute: ({ orderId }) => ({ refunded: orderId }),
  }),
};

/** In the place of the browser: what the page offers, and an agent that calls it. */
function createBrowser() {
  const offered = new Map<string, WebMcpTool>();
  const modelContext: WebMcpModelContext = {
    async registerTool(tool, options) {
      offered.set(tool.name, tool);
      options?.signal?.addEventListener('abort', () => offered.delete(tool.name));
    },
  };
  const call = async (name: string, input: unknown) =>
    JSON.stringify((await offered.get(name)?.execute(input)) ?? 'This page offers no such tool.');
  return { modelContext, call };
}

const silent: ChatTransport<UIMessage> = {
  sendMessages: async () => new ReadableStream(),
  reconnectToStream: async () => null,
};

function AgentsCalls() {
  return useDirectBatches().map((batch) => <ToolCallGroup key={batch.key} batch={batch} defaultOpen />);
}

function Page() {
  const [browser] = useState(createBrowser);
  const [heard, setHeard] = useState('nothing yet');
  const { toolCalls } = useParallelTools({ tools, transport: silent });
  useEffect(() => {
    const offer = new AbortController();
    const { modelContext } = browser;
    void offerTools(toolCalls, { names: ['getOrder', 'refund'], signal: offer.signal, modelContext });
    return () => offer.abort();
  }, [toolCalls, browser]);
  const ask = (name: string) => browser.call(name, { orderId: '1001' }).then(setHeard);
  return (
    <ToolCallsProvider value={toolCalls}>
      <div className="live-batch">
        <div className="live-batch-bar">
          <button type="button" className="live-batch-run" onClick={() => void ask('getOrder')}>
            The agent looks up
          </button>
          <button type="button" className="live-batch-run" onClick={() => void ask('refund')}>
            The agent refunds
          </button>
        </div>
        <AgentsCalls />
        <p>{`The agent has heard: ${heard}`}</p>
      </div>
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'WebMCP',
  component: Page,
  render: () => (
    <Sheet>
      <Page />
    </Sheet>
  ),
} satisfies Meta<typeof Page>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A call that only reads runs at once, one that changes something asks first; the agent hears a no as data. */
export const TheBrowsersAgentCalls: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'The agent looks up' }));
    await canvas.findByText('The agent has heard: {"orderId":"1001","status":"delivered"}');
    await expect(canvas.getByText('Called by the browser’s agent')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'The agent refunds' }));
    await userEvent.click(await canvas.findByRole('button', { name: /^Approve Refund an order/ }));
    await canvas.findByText('The agent has heard: {"refunded":"1001"}');
    await userEvent.click(canvas.getByRole('button', { name: 'The agent refunds' }));
    await userEvent.click(await canvas.findByRole('button', { name: /^Deny Refund an order/ }));
    await canvas.findByText(/The agent has heard: .*"isError":true.*The user said no/);
  },
};

/** The answer of a call that only reads may be old: its card offers to run it again. */
export const AReadRunsAgain: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'The agent looks up' }));
    await userEvent.click(await canvas.findByRole('button', { name: /^Look up an order/ }));
    await userEvent.click(await canvas.findByRole('button', { name: /^Run again Look up an order/ }));
    await expect(await canvas.findByRole('button', { name: /^Run again Look up an order/ })).toBeVisible();
  },
};
