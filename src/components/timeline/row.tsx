'use client';
/** Owns the lines of a timeline: name, bars and time of each call, and the same in words. */
import { forwardRef, memo, useCallback, useMemo, type ReactNode } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { timelineAttributes } from '../part/attributes.ts';
import { writeStatus } from '../words/call-status.ts';
import { nameOf } from '../words/call-name.ts';
import { isTimeRunning, readTime, writeTime } from '../words/call-time.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { drawingAttributes, StatusDrawing } from '../part/icons.tsx';
import type { ToolCallLabels } from '../words/labels.ts';
import { markHidden, renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';
import { toFraction, type TimelineScale } from '../spans/scale.ts';
import { isAtWork, listSpans } from '../spans/spans.ts';
import { renderGaps } from './axis.tsx';
import { renderBars, renderRequests } from '../spans/bars.tsx';
import { linkRequests, type RequestLink } from '../spans/requests.ts';
import {
  ToolCallTimelineRowContextProvider,
  useRowAttributes,
  useTimelineAttributes,
  useToolCallTimeline,
  useToolCallTimelineRow,
} from './context.tsx';
import { useNow } from '../part/use-now.ts';

const createPart = createPartFactory('ToolCallTimeline', useRowAttributes);

export interface ToolCallTimelineListProps extends Omit<PartProps<'div'>, 'children' | 'asChild'> {
  /** Renders one line of your own. */
  children?: (call: DisplayedToolCall) => ReactNode;
}

/** The lines in call order. @selector [data-slot="tool-call-timeline-list"] */
export const ToolCallTimelineList = forwardRef<HTMLDivElement, ToolCallTimelineListProps>(function ToolCallTimelineList(
  { children, ...props },
  ref,
) {
  const { calls, scale } = useToolCallTimeline();
  const requests = useRequests(calls);
  return (
    <div role="list" {...useTimelineAttributes('list')} {...props} ref={ref}>
      {calls.map(
        (call, index) =>
          children?.(call) ?? <Line key={call.key} call={call} scale={scale} requests={requests[index] ?? NONE} />,
      )}
    </div>
  );
});

const NONE = '[]';

/** The requests of each line, in writing: a line is the same while they are. */
function useRequests(calls: readonly DisplayedToolCall[]): readonly string[] {
  return useMemo(() => linkRequests(calls).map((links) => JSON.stringify(links)), [calls]);
}

interface LineProps {
  call: DisplayedToolCall;
  scale: TimelineScale;
  requests: string;
}

/** A line renders again when its own call changes, or the scale, or a request of its. */
const Line = memo(function Line(props: LineProps): ReactNode {
  return <Row {...props} />;
});

export interface ToolCallTimelineRowProps extends PartProps<'div'> {
  call: DisplayedToolCall;
}

/** One line. @selector [data-slot="tool-call-timeline-row"] */
export const ToolCallTimelineRow = forwardRef<HTMLDivElement, ToolCallTimelineRowProps>(
  function ToolCallTimelineRow(props, ref) {
    const { calls, scale } = useToolCallTimeline();
    const requests = useRequests(calls)[calls.findIndex(({ key }) => key === props.call.key)] ?? NONE;
    return <Row {...props} scale={scale} requests={requests} ref={ref} />;
  },
);

const Row = forwardRef<HTMLDivElement, ToolCallTimelineRowProps & LineProps>(function Row(
  { call, scale, requests, ...props },
  ref,
) {
  const context = useMemo(
    // SAFETY: what was written above.
    () => ({ call, scale, requests: JSON.parse(requests) as readonly RequestLink[] }),
    [call, scale, requests],
  );
  const content = (
    <>
      <ToolCallTimelineLabel /> <ToolCallTimelineTrack /> <ToolCallTimelineTime />
    </>
  );
  return (
    <ToolCallTimelineRowContextProvider value={context}>
      <Part.div role="listitem" {...timelineAttributes('row', call.status)} {...props} ref={ref} filling={content} />
    </ToolCallTimelineRowContextProvider>
  );
});

/** The sign of the status, and the tool's title, or its name where it has none. @selector [data-slot="tool-call-timeline-label"] */
export const ToolCallTimelineLabel = createPart('span', 'label', () => {
  const { call } = useToolCallTimelineRow();
  const name = nameOf(call);
  return {
    filling: (
      <>
        <svg {...drawingAttributes} data-slot="tool-call-timeline-icon" data-status={call.status}>
          <StatusDrawing status={call.status} />
        </svg>
        <span data-slot="tool-call-timeline-name" title={markHidden(name)}>
          {renderText(name)}
        </span>
      </>
    ),
  };
});

/** The bars of a call; to assistive technology an image with the same in words. @selector [data-slot="tool-call-timeline-track"] */
export const ToolCallTimelineTrack = createPart('span', 'track', () => {
  const { call, scale, requests } = useToolCallTimelineRow();
  const labels = useToolCallLabels();
  const isLive = isAtWork(call);
  const now = useNow(readTenths, isLive) ?? 0;
  const spans = useMemo(() => listSpans(call, isLive ? now : 0), [call, isLive, now]);
  const place = (at: number) => toFraction(scale, at);
  return {
    role: 'img',
    'aria-label': describe(call, spans, requests, labels),
    filling: (
      <>
        {renderGaps(scale)}
        {renderRequests(requests, spans, place)}
        {renderBars(spans, place)}
      </>
    ),
  };
});

/** A bar at work grows ten times a second at most. */
const readTenths = (now: number) => Math.floor(now / 100) * 100;

function describe(
  call: DisplayedToolCall,
  spans: ReturnType<typeof listSpans>,
  requests: readonly RequestLink[],
  labels: ToolCallLabels,
): string {
  // What goes on is counted in whole seconds, from the first one on.
  const told = spans.filter(({ from, to, isLive }) => !isLive || to - from >= 1000);
  const words = told.map(({ phase, outcome, from, to, isLive }) => {
    const write = isLive ? labels.elapsed : labels.duration;
    return labels.timelineSpan[outcome ?? phase](write(to - from));
  });
  const shared = requests.filter(({ edge }) => edge !== 'through').map(({ size }) => labels.sharedRequest(size));
  return labels.timelineRow(writeStatus(call, labels), [...words, ...shared]);
}

/** How long the call has run or took. @selector [data-slot="tool-call-timeline-time"] */
export const ToolCallTimelineTime = createPart('span', 'time', () => {
  const { call } = useToolCallTimelineRow();
  const labels = useToolCallLabels();
  const read = useCallback((now: number) => readTime(call, now), [call]);
  const time = useNow(read, isTimeRunning(call));
  return { filling: writeTime(call, time, labels) };
});
