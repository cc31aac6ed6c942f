// Owns: the AI SDK's own pattern as a contender, as its documentation writes it (Chatbot Tool Usage, "Error handling").
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai';
import { useState } from 'react';
import { work, type ChatContender, type WorkInput } from './chat-contender.ts';

type WorkMessage = UIMessage<never, never, { work: { input: WorkInput; output: string } }>;

export const awaitInOnToolCall: ChatContender = {
  name: '`await` in `onToolCall` (AI SDK docs)',
  useChat(api) {
    const [transport] = useState(() => new DefaultChatTransport<WorkMessage>({ api }));
    const { messages, status, sendMessage, addToolOutput } = useChat<WorkMessage>({
      transport,
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      async onToolCall({ toolCall }) {
        if (toolCall.dynamic) return;
        const output = await work(toolCall.input);
        // No await - avoids potential deadlocks
        void addToolOutput({ tool: toolCall.toolName, toolCallId: toolCall.toolCallId, output });
      },
    });
    return { messages, status, sendMessage };
  },
};
