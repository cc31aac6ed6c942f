// Owns: a page with the same tool twice: on its own thread, and in workers.
import { clientTool, createToolRunner } from 'use-parallel-tools/core';
import { workerTool } from 'use-parallel-tools/worker';
import { jsonSchema } from 'ai';
import { spin } from './spin.ts';

export interface WorkersPage {
  /** Runs calls as one batch: how long they take together, and how long the page could do nothing else meanwhile (ms). */
  run(where: 'page' | 'workers', calls: number, milliseconds: number): Promise<{ together: number; longest: number }>;
}

const inputSchema = jsonSchema<{ milliseconds: number }>({ type: 'object' });
const runner = createToolRunner({
  tools: {
    page: clientTool({ inputSchema, readOnly: true, execute: ({ milliseconds }) => spin(milliseconds) }),
    workers: workerTool({
      inputSchema,
      readOnly: true,
      name: 'spin',
      worker: () => new Worker(new URL('./spin.worker.ts', import.meta.url), { type: 'module' }),
    }),
  },
});

const page: WorkersPage = {
  async run(where, calls, milliseconds) {
    let last = performance.now();
    let longest = 0;
    let isOver = false;
    const { port1, port2 } = new MessageChannel();
    const look = () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (!isOver) port2.postMessage(undefined);
    };
    port1.addEventListener('message', look);
    port1.start();
    if (milliseconds > 0) look();
    const before = performance.now();
    const input = { milliseconds };
    await runner.runCalls(Array.from({ length: calls }, (_, n) => ({ toolCallId: `${n}`, toolName: where, input })));
    const together = performance.now() - before;
    isOver = true;
    if (milliseconds > 0) longest = Math.max(longest, performance.now() - last);
    port1.close();
    return { together, longest };
  },
};

Object.assign(window, { bench: page });
