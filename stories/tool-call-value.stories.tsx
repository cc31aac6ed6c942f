/** Owns the stories of values: what is usual, odd and huge, each shown without a throw. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';
import { ToolCallValue } from '../src/components/tool-call-value.tsx';
import { Sheet } from './fixtures/sheet.tsx';
import { order } from './fixtures/shop.ts';

const meta = {
  title: 'Components/ToolCallValue',
  component: ToolCallValue,
  args: { value: order },
  decorators: [(Story) => <Sheet>{<Story />}</Sheet>],
} satisfies Meta<typeof ToolCallValue>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AnObject: Story = {};
export const AText: Story = { args: { value: 'Dear customer,\n\nyour order <b>42</b> is on its way.' } };
export const StillBeingWritten: Story = { args: { value: { orderId: '4' }, isStreaming: true } };

const circular: Record<string, unknown> = { name: 'loop' };
circular['self'] = circular;

/** `0`, `false`, `''` and `null` are values too. */
export const OddValues: Story = {
  render: () => {
    const values = [
      0,
      false,
      '',
      null,
      undefined,
      Number.NaN,
      10n,
      circular,
      () => 1,
      new Map([['a', 1]]),
      new Error('no'),
    ];
    return (
      <>
        {values.map((value, index) => (
          <ToolCallValue key={index} value={value} />
        ))}
      </>
    );
  },
};

/** What is too large is shown in part, says so, and scrolls by keyboard. */
export const Huge: Story = {
  args: { value: Array.from({ length: 10_000 }, (_, id) => ({ id, sku: `runner-${id}` })), 'aria-label': 'Output' },
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await expect(canvasElement.querySelector('pre')).toHaveFocus();
    await expect(canvasElement.textContent).toContain('9,900 more');
  },
};
