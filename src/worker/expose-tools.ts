/** Owns the worker's side: which tools it has, and how a call of one runs there. */
import type { ClientToolExecutionOptions } from '../core/tool.ts';
import { packError, unpackError, type AbortMessage, type RunMessage, type WorkerMessage } from './protocol.ts';

/** What a tool in a worker receives beside its input: no `messages`, since the conversation stays on the page. */
export type WorkerToolOptions = Pick<
  ClientToolExecutionOptions,
  'toolCallId' | 'attempt' | 'idempotencyKey' | 'abortSignal' | 'reportProgress'
>;

export type WorkerToolExecute<TInput = never, TOutput = unknown> = (
  input: TInput,
  options: WorkerToolOptions,
) => AsyncIterable<TOutput> | PromiseLike<TOutput> | TOutput;

/** Where a worker hears of its page: `self`. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * Has the page's `workerTool`s run these functions, by the names of their tools. Call it once, in the worker's own file.
 *
 * @throws TypeError where a tool is no function
 */
export function exposeTools(
  tools: Readonly<Record<string, WorkerToolExecute>>,
  // SAFETY: in a worker the global object is its scope.
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): void {
  for (const [name, execute] of Object.entries(tools)) {
    if (typeof execute !== 'function')
      throw new TypeError(`Expected the tool \`${name}\` to be a function of its input, got ${typeof execute}.`);
  }
  scope.addEventListener('message', ({ data }) => {
    if (isRunMessage(data)) void run(tools, data);
  });
}

const transfers = new WeakMap<object, readonly Transferable[]>();

/** Marks what a value hands over instead of copying it (`ArrayBuffer`s, `ImageBitmap`s): return `transfer(value, [value.buffer])`. */
export function transfer<TValue extends object>(value: TValue, transferables: readonly Transferable[]): TValue {
  transfers.set(value, transferables);
  return value;
}

async function run(tools: Readonly<Record<string, WorkerToolExecute>>, message: RunMessage): Promise<void> {
  const { toolName, input, options, port } = message;
  const controller = new AbortController();
  const say = (said: WorkerMessage, value?: unknown) => {
    const handedOver = typeof value === 'object' && value !== null ? transfers.get(value) : undefined;
    port.postMessage(said, [...(handedOver ?? [])]);
  };
  port.addEventListener('message', ({ data }: MessageEvent<AbortMessage>) => controller.abort(unpackError(data.error)));
  port.start();
  try {
    const execute = Object.hasOwn(tools, toolName) ? tools[toolName] : undefined;
    if (execute === undefined) {
      const known = Object.keys(tools).join(', ') || 'none';
      throw new Error(
        `The worker has no tool \`${toolName}\`. It exposes: ${known}. Give workerTool its \`name\` there.`,
      );
    }
    const { signal: abortSignal } = controller;
    const reportProgress: WorkerToolOptions['reportProgress'] = (progress) => say({ type: 'progress', progress });
    // SAFETY: the page has checked the input against the tool's schema.
    const output = await execute(input as never, { ...options, abortSignal, reportProgress });
    if (isAsyncIterable(output)) {
      for await (const value of output) {
        if (abortSignal.aborted) break;
        say({ type: 'value', value }, value);
      }
      say({ type: 'end' });
    } else say({ type: 'result', value: output }, output);
  } catch (thrown) {
    say({ type: 'error', error: packError(thrown) });
  }
}

function isRunMessage(data: unknown): data is RunMessage {
  return typeof data === 'object' && data !== null && (data as { type?: unknown }).type === 'use-parallel-tools/run';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
