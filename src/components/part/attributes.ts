/** Owns the attributes that every part carries, which are a documented contract: the stylesheet and apps select on them. */
import type { CSSProperties, SyntheticEvent } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolBatchStatus } from '../../core/selectors.ts';

/** @selector [data-status="running"] */
export type CardStatus = DisplayedToolCall['status'];
/** @selector [data-density="compact"] */
export type ToolCallDensity = 'comfortable' | 'compact';
/** @selector [data-variant="primary"] */
export type ToolCallButtonVariant = 'ghost' | 'outline' | 'primary' | 'danger';

export interface PartAttributes {
  'data-slot': string;
  'data-status': string;
  'data-state': 'open' | 'closed';
}

/** Attributes of a part of a card. @selector [data-slot="tool-call-card-…"] */
export function cardAttributes(part: string, status: CardStatus, isOpen: boolean): PartAttributes {
  return { 'data-slot': joinSlot('tool-call-card', part), 'data-status': status, 'data-state': toState(isOpen) };
}

/** Attributes of a part of a group. @selector [data-slot="tool-call-group-…"] */
export function groupAttributes(part: string, status: ToolBatchStatus, isOpen: boolean): PartAttributes {
  return { 'data-slot': joinSlot('tool-call-group', part), 'data-status': status, 'data-state': toState(isOpen) };
}

/** Attributes of a part of a timeline, which does not fold. @selector [data-slot="tool-call-timeline-…"] */
export function timelineAttributes(
  part: string,
  status: CardStatus | ToolBatchStatus,
): Omit<PartAttributes, 'data-state'> {
  return { 'data-slot': joinSlot('tool-call-timeline', part), 'data-status': status };
}

function joinSlot(component: string, part: string): string {
  return part === '' ? component : `${component}-${part}`;
}

function toState(isOpen: boolean): 'open' | 'closed' {
  return isOpen ? 'open' : 'closed';
}

/**
 * The user's handler first; ours only if that did not prevent the default. The second click of a double click is none of ours: what
 * it hits may just have moved there, as the next Approve does when an answered card folds.
 */
export function composeHandlers<TEvent extends SyntheticEvent & { readonly detail?: number }>(
  theirs: ((event: TEvent) => void) | undefined,
  ours: (event: TEvent) => void,
): (event: TEvent) => void {
  return (event) => {
    theirs?.(event);
    if (!event.defaultPrevented && !((event.detail ?? 0) > 1)) ours(event);
  };
}

/** On the very elements that show it: one that a whole card or group inherits would have the browser work out the styles of all of it. */
export function toFractionStyle(fraction: number): CSSProperties {
  return { '--tool-call-fraction': fraction } as CSSProperties; // SAFETY: React's style type does not know custom properties.
}
