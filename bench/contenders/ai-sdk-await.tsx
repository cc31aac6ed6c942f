// Owns: the AI SDK's own pattern as a contender, as its documentation writes it (Chatbot Tool Usage, "Error handling").
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import { toUIMessages, work, type ChatProps, type Contender, type WorkInput } from '../browser/contender.ts';

type WorkMessage = UIMessage<never, never, { work: { input: WorkInput; output: string } }>;

function Chat({ api, renderRest, onReady, pending }: ChatProps) {
  const [transport] = useState(() => new DefaultChatTransport<WorkMessage>({ api }));
  const { messages, sendMessage, addToolOutput, stop } = useChat<WorkMessage>({
    transport,
    messages: toUIMessages<WorkMessage>(pending),
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    async onToolCall({ toolCall }) {
      if (toolCall.dynamic || toolCall.toolName !== 'work') return;
      const { toolName: tool, toolCallId } = toolCall;
      try {
        const output = await work(toolCall.input);
        // No await - avoids potential deadlocks
        void addToolOutput({ tool, toolCallId, output });
      } catch (error) {
        void addToolOutput({ tool, toolCallId, state: 'output-error', errorText: String(error) });
      }
    },
  });
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' }), stop), [onReady, sendMessage, stop]);
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'AI SDK, `await` in `onToolCall` (its docs)', api: '/api/ui', Chat };
