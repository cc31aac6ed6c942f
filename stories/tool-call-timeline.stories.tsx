/** Owns the stories of the timeline: batches as waterfalls, over and at work, wide and narrow, from both sides. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, within } from 'storybook/test';
import { ToolCallTimeline } from '../src/components/timeline/timeline.tsx';
import * as Timeline from '../src/components/timeline/timeline.parts.ts';
import type { ToolBatch } from '../src/core/tool-call.ts';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { arabic } from './labels/arabic.ts';
import { Sheet } from './fixtures/sheet.tsx';
import * as batch from './fixtures/timed-calls.ts';
import { createToolCalls } from './fixtures/tool-calls.ts';

interface TimelineStoryProps {
  /** Makes the batch to show. */
  create: () => ToolBatch;
  density?: 'comfortable' | 'compact';
  width?: number;
}

function draw({ create, density }: TimelineStoryProps) {
  const shown = create();
  return (
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallTimeline batch={shown} {...(density && { density })} />
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'Components/ToolCallTimeline',
  component: ToolCallTimeline as never,
  args: { create: batch.finished },
  argTypes: { create: { table: { disable: true } } },
  loaders: [({ args }) => ({ element: draw(args) })],
  render: ({ width }, { loaded }) => <Sheet {...(width && { width })}>{loaded['element']}</Sheet>,
} satisfies Meta<TimelineStoryProps>;

export default meta;
type Story = StoryObj<TimelineStoryProps>;

/** Who waited for whom, what failed and came back, and what it saved. */
export const Finished: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByRole('group', { name: 'Timeline of 5 tools' })).toBeVisible();
    await expect(canvas.getAllByRole('listitem')).toHaveLength(5);
    await expect(canvas.getByRole('img', { name: /^Done: queued 1\.1.s, ran 460.ms$/ })).toBeVisible();
    await expect(
      canvas.getByRole('img', { name: /^Done: queued .*, failed after 360.ms, backed off 570.ms, ran 830.ms$/ }),
    ).toBeVisible();
    await expect(canvas.getByText(/^2\.1.s saved$/)).toBeVisible();
  },
};

/** Bars at work grow, and end square at *now*. The scale changes in steps, not with every frame. */
export const AtWork: Story = { args: { create: batch.live } };

/** In dark. */
export const AtWorkDark: Story = { args: { create: batch.live }, globals: { theme: 'dark' } };
export const EveryEndDark: Story = { args: { create: batch.mixed }, globals: { theme: 'dark' } };
export const InGerman: Story = { globals: { language: 'de' } };
export const InJapanese: Story = { globals: { language: 'ja' } };

/** Failed, cancelled, refused, and one too quick to see. */
export const EveryEnd: Story = { args: { create: batch.mixed } };

/** The minutes in which a person was thinking are left out. */
export const WithAPause: Story = {
  args: { create: batch.paused },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('Idle time left out')).toBeVisible();
  },
};

/** Calls of one request (`executeMany`) share a bar; one that stands between them is no part of it. */
export const OneRequest: Story = {
  args: { create: batch.together },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByText('One request')).toBeVisible();
    await expect(
      canvas.getAllByRole('img', { name: /^Done: queued 800.ms, ran 440.ms, one request for 4 calls$/ }),
    ).toHaveLength(2);
  },
};
export const OneRequestDark: Story = { args: { create: batch.together }, globals: { theme: 'dark' } };

export const Compact: Story = { args: { create: batch.finished, density: 'compact' } };
export const Narrow: Story = { args: { create: batch.finished, width: 343 } };
export const NarrowAtWork: Story = { args: { create: batch.live, width: 343 } };

/** Forty calls, eight at once. */
export const FortyCalls: Story = { args: { create: () => batch.many(), density: 'compact' } };

/** Time runs from right to left too. */
export const RightToLeft: Story = {
  render: () => {
    const shown = batch.finished();
    return (
      <div dir="rtl" lang="ar">
        <Sheet>
          <ToolCallsProvider value={createToolCalls(shown)}>
            <ToolCallTimeline batch={shown} labels={arabic} />
          </ToolCallsProvider>
        </Sheet>
      </div>
    );
  },
};

/** Composed of its parts: no comparison, no legend, and names without signs. */
export const OfParts: Story = {
  render: () => {
    const shown = batch.mixed();
    return (
      <Sheet>
        <ToolCallsProvider value={createToolCalls(shown)}>
          <Timeline.Root batch={shown}>
            <Timeline.List>
              {(call) => (
                <Timeline.Row key={call.key} call={call}>
                  <Timeline.Label>{call.toolName}</Timeline.Label>
                  <Timeline.Track />
                  <Timeline.Time />
                </Timeline.Row>
              )}
            </Timeline.List>
            <Timeline.Axis />
          </Timeline.Root>
        </ToolCallsProvider>
      </Sheet>
    );
  },
};
