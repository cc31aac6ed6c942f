'use client';

import { DefaultChatTransport } from 'ai';
import { groupMessageParts, MessageToolCalls, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { tools } from './tools';

const transport = new DefaultChatTransport({ api: '/api/chat' });

export function Chat() {
  const chat = useParallelTools({ transport, tools });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      {chat.messages.map((message) => (
        <MessageToolCalls key={message.id} groups={groupMessageParts(message)}>
          {({ part }) => (part.type === 'text' ? <p>{part.text}</p> : null)}
        </MessageToolCalls>
      ))}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <button onClick={() => chat.sendMessage({ text: 'How warm is it in Lisbon and in Oslo?' })}>Ask</button>
    </ToolCallsProvider>
  );
}
