/**
 * Owns what page and worker say to each other. Each call has a `MessagePort` of its own, so that nothing of one call is ever taken for another's,
 * and all of it ends with the port.
 */
import { readField } from '../core/read-field.ts';
import type { ToolCallProgress } from '../core/tool-call.ts';

/** What the page posts to a worker to begin a call; `port` comes with it. */
export interface RunMessage {
  readonly type: 'use-parallel-tools/run';
  readonly toolName: string;
  readonly input: unknown;
  readonly options: { readonly toolCallId: string; readonly attempt: number; readonly idempotencyKey: string };
  readonly port: MessagePort;
}

/** What the page says on the port of a call: nobody waits for it any more. */
export interface AbortMessage {
  readonly type: 'abort';
  readonly error: ErrorMessage;
}

/** What the worker says on the port of a call. After `result` or `error` the port is done. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: ToolCallProgress }
  /** A preliminary output of a tool that streams. */
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'result'; readonly value: unknown }
  /** A tool that streams has ended: its last value is its output. */
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: ErrorMessage };

/** An error as it travels. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

/** Whatever was thrown, as it can travel. */
export function packError(thrown: unknown): ErrorMessage {
  const [name, message, stack, retryAfter] = ['name', 'message', 'stack', 'retryAfter'].map((field) =>
    typeof thrown === 'object' && thrown !== null ? readField(thrown, field) : undefined,
  );
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(thrown),
    ...(typeof stack === 'string' && { stack }),
    ...(typeof retryAfter === 'number' && { retryAfter }),
  };
}

export function unpackError({ name, message, stack, retryAfter }: ErrorMessage): Error {
  return Object.assign(new Error(message), {
    name,
    ...(stack && { stack }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
