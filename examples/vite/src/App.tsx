import { DefaultChatTransport } from 'ai';
import { groupMessageParts, ToolCallGroup, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { tools } from './tools';

const transport = new DefaultChatTransport({ api: '/api/chat' });

export function App() {
  const chat = useParallelTools({ transport, tools });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      {chat.messages.flatMap(groupMessageParts).map((group) => {
        if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
        return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
      })}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <button onClick={() => chat.sendMessage({ text: 'How warm is it in Lisbon and in Oslo?' })}>Ask</button>
    </ToolCallsProvider>
  );
}
