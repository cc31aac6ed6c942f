// Owns: assistant-ui's thread with a tool that has a `render` of its own. Its tools cannot report, so what they report stands in a store
// of the page that each card reads for itself: the best that a page can do.
import {
  AssistantRuntimeProvider,
  makeAssistantTool,
  MessagePrimitive,
  ThreadPrimitive,
  type ToolCallMessagePartProps,
} from '@assistant-ui/react';
import { useChatRuntime } from '@assistant-ui/react-ai-sdk';
import { lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { createStore, useStore } from 'zustand';
import { callCount, CountCard, history, openRendering, work, type RenderingChatProps } from '../browser/rendering.tsx';
import { createScriptedTransport } from '../browser/scripted-transport.ts';

const fractions = createStore<Record<number, number>>(() => ({}));

const WorkTool = makeAssistantTool({
  toolName: 'work',
  description: 'Works',
  parameters: z.object({ index: z.number() }),
  execute: ({ index }) => work(index, (fraction) => fractions.setState({ [index]: fraction })),
  render: Card,
});

function Card({ toolName, args, result, status }: ToolCallMessagePartProps<{ index: number }, string>) {
  const fraction = useStore(fractions, (state) => state[args.index]);
  return (
    <CountCard>
      <details open={false}>
        <summary>
          {toolName} <span>{status.type}</span>
          <progress value={fraction ?? 0} />
        </summary>
        <pre>{JSON.stringify(args, null, 2)}</pre>
        {result !== undefined && <pre>{JSON.stringify(result, null, 2)}</pre>}
      </details>
    </CountCard>
  );
}

const components = { UserMessage: Message, AssistantMessage: Message };

function Message() {
  return (
    <MessagePrimitive.Root>
      <MessagePrimitive.Parts />
    </MessagePrimitive.Root>
  );
}

function Chat({ onReady }: RenderingChatProps) {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(callCount));
  const runtime = useChatRuntime({
    transport,
    messages: history,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
  });
  useEffect(() => onReady(() => runtime.thread.append('Go')), [onReady, runtime]);
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <WorkTool />
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Messages components={components} />
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}

await openRendering(Chat);
