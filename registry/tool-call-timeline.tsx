'use client';
import {
  ToolCallLabelsProvider,
  ToolCallTimelineParts as Timeline,
  type ToolCallTimelineProps,
} from 'use-parallel-tools';
import './tool-call-bars.css';

/** Name, track and time: the columns of the axis and of every line. */
const columns =
  'grid-cols-[6.5rem_minmax(0,1fr)_3.5rem] items-center gap-x-2 px-3 sm:grid-cols-[9rem_minmax(0,1fr)_3.75rem]';

/** The parts that a timeline draws by itself, which take no class of their own. */
const inner = [
  `[&_[data-slot=tool-call-timeline-ticks]]:relative [&_[data-slot=tool-call-timeline-ticks]]:col-start-2 [&_[data-slot=tool-call-timeline-ticks]]:h-4`,
  `[&_[data-slot=tool-call-timeline-tick]]:absolute [&_[data-slot=tool-call-timeline-tick]]:start-[calc(var(--tool-call-at)*100%)] [&_[data-slot=tool-call-timeline-tick]]:-translate-x-1/2 rtl:[&_[data-slot=tool-call-timeline-tick]]:translate-x-1/2`,
  `[&_[data-slot=tool-call-timeline-tick]:first-child]:translate-x-0 [&_[data-slot=tool-call-timeline-tick]:last-child]:start-auto [&_[data-slot=tool-call-timeline-tick]:last-child]:end-0 [&_[data-slot=tool-call-timeline-tick]:last-child]:translate-x-0 max-sm:[&_[data-slot=tool-call-timeline-tick]:nth-child(even)]:hidden`,
  `[&_[data-slot=tool-call-timeline-unit]]:absolute [&_[data-slot=tool-call-timeline-unit]]:start-full [&_[data-slot=tool-call-timeline-unit]]:ms-1`,
].join(' ');

const line = [
  '[&_[data-slot=tool-call-timeline-icon]]:size-4 [&_[data-slot=tool-call-timeline-icon]]:shrink-0 [&_[data-slot=tool-call-timeline-icon]]:text-muted-foreground [&_[data-slot=tool-call-timeline-icon]]:[--tool-call-icon-glyph:var(--card)]',
  '[&_[data-slot=tool-call-timeline-icon][data-status=running]]:text-tool-call-active [&_[data-slot=tool-call-timeline-icon][data-status=succeeded]]:text-tool-call-success [&_[data-slot=tool-call-timeline-icon][data-status=failed]]:text-destructive [&_[data-slot=tool-call-timeline-icon][data-status=retrying]]:text-tool-call-attention [&_[data-slot=tool-call-timeline-icon][data-status^=awaiting]]:text-tool-call-attention',
  '[&_[data-slot=tool-call-timeline-name]]:truncate [&_[data-slot=tool-call-timeline-name]]:font-medium',
].join(' ');

/** Not in the columns of the lines: a bar of the comparison is on another scale than theirs, and has its time at its end. */
const comparison = [
  'grid auto-rows-[1.75rem] grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 px-3 [&>*]:contents',
  '[&_[data-slot=tool-call-timeline-label]]:whitespace-nowrap [&_[data-slot=tool-call-timeline-label]]:text-muted-foreground [&_[data-slot=tool-call-timeline-track]]:me-24',
  '[&_[data-slot=tool-call-timeline-time]]:absolute [&_[data-slot=tool-call-timeline-time]]:inset-y-0 [&_[data-slot=tool-call-timeline-time]]:start-[calc(var(--tool-call-to)*100%+8px)] [&_[data-slot=tool-call-timeline-time]]:text-xs/5 [&_[data-slot=tool-call-timeline-time]]:whitespace-nowrap [&_[data-slot=tool-call-timeline-time]]:text-muted-foreground',
  '[&_[data-slot=tool-call-timeline-saved]]:text-tool-call-success',
].join(' ');

const key =
  '[&>*]:inline-flex [&>*]:items-center [&>*]:gap-2 [&>*]:before:h-2 [&>*]:before:w-4 [&>*]:before:rounded-[2px] [&>*]:before:bg-tool-call-active [&>[data-phase=queued]]:before:border [&>[data-phase=queued]]:before:border-muted-foreground [&>[data-phase=queued]]:before:bg-muted [&>[data-phase=backoff]]:before:h-0 [&>[data-phase=backoff]]:before:border-t-2 [&>[data-phase=backoff]]:before:border-dotted [&>[data-phase=backoff]]:before:border-tool-call-attention [&>[data-phase=failed]]:before:border [&>[data-phase=failed]]:before:border-destructive [&>[data-phase=failed]]:before:bg-destructive/15 [&>[data-phase=cancelled]]:before:border [&>[data-phase=cancelled]]:before:border-muted-foreground [&>[data-phase=cancelled]]:before:bg-foreground/10 [&>[data-phase=gap]]:before:h-4 [&>[data-phase=gap]]:before:w-0 [&>[data-phase=gap]]:before:border-s-2 [&>[data-phase=gap]]:before:border-dotted [&>[data-phase=gap]]:before:border-muted-foreground';

/** The tool calls of one step as a waterfall: when each waited, ran, failed and backed off, against running them one by one. */
export function ToolCallTimeline({ labels, className = '', ...props }: ToolCallTimelineProps) {
  return (
    <ToolCallLabelsProvider labels={labels}>
      <Timeline.Root
        {...props}
        className={`not-prose w-full overflow-hidden rounded-lg border bg-card py-3 text-sm text-card-foreground tabular-nums ${inner} ${className}`}
      >
        <Timeline.Axis className={`grid h-7 text-xs text-muted-foreground ${columns}`} />
        <Timeline.List>
          {(call) => (
            <Timeline.Row key={call.key} call={call} className={`grid h-7 ${columns}`}>
              <Timeline.Label className={`flex min-w-0 items-center gap-2 max-sm:[&>svg]:hidden ${line}`} />
              <Timeline.Track className="h-full bg-[linear-gradient(90deg,var(--border)_1px,transparent_1px)] bg-size-[calc(100%/var(--tool-call-ticks))_100%] border-e [&_[data-slot=tool-call-timeline-gap]]:absolute [&_[data-slot=tool-call-timeline-gap]]:inset-y-0 [&_[data-slot=tool-call-timeline-gap]]:start-[calc(var(--tool-call-at)*100%-1px)] [&_[data-slot=tool-call-timeline-gap]]:border-s-2 [&_[data-slot=tool-call-timeline-gap]]:border-dotted [&_[data-slot=tool-call-timeline-gap]]:border-muted-foreground" />
              <Timeline.Time className="text-end whitespace-nowrap text-muted-foreground" />
            </Timeline.Row>
          )}
        </Timeline.List>
        <Timeline.Legend
          className={`flex min-h-6 flex-wrap gap-x-4 gap-y-1 px-3 pt-2 text-xs text-muted-foreground ${key}`}
        />
        <Timeline.Summary className={`mt-2 border-t pt-2 ${comparison}`} />
      </Timeline.Root>
    </ToolCallLabelsProvider>
  );
}
