import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { useState } from 'react';
import {
  createChatLink,
  groupMessageParts,
  MessageToolCalls,
  ToolCallsProvider,
  useChatTools,
} from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { tools } from './tools';

const transport = new DefaultChatTransport({ api: '/api/chat' });

export function App() {
  const [link] = useState(createChatLink);
  const chat = useChatTools(useChat(link.chatOptions({ transport })), { tools, link });
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
