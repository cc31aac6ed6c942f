// Owns: the AI SDK's own pattern as a contender, as its documentation writes it (Chatbot Tool Usage, "Error handling").
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import { work, type ChatProps, type Contender, type WorkInput } from '../browser/contender.ts';

type WorkMessage = UIMessage<never, never, { work: { input: WorkInput; output: string } }>;

function Chat({ api, renderRest, onReady }: ChatProps) {
  const [transport] = useState(() => new DefaultChatTransport<WorkMessage>({ api }));
  const { messages, sendMessage, addToolOutput } = useChat<WorkMessage>({
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    async onToolCall({ toolCall }) {
      if (toolCall.dynamic) return;
      const output = await work(toolCall.input);
      // No await - avoids potential deadlocks
      void addToolOutput({ tool: toolCall.toolName, toolCallId: toolCall.toolCallId, output });
    },
  });
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'AI SDK, `await` in `onToolCall` (its docs)', api: '/api/ui', Chat };
