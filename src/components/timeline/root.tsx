'use client';
/** Owns the frame of a timeline: which batch it shows, and the scale that all its lines share. */
import { forwardRef, useCallback, useMemo, type CSSProperties } from 'react';
import type { MessageToolBatch } from '../../core/message-batch.ts';
import { useToolBatch } from '../../react/use-tool-calls.ts';
import { timelineAttributes, type ToolCallDensity } from '../part/attributes.ts';
import { createCallReader, summarizeGroup } from '../group/group-calls.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';
import { createTimelineScale, TICKS, type TimelineScale } from '../spans/scale.ts';
import { isAtWork } from '../spans/spans.ts';
import { ToolCallTimelineContextProvider } from './context.tsx';
import { useNow } from '../part/use-now.ts';

export interface ToolCallTimelineRootProps extends PartProps<'div'> {
  /** A batch of `groupMessageParts`, or one of the store. Only calls of the store have times. */
  batch: MessageToolBatch;
  /** @default 'comfortable' */
  density?: ToolCallDensity;
}

/** The frame of a timeline. @selector [data-slot="tool-call-timeline"] */
export const ToolCallTimelineRoot = forwardRef<HTMLDivElement, ToolCallTimelineRootProps>(function ToolCallTimelineRoot(
  { batch, density, style, ...props },
  ref,
) {
  const labels = useToolCallLabels();
  const recorded = useToolBatch(batch.key).batch;
  const readCalls = useMemo(() => createCallReader(batch), [batch]);
  const group = readCalls(recorded);
  const { calls } = group;
  const { status } = summarizeGroup(group);
  const scale = useScale(calls);
  const context = useMemo(() => ({ calls, scale, status }), [calls, scale, status]);
  return (
    <ToolCallTimelineContextProvider value={context}>
      <Part.div
        role="group"
        aria-label={labels.timeline(calls.length)}
        {...timelineAttributes('', status)}
        {...(density !== undefined && { 'data-density': density })}
        {...props}
        style={{ '--tool-call-ticks': TICKS, ...style } as CSSProperties} // SAFETY: React's style type does not know custom properties.
        ref={ref}
      />
    </ToolCallTimelineContextProvider>
  );
});

/** The scale; a new object only when it changed, which is seldom, even while calls are at work. */
function useScale(calls: Parameters<typeof createTimelineScale>[0]): TimelineScale {
  const read = useCallback((now: number) => JSON.stringify(createTimelineScale(calls, now)), [calls]);
  const latest = useMemo(() => JSON.stringify(createTimelineScale(calls, 0)), [calls]);
  const text = useNow(read, calls.some(isAtWork)) ?? latest;
  // SAFETY: what was written a line above.
  return useMemo(() => JSON.parse(text) as TimelineScale, [text]);
}
