import { groupMessageParts, ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { useJoinedChat } from './use-joined-chat';

export function App() {
  const chat = useJoinedChat();
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
