// Owns: assistant-ui as a contender: `useChatRuntime` and a frontend tool with `execute`.
import { AssistantRuntimeProvider, makeAssistantTool, useAuiState } from '@assistant-ui/react';
import { AssistantChatTransport, useChatRuntime } from '@assistant-ui/react-ai-sdk';
import { lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { toUIMessages, work, type ChatProps, type Contender } from '../browser/contender.ts';

const WorkTool = makeAssistantTool({
  toolName: 'work',
  description: 'Works',
  parameters: z.object({ index: z.number(), milliseconds: z.number() }),
  execute: (input) => work(input),
});

function Chat({ api, renderRest, onReady, pending }: ChatProps) {
  const [transport] = useState(() => new AssistantChatTransport({ api }));
  const runtime = useChatRuntime({
    transport,
    ...(pending && { messages: toUIMessages(pending) }),
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
  });
  useEffect(
    () =>
      onReady(
        () => runtime.thread.append('Go'),
        () => runtime.thread.cancelRun(),
      ),
    [onReady, runtime],
  );
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <WorkTool />
      <Messages renderRest={renderRest} />
    </AssistantRuntimeProvider>
  );
}

function Messages({ renderRest }: Pick<ChatProps, 'renderRest'>) {
  const messages = useAuiState(({ thread }) => thread.messages);
  renderRest();
  return messages.map(({ id, content }) => <p key={id}>{JSON.stringify(content)}</p>);
}

export const contender: Contender = { name: 'assistant-ui', api: '/api/ui', Chat };
