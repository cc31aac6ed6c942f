'use client';
/** Owns what the parts of a timeline share: the calls, the scale they are drawn on, and the one call of a line. */
import { createContext } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolBatchStatus } from '../../core/selectors.ts';
import { timelineAttributes } from '../part/attributes.ts';
import { useExpectedContext } from '../part/expect-context.ts';
import type { RequestLink } from '../spans/requests.ts';
import type { TimelineScale } from '../spans/scale.ts';

export interface ToolCallTimelineContextValue {
  readonly calls: readonly DisplayedToolCall[];
  readonly scale: TimelineScale;
  readonly status: ToolBatchStatus;
}

const TimelineContext = createContext<ToolCallTimelineContextValue | null>(null);
export const ToolCallTimelineContextProvider = TimelineContext.Provider;

export function useToolCallTimeline(): ToolCallTimelineContextValue {
  return useExpectedContext(TimelineContext, 'ToolCallTimelineParts.Root batch={batch}');
}

/** The attributes of one part of the timeline around it. */
export function useTimelineAttributes(part: string): ReturnType<typeof timelineAttributes> {
  return timelineAttributes(part, useToolCallTimeline().status);
}

/** One line of a timeline. */
export interface ToolCallTimelineRowContextValue {
  readonly call: DisplayedToolCall;
  readonly scale: TimelineScale;
  /** The requests that go through it. */
  readonly requests: readonly RequestLink[];
}

const RowContext = createContext<ToolCallTimelineRowContextValue | null>(null);
export const ToolCallTimelineRowContextProvider = RowContext.Provider;

export function useToolCallTimelineRow(): ToolCallTimelineRowContextValue {
  return useExpectedContext(RowContext, 'ToolCallTimelineParts.Row call={call}');
}

/** The attributes of one part of the line around it. */
export function useRowAttributes(part: string): ReturnType<typeof timelineAttributes> {
  return timelineAttributes(part, useToolCallTimelineRow().call.status);
}
