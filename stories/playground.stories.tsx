/** Owns the playground: a real runner under latency, failures and limits that you choose. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { clientTool } from 'use-parallel-tools/core';
import { z } from 'zod';
import { LiveBatch, wait } from './fixtures/live-batch.tsx';

interface PlaygroundProps {
  /** How many calls the model makes at once. */
  calls: number;
  /** How many run at once; the rest wait for a slot. */
  concurrency: number;
  /** Milliseconds that a call takes, give or take half. */
  latency: number;
  /** The part of attempts that fails, from 0 to 1. */
  failureRate: number;
  /** How often a failed attempt is repeated. */
  retries: number;
  /** Every third call writes to the same order, so those run one after another. */
  hasLock: boolean;
  /** The last call waits for a yes. */
  hasApproval: boolean;
  hasTimeline: boolean;
}

const names = ['getOrderStatus', 'checkInventory', 'convertCurrency', 'getReturnPolicy', 'checkAddress'];

/** Numbers from 0 to 1 that look random and are the same in every run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const inputSchema = z.object({ orderId: z.string() });

function Playground({ calls, concurrency, latency, failureRate, retries, ...more }: PlaygroundProps) {
  const createTools = () => {
    const dice = createDice(7);
    const serve = (extra: object = {}) =>
      clientTool({
        inputSchema,
        readOnly: true,
        retry: retries,
        retryDelay: (failureCount) => 400 * 2 ** failureCount,
        execute: async ({ orderId }, { abortSignal }) => {
          const [pace, luck] = [0.5 + dice(), dice()];
          await wait(latency * pace, abortSignal);
          if (luck < failureRate) throw new Error('The service answered 503');
          return { orderId, ok: true };
        },
        ...extra,
      });
    const write = serve({ locks: () => ({ write: more.hasLock ? ['order:42'] : [] }) });
    const refund = serve({ approval: true, destructive: true });
    return { ...Object.fromEntries(names.map((name) => [name, serve()])), updateOrder: write, refundOrder: refund };
  };
  const script = Array.from({ length: calls }, (_, index) => {
    const name = names[index % names.length] ?? 'getOrderStatus';
    const isLast = index === calls - 1;
    const toolName =
      isLast && more.hasApproval ? 'refundOrder' : more.hasLock && index % 3 === 2 ? 'updateOrder' : name;
    return { toolName, input: { orderId: String(42 + index) } };
  });
  return (
    <LiveBatch createTools={createTools} calls={script} concurrency={concurrency} hasTimeline={more.hasTimeline} />
  );
}

const meta = {
  title: 'Playground',
  component: Playground,
  args: {
    calls: 8,
    concurrency: 4,
    latency: 600,
    failureRate: 0.2,
    retries: 1,
    hasLock: true,
    hasApproval: false,
    hasTimeline: true,
  },
  argTypes: {
    calls: { control: { type: 'range', min: 1, max: 60, step: 1 } },
    concurrency: { control: { type: 'range', min: 1, max: 20, step: 1 } },
    latency: { control: { type: 'range', min: 50, max: 5000, step: 50 } },
    failureRate: { control: { type: 'range', min: 0, max: 1, step: 0.05 } },
    retries: { control: { type: 'range', min: 0, max: 5, step: 1 } },
  },
} satisfies Meta<typeof Playground>;

export default meta;
type Story = StoryObj<typeof meta>;

const runAll: Story['play'] = async ({ canvasElement }) => {
  const canvas = within(canvasElement);
  await userEvent.click(canvas.getByRole('button', { name: 'Run' }));
  await waitFor(() => expect(canvasElement.querySelector('[data-status="running"]')).toBeNull(), { timeout: 10_000 });
};

/** Choose how many calls, how slow, how often they fail, and press Run. */
export const Runner: Story = { args: { latency: 300 }, play: runAll };

/** Three slots for twelve calls. */
export const FewSlots: Story = {
  args: { calls: 12, concurrency: 3, latency: 150, failureRate: 0, hasLock: false },
  play: runAll,
};

/** A service on a bad day. */
export const BadDay: Story = { args: { calls: 6, failureRate: 0.6, retries: 2, latency: 150 }, play: runAll };
