/**
 * Owns the order of things between a chat and the runner: calls out of message parts, results into them, one follow-up a batch.
 * It decides nothing about how a tool runs (runner) and knows nothing of React. Everything it does to the messages happens in
 * `sync`, while the chat is idle.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import type { ToolCallCancelledBy } from '../core/errors.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolBatchHalt } from '../core/tool-call.ts';
import { keyOf, type ToolCalls } from '../core/tool-calls.ts';
import { createToolRunner } from '../core/tool-runner.ts';
import {
  createBridgeContext,
  expectOptions,
  NO_BATCH,
  settleQuietly,
  type ChatBridgeOptions,
} from './bridge-context.ts';
import { createCallIntake } from './call-intake.ts';
import type { ChatHandle } from './chat-handle.ts';
import { isOpenPart, lastStepOf, readToolParts } from './message-parts.ts';
import {
  judgeEnd,
  type FinishFlags,
  type ResponseEnd,
  type ResponseRecord,
  type ResponseTapListener,
} from './response-tap.ts';
import { createResultWriter } from './result-writer.ts';
import { createSentBatches } from './sent-batches.ts';

export interface ChatBridge extends ResponseTapListener {
  readonly toolCalls: ToolCalls;
  setOptions(options: ChatBridgeOptions): void;
  /** The chat's `onToolCall`: starts what may start, returns at once. */
  onToolCall(toolCall: {
    toolCallId: string;
    toolName: string;
    input: unknown;
    providerExecuted?: boolean | undefined;
  }): void;
  /** The chat's `onFinish`. */
  onFinish(event: FinishFlags & { messages: readonly UIMessage[] }): void;
  /** The messages may have changed: look at them as soon as this turn of the event loop ends. */
  schedule(): void;
  /** Clears the way for a message of the user, then sends it. */
  beforeMessage(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The answer is about to be thrown away: its calls are aborted. */
  beforeRegenerate(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The page asks for a continuation by itself (`sendMessage()`). */
  beforeContinuation(options: ChatRequestOptions | undefined): void;
  stop(): Promise<void>;
  mount(): () => void;
}

export interface CreateChatBridgeOptions {
  readonly handle: ChatHandle;
  readonly options: ChatBridgeOptions;
  /** The chat belongs to this bridge: unmounting stops its stream too. */
  readonly ownsChat: boolean;
  /** Whether chunks pass through a tap of this bridge. */
  readonly isTapped: () => boolean;
}

/** Creates a bridge; nothing happens before `mount`. @throws TypeError on options that make no sense */
export function createChatBridge({
  handle,
  options: firstOptions,
  ownsChat,
  isTapped,
}: CreateChatBridgeOptions): ChatBridge {
  let options = expectOptions(firstOptions);
  const runner = createToolRunner(firstOptions);
  const context = createBridgeContext(handle, runner, () => options);
  const { live, retries, sent, unwritten } = context;
  const intake = createCallIntake(context);
  const writer = createResultWriter(context);
  const batches = createSentBatches(context, writer, forgetGone);
  let record: ResponseRecord | undefined;
  let mounted = false;
  let scheduled = false;
  let unsubscribe: (() => void) | undefined;
  let idleWaiters: (() => void)[] = [];

  runner.subscribe(({ type, batchKey }) => {
    if (type === 'call-added' || type === 'call-retried') unwritten.add(batchKey);
    if (type.startsWith('call-') || type.startsWith('approval-')) schedule();
  });

  function schedule(): void {
    if (scheduled || !mounted) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      sync();
    });
  }

  /** Brings messages and calls together; a chat at work is left alone until it is idle. */
  function sync(): void {
    if (!mounted || !context.isIdle()) return;
    forgetGone();
    const answer = context.lastAnswer();
    if (answer !== undefined) intake.observe(answer, 'loaded');
    batches.noteMessages(handle.getMessages());
    writer.write();
    batches.rewind();
    batches.followUp();
    if (context.isIdle() && idleWaiters.length > 0 && !hasOpenCalls()) {
      const waiters = idleWaiters;
      idleWaiters = [];
      for (const resolve of waiters) resolve();
    }
  }

  /** Calls whose parts are gone (`setMessages`, `regenerate`, a trimmed message) are aborted and forgotten. */
  function forgetGone(): void {
    const byId = new Map(handle.getMessages().map((message) => [message.id, message]));
    for (const batch of Object.values(context.batches())) {
      const message = byId.get(batch.messageId);
      if (message !== undefined && readToolParts(message).some(({ batchKey }) => batchKey === batch.key)) continue;
      for (const known of [live, unwritten]) known.delete(batch.key);
      for (const known of [sent, retries]) known.delete(batch.key);
      runner.forget(batch.key);
    }
  }

  function hasOpenCalls(): boolean {
    return (
      Object.values(context.batches()).some((batch) => !isBatchSettled(batch)) ||
      handle
        .getMessages()
        .some((message) =>
          readToolParts(message).some(({ part }) => part.state !== 'input-streaming' && isOpenPart(part)),
        )
    );
  }

  // ── The end of a response, and of everything ────────────────────────────────

  function closeLive(end: ResponseEnd): void {
    if (end === 'lost') return;
    for (const batchKey of live) {
      if (end === 'stopped') runner.abort('stop', batchKey);
      if (end === 'unknown')
        for (const call of listCalls(context.batches()[batchKey] ?? NO_BATCH)) runner.requireApproval(call);
      if (end === 'well' || end === 'unknown') runner.endStep(batchKey);
      else {
        runner.abandonStep(batchKey);
        runner.dispatch({ type: 'batch-halted', batchKey, halt: end });
      }
    }
    live.clear();
  }

  /** The follow-up itself failed before it said anything: its batch is sent, and not answered. */
  function haltUnanswered(answer: UIMessage, end: ResponseEnd): void {
    const last = readToolParts(answer).at(-1);
    const batch = last && context.batches()[last.batchKey];
    if (batch === undefined || last?.step !== lastStepOf(answer) || sent.get(batch.key) !== batch.generation) return;
    batches.halt(batch.key, end === 'stopped' ? 'stopped' : 'error');
  }

  /** Ends every open call, and says so in the messages: no provider ever gets a call without a result. */
  function closeAll(by: ToolCallCancelledBy, reason: ToolBatchHalt): void {
    // A connection that was lost leaves its calls open; nobody waits for the replay any more.
    if (context.isIdle()) closeLive('stopped');
    for (const batch of Object.values(context.batches())) {
      const open = !isBatchSettled(batch);
      if (open) for (const call of listCalls(batch)) if (call.status === 'failed') runner.skip(call);
      if (open || live.has(batch.key)) batches.halt(batch.key, reason);
    }
    runner.abort(by);
  }

  async function stop(): Promise<void> {
    closeAll('stop', 'stopped');
    await handle.stop();
    sync();
  }

  const toolCalls: ToolCalls = {
    store: runner.store,
    subscribe: runner.subscribe,
    retry: (ref) => batches.retry(keyOf(ref)),
    retryFailed(ref) {
      for (const call of listCalls(context.batches()[keyOf(ref)] ?? NO_BATCH)) {
        if (call.status === 'failed') batches.retry(call.key);
      }
    },
    run: runner.run,
    cancel: runner.cancel,
    cancelAll: runner.cancelAll,
    approve: runner.approve,
    deny: runner.deny,
    respond: runner.respond,
    skip: runner.skip,
    resend: batches.resend,
  };

  return {
    toolCalls,
    schedule,
    stop,
    setOptions(next) {
      options = expectOptions(next);
      runner.setOptions(next);
    },
    onResponse(next) {
      if (!next.resumed && live.size > 0) closeLive('cut');
      record = next;
    },
    onResetStep() {
      const latest = [...live].at(-1);
      if (latest === undefined) return;
      live.delete(latest);
      unwritten.delete(latest);
      runner.forget(latest);
    },
    onToolCall({ toolCallId, toolName, input, providerExecuted }) {
      const message = context.lastAnswer();
      if (message === undefined || providerExecuted === true) return;
      const ref = readToolParts(message).findLast(({ part }) => part.toolCallId === toolCallId);
      if (ref !== undefined && context.callOf(ref.key) !== undefined) {
        runner.addCall(ref.batchKey, { toolCallId, toolName, input });
      } else intake.observe(message, 'live');
    },
    onFinish(event) {
      const end = judgeEnd(event, isTapped() ? record : undefined);
      const answer = context.lastAnswer(event.messages);
      if (answer !== undefined && end !== 'unknown') intake.observe(answer, end === 'lost' ? 'live' : 'final');
      if (answer !== undefined && record !== undefined) intake.addRejected(answer, record.rejectedCalls);
      record = undefined;
      if (end !== 'well' && live.size === 0 && answer !== undefined) haltUnanswered(answer, end);
      closeLive(end);
      schedule();
    },
    beforeMessage(next) {
      batches.noteRequest(next);
      if (!hasOpenCalls()) return undefined;
      if (options.onNewMessage === 'wait') return new Promise<void>((resolve) => idleWaiters.push(resolve));
      closeAll('new-message', 'new-message');
      return Promise.resolve(context.isIdle() ? undefined : handle.stop()).then(() => {
        sync();
        writer.closeOrphans('new-message');
      });
    },
    beforeRegenerate(next) {
      batches.noteRequest(next);
      closeAll('superseded', 'new-message');
      return context.isIdle() ? undefined : Promise.resolve(handle.stop());
    },
    beforeContinuation(next) {
      if (next !== undefined) batches.noteRequest(next);
      batches.markSent();
    },
    mount() {
      mounted = true;
      unsubscribe ??= handle.subscribe?.(schedule);
      schedule();
      return () => {
        mounted = false;
        // StrictMode cleans up and sets up again in the same task; only a cleanup that stays is an unmount.
        queueMicrotask(() => {
          if (!mounted) dispose();
        });
      };
    },
  };

  function dispose(): void {
    unsubscribe?.();
    unsubscribe = undefined;
    runner.abort('unmount');
    for (const batch of Object.values(context.batches())) {
      if (listCalls(batch).some((call) => call.error?.by === 'unmount')) runner.forget(batch.key);
    }
    if (ownsChat) void settleQuietly(handle.stop());
  }
}
