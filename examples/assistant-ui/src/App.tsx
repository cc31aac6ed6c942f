import { AssistantRuntimeProvider } from '@assistant-ui/react';
import { useAISDKRuntime } from '@assistant-ui/react-ai-sdk';
import { DefaultChatTransport } from 'ai';
import { ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { Thread } from './Thread';
import { tools } from './tools';

const transport = new DefaultChatTransport({ api: '/api/chat' });

export function App() {
  const chat = useParallelTools({ tools, transport });
  const runtime = useAISDKRuntime(chat);
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ToolCallsProvider value={chat.toolCalls}>
        <Thread />
      </ToolCallsProvider>
    </AssistantRuntimeProvider>
  );
}
