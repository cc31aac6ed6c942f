'use client';
import type { UIMessage } from 'ai';
import { Fragment, type ReactNode } from 'react';
import { groupMessageParts, type MessageGroup } from 'use-parallel-tools';
import { ToolCallGroup } from '@/components/tool-call-group';

interface MessageToolCallsProps<TMessage extends UIMessage> {
  message: TMessage;
  /** Renders a part that is no tool call: text, a file, a source. */
  children?: (part: Extract<MessageGroup<TMessage>, { type: 'part' }>['part']) => ReactNode;
}

/** The tool calls of a message, a group a step, in the order of its parts. */
export function MessageToolCalls<TMessage extends UIMessage>({ message, children }: MessageToolCallsProps<TMessage>) {
  return groupMessageParts(message).map((group) => (
    <Fragment key={group.key}>
      {group.type === 'tool-calls' ? <ToolCallGroup batch={group.batch} /> : children?.(group.part)}
    </Fragment>
  ));
}
