'use client';
/** Owns the one line of a card: icon, name, detail, word, time, chevron, and the progress on its edge. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback, type ComponentPropsWithoutRef } from 'react';
import type { DisplayedToolCall } from '../core/message-batch.ts';
import { measureCall } from '../core/selectors.ts';
import { isSettled } from '../core/tool-call.ts';
import { chevronDrawing, StatusDrawing } from './icons.tsx';
import type { ToolCallLabels } from './labels.ts';
import { useToolCallLabels } from './labels-provider.tsx';
import { useCardAttributes, useToolCallCard } from './tool-call-card-context.tsx';
import { createCardPart } from './tool-call-card-part.tsx';
import { useNow } from './use-now.ts';

/** The line that is always seen. @selector [data-slot="tool-call-card-header"] */
export const ToolCallCardHeader = createCardPart('div', 'header', 'ToolCallCardHeader');

/** Where the buttons of the line stand. @selector [data-slot="tool-call-card-actions"] @selector [data-reveal] */
export const ToolCallCardActions = createCardPart('span', 'actions', 'ToolCallCardActions');

/** The sign of the status: shape and colour. @selector [data-slot="tool-call-card-icon"] @selector [data-spin] */
export const ToolCallCardIcon = forwardRef<SVGSVGElement, ComponentPropsWithoutRef<'svg'>>(
  function ToolCallCardIcon(props, ref) {
    const { call } = useToolCallCard();
    const attributes = useCardAttributes('icon');
    const isFilling = call.status === 'running' && call.progress?.fraction !== undefined;
    const isSpinning = call.status === 'running' && !isFilling;
    return (
      <svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden
        {...attributes}
        {...(isSpinning && { 'data-spin': '' })}
        {...props}
        ref={ref}
      >
        {props.children ?? <StatusDrawing status={call.status} isFilling={isFilling} />}
      </svg>
    );
  },
);

/** The button that opens the card; its target is the whole line. @selector [data-slot="tool-call-card-trigger"] */
export const ToolCallCardTrigger = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<typeof Collapsible.Trigger>>(
  function ToolCallCardTrigger(props, ref) {
    const { id } = useToolCallCard();
    return (
      <Collapsible.Trigger
        aria-describedby={`${id}detail ${id}status`}
        {...useCardAttributes('trigger')}
        {...props}
        ref={ref}
      >
        {props.children ?? <ToolCallCardName />}
      </Collapsible.Trigger>
    );
  },
);

/** The tool's name, exactly as given. @selector [data-slot="tool-call-card-name"] */
export const ToolCallCardName = forwardRef<HTMLSpanElement, ComponentPropsWithoutRef<'span'>>(
  function ToolCallCardName(props, ref) {
    const { call } = useToolCallCard();
    return (
      <span title={call.toolName} {...useCardAttributes('name')} {...props} ref={ref}>
        {props.children ?? call.toolName}
      </span>
    );
  },
);

/** The status in a word. @selector [data-slot="tool-call-card-status"] */
export const ToolCallCardStatus = forwardRef<HTMLSpanElement, ComponentPropsWithoutRef<'span'>>(
  function ToolCallCardStatus(props, ref) {
    const { call, id } = useToolCallCard();
    const labels = useToolCallLabels();
    return (
      <span id={`${id}status`} {...useCardAttributes('status')} {...props} ref={ref}>
        {props.children ?? labels.status[call.status]}
      </span>
    );
  },
);

/**
 * How long the call has run or took, or when its next attempt starts. The only part that renders while a second passes.
 * @selector [data-slot="tool-call-card-time"]
 */
export const ToolCallCardTime = forwardRef<HTMLSpanElement, ComponentPropsWithoutRef<'span'>>(
  function ToolCallCardTime(props, ref) {
    const { call } = useToolCallCard();
    const labels = useToolCallLabels();
    const read = useCallback((now: number) => readTime(call, now), [call]);
    const time = useNow(read, call.status === 'running' || call.status === 'retrying');
    return (
      <span {...useCardAttributes('time')} {...props} ref={ref}>
        {props.children ?? writeTime(call, time, labels)}
      </span>
    );
  },
);

/** The milliseconds to show: rounded to the second while they change, exact once settled. */
function readTime(call: DisplayedToolCall, now: number): number | undefined {
  if (call.status === 'input-streaming') return undefined;
  if (call.status === 'retrying') return Math.max(1, Math.ceil((call.retryAt - now) / 1000)) * 1000;
  const time = measureCall(call, now);
  if (isSettled(call)) return time;
  return call.status === 'running' && time !== undefined ? Math.floor(time / 1000) * 1000 : undefined;
}

function writeTime(call: DisplayedToolCall, time: number | undefined, labels: ToolCallLabels): string | null {
  if (time === undefined || time <= 0) return null;
  if (call.status === 'retrying') return labels.retryIn(time);
  return call.status === 'running' ? labels.elapsed(time) : labels.duration(time);
}

/** Says that there is more to see. @selector [data-slot="tool-call-card-chevron"] */
export const ToolCallCardChevron = forwardRef<SVGSVGElement, ComponentPropsWithoutRef<'svg'>>(
  function ToolCallCardChevron(props, ref) {
    return (
      <svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden
        {...useCardAttributes('chevron')}
        {...props}
        ref={ref}
      >
        {props.children ?? chevronDrawing}
      </svg>
    );
  },
);

/** The part that is done, on the edge of the line; nothing where the tool reported no fraction. @selector [data-slot="tool-call-card-progress"] */
export const ToolCallCardProgress = forwardRef<HTMLSpanElement, ComponentPropsWithoutRef<'span'>>(
  function ToolCallCardProgress(props, ref) {
    const { call } = useToolCallCard();
    const attributes = useCardAttributes('progress');
    const fraction = call.status === 'running' ? call.progress?.fraction : undefined;
    if (fraction === undefined) return null;
    const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
    return (
      <span
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
