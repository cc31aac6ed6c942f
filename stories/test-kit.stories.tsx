/** Owns the stories of the test kit's decorator: a component of a page's own, among tool calls in a state of a name. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, userEvent, within } from 'storybook/test';
import { ToolCallGroup, type ToolBatch } from 'use-parallel-tools';
import { withToolCalls } from 'use-parallel-tools/testing';
import { Sheet } from './fixtures/sheet.tsx';

const retryFailed = fn();
const approve = fn();

const meta = {
  title: 'Test kit',
  component: ToolCallGroup,
  decorators: [withToolCalls('finished', { commands: { retryFailed, approve }, args: (batch) => ({ batch }) })],
  // SAFETY: the decorator gives it.
  args: { batch: undefined as unknown as ToolBatch },
  argTypes: { batch: { table: { disable: true } } },
  render: (args) => (
    <Sheet>
      <ToolCallGroup {...args} />
    </Sheet>
  ),
} satisfies Meta<typeof ToolCallGroup>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The state that the decorator names. */
export const Finished: Story = {
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole('button', { name: /^5 tools/ })).toBeVisible();
  },
};

/** The story names another one. Its buttons call what the decorator was given. */
export const OneFailed: Story = {
  parameters: { toolCalls: 'one-failed' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Retry failed' }));
    await expect(retryFailed).toHaveBeenCalledWith('message/0');
  },
};

export const NeedsAPerson: Story = {
  parameters: { toolCalls: 'needs-a-person' },
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Approve all (2)' }));
    await expect(approve).toHaveBeenCalledWith('message/0');
  },
};

export const Interrupted: Story = { parameters: { toolCalls: 'interrupted' } };
