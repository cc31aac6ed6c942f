/** Owns the stories of tools that compute: in workers, and the same on the page, which stands still meanwhile. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { clientTool } from 'use-parallel-tools/core';
import { workerTool } from 'use-parallel-tools/worker';
import { z } from 'zod';
import { countPrimes } from '../fixtures/count-primes.ts';
import { LiveBatch } from '../fixtures/live-batch.tsx';

const inputSchema = z.object({ below: z.number() });
const outputSchema = z.object({ count: z.number() });

const countPrimesInWorker = workerTool({
  inputSchema,
  outputSchema,
  name: 'countPrimes',
  pool: 2,
  readOnly: true,
  worker: () => new Worker(new URL('../fixtures/primes.worker.ts', import.meta.url), { type: 'module' }),
});
const countPrimesOnPage = clientTool({ inputSchema, outputSchema, readOnly: true, execute: countPrimes });

const below = 3_000_000;
const thrice = (toolName: string) => [0, 1, 2].map((more) => ({ toolName, input: { below: below + more } }));

const meta = {
  title: 'Concepts/Workers',
  component: LiveBatch,
  args: { createTools: () => ({ countPrimesInWorker, countPrimesOnPage }), calls: [], hasTimeline: true },
  tags: ['!autodocs'],
} satisfies Meta<typeof LiveBatch>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Runs the calls, and gives the longest time between two frames (ms). */
async function run(canvasElement: HTMLElement): Promise<number> {
  const canvas = within(canvasElement);
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!isOver) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  await userEvent.click(canvas.getByRole('button', { name: 'Run' }));
  await waitFor(() => expect(canvas.getByText(/^3 tools$/)).toBeVisible(), { timeout: 60_000 });
  isOver = true;
  return longest;
}

/** Three calls in two workers: the page goes on, and each card shows how far its call is. */
export const InWorkers: Story = {
  args: { calls: thrice('countPrimesInWorker') },
  play: async ({ canvasElement }) => {
    await run(canvasElement);
  },
};

/** The same on the page: it stands still until all three are done, and no card can show anything. */
export const OnThePage: Story = {
  args: { calls: thrice('countPrimesOnPage') },
  play: async ({ canvasElement }) => {
    await expect(await run(canvasElement)).toBeGreaterThan(100);
  },
};
