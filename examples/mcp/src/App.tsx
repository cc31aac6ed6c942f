import { DefaultChatTransport } from 'ai';
import { Suspense, use } from 'react';
import { groupMessageParts, ToolCallGroup, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
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
      {chat.messages.flatMap(groupMessageParts).map((group) => {
        if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
        return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
      })}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <button onClick={() => chat.sendMessage({ text: 'Echo hello, draw something, and pack the file.' })}>Ask</button>
    </ToolCallsProvider>
  );
}
