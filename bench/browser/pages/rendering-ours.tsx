// Owns: this library's group and cards, open, as the rendering case drives them.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/profiling';
import {
  clientTool,
  groupMessageParts,
  ToolCallCard,
  ToolCallGroupHeader,
  ToolCallGroupList,
  ToolCallGroupProgress,
  ToolCallGroupRoot,
  ToolCallGroupTrigger,
  ToolCallsProvider,
  useParallelTools,
  type MessageToolBatch,
} from 'use-parallel-tools';
import 'use-parallel-tools/styles.css';
import { z } from 'zod';
import { callCount, CountCard, CountPage, history, watchRun, work, type RenderingPage } from '../rendering.tsx';
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
    <ToolCallGroupRoot batch={batch} defaultOpen>
      <ToolCallGroupHeader>
        <ToolCallGroupTrigger />
        <ToolCallGroupProgress />
      </ToolCallGroupHeader>
      <ToolCallGroupList>{renderCard}</ToolCallGroupList>
    </ToolCallGroupRoot>
  );
}

const renderCard: NonNullable<React.ComponentProps<typeof ToolCallGroupList>['children']> = (callKey, call) => (
  <CountCard>
    <ToolCallCard callKey={callKey} call={call} />
  </CountCard>
);

function Chat({ onReady }: { onReady: (send: () => void) => void }) {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(callCount));
  const { messages, sendMessage, toolCalls } = useParallelTools<typeof tools, UIMessage>({
    transport,
    tools,
    messages: history,
    concurrency: callCount,
  });
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
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

const page: RenderingPage = {
  async run() {
    const root = createRoot(document.querySelector('main')!);
    const send = await new Promise<() => void>((resolve) => {
      root.render(
        <CountPage>
          <Chat onReady={resolve} />
        </CountPage>,
      );
    });
    return watchRun(send);
  },
};
Object.assign(window, { bench: page });
