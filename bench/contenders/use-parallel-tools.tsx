// Owns: this library as a contender.
import { DefaultChatTransport } from 'ai';
import { useEffect, useState } from 'react';
import { clientTool, useParallelTools, type ToolsUIMessage } from 'use-parallel-tools';
import { z } from 'zod';
import { torture, toUIMessages, work, type ChatProps, type Contender } from '../browser/contender.ts';

const tools = {
  work: clientTool({
    inputSchema: z.object({ index: z.number(), milliseconds: z.number() }),
    readOnly: !torture.isOn, // the calls of the torture write
    execute: (input) => work(input),
  }),
};

function Chat({ api, renderRest, onReady, pending }: ChatProps) {
  const [transport] = useState(() => new DefaultChatTransport({ api }));
  // The other contenders have no limit.
  const [messages] = useState(() => toUIMessages<ToolsUIMessage<typeof tools>>(pending));
  const chat = useParallelTools({ transport, tools, messages, concurrency: 1000 });
  const { sendMessage, stop } = chat;
  renderRest();
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' }), stop), [onReady, sendMessage, stop]);
  return chat.messages.map(({ id, parts }) => <p key={id}>{JSON.stringify(parts)}</p>);
}

export const contender: Contender = { name: 'useParallelTools', api: '/api/ui', Chat };
