/** Owns the page's side: a tool whose calls run in workers, and end there when they are told to. */
import { systemClock } from '../core/clock.ts';
import { expectCount, expectField } from '../core/expect.ts';
import {
  clientTool,
  type ClientTool,
  type ClientToolDescription,
  type ClientToolExecutionOptions,
  type ToolPolicy,
} from '../core/tool.ts';
import type { FlexibleSchema } from 'ai';
import { packError, unpackError, type AbortMessage, type RunMessage, type WorkerMessage } from './protocol.ts';
import { createWorkerPool, type Lease, type WorkerPool } from './worker-pool.ts';

export type WorkerToolDefinition<TInput, TOutput> = ClientToolDescription<TInput, TOutput> &
  ToolPolicy<TInput, TOutput> & {
    outputSchema?: FlexibleSchema<TOutput>;
    /** Makes a worker whose file calls `exposeTools`. Write `new Worker(new URL('./x.worker.ts', import.meta.url), { type: 'module' })` in it, as bundlers want. */
    worker: () => Worker;
    /** What the worker calls the tool. @default the name that the tool has in the page's set */
    name?: string;
    /** How many workers there are at most. Tools with the same `worker` function share them. @default navigator.hardwareConcurrency */
    pool?: number;
    /** Milliseconds after which a worker without a call is closed. @default 30_000 */
    idle?: number;
    /** What of an input is handed over to the worker instead of copied. */
    transfer?: (input: TInput) => readonly Transferable[];
  };

/** How long a worker may take to stop by itself when its call is aborted (ms). */
const PATIENCE = 100;

const pools = new WeakMap<() => Worker, WorkerPool>();

/**
 * Defines a tool that runs in a worker, so that a page stays smooth while it computes, and a call that is cancelled or times out really ends: a worker
 * that does not stop within 100 ms is terminated, and its lock is free.
 *
 * @throws TypeError when `worker` is no function, `pool` is below 1, or as `clientTool` does
 */
export function workerTool<TInput, TOutput>(
  definition: WorkerToolDefinition<TInput, TOutput>,
): ClientTool<TInput, TOutput> {
  const { worker: create, name, pool = countCores(), idle = 30_000, transfer, ...description } = definition;
  expectField('worker', ' of workerTool', create, typeof create === 'function');
  expectCount('`pool`', pool, 1);
  const workers = pools.get(create) ?? createWorkerPool({ create, size: pool, idle });
  pools.set(create, workers);
  // SAFETY: the same fields, without those that only say where the tool runs.
  const described = description as ClientToolDescription<TInput, TOutput> & ToolPolicy<TInput, TOutput>;
  return clientTool<TInput, TOutput>({
    // A call that waits for a worker is queued, and its time does not run.
    concurrency: pool,
    ...described,
    execute: (input, options) =>
      runInWorker<TOutput>(
        workers,
        name ?? options.toolName,
        input,
        options,
        transfer?.(input) ?? [],
      ) as Promise<TOutput>,
  });
}

function countCores(): number {
  // oxlint-disable-next-line no-restricted-globals -- workers are a page's; on a server there is none, and nothing runs
  return globalThis.navigator?.hardwareConcurrency || 4;
}

/** Gives the output, or a stream of outputs. */
async function runInWorker<TOutput>(
  workers: WorkerPool,
  toolName: string,
  input: unknown,
  { toolCallId, attempt, idempotencyKey, abortSignal, reportProgress }: ClientToolExecutionOptions,
  transferables: readonly Transferable[],
): Promise<TOutput | AsyncIterable<TOutput>> {
  const lease = await workers.take(abortSignal);
  const messages = hear(lease, abortSignal, reportProgress, (port) => {
    const options = { toolCallId, attempt, idempotencyKey };
    const message: RunMessage = { type: 'use-parallel-tools/run', toolName, input, options, port };
    lease.worker.postMessage(message, [port, ...transferables]);
  });
  const first = await messages.next();
  if (first.done === true) return undefined as TOutput;
  if (first.value.type === 'result') return first.value.value as TOutput;
  return streamFrom<TOutput>(first.value.value as TOutput, messages);
}

type OutputMessage = Extract<WorkerMessage, { type: 'value' | 'result' }>;

async function* streamFrom<TOutput>(first: TOutput, messages: AsyncGenerator<OutputMessage>): AsyncGenerator<TOutput> {
  yield first;
  for await (const { value } of messages) yield value as TOutput;
}

/** What a worker says of one call, until that has ended; then the worker is free, or gone. */
async function* hear(
  lease: Lease,
  abortSignal: AbortSignal,
  reportProgress: ClientToolExecutionOptions['reportProgress'],
  begin: (port: MessagePort) => void,
): AsyncGenerator<OutputMessage> {
  const { port1: port, port2 } = new MessageChannel();
  const heard: WorkerMessage[] = [];
  let wake = () => {};
  let isEnded = false;
  const take = (message: WorkerMessage) => {
    if (message.type === 'progress') return reportProgress(message.progress);
    if (message.type !== 'value') end(() => lease.release());
    heard.push(message);
    wake();
  };
  const end = (how: () => void) => {
    if (isEnded) return;
    isEnded = true;
    cancelPatience();
    abortSignal.removeEventListener('abort', abort);
    port.close();
    how();
  };
  let cancelPatience = () => {};
  const abort = () => {
    const message: AbortMessage = { type: 'abort', error: packError(abortSignal.reason) };
    port.postMessage(message);
    cancelPatience = systemClock.setTimer(() => {
      end(() => lease.terminate());
      heard.push({ type: 'error', error: message.error });
      wake();
    }, PATIENCE);
  };
  port.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => take(data));
  port.start();
  void lease.broken.then((error) => take({ type: 'error', error: packError(error) }));
  try {
    begin(port2);
  } catch (thrown) {
    // What cannot be cloned.
    end(() => lease.release());
    throw thrown;
  }
  abortSignal.addEventListener('abort', abort);
  if (abortSignal.aborted) abort();
  for (;;) {
    const message = heard.shift();
    if (message === undefined) await new Promise<void>((resolve) => void (wake = resolve));
    else if (message.type === 'error') throw unpackError(message.error);
    else if (message.type === 'end') return;
    else if (message.type !== 'progress') {
      yield message;
      if (message.type === 'result') return;
    }
  }
}
