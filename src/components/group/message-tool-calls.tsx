'use client';
/** Owns a whole message in one element: a group for each of its batches, and whatever the page makes of its other parts. */
import { Fragment, type ReactNode } from 'react';
import type { MessageToolBatch } from '../../core/message-batch.ts';
import { ToolCallGroup, type ToolCallGroupProps } from './group.tsx';

/** What `groupMessageParts` makes of a message, as far as this component must know it. */
export type DisplayedMessageGroup =
  | { readonly type: 'tool-calls'; readonly key: string; readonly batch: MessageToolBatch }
  | { readonly type: 'part'; readonly key: string };

export interface MessageToolCallsProps<TGroup extends DisplayedMessageGroup> extends Omit<ToolCallGroupProps, 'batch'> {
  /** `groupMessageParts(message)`. */
  groups: readonly TGroup[];
  /** Renders a part that is no tool call: text, a file, a source. @default nothing */
  children?: (group: Exclude<TGroup, { readonly type: 'tool-calls' }>) => ReactNode;
}

/**
 * The tool calls of a message, a group a step, in the order of its parts. It has no element of its own; every other prop goes to
 * each {@link ToolCallGroup}.
 */
export function MessageToolCalls<TGroup extends DisplayedMessageGroup>({
  groups,
  children,
  ...props
}: MessageToolCallsProps<TGroup>): ReactNode {
  return groups.map((group) => {
    if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} {...props} batch={group.batch} />;
    // SAFETY: the other kind was just taken out.
    return <Fragment key={group.key}>{children?.(group as never)}</Fragment>;
  });
}
