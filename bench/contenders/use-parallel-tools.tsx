// Owns: this library as a contender.
import { DefaultChatTransport } from 'ai';
import { useEffect, useState } from 'react';
import { clientTool, useParallelTools } from 'use-parallel-tools';
import { z } from 'zod';
import { work, type ChatProps, type Contender } from '../browser/contender.ts';

const tools = {
  work: clientTool({
    inputSchema: z.object({ index: z.number(), milliseconds: z.number() }),
    readOnly: true,
    execute: (input) => work(input),
  }),
};

function Chat({ api, renderRest, onReady }: ChatProps) {
  const [transport] = useState(() => new DefaultChatTransport({ api }));
  // The other contenders have no limit.
  const { messages, sendMessage } = useParallelTools({ transport, tools, concurrency: 1000 });
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
  return messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'useParallelTools', api: '/api/ui', Chat };
