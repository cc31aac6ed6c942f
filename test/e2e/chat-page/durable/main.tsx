// Owns: the page with a journal. Its model and its tools are the test's, which also holds back what the page stores, to end it at a named moment.
import { DefaultChatTransport, type UIMessage } from 'ai';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { clientTool, groupMessageParts, ToolCallGroup, ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import type { ToolCalls } from 'use-parallel-tools';
import { indexedDbStorage, toolCallJournal, type JournalEntry, type JournalStorage } from 'use-parallel-tools/durable';
import { z } from 'zod';

/** What the test sets and reads. */
interface Controls {
  /** Which writes of the journal never come to an end, and whether they have been stored. */
  hold?: 'before' | 'before-strict' | 'after-strict' | 'after-closed';
  /** The page keeps its messages no more. */
  isForgetful?: boolean;
  toolCalls?: ToolCalls;
  messages?: readonly UIMessage[];
  disk?: JournalStorage;
}

declare global {
  var controls: Controls;
}
globalThis.controls = {};

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
    const answer = (await response.json()) as { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };

const inputSchema = z.object({ id: z.string() });
const tools = {
  read: clientTool({ inputSchema, readOnly: true, retry: 0, execute: ask('read') }),
  write: clientTool({ inputSchema, execute: ask('write') }),
  refund: clientTool({ inputSchema, approval: true, concurrency: 1, execute: ask('refund') }),
  flaky: clientTool({ inputSchema, retry: 1, retryDelay: 60_000, execute: ask('flaky') }),
  careful: clientTool({ inputSchema, onFailure: 'hold', execute: ask('careful') }),
  single: clientTool({ inputSchema, concurrency: 1, execute: ask('single') }),
  form: clientTool({ inputSchema, outputSchema: z.string() }),
};

const never = () => new Promise<never>(() => {});
const disk = indexedDbStorage();
const storage: JournalStorage = {
  ...disk,
  async write(rows, options) {
    const { hold } = globalThis.controls;
    const isStrict = options.durability === 'strict';
    if (hold === 'before' || (hold === 'before-strict' && isStrict)) await never();
    await disk.write(rows, options);
    if (hold === 'after-strict' && isStrict) await never();
    // It is stored that the model is about to be told.
    if (hold === 'after-closed' && rows.some(({ data }) => (data as JournalEntry | null)?.isClosed)) await never();
  },
};
const journal = toolCallJournal({ storage });
globalThis.controls.disk = disk;

function ChatPage() {
  const [transport] = useState(() => new DefaultChatTransport({ api: '/api/chat' }));
  const [messages] = useState(() => JSON.parse(localStorage.getItem('messages') ?? '[]') as never[]);
  const chat = useParallelTools({ id: 'chat', transport, tools, messages, plugins: [journal] });

  useEffect(() => {
    globalThis.controls.toolCalls = chat.toolCalls;
    globalThis.controls.messages = chat.messages;
    if (globalThis.controls.isForgetful !== true) localStorage.setItem('messages', JSON.stringify(chat.messages));
  }, [chat.messages, chat.toolCalls]);

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
