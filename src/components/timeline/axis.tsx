'use client';
/** Owns what stands around the lines of a timeline: the axis above, the comparison and the legend below. */
import { useCallback, useMemo, type CSSProperties, type ReactNode } from 'react';
import { measureCalls } from '../../core/selectors.ts';
import type { ToolCall } from '../../core/tool-call.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { listTicks, toFraction } from '../spans/scale.ts';
import { isAtWork, type TimelinePhase } from '../spans/spans.ts';
import { spanStyle } from '../spans/bars.tsx';
import { useTimelineAttributes, useToolCallTimeline } from './context.tsx';
import { useNow } from '../part/use-now.ts';

const createPart = createPartFactory('ToolCallTimeline', useTimelineAttributes);

const placeAt = (at: number) => ({ '--tool-call-at': at }) as CSSProperties; // SAFETY: React's style type does not know custom properties.

/** The numbers above the lines; their content is in every line's own words. @selector [data-slot="tool-call-timeline-axis"] */
export const ToolCallTimelineAxis = createPart('div', 'axis', () => {
  const { scale } = useToolCallTimeline();
  const labels = useToolCallLabels();
  const { unit, ticks } = useMemo(() => listTicks(scale), [scale]);
  return {
    'aria-hidden': true,
    filling: (
      <span data-slot="tool-call-timeline-ticks">
        {ticks.map(({ at, value }, index) => (
          <span key={at} data-slot="tool-call-timeline-tick" style={placeAt(at)}>
            {labels.axisNumber(value)}{' '}
            {index === ticks.length - 1 && <span data-slot="tool-call-timeline-unit">{labels.axisUnit[unit]}</span>}
          </span>
        ))}
      </span>
    ),
  };
});

/** Beyond this many calls the second line of the comparison is one bar. */
const MOST_GHOSTS = 60;
/** A longer first bar leaves no room for words after it. */
const MOST_FILLED = 0.75;

/**
 * How long the calls took, and how long they would have taken one after another, on a scale of its own; nothing for a single call.
 * @selector [data-slot="tool-call-timeline-summary"]
 */
export const ToolCallTimelineSummary = createPart('div', 'summary', () => {
  const { calls } = useToolCallTimeline();
  const labels = useToolCallLabels();
  const isLive = calls.some(isAtWork);
  const read = useCallback((now: number) => JSON.stringify(compare(calls, now)), [calls]);
  const text = useNow(read, isLive) ?? '{"wall":0,"runs":[]}';
  if (calls.length < 2) return null;
  const { wall, runs } = JSON.parse(text) as ReturnType<typeof compare>; // SAFETY: what `compare` returned.
  const total = runs.reduce((sum, run) => sum + run, 0);
  const saved = total - wall;
  const isSaved = saved >= 100 && calls.every((call) => call.status === 'succeeded');
  const write = (time: number) => (time === 0 ? null : isLive ? labels.elapsed(time) : labels.duration(time));
  const end = total === 0 ? 0 : wall / total;
  const hasRoom = end <= MOST_FILLED;
  return {
    filling: (
      <>
        <SummaryRow name={labels.inParallel} time={write(wall)}>
          {wall > 0 && <span data-slot="tool-call-timeline-bar" data-phase="total" style={spanStyle(0, end)} />}
          {isSaved && hasRoom && (
            <span data-slot="tool-call-timeline-saved" style={spanStyle(end, 1)}>
              {labels.savedShort(saved)}
            </span>
          )}
        </SummaryRow>
        <SummaryRow name={labels.oneByOne} time={write(total)}>
          {renderGhosts(runs, total)}
        </SummaryRow>
      </>
    ),
  };
});

/** The time that was waited, and what each call took; a string of it changes ten times a second at most. */
function compare(
  calls: ReturnType<typeof useToolCallTimeline>['calls'],
  now: number,
): { wall: number; runs: number[] } {
  const at = Math.floor(now / 100) * 100;
  const timed = calls.filter((call): call is ToolCall => call.status !== 'input-streaming');
  const runs = timed.map((call) => measureCalls([call], at).sequential).filter((run) => run > 0);
  return { wall: measureCalls(timed, at).wall, runs };
}

function SummaryRow({ name, time, children }: { name: string; time: string | null; children: ReactNode }): ReactNode {
  return (
    <div data-slot="tool-call-timeline-row">
      <span data-slot="tool-call-timeline-label">{name}</span>{' '}
      <span data-slot="tool-call-timeline-track" data-bare="">
        {children}
      </span>{' '}
      <span data-slot="tool-call-timeline-time">{time}</span>
    </div>
  );
}

function renderGhosts(runs: readonly number[], total: number): ReactNode[] {
  let at = 0;
  return (runs.length > MOST_GHOSTS ? [total] : runs).map((run, index) => {
    const from = at;
    at += run;
    const style = spanStyle(from / total, at / total);
    return <span key={index} data-slot="tool-call-timeline-bar" data-phase="ghost" style={style} />;
  });
}

const LEGEND: readonly (TimelinePhase | 'failed')[] = ['queued', 'running', 'backoff', 'failed'];

/** What the bars mean. @selector [data-slot="tool-call-timeline-legend"] */
export const ToolCallTimelineLegend = createPart('div', 'legend', () => {
  const { scale } = useToolCallTimeline();
  const { timelinePhase } = useToolCallLabels();
  return {
    filling: [...LEGEND, ...(scale.gaps.length > 0 ? (['gap'] as const) : [])].map((phase) => (
      <span key={phase} data-slot="tool-call-timeline-key" data-phase={phase}>
        {timelinePhase[phase]}{' '}
      </span>
    )),
  };
});

/** Where time was left out, one line through all rows each. */
export function renderGaps(scale: ReturnType<typeof useToolCallTimeline>['scale']): ReactNode[] {
  return scale.gaps.map(({ from }) => (
    <span key={from} data-slot="tool-call-timeline-gap" style={placeAt(toFraction(scale, from))} />
  ));
}
