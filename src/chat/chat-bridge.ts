/**
 * Owns the way between a chat and the runner: calls out of message parts, results into them, one follow-up a batch. It decides
 * nothing about how a tool runs (runner) and knows nothing of React. Everything it does to the messages happens in `sync`, while
 * the chat is idle.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import {
  createCancelledError,
  createInterruptedError,
  createUnknownToolError,
  ToolCallError,
  type ToolCallCancelledBy,
} from '../core/errors.ts';
import { expectCount, expectOneOf } from '../core/expect.ts';
import { isBatchSettled, listCalls, selectRetryBlock, selectToolCall } from '../core/selectors.ts';
import {
  isSettled,
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchHalt,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { keyOf, type ToolCalls } from '../core/tool-calls.ts';
import { createToolRunner, type ToolRunnerOptions } from '../core/tool-runner.ts';
import type { ChatHandle } from './chat-handle.ts';
import { decideFollowUp } from './follow-up.ts';
import {
  isOpenPart,
  isReportedPart,
  lastStepOf,
  readToolParts,
  saysResult,
  writeApproval,
  writeResults,
  type ToolPartRef,
  type ToolPartResult,
} from './message-parts.ts';
import { toModelMessages } from './model-messages.ts';
import {
  judgeEnd,
  type FinishFlags,
  type ResponseEnd,
  type ResponseRecord,
  type ResponseTapListener,
} from './response-tap.ts';
import { trimToStepEnd } from './rewind.ts';

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
  /** Batches of the response that streams, or whose connection was lost. */
  const live = new Set<ToolBatchKey>();
  /** Batches whose results are not all in the messages. */
  const unwritten = new Set<ToolBatchKey>();
  /** The generation in which a batch was sent last. */
  const sent = new Map<ToolBatchKey, number>();
  /** Calls retried after their batch was sent. */
  const retries = new Map<ToolBatchKey, Set<ToolCallKey>>();
  let record: ResponseRecord | undefined;
  let requestOptions: ChatRequestOptions | undefined;
  let followUps = 0;
  let lastUserMessage: string | undefined;
  let mounted = false;
  let scheduled = false;
  let unsubscribe: (() => void) | undefined;
  let idleWaiters: (() => void)[] = [];

  runner.subscribe(({ type, batchKey }) => {
    if (type === 'call-added' || type === 'call-retried') unwritten.add(batchKey);
    if (type.startsWith('call-') || type.startsWith('approval-')) schedule();
  });

  const isIdle = () => handle.getStatus() === 'ready' || handle.getStatus() === 'error';
  const batchesNow = () => runner.store.getState().batches;
  const lastAnswer = (messages: readonly UIMessage[]) => {
    const last = messages.at(-1);
    return last?.role === 'assistant' ? last : undefined;
  };

  function schedule(): void {
    if (scheduled || !mounted) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      sync();
    });
  }

  /** Brings messages and calls together; a running chat is left alone until it is idle. */
  function sync(): void {
    if (!mounted || !isIdle()) return;
    const messages = handle.getMessages();
    forgetGone(messages);
    noteUserMessage(messages);
    const answer = lastAnswer(messages);
    if (answer !== undefined) observe(answer, 'loaded');
    blockRetries(answer);
    write();
    rewind();
    followUp();
    if (isIdle() && idleWaiters.length > 0 && !hasOpenCalls()) {
      const waiters = idleWaiters;
      idleWaiters = [];
      for (const resolve of waiters) resolve();
    }
  }

  // ── Parts to calls ─────────────────────────────────────────────────────────

  /**
   * Takes up the calls of a message. `live`: it streams. `final`: its stream has just ended, so a call that nobody answers is
   * known to be nobody's. `loaded`: found in messages that did not come from a stream of ours.
   */
  function observe(message: UIMessage, mode: 'live' | 'final' | 'loaded'): void {
    for (const ref of readToolParts(message)) {
      if (ref.part.providerExecuted === true || ref.part.state === 'input-streaming') continue;
      const call = selectToolCall(runner.store.getState(), ref.key);
      if (call !== undefined) notice(ref, call);
      else if (isOpenPart(ref.part)) adopt(ref, mode);
    }
  }

  function adopt({ part, toolName, key, messageId, step }: ToolPartRef, mode: 'live' | 'final' | 'loaded'): void {
    const policy = runner.policyOf(toolName);
    const call = { toolCallId: part.toolCallId, toolName, input: part.input };
    if (policy === undefined) {
      if (mode === 'final' && options.unknownTool !== 'ignore') {
        runner.addFailedCall(openBatch(messageId, step, true), call, createUnknownToolError(toolName));
      }
      return;
    }
    const batchKey = openBatch(messageId, step, mode !== 'loaded');
    const approved = part.state === 'approval-responded';
    const approvalAsked = part.state === 'approval-requested';
    const messages = () => conversationBefore(messageId, step);
    if (mode !== 'loaded') {
      runner.addCall(batchKey, call, { approved, approvalAsked, messages });
      return;
    }
    if (policy.onReload === 'fail') runner.addFailedCall(batchKey, call, createInterruptedError());
    else {
      // A call that still waits for a yes, or for a person's answer, cannot have run before the reload.
      const asks = policy.onReload === 'ask' && !approvalAsked && options.tools[toolName]?.execute !== undefined;
      runner.addCall(batchKey, call, { approved, approvalAsked, messages, ...(asks && { status: 'interrupted' }) });
    }
    if (selectToolCall(runner.store.getState(), key) !== undefined) runner.endStep(batchKey);
  }

  function openBatch(messageId: string, step: number, isLive: boolean): ToolBatchKey {
    const batchKey = runner.openBatch(messageId, step);
    if (isLive) live.add(batchKey);
    return batchKey;
  }

  /** Somebody beside the runner may have changed the part of a known call. */
  function notice({ part, key }: ToolPartRef, call: ToolCall): void {
    if (part.state === 'approval-requested' && call.status === 'queued') runner.requireApproval(key);
    else if (part.state === 'approval-responded' && call.status === 'awaiting-approval') {
      if (part.approval.approved) runner.approve(key);
      else runner.deny(key, part.approval.reason);
    } else if (part.state === 'output-available' && part.preliminary !== true && call.status === 'awaiting-input') {
      runner.respond(key, part.output);
    }
  }

  /** What the tool of a call reads as the conversation: everything before the step that made the call. */
  function conversationBefore(messageId: string, step: number) {
    const messages = handle.getMessages();
    const index = messages.findIndex(({ id }) => id === messageId);
    const message = messages[index];
    if (message === undefined) return [];
    const before = messages.slice(0, index);
    return toModelMessages(step === 0 ? before : [...before, trimToStepEnd(message, step - 1)]);
  }

  // ── The end of a response ──────────────────────────────────────────────────

  function closeLive(end: ResponseEnd): void {
    if (end === 'lost') return;
    for (const batchKey of live) {
      if (end === 'stopped') runner.abort('stop', batchKey);
      if (end === 'unknown')
        for (const call of listCalls(batchesNow()[batchKey] ?? NO_BATCH)) runner.requireApproval(call);
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
    const batch = last && batchesNow()[last.batchKey];
    if (batch === undefined || last?.step !== lastStepOf(answer) || sent.get(batch.key) !== batch.generation) return;
    halt(batch.key, end === 'stopped' ? 'stopped' : 'error');
  }

  /** Calls that the server refused (its schema, or a tool it does not know) never reach `onToolCall`; the model must still hear. */
  function addRejected(message: UIMessage, rejected: ResponseRecord['rejectedCalls']): void {
    for (const ref of readToolParts(message)) {
      const rejection = rejected.get(ref.part.toolCallId);
      if (rejection === undefined || ref.part.state !== 'output-error' || ref.step !== lastStepOf(message)) continue;
      const kind = runner.policyOf(ref.toolName) === undefined ? 'unknown-tool' : 'invalid-input';
      const call = { toolCallId: ref.part.toolCallId, toolName: ref.toolName, input: rejection.input };
      runner.addFailedCall(
        openBatch(ref.messageId, ref.step, true),
        call,
        new ToolCallError(kind, rejection.errorText),
      );
    }
  }

  // ── Calls to parts ─────────────────────────────────────────────────────────

  /** Successes as they settle, the rest when the batch closes, so that a failed call can be retried while its siblings run. */
  function write(): void {
    const results = new Map<string, Map<ToolCallKey, ToolPartResult>>();
    const answers: { key: ToolCallKey; messageId: string; approved: boolean; reason: string | undefined }[] = [];
    for (const batchKey of unwritten) {
      const batch = batchesNow()[batchKey];
      if (batch === undefined) unwritten.delete(batchKey);
      if (batch === undefined || retries.has(batchKey)) continue;
      const closing = !batch.streaming && isBatchSettled(batch);
      const message = findMessage(batch.messageId);
      for (const ref of message === undefined ? [] : readToolParts(message)) {
        const call = batch.calls[ref.key];
        if (call === undefined) continue;
        if (ref.part.state === 'approval-requested' && isAnswered(call)) {
          answers.push({
            key: ref.key,
            messageId: batch.messageId,
            approved: call.status !== 'denied',
            reason: call.error?.message,
          });
        }
        const result = closing || call.status === 'succeeded' ? toResult(call, ref) : undefined;
        if (result === undefined || saysResult(ref.part, result)) continue;
        const ofMessage = results.get(batch.messageId) ?? new Map<ToolCallKey, ToolPartResult>();
        results.set(batch.messageId, ofMessage.set(ref.key, result));
      }
      if (closing) unwritten.delete(batchKey);
    }
    if (results.size > 0 || answers.length > 0) applyToMessages(results, answers);
  }

  function applyToMessages(
    results: ReadonlyMap<string, ReadonlyMap<ToolCallKey, ToolPartResult>>,
    answers: readonly { key: ToolCallKey; messageId: string; approved: boolean; reason: string | undefined }[],
  ): void {
    if (handle.updateMessages === undefined) {
      for (const ofMessage of results.values()) {
        for (const [key, result] of ofMessage) {
          const call = selectToolCall(runner.store.getState(), key);
          if (call !== undefined) void settleQuietly(handle.addToolOutput?.(call.toolName, call.toolCallId, result));
        }
      }
      return;
    }
    handle.updateMessages((messages) =>
      messages.map((message) => {
        let next = message;
        for (const answer of answers) {
          if (answer.messageId === message.id) next = writeApproval(next, answer.key, answer.approved, answer.reason);
        }
        const ofMessage = results.get(message.id);
        return ofMessage === undefined ? next : writeResults(next, ofMessage);
      }),
    );
  }

  /** What the model is told of a settled call; `undefined` where the part's denied approval says it. */
  function toResult(call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
    if (call.status === 'succeeded') return { state: 'output-available', output: call.output };
    if (!isSettled(call)) return undefined;
    if (call.status === 'denied' && 'approval' in ref.part && ref.part.approval !== undefined) return undefined;
    return { state: 'output-error', errorText: toErrorText(call.toolName, call.error) };
  }

  function toErrorText(toolName: string, error: ToolCallError): string {
    try {
      return String(runner.policyOf(toolName)?.errorText(error) ?? error.message);
    } catch {
      // The tool's own words for the model failed; ours are at least true.
      return error.message;
    }
  }

  function findMessage(messageId: string): UIMessage | undefined {
    return handle.getMessages().findLast(({ id }) => id === messageId);
  }

  // ── One follow-up ──────────────────────────────────────────────────────────

  function followUp(): void {
    const message = lastAnswer(handle.getMessages());
    if (message === undefined) return;
    const step = lastStepOf(message);
    const refs = readToolParts(message).filter((ref) => ref.step === step && ref.part.providerExecuted !== true);
    const batchKey = refs[0]?.batchKey;
    const batch = batchKey === undefined ? undefined : batchesNow()[batchKey];
    if (batch === undefined) return;
    const decision = decideFollowUp({
      idle: isIdle(),
      last: true,
      streaming: batch.streaming,
      complete: isBatchSettled(batch) && refs.every(({ part }) => isReportedPart(part)),
      ours: batch.order.length > 0,
      retrying: retries.has(batch.key),
      halt: batch.halt,
      sent: sent.get(batch.key) === batch.generation,
      followUps,
      maxFollowUps: options.maxFollowUps ?? 25,
    });
    if (decision === 'send') send(batch);
    if (decision === 'limit') halt(batch.key, 'follow-up-limit');
  }

  function send(batch: Pick<ToolBatch, 'key' | 'generation'>): void {
    sent.set(batch.key, batch.generation);
    followUps++;
    const { followUpOptions } = options;
    const merged =
      requestOptions === undefined && followUpOptions === undefined
        ? undefined
        : { ...requestOptions, ...followUpOptions };
    void settleQuietly(handle.send(merged));
  }

  function halt(batchKey: ToolBatchKey, reason: ToolBatchHalt): void {
    runner.dispatch({ type: 'batch-halted', batchKey, halt: reason });
  }

  function reopen(batchKey: ToolBatchKey): void {
    runner.dispatch({ type: 'batch-reopened', batchKey });
  }

  // ── Retry after sending ────────────────────────────────────────────────────

  /** Once every retried call of a sent batch has settled: if one succeeded, the conversation goes back to the end of its step. */
  function rewind(): void {
    for (const [batchKey, keys] of retries) {
      const batch = batchesNow()[batchKey];
      const calls = [...keys].flatMap((key) => batch?.calls[key] ?? []);
      if (batch !== undefined && !(calls.every(isSettled) && isBatchSettled(batch))) continue;
      retries.delete(batchKey);
      if (batch === undefined || batch.retryBlock !== undefined || !calls.some(({ status }) => status === 'succeeded'))
        continue;
      goBackTo(batch);
      return;
    }
  }

  function goBackTo(batch: Pick<ToolBatch, 'key' | 'messageId' | 'step'>): void {
    const { messageId, step } = batch;
    const results = new Map<ToolCallKey, ToolPartResult>();
    for (const ref of readToolParts(findMessage(messageId) ?? NO_MESSAGE)) {
      const call = batchesNow()[batch.key]?.calls[ref.key];
      const result = call && toResult(call, ref);
      if (result !== undefined && !saysResult(ref.part, result)) results.set(ref.key, result);
    }
    handle.updateMessages?.((messages) => {
      const index = messages.findLastIndex(({ id }) => id === messageId);
      return messages
        .slice(0, index + 1)
        .map((message, at) => (at === index ? writeResults(trimToStepEnd(message, step), results) : message));
    });
    unwritten.delete(batch.key);
    forgetGone(handle.getMessages());
    const known = batchesNow()[batch.key];
    if (known !== undefined) reopen(batch.key);
    send({ key: batch.key, generation: batchesNow()[batch.key]?.generation ?? 0 });
  }

  function retry(key: ToolCallKey): void {
    const batchKey = toolBatchKeyOf(key);
    const batch = batchesNow()[batchKey];
    if (batch === undefined || selectRetryBlock(batch, batch.calls[key]) !== undefined) return;
    if (isSent(batch)) {
      const keys = retries.get(batchKey) ?? new Set<ToolCallKey>();
      retries.set(batchKey, keys.add(key));
    } else if (batch.halt !== undefined) reopen(batchKey);
    runner.retry(key);
  }

  /** The model has this batch's results: they were sent, or it went on after them. */
  function isSent(batch: ToolBatch): boolean {
    const message = findMessage(batch.messageId);
    return sent.get(batch.key) === batch.generation || (message !== undefined && lastStepOf(message) > batch.step);
  }

  /** A retry after sending would lose what came later: a message of the user, or a write by a later step. */
  function blockRetries(answer: UIMessage | undefined): void {
    if (answer === undefined) return;
    const refs = readToolParts(answer);
    for (const batch of Object.values(batchesNow())) {
      if (batch.messageId !== answer.id || batch.retryBlock === 'new-message') continue;
      const block = refs.some((ref) => ref.step > batch.step && hasWritten(ref)) ? 'later-write' : undefined;
      if (batch.retryBlock !== block) runner.dispatch({ type: 'retry-blocked', batchKey: batch.key, block });
    }
  }

  function hasWritten({ part, key, toolName }: ToolPartRef): boolean {
    const policy = runner.policyOf(toolName);
    if (policy !== undefined) {
      const call = selectToolCall(runner.store.getState(), key);
      const ran = call === undefined ? part.state === 'output-available' : call.attempts.length > 0;
      return ran && !policy.readOnly && !policy.idempotent;
    }
    return part.providerExecuted !== true && part.state === 'output-available';
  }

  function noteUserMessage(messages: readonly UIMessage[]): void {
    const index = messages.findLastIndex(({ role }) => role === 'user');
    const id = messages[index]?.id;
    if (id === lastUserMessage) return;
    lastUserMessage = id;
    followUps = 0;
    const later = new Set(messages.slice(index + 1).map((message) => message.id));
    for (const batch of Object.values(batchesNow())) {
      if (!later.has(batch.messageId))
        runner.dispatch({ type: 'retry-blocked', batchKey: batch.key, block: 'new-message' });
    }
  }

  // ── What went ──────────────────────────────────────────────────────────────

  /** Calls whose parts are gone (`setMessages`, `regenerate`, a trimmed message) are aborted and forgotten. */
  function forgetGone(messages: readonly UIMessage[]): void {
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const batch of Object.values(batchesNow())) {
      const message = byId.get(batch.messageId);
      if (message !== undefined && readToolParts(message).some(({ batchKey }) => batchKey === batch.key)) continue;
      for (const known of [live, unwritten]) known.delete(batch.key);
      for (const known of [sent, retries]) known.delete(batch.key);
      runner.forget(batch.key);
    }
  }

  function hasOpenCalls(): boolean {
    return (
      Object.values(batchesNow()).some((batch) => !isBatchSettled(batch)) ||
      handle
        .getMessages()
        .some((message) =>
          readToolParts(message).some(({ part }) => part.state !== 'input-streaming' && isOpenPart(part)),
        )
    );
  }

  /** Ends every open call, and says so in the messages: no provider ever gets a call without a result. */
  function closeAll(by: ToolCallCancelledBy, reason: ToolBatchHalt): void {
    // A connection that was lost leaves its calls open; nobody waits for the replay any more.
    if (isIdle()) closeLive('stopped');
    for (const batch of Object.values(batchesNow())) {
      const open = !isBatchSettled(batch);
      if (open) for (const call of listCalls(batch)) if (call.status === 'failed') runner.skip(call);
      if (open || live.has(batch.key)) halt(batch.key, reason);
    }
    runner.abort(by);
  }

  function closeOrphans(by: ToolCallCancelledBy): void {
    const { message: errorText } = createCancelledError(by);
    const results = new Map<string, Map<ToolCallKey, ToolPartResult>>();
    for (const message of handle.getMessages()) {
      const open = readToolParts(message).filter(({ part }) => part.state !== 'input-streaming' && isOpenPart(part));
      if (open.length > 0)
        results.set(message.id, new Map(open.map(({ key }) => [key, { state: 'output-error', errorText }])));
    }
    if (results.size > 0) applyToMessages(results, []);
  }

  async function stop(): Promise<void> {
    closeAll('stop', 'stopped');
    await handle.stop();
    sync();
  }

  const toolCalls: ToolCalls = {
    store: runner.store,
    subscribe: runner.subscribe,
    retry: (ref) => retry(keyOf(ref)),
    retryFailed(ref) {
      for (const call of listCalls(batchesNow()[keyOf(ref)] ?? NO_BATCH)) if (call.status === 'failed') retry(call.key);
    },
    run: runner.run,
    cancel: runner.cancel,
    cancelAll: runner.cancelAll,
    approve: runner.approve,
    deny: runner.deny,
    respond: runner.respond,
    skip: runner.skip,
    resend() {
      const message = lastAnswer(handle.getMessages());
      if (message === undefined || !isIdle()) return;
      const refs = readToolParts(message).filter(({ part }) => part.providerExecuted !== true);
      const last = refs.findLast(({ step, batchKey }) => {
        const batch = batchesNow()[batchKey];
        return batch === undefined
          ? refs.every((ref) => ref.step !== step || isReportedPart(ref.part))
          : isBatchSettled(batch);
      });
      if (last !== undefined) goBackTo({ key: last.batchKey, messageId: last.messageId, step: last.step });
    },
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
      const message = lastAnswer(handle.getMessages());
      if (message === undefined || providerExecuted === true) return;
      const ref = readToolParts(message).findLast(({ part }) => part.toolCallId === toolCallId);
      const isKnown = ref !== undefined && selectToolCall(runner.store.getState(), ref.key) !== undefined;
      if (isKnown) runner.addCall(ref.batchKey, { toolCallId, toolName, input });
      else observe(message, 'live');
    },
    onFinish(event) {
      const end = judgeEnd(event, isTapped() ? record : undefined);
      const answer = lastAnswer(event.messages);
      if (answer !== undefined && end !== 'unknown') observe(answer, end === 'lost' ? 'live' : 'final');
      if (answer !== undefined && record !== undefined) addRejected(answer, record.rejectedCalls);
      record = undefined;
      if (end !== 'well' && live.size === 0 && answer !== undefined) haltUnanswered(answer, end);
      closeLive(end);
      schedule();
    },
    beforeMessage(next) {
      requestOptions = next;
      followUps = 0;
      if (!hasOpenCalls()) return undefined;
      if (options.onNewMessage === 'wait') return new Promise<void>((resolve) => idleWaiters.push(resolve));
      closeAll('new-message', 'new-message');
      return Promise.resolve(isIdle() ? undefined : handle.stop()).then(() => {
        sync();
        closeOrphans('new-message');
      });
    },
    beforeRegenerate(next) {
      requestOptions = next;
      followUps = 0;
      closeAll('superseded', 'new-message');
      return isIdle() ? undefined : Promise.resolve(handle.stop());
    },
    beforeContinuation(next) {
      requestOptions = next ?? requestOptions;
      const message = lastAnswer(handle.getMessages());
      const batch = message && batchesNow()[readToolParts(message).at(-1)?.batchKey ?? ''];
      if (batch !== undefined) sent.set(batch.key, batch.generation);
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
    for (const batch of Object.values(batchesNow())) {
      if (listCalls(batch).some((call) => call.error?.by === 'unmount')) runner.forget(batch.key);
    }
    if (ownsChat) void settleQuietly(handle.stop());
  }
}

const NO_BATCH: Pick<ToolBatch, 'order' | 'calls'> = { order: [], calls: {} };
const NO_MESSAGE: UIMessage = { id: '', role: 'assistant', parts: [] };

/** Whether a person has answered the approval that the server asked for. A cancelled call's part says so by its result. */
function isAnswered(call: ToolCall): boolean {
  return call.status !== 'awaiting-approval' && call.status !== 'cancelled' && call.status !== 'interrupted';
}

/** A chat's promise that rejects has told the chat already: status and `onError` say it. */
async function settleQuietly(promise: unknown): Promise<void> {
  try {
    await promise;
  } catch {
    // Nothing to add.
  }
}

function expectOptions<TOptions extends ChatBridgeOptions>(options: TOptions): TOptions {
  if (options.maxFollowUps !== undefined) expectCount('`maxFollowUps`', options.maxFollowUps, 0);
  if (options.onNewMessage !== undefined) expectOneOf('`onNewMessage`', options.onNewMessage, ['cancel', 'wait']);
  if (options.unknownTool !== undefined) expectOneOf('`unknownTool`', options.unknownTool, ['report', 'ignore']);
  return options;
}
