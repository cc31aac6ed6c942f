// Owns: cards driven by message parts, the way AI Elements' `Tool` is used; what a tool reports is state of the page.
import { useChat } from '@ai-sdk/react';
import { lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai';
import { useEffect, useState } from 'react';
import { callCount, CountCard, history, openRendering, work, type RenderingChatProps } from '../rendering.tsx';
import { createScriptedTransport } from '../scripted-transport.ts';

type WorkMessage = UIMessage<never, never, { work: { input: { index: number }; output: string } }>;
type WorkPart = Extract<WorkMessage['parts'][number], { type: 'tool-work' }>;

function Tool({ part, fraction }: { part: WorkPart; fraction: number | undefined }) {
  return (
    <CountCard>
      <details open={false}>
        <summary>
          {part.type.slice('tool-'.length)} <span>{part.state}</span>
          <progress value={fraction ?? 0} />
        </summary>
        <pre>{JSON.stringify(part.input, null, 2)}</pre>
        {part.state === 'output-available' && <pre>{JSON.stringify(part.output, null, 2)}</pre>}
      </details>
    </CountCard>
  );
}

function Chat({ onReady }: RenderingChatProps) {
  const [transport] = useState(() => createScriptedTransport<WorkMessage>(callCount));
  const [fractions, setFractions] = useState<Record<string, number>>({});
  const { messages, sendMessage, addToolOutput } = useChat<WorkMessage>({
    transport,
    messages: history as WorkMessage[],
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolCall }) {
      if (toolCall.dynamic) return;
      const { toolName: tool, toolCallId, input } = toolCall;
      const report = (fraction: number) => setFractions((known) => ({ ...known, [toolCallId]: fraction }));
      void work(input.index, report).then((output) => addToolOutput({ tool, toolCallId, output }));
    },
  });
  useEffect(() => onReady(() => void sendMessage({ text: 'Go' })), [onReady, sendMessage]);
  return messages.map((message) => (
    <div key={message.id}>
      {message.parts.map((part, index) => {
        if (part.type === 'text') return <p key={index}>{part.text}</p>;
        if (part.type !== 'tool-work') return null;
        return <Tool key={part.toolCallId} part={part} fraction={fractions[part.toolCallId]} />;
      })}
    </div>
  ));
}

await openRendering(Chat);
