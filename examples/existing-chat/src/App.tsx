import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { useState } from 'react';
import { createChatLink, groupMessageParts, ToolCallGroup, ToolCallsProvider, useChatTools } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { tools } from './tools';

const transport = new DefaultChatTransport({ api: '/api/chat' });

export function App() {
  const [link] = useState(createChatLink);
  const chat = useChatTools(useChat(link.chatOptions({ transport })), { tools, link });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      {chat.messages.map((message) => (
        <article key={message.id} data-role={message.role}>
          {groupMessageParts(message).map((group) => {
            if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
            return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
          })}
        </article>
      ))}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <button onClick={() => chat.sendMessage({ text: 'How warm is it in Lisbon and in Oslo?' })}>Ask</button>
    </ToolCallsProvider>
  );
}
