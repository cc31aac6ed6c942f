// Owns: this library's group and cards, open, as the rendering case drives them.
import { useEffect, useState } from 'react';
import {
  clientTool,
  groupMessageParts,
  ToolCallCard,
  ToolCallGroupParts as Parts,
  ToolCallsProvider,
  useParallelTools,
  type MessageToolBatch,
  type ToolCallState,
} from 'use-parallel-tools';
import { selectToolCall, selectToolCalls } from 'use-parallel-tools/core';
import 'use-parallel-tools/styles.css';
import { z } from 'zod';
import {
  callCount,
  CountCard,
  CountHeader,
  history,
  isCounting,
  noteStoreUpdate,
  openRendering,
  work,
  type RenderingChatProps,
} from '../rendering.tsx';
import { createScriptedTransport } from '../scripted-transport.ts';
import type { UIMessage } from 'ai';

const tools = {
  work: clientTool({
    inputSchema: z.object({ index: z.number() }),
    readOnly: true,
    execute: ({ index }, { reportProgress }) => work(index, (fraction) => reportProgress({ fraction })),
  }),
};

function Group({ batch }: { batch: MessageToolBatch }) {
  return (
    <Parts.Root batch={batch} defaultOpen>
      <CountHeader>
        <Parts.Header>
          <Parts.Trigger />
          <Parts.Progress />
        </Parts.Header>
      </CountHeader>
      <Parts.List>{renderCard}</Parts.List>
    </Parts.Root>
  );
}

const renderCard: NonNullable<React.ComponentProps<typeof Parts.List>['children']> = (callKey, call) => (
  <CountCard>
    <ToolCallCard callKey={callKey} call={call} />
  </CountCard>
);

function Chat({ onReady }: RenderingChatProps) {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(callCount));
  const { messages, sendMessage, toolCalls } = useParallelTools<typeof tools, UIMessage>({
    transport,
    tools,
    messages: history,
    concurrency: callCount,
  });
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
  useEffect(() => (isCounting ? toolCalls.store.subscribe(countChanges) : undefined), [toolCalls]);
  return (
    <ToolCallsProvider value={toolCalls}>
      {messages.flatMap((message) =>
        groupMessageParts(message).map((group) => {
          if (group.type === 'tool-calls') return <Group key={group.key} batch={group.batch} />;
          return <p key={group.key}>{group.part.type === 'text' && group.part.text}</p>;
        }),
      )}
    </ToolCallsProvider>
  );
}

function countChanges(state: ToolCallState, last: ToolCallState): void {
  const calls = selectToolCalls(state);
  noteStoreUpdate(calls.filter((call) => selectToolCall(last, call.key) !== call).length);
}

await openRendering(Chat);
