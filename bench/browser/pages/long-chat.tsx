// Owns: a long chat: batch after batch of two calls that take no time. Only the last message is rendered: a page's list is its own affair.
import { useChat, type UIMessage } from '@ai-sdk/react';
import { lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import { useEffect, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { clientTool, useParallelTools } from 'use-parallel-tools';
import { z } from 'zod';
import { createScriptedTransport } from '../scripted-transport.ts';

export interface LongChatPage {
  mount(isPlain: boolean): Promise<void>;
  /** Milliseconds of each of so many batches, from the message to the shown answer. */
  run(batches: number): Promise<number[]>;
  unmount(): void;
}

interface Helpers {
  readonly messages: readonly UIMessage[];
  readonly status: string;
  sendMessage(message: { text: string }): unknown;
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

function ParallelChat() {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(2));
  const { messages, status, sendMessage } = useParallelTools<typeof tools, UIMessage>({ transport, tools });
  return <Shown messages={messages} status={status} sendMessage={sendMessage} />;
}

function PlainChat() {
  const [transport] = useState(() => createScriptedTransport<UIMessage>(2));
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
  mount(isPlain) {
    root = createRoot(document.querySelector('main')!);
    root.render(isPlain ? <PlainChat /> : <ParallelChat />);
    return new Promise((resolve) => (onChange = resolve));
  },
  async run(batches) {
    const times: number[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const start = performance.now();
      await new Promise<void>((resolve) => {
        onChange = () => {
          const { messages, status } = helpers!;
          if (status === 'ready' && messages.at(-1)?.parts.at(-1)?.type === 'text' && messages.at(-1)?.role !== 'user')
            resolve();
        };
        void helpers?.sendMessage({ text: 'Go' });
      });
      times.push(performance.now() - start);
      // The chat ends its turn in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return times;
  },
  unmount() {
    root?.unmount();
    root = undefined;
    helpers = undefined;
    onChange = () => {};
  },
};
Object.assign(window, { bench: page });
