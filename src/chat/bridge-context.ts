/**
 * Owns what the parts of the bridge share: the chat, the runner, and what is remembered of batches beside their records.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { expectCount, expectOneOf } from '../core/expect.ts';
import { selectToolCall } from '../core/selectors.ts';
import {
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import type { ToolRunner, ToolRunnerOptions } from '../core/tool-runner.ts';
import type { ChatHandle } from './chat-handle.ts';
import { idOf } from './part-fields.ts';
import type { ResumedAnswer } from './resumed-answer.ts';
import type { SettledCallbacks } from './settled-callbacks.ts';

export interface ChatBridgeOptions extends ToolRunnerOptions, SettledCallbacks {
  /** Follow-ups in a row without a message of the user. @default 25 */
  maxFollowUps?: number | undefined;
  /** What `sendMessage` does while calls are open: cancel them, or wait for the batch. @default 'cancel' */
  onNewMessage?: 'cancel' | 'wait' | undefined;
  /** What happens to a call that neither the server ran nor anybody registered. @default 'report' */
  unknownTool?: 'report' | 'ignore' | undefined;
  /** Request options of every follow-up, merged field by field over those of the last message: each header, each field of `body` and `metadata`. */
  followUpOptions?: ChatRequestOptions | undefined;
}

export interface BridgeContext {
  readonly handle: ChatHandle;
  readonly runner: ToolRunner;
  readonly resumed: ResumedAnswer;
  options(): ChatBridgeOptions;
  /** Batches of the response that streams, or whose connection was lost. */
  readonly live: Set<ToolBatchKey>;
  /** Batches whose results are not all in the messages. */
  readonly unwritten: Set<ToolBatchKey>;
  /** The generation in which a batch was sent last. */
  readonly sent: Map<ToolBatchKey, number>;
  /** Calls retried after their batch was sent. */
  readonly retries: Map<ToolBatchKey, Set<ToolCallKey>>;
  /** Batches with retried calls whose results the user's stop kept from the model: `retry` or `resend` goes on. */
  readonly stoppedRetries: Set<ToolBatchKey>;
  /** Calls whose failure the page itself wrote into the part. */
  readonly answeredByPage: Set<ToolCallKey>;
  /** Whether there is a stream to resume is being asked: the chat looks idle, and may be about to stream. */
  reconnecting: boolean;
  isIdle(): boolean;
  /** The messages as they will be once a resumed answer has ended. */
  messages(): readonly UIMessage[];
  /** Aborts a batch, and forgets all that is known of it. */
  drop(batchKey: ToolBatchKey): void;
  /** To look at, not to keep: a batch may change in place with the next event. */
  batches(): Readonly<Record<ToolBatchKey, ToolBatch>>;
  callOf(key: ToolCallKey): ToolCall | undefined;
  findMessage(messageId: string): UIMessage | undefined;
  /** The last message, if it is the assistant's. */
  lastAnswer(messages?: readonly UIMessage[]): UIMessage | undefined;
}

export function createBridgeContext(
  handle: ChatHandle,
  runner: ToolRunner,
  resumed: ResumedAnswer,
  isDeparting: () => boolean,
  options: () => ChatBridgeOptions,
): BridgeContext {
  const context: BridgeContext = {
    handle,
    runner,
    resumed,
    options,
    live: new Set(),
    unwritten: new Set(),
    sent: new Map(),
    retries: new Map(),
    stoppedRetries: new Set(),
    answeredByPage: new Set(),
    reconnecting: false,
    isIdle() {
      if (context.reconnecting || isDeparting()) return false;
      return handle.getStatus() === 'ready' || handle.getStatus() === 'error';
    },
    messages: () => resumed.complete(handle.getMessages()),
    drop(batchKey) {
      for (const known of [context.live, context.unwritten, context.stoppedRetries]) known.delete(batchKey);
      for (const known of [context.sent, context.retries]) known.delete(batchKey);
      for (const key of context.answeredByPage)
        if (toolBatchKeyOf(key) === batchKey) context.answeredByPage.delete(key);
      runner.forget(batchKey);
    },
    batches: () => runner.peek().batches,
    callOf: (key) => selectToolCall(runner.peek(), key),
    findMessage: (messageId) => handle.getMessages().findLast((message) => idOf(message) === messageId),
    lastAnswer(messages = context.messages()) {
      const last = messages.at(-1);
      return last?.role === 'assistant' ? last : undefined;
    },
  };
  return context;
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
