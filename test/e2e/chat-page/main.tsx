// Owns: a page as users build it, under StrictMode, which keeps its messages over a reload. Its model and its tools are the test's.
import { DefaultChatTransport } from 'ai';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { clientTool, groupMessageParts, ToolCallGroup, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import { z } from 'zod';

interface Options {
  abortSignal: AbortSignal;
  idempotencyKey: string;
}

/** A tool whose work the test does, when it likes. */
const ask =
  (tool: string) =>
  async ({ id }: { id: string }, { abortSignal, idempotencyKey }: Options): Promise<unknown> => {
    const headers = { 'idempotency-key': idempotencyKey };
    const response = await fetch(`/api/tools/${tool}/${id}`, { method: 'POST', headers, signal: abortSignal });
    return (await response.json()) as unknown;
  };

const inputSchema = z.object({ id: z.string() });
const tools = {
  read: clientTool({ inputSchema, readOnly: true, retry: 0, execute: ask('read') }),
  quick: clientTool({ inputSchema, readOnly: true, retry: 0, timeout: 3_000, execute: ask('quick') }),
  write: clientTool({ inputSchema, execute: ask('write') }),
};

function ChatPage() {
  const [transport] = useState(() => new DefaultChatTransport({ api: '/api/chat' }));
  const [messages] = useState(() => JSON.parse(localStorage.getItem('messages') ?? '[]') as never[]);
  const chat = useParallelTools({ transport, tools, messages });

  useEffect(() => localStorage.setItem('messages', JSON.stringify(chat.messages)), [chat.messages]);

  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <button type="button" onClick={() => void chat.sendMessage({ text: 'Go' })}>
        Ask
      </button>
      <p role="status">{chat.isBusy ? 'At work' : 'Done'}</p>
      {chat.messages.flatMap((message) =>
        groupMessageParts(message).map((group) => {
          if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
          return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
        }),
      )}
    </ToolCallsProvider>
  );
}

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <ChatPage />
  </StrictMode>,
);
