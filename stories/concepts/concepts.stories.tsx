/** Owns the live examples of the concept pages. Each is a real runner over tools that only wait. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { useSyncExternalStore, type CSSProperties } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { ToolCallCardParts as Card, ToolCallGroupParts as Group, type MessageToolBatch } from 'use-parallel-tools';
import { clientTool, listCalls, type ToolRunner } from 'use-parallel-tools/core';
import { z } from 'zod';
import { LiveBatch, wait } from '../fixtures/live-batch.tsx';

const order = z.object({ orderId: z.string() });

const meta = {
  title: 'Concepts/Examples',
  component: LiveBatch,
  args: { createTools: () => ({}), calls: [] },
  tags: ['!autodocs'],
} satisfies Meta<typeof LiveBatch>;

export default meta;
type Story = StoryObj<typeof meta>;

const run: Story['play'] = async ({ canvasElement }) => {
  await userEvent.click(within(canvasElement).getByRole('button', { name: 'Run' }));
};
const until = (canvasElement: HTMLElement, text: RegExp) =>
  waitFor(() => expect(within(canvasElement).getByText(text)).toBeVisible(), { timeout: 8000 });

/** Four lookups take as long as the slowest. */
export const Batch: Story = {
  args: {
    hasTimeline: true,
    createTools: () => ({
      getOrderStatus: slow(900),
      getReturnPolicy: slow(400),
      checkInventory: slow(1200),
      checkAddress: slow(700),
    }),
    calls: ['getOrderStatus', 'getReturnPolicy', 'checkInventory', 'checkAddress'].map((toolName) => ({
      toolName,
      input: { orderId: '42' },
    })),
  },
  play: async (context) => {
    await run(context);
    await until(context.canvasElement, /saved by running in parallel/);
  },
};

/** Two writes to one order take turns; the one to another order does not wait. */
export const Policies: Story = {
  args: {
    hasTimeline: true,
    createTools: () => ({
      getOrder: slow(600),
      updateOrder: clientTool({
        inputSchema: order,
        execute: async ({ orderId }, { abortSignal }) => (await wait(900, abortSignal), { orderId }),
        locks: ({ orderId }) => ({ write: [`order:${orderId}`] }),
      }),
    }),
    calls: [
      { toolName: 'updateOrder', input: { orderId: '42' } },
      { toolName: 'updateOrder', input: { orderId: '42' } },
      { toolName: 'updateOrder', input: { orderId: '43' } },
      { toolName: 'getOrder', input: { orderId: '42' } },
    ],
  },
  play: async (context) => {
    await run(context);
    await until(context.canvasElement, /^4 tools$/);
  },
};

/** One service recovers at the second attempt, one does not: Retry runs that call alone. */
export const ErrorsAndRetry: Story = {
  args: {
    createTools: () => {
      let broken = 2;
      return {
        getOrderStatus: slow(500),
        convertCurrency: clientTool({
          inputSchema: order,
          readOnly: true,
          retryDelay: 700,
          execute: async (_, { attempt, abortSignal }) => {
            await wait(500, abortSignal);
            if (attempt === 1) throw new Error('429 Too Many Requests');
            return 56.9;
          },
        }),
        refundOrder: clientTool({
          inputSchema: order,
          execute: async ({ orderId }, { abortSignal }) => {
            await wait(400, abortSignal);
            if (--broken > 0) throw new Error('The bank did not answer');
            return { orderId, refunded: true };
          },
        }),
      };
    },
    calls: ['getOrderStatus', 'convertCurrency', 'refundOrder'].map((toolName) => ({
      toolName,
      input: { orderId: '42' },
    })),
  },
  play: async (context) => {
    await run(context);
    const canvas = within(context.canvasElement);
    await until(context.canvasElement, /^1 failed$/);
    await waitFor(() => expect(canvas.queryByText('Retrying')).not.toBeInTheDocument(), { timeout: 8000 });
    await userEvent.click(await canvas.findByRole('button', { name: /^Retry refundOrder/ }));
    await until(context.canvasElement, /^3 tools$/);
  },
};

/** *Approve all* leaves the destructive call out. */
export const Approvals: Story = {
  args: {
    createTools: () => ({
      sendLabel: approved(false),
      updateAddress: approved(false),
      deleteOrder: approved(true),
    }),
    calls: [
      { toolName: 'sendLabel', input: { orderId: '42', carrier: 'DHL' } },
      { toolName: 'updateAddress', input: { orderId: '42', street: 'Torstraße 12' } },
      { toolName: 'deleteOrder', input: { orderId: '41' } },
    ],
  },
  play: async (context) => {
    await run(context);
    const canvas = within(context.canvasElement);
    await userEvent.click(await canvas.findByRole('button', { name: 'Approve all (2)' }));
    await waitFor(() => expect(canvas.getByText(/^2 of 3 done$/)).toBeVisible(), { timeout: 8000 });
    await expect(canvas.getByRole('button', { name: /^Approve deleteOrder/ })).toBeVisible();
  },
};

const ownColours = {
  '--tool-call-active': 'light-dark(oklch(0.5 0.2 300), oklch(0.78 0.13 300))',
  '--tool-call-success': 'light-dark(oklch(0.5 0.1 200), oklch(0.8 0.1 200))',
  '--tool-call-radius': '2px',
} as CSSProperties; // SAFETY: React's style type does not know custom properties.

/** Three variables on an element around the components. */
export const OwnColours: Story = {
  args: { ...Batch.args },
  decorators: [
    (Story) => (
      <div style={ownColours}>
        <Story />
      </div>
    ),
  ],
  play: Batch.play,
};

/** A line of your own for each call: parts know their call, and the buttons keep their commands. */
export const OwnUi: Story = {
  args: {
    createTools: () => ({ getOrderStatus: slow(700), checkInventory: slow(1500) }),
    calls: ['getOrderStatus', 'checkInventory'].map((toolName) => ({ toolName, input: { orderId: '42' } })),
    children: (batch: MessageToolBatch, runner: ToolRunner) => <Checklist batch={batch} runner={runner} />,
  },
  play: async (context) => {
    await run(context);
    await until(context.canvasElement, /Everything is in/);
  },
};

function Checklist({ batch, runner }: { batch: MessageToolBatch; runner: ToolRunner }) {
  const shown = useSyncExternalStore(runner.store.subscribe, () => runner.store.getState().batches[batch.key]);
  const isDone = shown !== undefined && listCalls(shown).every((call) => call.status === 'succeeded');
  return (
    <Group.Root batch={batch} style={{ padding: 12 }}>
      <Group.List>
        {(callKey) => (
          <Card.Root key={callKey} callKey={callKey} asChild>
            <section style={{ display: 'flex', gap: 8, alignItems: 'center', paddingBlock: 4 }}>
              <Card.Icon />
              <Card.Name />
              <Card.Detail />
              <Card.Status asChild>
                <strong style={{ marginInlineStart: 'auto' }} />
              </Card.Status>
              <Card.Cancel />
            </section>
          </Card.Root>
        )}
      </Group.List>
      <p style={{ margin: '8px 0 0' }}>{isDone ? 'Everything is in.' : 'One moment …'}</p>
      <Group.Announcer />
    </Group.Root>
  );
}

function slow(latency: number) {
  return clientTool({
    inputSchema: order,
    readOnly: true,
    execute: async ({ orderId }, { abortSignal }) => (
      await wait(latency, abortSignal),
      { orderId, status: 'delivered' }
    ),
  });
}

function approved(destructive: boolean) {
  return clientTool({
    inputSchema: order.loose(),
    approval: true,
    destructive,
    execute: async ({ orderId }, { abortSignal }) => (await wait(500, abortSignal), { orderId }),
  });
}
