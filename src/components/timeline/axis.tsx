'use client';
/** Owns what stands around the lines of a timeline: the axis above, the comparison and the legend below. */
import { useCallback, useMemo, type CSSProperties, type ReactNode } from 'react';
import { measureCalls } from '../../core/selectors.ts';
import type { ToolCall } from '../../core/tool-call.ts';
import { createPartFactory } from '../part/create-part.tsx';
import type { ToolCallLabels } from '../words/labels.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { listTicks, toFraction } from '../spans/scale.ts';
import { linkRequests } from '../spans/requests.ts';
import { isAtWork, listSpans } from '../spans/spans.ts';
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
 * How long the calls took, and how long they would have taken one after another; nothing for a single call. The two bars have a scale of
 * their own, so they stand apart from the axis: each has its time at its end. @selector [data-slot="tool-call-timeline-summary"]
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
  const end = total === 0 ? 0 : wall / total;
  const isSaved = saved >= 100 && end <= MOST_FILLED && calls.every((call) => call.status === 'succeeded');
  const write = (time: number) => writeTotal(time, isLive, labels);
  return {
    filling: (
      <>
        <SummaryRow name={labels.inParallel} end={end} time={write(wall)} saved={isSaved && labels.savedShort(saved)}>
          {wall > 0 && <span data-slot="tool-call-timeline-bar" data-phase="total" style={spanStyle(0, end)} />}
        </SummaryRow>
        <SummaryRow name={labels.oneByOne} end={total === 0 ? 0 : 1} time={write(total)}>
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

/** A total that grows counts whole seconds, from the first one on: before that there is only the bar. */
function writeTotal(time: number, isLive: boolean, labels: ToolCallLabels): string | null {
  if (isLive) return time < 1000 ? null : labels.elapsed(time);
  return time === 0 ? null : labels.duration(time);
}

interface SummaryRowProps {
  name: string;
  /** Where the bars end, from 0 to 1. */
  end: number;
  time: string | null;
  saved?: string | false;
  children: ReactNode;
}

function SummaryRow({ name, end, time, saved = false, children }: SummaryRowProps): ReactNode {
  return (
    <div data-slot="tool-call-timeline-row">
      <span data-slot="tool-call-timeline-label">{name}</span>{' '}
      <span data-slot="tool-call-timeline-track" data-bare="">
        {children}
        <span data-slot="tool-call-timeline-time" style={spanStyle(0, end)}>
          {saved === false ? (
            time
          ) : (
            <>
              <bdi>{time}</bdi> · <bdi data-slot="tool-call-timeline-saved">{saved}</bdi>
            </>
          )}
        </span>
      </span>
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

const LEGEND = ['queued', 'running', 'request', 'backoff', 'failed', 'cancelled', 'gap'] as const;

/** What the bars mean that are there. @selector [data-slot="tool-call-timeline-legend"] */
export const ToolCallTimelineLegend = createPart('div', 'legend', () => {
  const { calls, scale } = useToolCallTimeline();
  const { timelinePhase } = useToolCallLabels();
  const drawn = useMemo(() => {
    const signs = calls.flatMap((call) => listSpans(call, 0).map(({ phase, outcome }) => outcome ?? phase));
    const drawn = new Set<(typeof LEGEND)[number]>(signs);
    if (scale.gaps.length > 0) drawn.add('gap');
    if (linkRequests(calls).some((links) => links.length > 0)) drawn.add('request');
    return drawn;
  }, [calls, scale]);
  return {
    filling: LEGEND.filter((sign) => drawn.has(sign)).map((sign) => (
      <span key={sign} data-slot="tool-call-timeline-key" data-phase={sign}>
        {timelinePhase[sign]}{' '}
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
