/** Owns the stories of the group: the batches that people meet, and how a group is used by hand, by keyboard and by ear. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { CSSProperties } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { ToolCallGroup } from '../src/components/group/group.tsx';
import type { ToolBatch } from '../src/core/tool-call.ts';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { arabic } from './labels/arabic.ts';
import { renderers } from './fixtures/pick-color.tsx';
import { Sheet } from './fixtures/sheet.tsx';
import { batch } from './fixtures/shop.ts';
import { createToolCalls } from './fixtures/tool-calls.ts';

interface GroupStoryProps {
  /** Makes the batch to show. */
  create: () => ToolBatch;
  open?: boolean;
  density?: 'comfortable' | 'compact';
  width?: number;
}

const meta = {
  title: 'Components/ToolCallGroup',
  component: ToolCallGroup as never,
  args: { create: batch.running },
  argTypes: { create: { table: { disable: true } } },
  loaders: [
    ({ args }) => {
      const shown = args.create();
      return { shown, toolCalls: createToolCalls(shown) };
    },
  ],
  render: ({ open, density, width }, { loaded }) => (
    <Sheet {...(width && { width })}>
      <ToolCallsProvider value={loaded['toolCalls']}>
        <ToolCallGroup
          batch={loaded['shown']}
          renderers={renderers}
          {...(open !== undefined && { defaultOpen: open })}
          {...(density && { density })}
        />
      </ToolCallsProvider>
    </Sheet>
  ),
} satisfies Meta<GroupStoryProps>;

export default meta;
type Story = StoryObj<GroupStoryProps>;

/** Five calls at once: one holds a lock, one waits for it, one backs off. */
export const Running: Story = {};

/** The batch folds to one line and steps back. */
export const Finished: Story = {
  args: { create: batch.finished },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const trigger = canvas.getByRole('button', { name: /^5 tools/ });
    await expect(trigger).toHaveTextContent('5 tools 1.2 s 3.4 s saved by running in parallel');
    await expect(canvas.queryAllByRole('listitem')).toHaveLength(0);
    trigger.focus();
    await userEvent.keyboard('{Enter}');
    await expect(canvas.getAllByRole('listitem')).toHaveLength(5);
    await userEvent.keyboard('{Enter}');
    await expect(canvas.queryAllByRole('listitem')).toHaveLength(0);
  },
};

/** The same, opened by a person. */
export const FinishedOpened: Story = { args: { create: batch.finished, open: true } };

/** Opens by itself. Four results are safe; only the failed call runs again. */
export const OneFailed: Story = {
  args: { create: batch.oneFailed },
  play: async ({ canvasElement, loaded }) => {
    const canvas = within(canvasElement);
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    await expect(canvas.getByText('No answer from rates.example within 10 s.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Retry failed' }));
    await expect(toolCalls.retryFailed).toHaveBeenCalledWith('message/0');
  },
};

/** Nothing runs before a yes. *Approve all* leaves the destructive call out. */
export const NeedsAPerson: Story = {
  args: { create: batch.needsAPerson },
  play: async ({ canvasElement, loaded }) => {
    const canvas = within(canvasElement);
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    await userEvent.click(canvas.getByRole('button', { name: 'Approve all (2)' }));
    await expect(toolCalls.approve).toHaveBeenCalledWith('message/0');
  },
};

/** In dark. */
export const NeedsAPersonDark: Story = { args: { create: batch.needsAPerson }, globals: { theme: 'dark' } };
export const OneFailedDark: Story = { args: { create: batch.oneFailed }, globals: { theme: 'dark' } };
export const RunningDark: Story = { globals: { theme: 'dark' } };

/** In German, Japanese and Arabic: words, numbers, durations and direction. */
export const InGerman: Story = { args: { create: batch.oneFailed }, globals: { language: 'de' } };
export const InJapanese: Story = { args: { create: batch.needsAPerson }, globals: { language: 'ja' } };
export const InArabic: Story = { args: { create: batch.needsAPerson }, globals: { language: 'ar' } };

/** Closed, the same group still shows what is asked. */
export const NeedsAPersonFolded: Story = {
  args: { create: batch.needsAPerson, open: false },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getAllByRole('listitem')).toHaveLength(4);
  },
};

/** Some calls were stopped, one was refused; nothing failed. */
export const PartlyCancelled: Story = { args: { create: batch.cancelled, open: true } };

/** 28 px a row, for logs and side panels. */
export const Compact: Story = { args: { create: batch.running, density: 'compact' } };

/** Below 480 px every head has two lines, and still one height. */
export const Narrow: Story = { args: { create: batch.running, width: 343 } };
export const NarrowNeedsAPerson: Story = { args: { create: batch.needsAPerson, width: 343 } };
export const NarrowFailed: Story = { args: { create: batch.oneFailed, width: 343 } };

/** Only names and details give way; words and times never do. */
export const LongNames: Story = { args: { create: batch.longNames } };
export const NarrowLongNames: Story = { args: { create: batch.longNames, width: 343 } };

/** Above forty calls the strip is one bar. */
export const SixtyCalls: Story = { args: { create: () => batch.many(60) } };

/** Five hundred calls scroll smoothly: only the rows in view are laid out. */
export const FiveHundredCalls: Story = { args: { create: () => batch.many(500) } };

const warmTheme = {
  '--card': 'light-dark(oklch(0.995 0.004 85), oklch(0.23 0.012 60))',
  '--card-foreground': 'light-dark(oklch(0.25 0.02 60), oklch(0.93 0.012 85))',
  '--muted': 'light-dark(oklch(0.962 0.012 85), oklch(0.28 0.014 60))',
  '--muted-foreground': 'light-dark(oklch(0.5 0.025 65), oklch(0.72 0.02 75))',
  '--border': 'light-dark(oklch(0.9 0.018 80), oklch(1 0 0 / 0.12))',
  '--input': 'light-dark(oklch(0.86 0.02 80), oklch(1 0 0 / 0.18))',
  '--primary': 'light-dark(oklch(0.45 0.09 35), oklch(0.8 0.08 50))',
  '--primary-foreground': 'light-dark(oklch(0.985 0.01 85), oklch(0.22 0.02 50))',
  '--destructive': 'light-dark(oklch(0.55 0.2 20), oklch(0.704 0.19 22))',
  '--ring': 'oklch(0.6 0.1 35)',
  '--radius': '0.375rem',
} as CSSProperties; // SAFETY: React's style type does not know custom properties.

/** In a shadcn app nothing is set but the app's own tokens. */
export const InAShadcnApp: Story = {
  args: { create: batch.needsAPerson },
  decorators: [
    (Story) => (
      <div style={warmTheme}>
        <Story />
      </div>
    ),
  ],
};

/** The same CSS from right to left, in Arabic. */
export const RightToLeft: Story = {
  render: (_, { loaded }) => (
    <div dir="rtl" lang="ar">
      <Sheet>
        <ToolCallsProvider value={loaded['toolCalls']}>
          <ToolCallGroup batch={loaded['shown']} labels={arabic} />
        </ToolCallsProvider>
      </Sheet>
    </div>
  ),
};

/** Failures and the end are spoken once, politely; each single success is not. */
export const SpeaksUp: Story = {
  args: { create: batch.running },
  play: async ({ canvasElement, loaded }) => {
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    const region = within(canvasElement).getByRole('status');
    await expect(region).toBeEmptyDOMElement();
    for (const id of ['refundOrder', 'checkAddress', 'convertCurrency']) {
      toolCalls.dispatch({
        type: 'call-succeeded',
        batchKey: 'message/0',
        key: `message/0/${id}`,
        output: 1,
        at: Date.now(),
      });
    }
    await waitFor(() => expect(region).toHaveTextContent('5 of 5 done'), { timeout: 3000 });
  },
};
