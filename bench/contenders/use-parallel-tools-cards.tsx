// Owns: this library on the page of the headline, which shows each output as soon as the store has it, as a card does. `?variant=` takes things away
// from it or adds them, so that what each of them gives can be told.
import { DefaultChatTransport } from 'ai';
import { useEffect, useState } from 'react';
import { clientTool, ToolCallsProvider, useParallelTools, useToolCalls } from 'use-parallel-tools';
import { resultCache } from 'use-parallel-tools/cache';
import { earlyStart } from 'use-parallel-tools/early';
import { z } from 'zod';
import { work, type ChatProps, type Contender, type WorkInput } from '../browser/contender.ts';

const variant = new URLSearchParams(location.search).get('variant') ?? '';
const inputSchema = z.object({ index: z.number(), milliseconds: z.number(), arguments: z.unknown() });
const execute = (input: WorkInput) => work(input);

function createTool() {
  if (variant === 'one-by-one' || variant === 'step-end') {
    return clientTool({ inputSchema, readOnly: true, start: 'step-end', execute });
  }
  if (variant === 'one-request') {
    // A request for several is over when its slowest is.
    return clientTool({ inputSchema, readOnly: true, executeMany: (inputs) => Promise.all(inputs.map(execute)) });
  }
  if (variant === 'early') return clientTool({ inputSchema, readOnly: true, start: 'early', execute });
  return clientTool({ inputSchema, readOnly: true, staleTime: variant === 'known' ? Infinity : 0, execute });
}

const tools = { work: createTool() };
const plugins = variant === 'known' ? [resultCache()] : variant === 'early' ? [earlyStart({ max: 1000 })] : [];
const concurrency = variant === 'one-by-one' ? 1 : 1000;

function Chat({ api, renderRest, onReady }: ChatProps) {
  const [transport] = useState(() => new DefaultChatTransport({ api }));
  const chat = useParallelTools({ transport, tools, plugins, concurrency });
  const { sendMessage, stop } = chat;
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' }), stop), [onReady, sendMessage, stop]);
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <Outputs />
      {chat.messages.map(({ id, parts }) => (
        <p key={id}>{JSON.stringify(parts)}</p>
      ))}
    </ToolCallsProvider>
  );
}

function Outputs() {
  const outputs = useToolCalls(({ batches }) =>
    JSON.stringify(Object.values(batches).map(({ calls }) => Object.values(calls).map((call) => call.output))),
  );
  return <p>{outputs}</p>;
}

export const contender: Contender = { name: 'useParallelTools', api: '/api/ui', Chat };
