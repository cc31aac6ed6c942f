/** Owns the stories of what people see after a reload, and in a second tab: what is known of each call, said quietly. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import { ToolCallGroup } from '../src/components/group/group.tsx';
import type { PluginFacts, ToolBatch } from '../src/core/tool-call.ts';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { afterReload, batch, call } from './fixtures/shop.ts';
import { Sheet } from './fixtures/sheet.tsx';
import { createBatch, createToolCalls } from './fixtures/tool-calls.ts';

interface AfterReloadProps {
  /** Makes the batch to show. */
  create: () => ToolBatch;
  /** What plugins have noted of the chat. */
  plugins?: PluginFacts;
  width?: number;
}

const meta = {
  title: 'Components/After a reload',
  component: ToolCallGroup as never,
  args: { create: () => createBatch(afterReload.restored(), afterReload.started()) },
  argTypes: { create: { table: { disable: true } }, plugins: { table: { disable: true } } },
  loaders: [
    ({ args }) => {
      const shown = args.create();
      return { shown, toolCalls: createToolCalls(shown, args.plugins && { plugins: args.plugins }) };
    },
  ],
  render: ({ width }, { loaded }) => (
    <Sheet {...(width && { width })}>
      <ToolCallsProvider value={loaded['toolCalls']}>
        <ToolCallGroup batch={loaded['shown']} defaultOpen />
      </ToolCallsProvider>
    </Sheet>
  ),
} satisfies Meta<AfterReloadProps>;

export default meta;
type Story = StoryObj<AfterReloadProps>;

/** A write whose start is known, and whose end is not: a person decides, with what is known in sight. */
export const StartedBeforeReload: Story = {
  play: async ({ canvasElement, loaded }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByText(/^Started .+, no answer seen: it may have run$/)).toBeVisible();
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    await userEvent.click(canvas.getByRole('button', { name: /^Run refundOrder/ }));
    await expect(toolCalls.run).toHaveBeenCalledWith('message/0/refundOrder');
  },
};

/** A write that waited when the page was left, days ago: it has not run, and runs only if that is still wanted. */
export const NotStartedBeforeReload: Story = {
  args: { create: () => createBatch(afterReload.restored(), afterReload.neverStarted()) },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('It has not run')).toBeVisible();
  },
};

/** A write with `persist: false`: that it ended is known, and its result is not. */
export const EndedBeforeReload: Story = {
  args: { create: () => createBatch(afterReload.restored(), afterReload.ended()) },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText(/^Ended .+; its result was not kept$/)).toBeVisible();
  },
};

/** A result that is there again says so in its line; nothing asks and nothing runs. */
export const Restored: Story = {
  args: { create: () => createBatch(afterReload.restored(), call.failed()) },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByText('Restored after the reload')).toBeVisible();
    await expect(canvas.queryByRole('button', { name: /^Run/ })).toBeNull();
  },
};

/** The calls of this chat run in another tab; this one shows what happens there. The group says so once. */
export const InAnotherTab: Story = {
  args: { create: batch.running, plugins: { tabs: { role: 'following' } } },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getAllByText('Running in another tab')).toHaveLength(1);
  },
};

export const StartedBeforeReloadDark: Story = { ...StartedBeforeReload, globals: { theme: 'dark' } };
export const InAnotherTabDark: Story = { ...InAnotherTab, globals: { theme: 'dark' } };
export const StartedBeforeReloadNarrow: Story = { args: { width: 320 } };
export const InAnotherTabNarrow: Story = { args: { ...InAnotherTab.args, width: 320 } };
export const InArabic: Story = { globals: { language: 'ar' } };
