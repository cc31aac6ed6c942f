import {
  ComposerPrimitive,
  getExternalStoreMessages,
  MessagePrimitive,
  ThreadPrimitive,
  useAuiState,
} from '@assistant-ui/react';
import type { UIMessage } from 'ai';
import { groupMessageParts, ToolCallGroup } from 'use-parallel-tools';

export function Thread() {
  return (
    <ThreadPrimitive.Root>
      <ThreadPrimitive.Messages components={{ Message }} />
      <ComposerPrimitive.Root>
        <ComposerPrimitive.Input aria-label="Message" />
        <ComposerPrimitive.Send>Ask</ComposerPrimitive.Send>
      </ComposerPrimitive.Root>
    </ThreadPrimitive.Root>
  );
}

function Message() {
  const message = useAuiState((state) => state.message);
  // One message of assistant-ui may stand for several of the AI SDK.
  const groups = getExternalStoreMessages<UIMessage>(message).flatMap(groupMessageParts);
  return (
    <MessagePrimitive.Root>
      {groups.map((group) => {
        if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
        return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
      })}
    </MessagePrimitive.Root>
  );
}
