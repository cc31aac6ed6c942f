'use client';
/** Owns the drop-in timeline: its parts in their order. Built of public parts only. */
import { forwardRef } from 'react';
import type { ToolCallLabelsOverride } from '../words/labels.ts';
import { ToolCallLabelsProvider } from '../words/labels-provider.tsx';
import { ToolCallTimelineAxis, ToolCallTimelineLegend, ToolCallTimelineSummary } from './axis.tsx';
import { ToolCallTimelineRoot, type ToolCallTimelineRootProps } from './root.tsx';
import { ToolCallTimelineList } from './row.tsx';

export interface ToolCallTimelineProps extends Omit<ToolCallTimelineRootProps, 'children' | 'asChild'> {
  /** Words to replace in this timeline; define them outside of components. */
  labels?: ToolCallLabelsOverride | undefined;
}

/** The tool calls of one step as a waterfall: when each waited, ran, failed and backed off, against running them one by one. */
export const ToolCallTimeline = forwardRef<HTMLDivElement, ToolCallTimelineProps>(function ToolCallTimeline(
  { labels, ...props },
  ref,
) {
  return (
    <ToolCallLabelsProvider labels={labels}>
      <ToolCallTimelineRoot {...props} ref={ref}>
        <ToolCallTimelineAxis />
        <ToolCallTimelineList />
        <ToolCallTimelineLegend />
        <ToolCallTimelineSummary />
      </ToolCallTimelineRoot>
    </ToolCallLabelsProvider>
  );
});
