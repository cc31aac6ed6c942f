// Owns: a long chat: batch after batch of calls that take no time. Only the last message is rendered: a page's list is its own affair.
import { useChat, type UIMessage } from '@ai-sdk/react';
import { lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import { useEffect, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { clientTool, useParallelTools } from 'use-parallel-tools';
import { z } from 'zod';
import { createScriptedTransport } from '../scripted-transport.ts';

export interface LongChatPage {
  /** A new chat whose batches have so many calls. */
  mount(isPlain: boolean, calls: number): Promise<void>;
  /** So many batches, each from the message to the shown answer. */
  run(batches: number): Promise<void>;
  unmount(): void;
}

interface Helpers {
  readonly messages: readonly UIMessage[];
  readonly status: string;
  sendMessage(message: { text: string }): unknown;
}

interface ChatProps {
  readonly calls: number;
}

const work = async () => 'done';
const tools = { work: clientTool({ inputSchema: z.object({ index: z.number() }), readOnly: true, execute: work }) };
let helpers: Helpers | undefined;
let onChange = () => {};

function Shown(shown: Helpers) {
  useEffect(() => {
    helpers = shown;
    onChange();
  });
  return <p>{JSON.stringify(shown.messages.at(-1))}</p>;
}

function ParallelChat({ calls }: ChatProps) {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(calls));
  const { messages, status, sendMessage } = useParallelTools<typeof tools, UIMessage>({
    transport,
    tools,
    // The other one has no limit.
    concurrency: 1000,
  });
  return <Shown messages={messages} status={status} sendMessage={sendMessage} />;
}

function PlainChat({ calls }: ChatProps) {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(calls));
  const { messages, status, sendMessage, addToolOutput } = useChat({
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolCall: { toolName: tool, toolCallId } }) {
      void work().then((output) => addToolOutput({ tool: tool as never, toolCallId, output: output as never }));
    },
  });
  return <Shown messages={messages} status={status} sendMessage={sendMessage} />;
}

let root: Root | undefined;
const page: LongChatPage = {
  mount(isPlain, calls) {
    root = createRoot(document.querySelector('main')!);
    root.render(isPlain ? <PlainChat calls={calls} /> : <ParallelChat calls={calls} />);
    return new Promise((resolve) => (onChange = resolve));
  },
  async run(batches) {
    for (let batch = 0; batch < batches; batch++) {
      await new Promise<void>((resolve) => {
        onChange = () => {
          const { messages, status } = helpers!;
          if (status === 'ready' && messages.at(-1)?.parts.at(-1)?.type === 'text' && messages.at(-1)?.role !== 'user')
            resolve();
        };
        void helpers?.sendMessage({ text: 'Go' });
      });
      // The chat ends its turn in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
    }
  },
  unmount() {
    root?.unmount();
    root = undefined;
    helpers = undefined;
    onChange = () => {};
  },
};
Object.assign(window, { bench: page });
