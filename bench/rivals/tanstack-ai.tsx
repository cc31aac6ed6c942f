// Owns: TanStack AI as a contender: `ChatClient` with a client tool, its messages in React state.
import { ChatClient, clientTools, fetchServerSentEvents, type UIMessage } from '@tanstack/ai-client';
import { useEffect, useState } from 'react';
import { work, type ChatProps, type Contender, type PendingCall } from '../browser/contender.ts';
import { workDefinition } from './tanstack-tool.ts';

const tools = clientTools(workDefinition.client((input) => work(input)));

function Chat({ api, renderRest, onReady, pending }: ChatProps) {
  const [messages, setMessages] = useState<UIMessage[]>([]);
  useEffect(() => {
    const client = new ChatClient({
      connection: fetchServerSentEvents(api),
      tools,
      ...(pending && { initialMessages: toMessages(pending) }),
      onMessagesChange: (next) => setMessages(next as UIMessage[]),
    });
    onReady(
      () => void client.sendMessage('Go'),
      () => client.stop(),
    );
    return () => client.stop();
  }, [api, onReady, pending]);
  renderRest();
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

const toMessages = (calls: readonly PendingCall[]): UIMessage[] => [
  { id: 'question', role: 'user', parts: [{ type: 'text', content: 'Go' }] },
  {
    id: 'answer',
    role: 'assistant',
    parts: calls.map(({ id, input }) => ({
      type: 'tool-call' as const,
      id,
      name: 'work',
      arguments: JSON.stringify(input),
      input,
      state: 'input-complete' as const,
    })),
  },
];

export const contender: Contender = { name: 'TanStack AI', api: '/api/tanstack', Chat };
