'use client';
/** Owns the one line of a card: icon, name, detail, word, time, chevron, and the progress on its edge. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback } from 'react';
import { isTimeRunning, readTime, writeTime } from './call-time.ts';
import { chevronDrawing, StatusDrawing } from './icons.tsx';
import { useToolCallLabels } from './labels-provider.tsx';
import { useCardAttributes, useStillCard, useToolCallCard } from './tool-call-card-context.tsx';
import { createCardPart } from './tool-call-card-part.tsx';
import { useNow } from './use-now.ts';
import { Part, type PartProps } from './part-element.tsx';

/** The line that is always seen. @selector [data-slot="tool-call-card-header"] */
export const ToolCallCardHeader = createCardPart('div', 'header', 'ToolCallCardHeader');

/** Where the buttons of the line stand. @selector [data-slot="tool-call-card-actions"] @selector [data-reveal] */
export const ToolCallCardActions = createCardPart('span', 'actions', 'ToolCallCardActions');

/** The sign of the status: shape and colour. @selector [data-slot="tool-call-card-icon"] @selector [data-spin] */
export const ToolCallCardIcon = forwardRef<SVGSVGElement, PartProps<'svg'>>(function ToolCallCardIcon(props, ref) {
  const { call } = useToolCallCard();
  const attributes = useCardAttributes('icon');
  const isFilling = call.status === 'running' && call.progress?.fraction !== undefined;
  const isSpinning = call.status === 'running' && !isFilling;
  return (
    <Part.svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden
      {...attributes}
      {...(isSpinning && { 'data-spin': '' })}
      {...props}
      ref={ref}
      filling={<StatusDrawing status={call.status} isFilling={isFilling} />}
    />
  );
});

/** The button that opens the card; its target is the whole line. @selector [data-slot="tool-call-card-trigger"] */
export const ToolCallCardTrigger = forwardRef<HTMLButtonElement, PartProps<'button'>>(function ToolCallCardTrigger(
  { asChild = false, children, ...props },
  ref,
) {
  const { id } = useStillCard();
  return (
    <Collapsible.Trigger
      asChild
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

/** The tool's name, exactly as given. @selector [data-slot="tool-call-card-name"] */
export const ToolCallCardName = forwardRef<HTMLSpanElement, PartProps<'span'>>(function ToolCallCardName(props, ref) {
  const { call } = useStillCard();
  return (
    <Part.span title={call.toolName} {...useCardAttributes('name')} {...props} ref={ref} filling={call.toolName} />
  );
});

/** The status in a word. @selector [data-slot="tool-call-card-status"] */
export const ToolCallCardStatus = forwardRef<HTMLSpanElement, PartProps<'span'>>(
  function ToolCallCardStatus(props, ref) {
    const { call, id } = useStillCard();
    const labels = useToolCallLabels();
    return (
      <Part.span
        id={`${id}status`}
        {...useCardAttributes('status')}
        {...props}
        ref={ref}
        filling={labels.status[call.status]}
      />
    );
  },
);

/**
 * How long the call has run or took, or when its next attempt starts. The only part that renders while a second passes.
 * @selector [data-slot="tool-call-card-time"]
 */
export const ToolCallCardTime = forwardRef<HTMLSpanElement, PartProps<'span'>>(function ToolCallCardTime(props, ref) {
  const { call } = useStillCard();
  const labels = useToolCallLabels();
  const read = useCallback((now: number) => readTime(call, now), [call]);
  const time = useNow(read, isTimeRunning(call));
  return <Part.span {...useCardAttributes('time')} {...props} ref={ref} filling={writeTime(call, time, labels)} />;
});

/** Says that there is more to see. @selector [data-slot="tool-call-card-chevron"] */
export const ToolCallCardChevron = forwardRef<SVGSVGElement, PartProps<'svg'>>(
  function ToolCallCardChevron(props, ref) {
    return (
      <Part.svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden
        {...useCardAttributes('chevron')}
        {...props}
        ref={ref}
        filling={chevronDrawing}
      />
    );
  },
);

/** The part that is done, on the edge of the line; nothing where the tool reported no fraction. @selector [data-slot="tool-call-card-progress"] */
export const ToolCallCardProgress = forwardRef<HTMLSpanElement, PartProps<'span'>>(
  function ToolCallCardProgress(props, ref) {
    const { call } = useToolCallCard();
    const attributes = useCardAttributes('progress');
    const fraction = call.status === 'running' ? call.progress?.fraction : undefined;
    if (fraction === undefined) return null;
    const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
    return (
      <Part.span
        role="progressbar"
        aria-label={call.toolName}
        aria-valuenow={percent}
        {...attributes}
        {...props}
        ref={ref}
      />
    );
  },
);
