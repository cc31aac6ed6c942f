// Owns: the AI SDK written by hand so that calls run at the same time: `onToolCall` returns before the tool has finished.
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
    onToolCall({ toolCall }) {
      if (toolCall.dynamic) return;
      const { toolName: tool, toolCallId } = toolCall;
      void work(toolCall.input).then((output) => addToolOutput({ tool, toolCallId, output }));
    },
  });
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'AI SDK by hand, no `await`', api: '/api/ui', Chat };
