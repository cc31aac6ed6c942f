// Owns: a chat with a journal in the browser's own storage, or without one, whose batches are measured until their follow-up leaves.
import { type UIMessage } from '@ai-sdk/react';
import type { ChatTransport } from 'ai';
import { useEffect, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { clientTool, useParallelTools, type ToolCallsPlugin } from 'use-parallel-tools';
import { toolCallJournal } from 'use-parallel-tools/durable';
import { z } from 'zod';
import { createScriptedTransport } from '../scripted-transport.ts';

export interface JournalPage {
  /** Mounts a new chat. */
  mount(has: { journal: boolean }, tool: { isWrite: boolean }): Promise<void>;
  /** Milliseconds of a batch of eight calls, from the request that they answer to the follow-up. */
  run(): Promise<number>;
  unmount(): void;
}

const CALLS = 8;
const MILLISECONDS = 100;
const work = () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), MILLISECONDS));
const inputSchema = z.object({ index: z.number() });

interface Helpers {
  readonly status: string;
  sendMessage(message: { text: string }): unknown;
}

let helpers: Helpers | undefined;
let onChange = () => {};
let onRequest = (_isFollowUp: boolean) => {};

function createWatchedTransport(): ChatTransport<UIMessage> {
  const transport = createScriptedTransport<UIMessage>(CALLS);
  return {
    sendMessages(options) {
      onRequest(options.messages.at(-1)?.role === 'assistant');
      return transport.sendMessages(options);
    },
    reconnectToStream: async () => null,
  };
}

function Chat({ plugins, isWrite }: { plugins: ToolCallsPlugin[]; isWrite: boolean }) {
  const [transport] = useState(createWatchedTransport);
  const [tools] = useState(() => ({ work: clientTool({ inputSchema, readOnly: !isWrite, execute: work }) }));
  const { messages, status, sendMessage } = useParallelTools<typeof tools, UIMessage>({ transport, tools, plugins });
  useEffect(() => {
    helpers = { status, sendMessage };
    onChange();
  });
  return <p>{JSON.stringify(messages.at(-1))}</p>;
}

let root: Root | undefined;
const page: JournalPage = {
  mount({ journal }, { isWrite }) {
    root = createRoot(document.querySelector('main')!);
    const plugins = journal ? [toolCallJournal()] : [];
    root.render(<Chat plugins={plugins} isWrite={isWrite} />);
    return new Promise((resolve) => (onChange = resolve));
  },
  async run() {
    const time = await new Promise<number>((resolve) => {
      let start = 0;
      onRequest = (isFollowUp) => {
        if (isFollowUp) resolve(performance.now() - start);
        else start = performance.now();
      };
      void helpers?.sendMessage({ text: 'Go' });
    });
    await new Promise<void>((resolve) => {
      onChange = () => helpers?.status === 'ready' && resolve();
    });
    return time;
  },
  unmount() {
    root?.unmount();
    root = undefined;
    helpers = undefined;
    onChange = () => {};
  },
};
Object.assign(window, { bench: page });
