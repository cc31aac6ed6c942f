// Owns: two chats with the devtools beside them. The model calls the tools that the message names, and then says what it was told of them.
import { StrictMode, useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import type { ChatTransport } from 'ai';
import { clientTool, useParallelTools, type ToolsUIMessage } from 'use-parallel-tools';
import { ToolCallsDevtools } from 'use-parallel-tools/devtools';
import { calls, says, ScriptedTransport, type TestRequest } from 'use-parallel-tools/testing';
import { undo } from 'use-parallel-tools/undo';
import { z } from 'zod';

declare global {
  /** How often each tool has run. */
  var runs: Record<string, number>;
  /** How often tools have run while the page was left. */
  var runsWhileAway: number;
  var reactVersion: string;
}
globalThis.runs = {};
globalThis.runsWhileAway = 0;
globalThis.reactVersion = version;

let isAway = false;
addEventListener('pagehide', () => (isAway = true));
addEventListener('pageshow', () => (isAway = false));

function note(tool: string): number {
  if (isAway) globalThis.runsWhileAway++;
  return (globalThis.runs[tool] = (globalThis.runs[tool] ?? 0) + 1);
}

const inputSchema = z.object({ id: z.string() });
const tools = {
  lookup: clientTool({
    inputSchema,
    readOnly: true,
    retry: 0,
    timeout: 1_000,
    execute: ({ id }) => ({ id, runs: note('lookup') }),
  }),
  /** Its service is down, and up again for whoever asks once more. */
  flaky: clientTool({
    inputSchema,
    execute() {
      if (note('flaky') % 2 === 1) throw new Error('The service is down');
      return 'up again';
    },
  }),
  /** Ends when it is aborted. */
  endless: clientTool({
    inputSchema,
    execute: (_input, { abortSignal }) =>
      new Promise((_resolve, reject) => {
        note('endless');
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error));
      }),
  }),
  refund: clientTool({ inputSchema, approval: true, execute: () => ({ refunded: note('refund') }) }),
  /** It is taken back for whoever tries twice. */
  book: clientTool({
    inputSchema,
    execute: () => ({ booked: note('book') }),
    undo() {
      if (note('unbook') === 1) throw new Error('The line is busy');
    },
  }),
  choose: clientTool({ inputSchema, description: 'A person chooses' }),
  load: clientTool({
    inputSchema,
    readOnly: true,
    retry: 0,
    execute: async (_input: unknown, { abortSignal }: { abortSignal?: AbortSignal }) =>
      (await fetch('/icon.svg', { signal: abortSignal })).status,
  }),
};

function answer({ results, text }: TestRequest) {
  if (results.length === 0) return calls(...text.split(' ').map((tool, index) => [tool, { id: `${index}` }] as const));
  return says(
    results.map(({ toolName, output, errorText }) => `${toolName}: ${errorText ?? JSON.stringify(output)}`).join('\n'),
  );
}

const plugins = [undo()];

function Chat({ id }: { id: string }) {
  // SAFETY: the script calls these tools alone, so its messages are the hook's.
  const [transport] = useState(
    () => new ScriptedTransport({ script: answer }) as unknown as ChatTransport<ToolsUIMessage<typeof tools>>,
  );
  const chat = useParallelTools({ id, transport, tools, plugins });
  const [text, setText] = useState('');
  const said = chat.messages.flatMap(({ role, parts }) =>
    role === 'assistant' ? parts.flatMap((part) => (part.type === 'text' ? part.text : [])) : [],
  );
  return (
    <section aria-label={id}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setText('');
          void chat.sendMessage({ text });
        }}
      >
        <input aria-label={`Message to ${id}`} value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      <output aria-label={`Answer of ${id}`}>{said.at(-1)}</output>
    </section>
  );
}

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <Chat id="orders" />
    <Chat id="returns" />
    <ToolCallsDevtools initialIsOpen />
  </StrictMode>,
);
