// Owns: a page that several tabs have open, as users build it. Its model and its tools are the test's.
import { DefaultChatTransport, type UIMessage } from 'ai';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  clientTool,
  groupMessageParts,
  ToolCallGroup,
  ToolCallsProvider,
  useParallelTools,
  useToolCalls,
  type ToolCalls,
} from 'use-parallel-tools';
import { selectSharedTab, sharedTabs, toolCallJournal } from 'use-parallel-tools/durable';
import { z } from 'zod';

declare global {
  var shared: { toolCalls?: ToolCalls; messages?: readonly UIMessage[]; takeOver?: () => void };
}
globalThis.shared = {};

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
  write: clientTool({ inputSchema, execute: ask('write') }),
  single: clientTool({ inputSchema, concurrency: 1, execute: ask('single') }),
  refund: clientTool({ inputSchema, approval: true, execute: ask('refund') }),
};

const tabs = sharedTabs();
const plugins = [toolCallJournal(), tabs];
globalThis.shared.takeOver = () => tabs.takeOver('chat');

function Role() {
  const tab = useToolCalls(selectSharedTab);
  return <p role="status">{`${tab?.role}${tab?.isBusy === true ? ', busy' : ''}`}</p>;
}

function ChatPage() {
  const [transport] = useState(() => new DefaultChatTransport({ api: '/api/chat' }));
  const [messages] = useState(() => JSON.parse(localStorage.getItem('messages') ?? '[]') as never[]);
  const chat = useParallelTools({ id: 'chat', transport, tools, messages, plugins });

  useEffect(() => {
    Object.assign(globalThis.shared, { toolCalls: chat.toolCalls, messages: chat.messages });
    localStorage.setItem('messages', JSON.stringify(chat.messages));
  }, [chat.messages, chat.toolCalls]);

  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <Role />
      <button type="button" onClick={() => void chat.sendMessage({ text: 'Go' })}>
        Ask
      </button>
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
