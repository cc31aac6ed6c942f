// Owns: CopilotKit v2 as a contender: its core with a frontend tool, against an AG-UI agent; the agent's messages in React state.
import { HttpAgent, type Message } from '@ag-ui/client';
import { CopilotKitCore, type CopilotKitCoreConfig } from '@copilotkit/core';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { work, type ChatProps, type Contender, type PendingCall } from '../browser/contender.ts';

function Chat({ api, renderRest, onReady, pending }: ChatProps) {
  const [messages, setMessages] = useState<Message[]>([]);
  useEffect(() => {
    const agent = new HttpAgent({ agentId: 'default', url: new URL(api, location.href).href });
    // SAFETY: the core has an older copy of these types; at run time it takes any agent.
    const known = agent as unknown as NonNullable<CopilotKitCoreConfig['agents__unsafe_dev_only']>[string];
    const core = new CopilotKitCore({
      agents__unsafe_dev_only: { default: known },
      tools: [
        {
          name: 'work',
          description: 'Works',
          parameters: z.object({ index: z.number(), milliseconds: z.number() }),
          handler: (input) => work(input as never),
        },
      ],
    });
    const { unsubscribe } = agent.subscribe({ onMessagesChanged: (event) => setMessages([...event.messages]) });
    if (pending !== undefined) agent.setMessages(toAgUiMessages(pending));
    const send = () => {
      agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'Go' });
      void core.runAgent({ agent: known });
    };
    onReady(send, () => core.stopAgent({ agent: known }));
    return unsubscribe;
  }, [api, onReady, pending]);
  renderRest();
  return messages.map((message) => <p key={message.id}>{JSON.stringify(message)}</p>);
}

const toAgUiMessages = (calls: readonly PendingCall[]): Message[] => [
  { id: 'question', role: 'user', content: 'Go' },
  {
    id: 'answer',
    role: 'assistant',
    toolCalls: calls.map(({ id, input }) => ({
      id,
      type: 'function',
      function: { name: 'work', arguments: JSON.stringify(input) },
    })),
  },
];

export const contender: Contender = { name: 'CopilotKit v2', api: '/api/ag-ui', Chat };
