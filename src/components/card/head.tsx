'use client';
/** Owns the one line of a card: icon, name, detail, word, time, chevron, and the progress on its edge. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { isUndone, writeStatus } from '../words/call-status.ts';
import { nameOf } from '../words/call-name.ts';
import { isTimeRunning, readTime, writeTime } from '../words/call-time.ts';
import { toFractionStyle } from '../part/attributes.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { chevronDrawing, drawingAttributes, StatusDrawing, undoDrawing } from '../part/icons.tsx';
import { markHidden, renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';
import { useCardAttributes, useStillCard, useToolCallCard } from './context.tsx';
import { useNow } from '../part/use-now.ts';

const createPart = createPartFactory('ToolCallCard', useCardAttributes);

/** The line that is always seen. @selector [data-slot="tool-call-card-header"] */
export const ToolCallCardHeader = createPart('div', 'header');

/** Where the buttons of the line stand. @selector [data-slot="tool-call-card-actions"] @selector [data-reveal] */
export const ToolCallCardActions = createPart('span', 'actions');

/** The sign of the status: shape and colour. @selector [data-slot="tool-call-card-icon"] @selector [data-spin] */
export const ToolCallCardIcon = createPart('svg', 'icon', () => {
  const { call, isRecorded } = useToolCallCard();
  const fraction = readFraction(call);
  const isFilling = fraction !== undefined;
  // Whether a server is still at work on its own call is not known here: its answer may have been stopped.
  const isSpinning = call.status === 'running' && isRecorded && !isFilling;
  return {
    ...drawingAttributes,
    ...(isSpinning && { 'data-spin': '' }),
    ...(isFilling && { style: toFractionStyle(fraction) }),
    filling: isUndone(call) ? undoDrawing : <StatusDrawing status={call.status} isFilling={isFilling} />,
  };
});

/** The button that opens the card; its target is the whole line. @selector [data-slot="tool-call-card-trigger"] */
export const ToolCallCardTrigger = forwardRef<HTMLButtonElement, PartProps<'button'>>(function ToolCallCardTrigger(
  { asChild = false, children, ...props },
  ref,
) {
  const { id, isOpen } = useStillCard();
  return (
    <Collapsible.Trigger
      asChild
      aria-controls={isOpen ? `${id}content` : undefined}
      aria-describedby={`${id}detail ${id}status`}
      {...useCardAttributes('trigger')}
      {...props}
      ref={ref}
    >
      <Part.button asChild={asChild} filling={<ToolCallCardName />}>
        {children}
      </Part.button>
    </Collapsible.Trigger>
  );
});

/** The tool's title, or its name where it has none, exactly as given. @selector [data-slot="tool-call-card-name"] */
export const ToolCallCardName = createPart('span', 'name', () => {
  const name = nameOf(useStillCard().call);
  return { title: markHidden(name), filling: renderText(name) };
});

/** The status in a word. @selector [data-slot="tool-call-card-status"] */
export const ToolCallCardStatus = createPart('span', 'status', () => {
  const { call, id } = useStillCard();
  const labels = useToolCallLabels();
  return { id: `${id}status`, filling: writeStatus(call, labels) };
});

/**
 * How long the call has run or took, or when its next attempt starts. The only part that renders while a second passes.
 * @selector [data-slot="tool-call-card-time"]
 */
export const ToolCallCardTime = createPart('span', 'time', () => {
  const { call } = useStillCard();
  const labels = useToolCallLabels();
  const read = useCallback((now: number) => readTime(call, now), [call]);
  const time = useNow(read, isTimeRunning(call));
  return { filling: writeTime(call, time, labels) };
});

/** Says that there is more to see. @selector [data-slot="tool-call-card-chevron"] */
export const ToolCallCardChevron = createPart('svg', 'chevron', () => ({
  ...drawingAttributes,
  filling: chevronDrawing,
}));

/** The part that is done, on the edge of the line; nothing where the tool reported no fraction. @selector [data-slot="tool-call-card-progress"] */
export const ToolCallCardProgress = createPart('span', 'progress', () => {
  const { call } = useToolCallCard();
  const fraction = readFraction(call);
  if (fraction === undefined) return null;
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return {
    role: 'progressbar',
    'aria-label': markHidden(nameOf(call)),
    'aria-valuenow': percent,
    style: toFractionStyle(fraction),
  };
});

function readFraction(call: DisplayedToolCall): number | undefined {
  return call.status === 'running' ? call.progress?.fraction : undefined;
}
