'use client';
/** Owns what a group says aloud: one polite live region that speaks counts and failures, and never floods. */
import { forwardRef, useCallback, useEffect, useRef, useState, type CSSProperties } from 'react';
import { summarizeGroup, type GroupCalls, type GroupSummary } from './group-calls.ts';
import type { ToolCallLabels } from '../words/labels.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { useGroupAttributes, useGroupCalls } from './context.tsx';
import { startTimer } from '../part/use-now.ts';
import { writeTitle } from './head.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';

/** What is urgent waits this long for what happens with it; mere progress longer (ms). */
const URGENT_DELAY = 500;
const PROGRESS_DELAY = 5000;

const visuallyHidden: CSSProperties = {
  position: 'absolute',
  inlineSize: 1,
  blockSize: 1,
  margin: -1,
  padding: 0,
  border: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
};

/** The live region; silent about a batch that had settled before it was shown. @selector [data-slot="tool-call-group-announcer"] */
export const ToolCallGroupAnnouncer = forwardRef<HTMLSpanElement, PartProps<'span'>>(function ToolCallGroupAnnouncer(
  { style, ...props },
  ref,
) {
  const labels = useToolCallLabels();
  const text = useGroupCalls(
    useCallback((group: GroupCalls) => writeAnnouncement(summarizeGroup(group), labels), [labels]),
  );
  const urgency = useGroupCalls(selectUrgency);
  const spoken = useSpoken(text, urgency);
  return (
    <Part.span
      role="status"
      aria-live="polite"
      {...useGroupAttributes('announcer')}
      style={{ ...visuallyHidden, ...style }}
      {...props}
      ref={ref}
      filling={spoken}
    />
  );
});

function writeAnnouncement(summary: GroupSummary, labels: ToolCallLabels): string {
  const { done, total, failed, awaiting, consent, denied, cancelled, undone, undoFailed } = summary;
  const parts = [done === total ? labels.doneCount(done, total) : writeTitle(summary, labels)];
  if (failed > 0) parts.push(labels.failedCount(failed));
  if (awaiting > 0) parts.push(labels.awaitingCount(awaiting));
  if (consent > 0) parts.push(labels.awaitingConsent(consent));
  if (denied > 0) parts.push(labels.deniedCount(denied));
  if (cancelled > 0) parts.push(labels.cancelledCount(cancelled));
  if (undone > 0) parts.push(labels.undoneCount(undone));
  if (undoFailed > 0) parts.push(labels.undoFailedCount(undoFailed));
  return labels.announcement(parts);
}

/** Changes with what a person should hear soon: a failure, a question, the end. */
function selectUrgency(group: GroupCalls): string {
  const { failed, awaiting, consent, active, queued, undone, undoFailed } = summarizeGroup(group);
  return `${failed} ${awaiting} ${consent} ${undone} ${undoFailed} ${active + queued === 0}`;
}

/** The latest text, later: soon if `urgency` changed with it, else after a while; what comes in between is never said. */
function useSpoken(text: string, urgency: string): string {
  const [spoken, setSpoken] = useState('');
  const first = useRef(text);
  const last = useRef({ urgency, text, cancel: () => {}, isUrgent: false, isWaiting: false });
  useEffect(() => {
    const { current } = last;
    const isUrgent = current.urgency !== urgency;
    const hasChanged = current.text !== text;
    current.text = text;
    current.urgency = urgency;
    if (!hasChanged || (text === first.current && spoken === '')) return;
    if (current.isWaiting && (current.isUrgent || !isUrgent)) return;
    current.cancel();
    current.isWaiting = true;
    current.isUrgent = isUrgent;
    current.cancel = startTimer(
      () => {
        current.isWaiting = false;
        setSpoken(current.text);
      },
      isUrgent ? URGENT_DELAY : PROGRESS_DELAY,
    );
  }, [text, urgency, spoken]);
  useEffect(() => {
    const { current } = last;
    return () => {
      current.cancel();
      current.isWaiting = false;
    };
  }, []);
  return spoken;
}
