import { DefaultChatTransport } from 'ai';
import { Suspense, use } from 'react';
import { groupMessageParts, MessageToolCalls, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { connect } from './mcp';

const connection = connect();
const transport = new DefaultChatTransport({ api: '/api/chat' });

export function App() {
  return (
    <Suspense fallback={<p>Connecting …</p>}>
      <Chat />
    </Suspense>
  );
}

function Chat() {
  const tools = use(connection);
  const chat = useParallelTools({ transport, tools, sendDefinitions: true }); // the server does not know the tools
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      {chat.messages.map((message) => (
        <MessageToolCalls key={message.id} groups={groupMessageParts(message)}>
          {({ part }) => (part.type === 'text' ? <p>{part.text}</p> : null)}
        </MessageToolCalls>
      ))}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <button onClick={() => chat.sendMessage({ text: 'Echo hello, draw something, and pack the file.' })}>Ask</button>
    </ToolCallsProvider>
  );
}
