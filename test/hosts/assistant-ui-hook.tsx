// Owns: assistant-ui on a chat of `useParallelTools`, as docs/assistant-ui.md has it.
import { AssistantRuntimeProvider } from '@assistant-ui/react';
import { useAISDKRuntime } from '@assistant-ui/react-ai-sdk';
import type { ChatTransport, ToolSet, UIMessage } from 'ai';
import type { ReactNode } from 'react';
import { ToolCallsProvider, useParallelTools } from 'use-parallel-tools';

interface AssistantProps {
  tools: ToolSet;
  transport: ChatTransport<UIMessage>;
  children: ReactNode;
}

export function Assistant({ tools, transport, children }: AssistantProps) {
  const chat = useParallelTools<ToolSet, UIMessage>({ tools, transport });
  const runtime = useAISDKRuntime(chat);
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ToolCallsProvider value={chat.toolCalls}>{children}</ToolCallsProvider>
    </AssistantRuntimeProvider>
  );
}
