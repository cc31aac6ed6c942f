/**
 * Owns what the parts of the bridge share: the chat, the runner, and what is remembered of batches beside their records.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { expectCount, expectOneOf } from '../core/expect.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolBatch, ToolBatchKey, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import type { ToolRunner, ToolRunnerOptions } from '../core/tool-runner.ts';
import type { ChatHandle } from './chat-handle.ts';

export interface ChatBridgeOptions extends ToolRunnerOptions {
  /** Follow-ups in a row without a message of the user. @default 25 */
  maxFollowUps?: number | undefined;
  /** What `sendMessage` does while calls are open: cancel them, or wait for the batch. @default 'cancel' */
  onNewMessage?: 'cancel' | 'wait' | undefined;
  /** What happens to a call that neither the server ran nor anybody registered. @default 'report' */
  unknownTool?: 'report' | 'ignore' | undefined;
  /** Request options of every follow-up, over those of the last message. */
  followUpOptions?: ChatRequestOptions | undefined;
}

export interface BridgeContext {
  readonly handle: ChatHandle;
  readonly runner: ToolRunner;
  options(): ChatBridgeOptions;
  /** Batches of the response that streams, or whose connection was lost. */
  readonly live: Set<ToolBatchKey>;
  /** Batches whose results are not all in the messages. */
  readonly unwritten: Set<ToolBatchKey>;
  /** The generation in which a batch was sent last. */
  readonly sent: Map<ToolBatchKey, number>;
  /** Calls retried after their batch was sent. */
  readonly retries: Map<ToolBatchKey, Set<ToolCallKey>>;
  isIdle(): boolean;
  batches(): Readonly<Record<ToolBatchKey, ToolBatch>>;
  callOf(key: ToolCallKey): ToolCall | undefined;
  findMessage(messageId: string): UIMessage | undefined;
  /** The last message, if it is the assistant's. */
  lastAnswer(messages?: readonly UIMessage[]): UIMessage | undefined;
}

export function createBridgeContext(
  handle: ChatHandle,
  runner: ToolRunner,
  options: () => ChatBridgeOptions,
): BridgeContext {
  return {
    handle,
    runner,
    options,
    live: new Set(),
    unwritten: new Set(),
    sent: new Map(),
    retries: new Map(),
    isIdle: () => handle.getStatus() === 'ready' || handle.getStatus() === 'error',
    batches: () => runner.store.getState().batches,
    callOf: (key) => selectToolCall(runner.store.getState(), key),
    findMessage: (messageId) => handle.getMessages().findLast(({ id }) => id === messageId),
    lastAnswer(messages = handle.getMessages()) {
      const last = messages.at(-1);
      return last?.role === 'assistant' ? last : undefined;
    },
  };
}

/** A batch that the store does not have: no calls. */
export const NO_BATCH: Pick<ToolBatch, 'order' | 'calls'> = { order: [], calls: {} };

/** A chat's promise that rejects has told the chat already: status and `onError` say it. */
export async function settleQuietly(promise: unknown): Promise<void> {
  try {
    await promise;
  } catch {
    // Nothing to add.
  }
}

/** @throws TypeError on options that make no sense */
export function expectOptions<TOptions extends ChatBridgeOptions>(options: TOptions): TOptions {
  if (options.maxFollowUps !== undefined) expectCount('`maxFollowUps`', options.maxFollowUps, 0);
  if (options.onNewMessage !== undefined) expectOneOf('`onNewMessage`', options.onNewMessage, ['cancel', 'wait']);
  if (options.unknownTool !== undefined) expectOneOf('`unknownTool`', options.unknownTool, ['report', 'ignore']);
  return options;
}
