// Owns: TanStack AI as a contender: `ChatClient` with a client tool, its messages in React state.
import { ChatClient, clientTools, fetchServerSentEvents, type UIMessage } from '@tanstack/ai-client';
import { useEffect, useState } from 'react';
import { work, type ChatProps, type Contender } from '../browser/contender.ts';
import { workDefinition } from './tanstack-tool.ts';

const tools = clientTools(workDefinition.client((input) => work(input)));

function Chat({ api, renderRest, onReady }: ChatProps) {
  const [messages, setMessages] = useState<UIMessage[]>([]);
  useEffect(() => {
    const client = new ChatClient({
      connection: fetchServerSentEvents(api),
      tools,
      onMessagesChange: (next) => setMessages(next as UIMessage[]),
    });
    onReady(() => void client.sendMessage('Go'));
    return () => client.stop();
  }, [api, onReady]);
  renderRest();
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'TanStack AI', api: '/api/tanstack', Chat };
