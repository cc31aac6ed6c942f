// Owns: a page on which very much happens, with the devtools (`?devtools`) or without, and a clock that times its tasks.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { ChatTransport } from 'ai';
import { clientTool, useParallelTools, type ToolsUIMessage } from 'use-parallel-tools';
import { ToolCallsDevtools, toolCallsDevtools } from 'use-parallel-tools/devtools/production';
import { calls, says, ScriptedTransport, type TestRequest } from 'use-parallel-tools/testing';
import { z } from 'zod';

declare global {
  /** Asks for so many calls, each of which reports so often, and waits for the answer to their results. */
  var run: (count: number, reports: number, pause?: number) => Promise<void>;
  var tasks: { start(): void; stop(): { longest: number; long: number } };
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

/** The message is the count, the reports and the pause. */
function answer({ results, text }: TestRequest) {
  const [count = 0, reports = 0, pause = 0] = text.split(' ').map(Number);
  if (results.length > 0) return says('Done');
  return calls(...Array.from({ length: count }, () => ['work', { reports, pause }] as const));
}

const hasDevtools = new URLSearchParams(location.search).has('devtools');
const plugins = hasDevtools ? [toolCallsDevtools()] : [];

function Page() {
  // SAFETY: the script calls these tools alone, so its messages are the hook's.
  const [transport] = useState(
    () => new ScriptedTransport({ script: answer }) as unknown as ChatTransport<ToolsUIMessage<typeof tools>>,
  );
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
  let long = 0;
  let last: number | undefined;
  new PerformanceObserver((list) => (long += list.getEntries().length)).observe({ type: 'longtask' });
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
      [longest, long, last] = [0, 0, performance.now()];
      port2.postMessage(0);
    },
    stop() {
      last = undefined;
      return { longest, long };
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
