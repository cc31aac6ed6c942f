// Owns: the AI SDK written by hand so that calls run at the same time: `onToolCall` returns before the tool has finished.
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
    onToolCall({ toolCall }) {
      if (toolCall.dynamic || toolCall.toolName !== 'work') return;
      const { toolName: tool, toolCallId } = toolCall;
      void work(toolCall.input).then(
        (output) => addToolOutput({ tool, toolCallId, output }),
        (error: unknown) => addToolOutput({ tool, toolCallId, state: 'output-error', errorText: String(error) }),
      );
    },
  });
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' }), stop), [onReady, sendMessage, stop]);
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'AI SDK by hand, no `await`', api: '/api/ui', Chat };
