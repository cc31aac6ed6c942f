/** Owns one story a policy field: tools that only wait, run by a real runner, so that the field is what is seen. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { clientTool, type ToolPolicy } from 'use-parallel-tools/core';
import { resultCache } from 'use-parallel-tools/cache';
import { z } from 'zod';
import { LiveBatch, wait, type ScriptedCall } from '../fixtures/live-batch.tsx';

const order = z.object({ orderId: z.string() });
type Order = z.infer<typeof order>;

const meta = {
  title: 'Concepts/Policy fields',
  component: LiveBatch,
  args: { createTools: () => ({}), calls: [], hasTimeline: true },
  tags: ['!autodocs'],
} satisfies Meta<typeof LiveBatch>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A tool of 1.2 s with the policy to be seen: long enough to be seen on a slow machine too. */
function tool(policy: ToolPolicy<Order> = {}, execute?: (attempt: number, input: Order) => unknown) {
  return clientTool({
    inputSchema: order,
    ...policy,
    execute: async (input, { abortSignal, attempt }) => {
      await wait(1200, abortSignal);
      return execute === undefined ? { orderId: input.orderId } : execute(attempt, input);
    },
  });
}

const calls = (...names: string[]): ScriptedCall[] =>
  names.map((toolName, index) => ({ toolName, input: { orderId: String(42 + index) } }));
const same = (...names: string[]): ScriptedCall[] => names.map((toolName) => ({ toolName, input: { orderId: '42' } }));

const patience = { timeout: 15_000 };

async function run(canvasElement: HTMLElement) {
  const canvas = within(canvasElement);
  await userEvent.click(canvas.getByRole('button', { name: 'Run' }));
  return canvas;
}
const sees = (canvas: ReturnType<typeof within>, text: RegExp) =>
  waitFor(() => expect(canvas.getAllByText(text)[0]).toBeVisible(), patience);
/** What a card says it waits for; its words stand in several elements. */
const waits = (canvasElement: HTMLElement, text: RegExp) =>
  waitFor(() => {
    const details = [...canvasElement.querySelectorAll('[data-slot="tool-call-card-detail"]')];
    return expect(
      details.map(({ textContent }) => textContent).find((detail) => text.test(detail ?? '')),
    ).toBeDefined();
  }, patience);

/** `idempotent`: done twice is done once, so a failure is tried again by itself. */
export const Idempotent: Story = {
  args: {
    createTools: () => ({
      setAddress: tool({ idempotent: true, retryDelay: 300 }, (attempt) => {
        if (attempt === 1) throw new Error('The connection was reset');
        return 'saved';
      }),
    }),
    calls: calls('setAddress'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await sees(canvas, /^Retrying$/);
    await sees(canvas, /^1 tool$/);
  },
};

/** `concurrency`: two calls of this tool at once; another tool is not held up. */
export const Concurrency: Story = {
  args: {
    createTools: () => ({ checkStock: tool({ concurrency: 2 }), getOrder: tool() }),
    calls: calls('checkStock', 'checkStock', 'checkStock', 'getOrder'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    const running = '[data-slot="tool-call-card"][data-status="running"]';
    await waitFor(() => expect(canvasElement.querySelectorAll(running)).toHaveLength(3), patience);
    await waits(canvasElement, /slot/);
    await sees(canvas, /^4 tools$/);
  },
};

/** `rateLimit`: two starts a second, whatever the number of slots. */
export const RateLimit: Story = {
  args: {
    createTools: () => ({ search: tool({ rateLimit: { limit: 2, interval: 1000 } }) }),
    calls: calls('search', 'search', 'search'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await waits(canvasElement, /rate limit/);
    await sees(canvas, /^3 tools$/);
  },
};

/** `after`: the label is printed once the order is there, though it was asked for first. */
export const After: Story = {
  args: {
    createTools: () => ({ printLabel: tool({ after: 'createOrder' }), createOrder: tool() }),
    calls: same('printLabel', 'createOrder'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await waits(canvasElement, /Waiting for createOrder/);
    await sees(canvas, /^2 tools$/);
  },
};

/** `sequential`: a barrier. What comes before it ends first, what comes after it waits. */
export const Sequential: Story = {
  args: {
    createTools: () => ({ getOrder: tool(), reindex: tool({ sequential: true }) }),
    calls: calls('getOrder', 'reindex', 'getOrder'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await waits(canvasElement, /Waiting for getOrder/);
    await sees(canvas, /^3 tools$/);
  },
};

/** `timeout`: an attempt that takes longer has failed, and its signal is aborted. */
export const Timeout: Story = {
  args: { createTools: () => ({ getRate: tool({ timeout: 200 }) }), calls: calls('getRate') },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await sees(canvas, /^Timed out after 200 ms/);
    await sees(canvas, /^timeout$/);
  },
};

/** `onFailure: 'hold'`: the batch waits for a person, who retries or skips. */
export const OnFailureHold: Story = {
  args: {
    createTools: () => {
      let failures = 1;
      return {
        bookCourier: tool({ onFailure: 'hold' }, () => {
          if (failures-- > 0) throw new Error('No courier answered');
          return 'booked';
        }),
        getOrder: tool(),
      };
    },
    calls: calls('bookCourier', 'getOrder'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await sees(canvas, /^1 needs you$|^1 need you$|^1 failed$/);
    await expect(canvas.getByRole('button', { name: /^Skip bookCourier/ })).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /^Retry bookCourier/ }));
    await sees(canvas, /^2 tools$/);
  },
};

/** `coalesce`: six calls, two requests of at most four; the order that is not there fails alone. */
export const Coalesce: Story = {
  args: {
    createTools: () => {
      let requests = 0;
      return {
        getOrder: clientTool({
          inputSchema: order,
          readOnly: true,
          retry: 0,
          executeMany: async (inputs, { abortSignal }) => {
            const request = ++requests;
            await wait(1200, abortSignal);
            return inputs.map(({ orderId }) =>
              orderId === '44' ? new Error('There is no order 44') : { orderId, request },
            );
          },
          coalesce: { max: 4 },
        }),
      };
    },
    calls: calls('getOrder', 'getOrder', 'getOrder', 'getOrder', 'getOrder', 'getOrder'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await sees(canvas, /There is no order 44/);
    await sees(canvas, /^5 of 6 tools succeeded$|^6 tools, 1 failed$|1 failed/);
    await userEvent.click(canvas.getByRole('button', { name: /^Retry getOrder/ }));
    await sees(canvas, /There is no order 44/);
  },
};

/**
 * `staleTime`: an equal call waits for the one at work, a later one takes its result. A call that writes what was read makes the result
 * stale, so the last one runs.
 */
export const StaleTime: Story = {
  args: {
    createTools: () => {
      let rate = 1;
      const read = { readOnly: true, locks: () => ({ read: ['rate'] }) };
      const alone = { locks: () => ({ write: ['rate'] }) };
      return {
        getRate: tool({ ...read, staleTime: 60_000 }, () => rate),
        exportRates: tool({ ...alone, readOnly: true }),
        setRate: tool(alone, () => ++rate),
      };
    },
    createPlugins: () => [resultCache()],
    calls: same('getRate', 'getRate', 'exportRates', 'getRate', 'setRate', 'getRate'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await sees(canvas, /Shared with an equal call$/);
    await sees(canvas, /Result from [1-9].s ago$/);
    await sees(canvas, /^6 tools$/);
  },
};

/** `dedupe`: three identical calls, one execution. */
export const Dedupe: Story = {
  args: {
    createTools: () => {
      let executions = 0;
      return { getRate: tool({ dedupe: true }, () => ({ executions: ++executions })) };
    },
    calls: same('getRate', 'getRate', 'getRate'),
  },
  play: async ({ canvasElement }) => {
    const canvas = await run(canvasElement);
    await waits(canvasElement, /Waiting for getRate/);
    await sees(canvas, /^3 tools$/);
    await userEvent.click(canvas.getByRole('button', { name: /^3 tools/ }));
    for (const card of canvas.getAllByRole('button', { name: 'getRate' })) await userEvent.click(card);
    await waitFor(() => expect(canvas.getAllByText(/"?executions"?/)).toHaveLength(3), patience);
  },
};
