// Owns: a page on which very much happens, with the devtools (`?devtools`) or without, and a clock that times its tasks.
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { ChatTransport, UIMessageChunk } from 'ai';
import { clientTool, useParallelTools, type ToolsUIMessage } from 'use-parallel-tools';
import { ToolCallsDevtools, toolCallsDevtools } from 'use-parallel-tools/devtools/production';
import { z } from 'zod';

declare global {
  /** Asks for so many calls, each of which reports so often, and waits for the answer to their results. */
  var run: (count: number, reports: number, pause?: number) => Promise<void>;
  /** Times tasks: `stop` gives the longest since `start` (ms). */
  var tasks: { start(): void; stop(): number };
}

const inputSchema = z.object({ reports: z.number(), pause: z.number() });
const tools = {
  work: clientTool({
    inputSchema,
    readOnly: true,
    async execute({ reports, pause }, { reportProgress }) {
      for (let report = 0; report < reports; report++) {
        // Others report meanwhile.
        await (pause === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, pause)));
        reportProgress({ fraction: report / reports });
      }
      return { reports };
    },
  }),
};

type Transport = ChatTransport<ToolsUIMessage<typeof tools>>;

/** A model that does what the message says, which is the count, the reports and the pause. Nothing else is done: what is timed is the page. */
const transport: Transport = {
  async sendMessages({ messages }) {
    const last = messages.at(-1);
    const [part] = last?.role === 'user' ? last.parts : [];
    const [count = 0, reports = 0, pause = 0] = part?.type === 'text' ? part.text.split(' ').map(Number) : [];
    const chunks: UIMessageChunk[] = [{ type: 'start' }, { type: 'start-step' }];
    for (let call = 0; call < count; call++) {
      const toolCallId = `${messages.length}-${call}`;
      chunks.push({ type: 'tool-input-available', toolCallId, toolName: 'work', input: { reports, pause } });
    }
    const finishReason = count > 0 ? 'tool-calls' : 'stop';
    chunks.push({ type: 'finish-step' }, { type: 'finish', finishReason });
    return new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
  },
  reconnectToStream: async () => null,
};

const hasDevtools = new URLSearchParams(location.search).has('devtools');
const plugins = hasDevtools ? [toolCallsDevtools()] : [];

function Page() {
  const chat = useParallelTools({ transport, tools, plugins, throttle: 50 });
  useEffect(() => {
    globalThis.run = (count, reports, pause = 0) => chat.sendMessage({ text: `${count} ${reports} ${pause}` });
  }, [chat]);
  return <p role="status">{chat.isBusy ? 'Busy' : 'Idle'}</p>;
}

/** A port that is posted to again and again hears how long each turn of the event loop takes. */
function timeTasks(): typeof globalThis.tasks {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let last: number | undefined;
  port1.addEventListener('message', () => {
    if (last === undefined) return;
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(0);
  });
  port1.start();
  return {
    start() {
      [longest, last] = [0, performance.now()];
      port2.postMessage(0);
    },
    stop() {
      last = undefined;
      return longest;
    },
  };
}

globalThis.tasks = timeTasks();

createRoot(document.querySelector('#root')!).render(
  <>
    <Page />
    {hasDevtools && <ToolCallsDevtools />}
  </>,
);
