'use client';
/** Owns the strip on the edge of a group's header: a segment a call, in call order; one bar for very many. */
import type { CSSProperties } from 'react';
import { toFractionStyle, type CardStatus } from '../part/attributes.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { shareDone, summarizeGroup, type GroupCalls } from './group-calls.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { useGroupAttributes, useGroupCalls } from './context.tsx';
import { writeTitle } from './head.tsx';

/** Above this many calls the strip is one bar. */
const MOST_SEGMENTS = 40;

/** The order of states in one bar. */
const BAR_ORDER: readonly CardStatus[] = [
  'succeeded',
  'failed',
  'denied',
  'cancelled',
  'awaiting-approval',
  'awaiting-input',
  'interrupted',
  'retrying',
  'running',
  'queued',
  'input-streaming',
];

/** The strip. @selector [data-slot="tool-call-group-progress"] @selector [data-continuous] */
export const ToolCallGroupProgress = createPartFactory('ToolCallGroup', useGroupAttributes)('span', 'progress', () => {
  const labels = useToolCallLabels();
  const summary = useGroupCalls(summarizeGroup);
  const segments = useGroupCalls(selectSegments);
  const isContinuous = summary.total > MOST_SEGMENTS;
  const isOver = summary.status === 'succeeded' || summary.status === 'cancelled';
  const meter = {
    role: 'progressbar',
    'aria-label': writeTitle(summary, labels),
    'aria-valuemin': 0,
    'aria-valuemax': summary.total,
    'aria-valuenow': summary.done,
  };
  return {
    style: toFractionStyle(shareDone(summary)),
    ...(isOver ? { 'aria-hidden': true } : meter),
    ...(isContinuous && { 'data-continuous': '' }),
    filling: segments.map((segment, index) => {
      const [status, amount] = segment.split(' ');
      const style = isContinuous
        ? { flexGrow: amount, '--tool-call-fraction': 0 }
        : amount
          ? { '--tool-call-fraction': amount }
          : undefined;
      return (
        <span
          key={index}
          aria-hidden
          data-slot="tool-call-group-segment"
          data-status={status}
          style={style as CSSProperties} // SAFETY: React's style type does not know custom properties.
        />
      );
    }),
  };
});

/** `status fraction` of each call, or `status count` of each state: strings, which compare shallowly. */
function selectSegments({ calls }: GroupCalls): string[] {
  if (calls.length <= MOST_SEGMENTS) {
    return calls.map((call) => `${call.status} ${call.status === 'running' ? (call.progress?.fraction ?? '') : ''}`);
  }
  const counts = new Map<CardStatus, number>();
  for (const call of calls) counts.set(call.status, (counts.get(call.status) ?? 0) + 1);
  return BAR_ORDER.filter((status) => counts.has(status)).map((status) => `${status} ${counts.get(status)}`);
}
