'use client';
import { Fragment, type ReactNode } from 'react';
import type { DisplayedMessageGroup, MessageToolCallsProps } from 'use-parallel-tools';
import { ToolCallGroup } from '@/components/tool-call-group';

/** A message: one group of cards for each step of tool calls, in the order of its parts. */
export function MessageToolCalls<TGroup extends DisplayedMessageGroup>({
  groups,
  children,
  ...props
}: MessageToolCallsProps<TGroup>): ReactNode {
  return groups.map((group) => {
    if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} {...props} batch={group.batch} />;
    return <Fragment key={group.key}>{children?.(group as never)}</Fragment>;
  });
}
