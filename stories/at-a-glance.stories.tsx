/** Owns the picture at the top of the README: one turn of a chat, with a call in each of the states that people ask about first. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, within } from 'storybook/test';
import { ToolCallGroup } from '../src/components/group/group.tsx';
import type { ToolBatch } from '../src/core/tool-call.ts';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { call } from './fixtures/shop.ts';
import { Sheet } from './fixtures/sheet.tsx';
import * as make from './fixtures/tool-calls.ts';
import './fixtures/at-a-glance.css';

interface TurnProps {
  /** Makes the batch to show. */
  create: () => ToolBatch;
}

const lock = {
  type: 'lock',
  key: 'order:42',
  heldBy: 'message/0/updateAddress',
  heldByToolName: 'updateAddress',
} as const;

const createTurn = (): ToolBatch =>
  make.createBatch(
    call.succeeded(),
    make.running(
      'updateAddress',
      { orderId: '42' },
      { elapsed: 2000, fraction: 0.6, message: 'Telling the warehouse' },
    ),
    make.queued('createLabel', { orderId: '42', carrier: 'DHL' }, lock),
    call.retrying(),
    make.awaitingApproval('refundOrder', { orderId: '42', amount: '4.90 EUR' }, true),
  );

const meta = {
  title: 'At a glance',
  component: ToolCallGroup as never,
  args: { create: createTurn },
  argTypes: { create: { table: { disable: true } } },
  loaders: [
    ({ args }) => {
      const batch = args.create();
      return { batch, toolCalls: make.createToolCalls(batch) };
    },
  ],
  render: (_, { loaded }) => (
    <Sheet>
      <p className="at-a-glance-question">Change the address of order 42 and refund the shipping.</p>
      <ToolCallsProvider value={loaded['toolCalls']}>
        <ToolCallGroup batch={loaded['batch']} />
      </ToolCallsProvider>
    </Sheet>
  ),
} satisfies Meta<TurnProps>;

export default meta;

/** Five calls of one answer: one is done, one runs, one waits for a lock, one backs off, one needs a person. */
export const OneTurn: StoryObj<TurnProps> = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getAllByRole('listitem')).toHaveLength(5);
    await expect(canvas.getByRole('button', { name: /^Approve refundOrder/ })).toBeVisible();
  },
};
