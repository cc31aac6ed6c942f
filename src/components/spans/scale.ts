/**
 * Owns where a moment stands on a timeline: the scale and its ticks. Time in which nothing was at work, because a person was
 * thinking, is left out, as it is of every other time of a batch. Pure.
 */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { listSpans, type TimelineSpan } from './spans.ts';

/** A scale is plain data, so that two of them can be compared. Milliseconds throughout. */
export interface TimelineScale {
  /** The moment at the start. */
  readonly origin: number;
  /** The time at the end. */
  readonly length: number;
  /** What is left out, in order. */
  readonly gaps: readonly { readonly from: number; readonly length: number }[];
}

/** Intervals between the ticks: even, so that a narrow timeline can show every second one. */
export const TICKS = 4;
/** Less than this between two calls is no gap. */
const SHORTEST_GAP = 1000;
/** The scale of a timeline on which nothing has happened. */
const EMPTY = 1000;
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10];

/** Finds the scale of these calls. It changes in steps: a running bar grows, and the bars around it stay. */
export function createTimelineScale(calls: readonly DisplayedToolCall[], now: number): TimelineScale {
  return createSpanScale(calls.flatMap((call) => listSpans(call, now)));
}

/** Finds the scale on which all of this is work. */
export function createSpanScale(work: readonly Pick<TimelineSpan, 'from' | 'to'>[]): TimelineScale {
  const spans = [...work].sort((left, right) => left.from - right.from);
  const origin = spans[0]?.from ?? 0;
  const gaps: { from: number; length: number }[] = [];
  let reached = origin;
  for (const { from, to } of spans) {
    if (from - reached >= SHORTEST_GAP) gaps.push({ from: reached, length: from - reached });
    reached = Math.max(reached, to);
  }
  const worked = reached - origin - gaps.reduce((sum, gap) => sum + gap.length, 0);
  return { origin, length: roundUp(worked === 0 ? EMPTY : worked), gaps };
}

/** The shortest length from `time` up that four ticks divide into numbers that people read easily. */
function roundUp(time: number): number {
  const unit = UNITS[unitOf(time)];
  const interval = time / unit / TICKS;
  const power = 10 ** Math.floor(Math.log10(interval));
  const step = STEPS.find((candidate) => candidate * power >= interval * (1 - 1e-9)) ?? 10;
  return step * power * TICKS * unit;
}

/** Where a moment stands, from 0 to 1. */
export function toFraction({ origin, length, gaps }: TimelineScale, at: number): number {
  const left = gaps.reduce((sum, gap) => sum + Math.min(gap.length, Math.max(0, at - gap.from)), 0);
  return Math.min(1, Math.max(0, (at - origin - left) / length));
}

/** In what a scale is counted. */
export type TimelineUnit = 'millisecond' | 'second' | 'minute';

function unitOf(time: number): TimelineUnit {
  if (time <= 10_000) return 'millisecond';
  return time <= 600_000 ? 'second' : 'minute';
}

const UNITS: Record<TimelineUnit, number> = { millisecond: 1, second: 1000, minute: 60_000 };

/** The numbers along the axis, and their unit. */
export function listTicks({ length }: TimelineScale): { unit: TimelineUnit; ticks: { at: number; value: number }[] } {
  const unit = unitOf(length);
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => {
    const at = index / TICKS;
    return { at, value: (at * length) / UNITS[unit] };
  });
  return { unit, ticks };
}
