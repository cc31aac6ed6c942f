/**
 * Owns the order of things between a chat and the runner: calls out of message parts, results into them, one follow-up a batch.
 * It decides nothing about how a tool runs (runner) and knows nothing of React. Everything it does to the messages happens in
 * `sync`, while the chat is idle.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { systemClock, type CancelTimer } from '../core/clock.ts';
import type { ToolCallCancelledBy } from '../core/errors.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolBatch, ToolBatchHalt } from '../core/tool-call.ts';
import { afterCommands, type ToolCalls } from '../core/tool-calls.ts';
import { createToolRunner } from '../core/tool-runner.ts';
import { createBridgeContext, expectOptions, settleQuietly, type ChatBridgeOptions } from './bridge-context.ts';
import { createCallIntake } from './call-intake.ts';
import { claimChat } from './chat-claims.ts';
import { createChatCommands } from './chat-commands.ts';
import type { ChatHandle } from './chat-handle.ts';
import { createDepartures } from './departures.ts';
import { createForgetGone } from './gone-batches.ts';
import { readToolParts } from './message-parts.ts';
import { createMessageQueue } from './message-queue.ts';
import { createPageLife } from './page-life.ts';
import { judgeEnd, type FinishFlags, type ResponseRecord, type ResponseTapListener } from './response-tap.ts';
import { createResponseWatch } from './response-watch.ts';
import { createResultWriter } from './result-writer.ts';
import { createResumedAnswer } from './resumed-answer.ts';
import { createSentBatches } from './sent-batches.ts';
import { createServerApprovals } from './server-approvals.ts';
import { tellSettled } from './settled-callbacks.ts';
import { createToldAnswer } from './told-answer.ts';

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
  /** The chat's messages as they will be once a resumed answer has ended. The same array where nothing is missing. */
  complete<TMessage extends UIMessage>(messages: TMessage[]): TMessage[];
  /** The messages may have changed: look at them as soon as this turn of the event loop ends. */
  schedule(): void;
  /** Clears the way for a message of the user; `undefined` when it is clear. */
  beforeMessage(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The answer is about to be thrown away: its calls are aborted. */
  beforeRegenerate(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The page asks for a continuation by itself (`sendMessage()`). */
  beforeContinuation(options: ChatRequestOptions | undefined): void;
  /** A request of the user's is on its way, and nothing else is sent before it has gone out. Settles then. */
  depart(send: () => PromiseLike<void> | void): Promise<void>;
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
  handle: chat,
  options: firstOptions,
  ownsChat,
  isTapped,
}: CreateChatBridgeOptions): ChatBridge {
  let options = expectOptions(firstOptions);
  const { clock = systemClock } = firstOptions;
  const runner = createToolRunner(firstOptions);
  const resumed = createResumedAnswer();
  const departures = createDepartures(schedule);
  const handle: ChatHandle = { ...chat, send: (next) => departures.depart(() => chat.send(next)) };
  const page = createPageLife((isLeaving) => {
    runner.setSuspended(isLeaving || !running);
    schedule();
  });
  const context = createBridgeContext(handle, runner, resumed, departures.isDeparting, () => options);
  const { unwritten } = context;
  const intake = createCallIntake(context);
  const writer = createResultWriter(context);
  const approvals = createServerApprovals(context);
  const forgetGone = createForgetGone(context);
  const batches = createSentBatches(context, writer, approvals, forgetGone);
  const watch = createResponseWatch(context);
  const queue = createMessageQueue(context, departures.depart, ownsChat);
  const told = createToldAnswer(handle.getMessages);
  let record: ResponseRecord | undefined;
  /** `new`: not mounted yet. `left`: unmounted, for good or until it is shown again. */
  let stage: 'new' | 'mounted' | 'left' = 'new';
  /** It is mounted and has looked at the messages. Until then calls are taken up, and none starts: a hook may never be mounted. */
  let running = false;
  /** The answer that streams began, or went on, without this bridge: what is in it may have run. */
  let joinedLate = true;
  let scheduled = false;
  /** The connection broke: the answer may go on in a replay. */
  let lost = false;
  let unsubscribe: (() => void) | undefined;
  let cancelLook: CancelTimer | undefined;
  let unwatch: (() => void) | undefined;
  /** A person has given a command: what is open is to go on. */
  let acted = false;
  /** Messages that wait for open calls. */
  const idleWaiters: (() => void)[] = [];
  /** The user has stopped what the first of them waits for. */
  let freed = false;
  const stopWaiters: (() => void)[] = [];
  const self = { isMounted: () => stage === 'mounted' };

  runner.subscribe(({ type, batchKey }) => {
    if (type === 'call-added' || type === 'call-retried') unwritten.add(batchKey);
    // While its siblings run, a result can wait for others: each writing costs the page a render of its messages.
    if (type === 'call-succeeded' && !runner.isFinished(batchKey)) cancelLook ??= clock.setFrame(lookAgain);
    else if (type.startsWith('call-') || type.startsWith('approval-')) schedule();
  });
  tellSettled(runner, () => options);
  runner.setSuspended(true);

  function lookAgain(): void {
    cancelLook = undefined;
    schedule();
  }

  function schedule(): void {
    if (scheduled || stage !== 'mounted') return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      sync();
    });
  }

  /** One chat has one bridge that runs its calls: a second one only looks on. */
  function isActive(): boolean {
    return stage !== 'left' && claimChat(handle.claimKey, self);
  }

  function isAtWork(): boolean {
    return handle.getStatus() === 'submitted' || handle.getStatus() === 'streaming';
  }

  /** Brings messages and calls together; a chat at work is left alone until it is idle. */
  function sync(): void {
    if (stage !== 'mounted' || !isActive() || page.isLeaving() || told.isMissing()) return;
    // The helpers of a `useChat` tell late that a request is on its way.
    if (isAtWork()) departures.leave();
    const isFirstLook = !running;
    running = true;
    if (context.isIdle()) settleIdle();
    else watchStream();
    // Not before what became of the calls meanwhile is known.
    if (isFirstLook) runner.setSuspended(false);
  }

  function settleIdle(): void {
    for (const resolve of stopWaiters.splice(0)) resolve();
    joinedLate = false;
    // Where nobody tells of an answer's end, it has ended when the chat is idle.
    if (!lost) watch.closeLive(handle.getStatus() === 'error' ? 'error' : 'unknown');
    // Helpers of a `useChat` show it with their next render.
    if (!restoreResumed()) return;
    forgetGone();
    const answer = context.lastAnswer();
    if (answer !== undefined) {
      intake.observe(answer, lost ? 'live' : 'loaded');
      if (acted && !lost) intake.giveUpUnknown(answer);
    }
    acted = false;
    batches.noteMessages(handle.getMessages());
    approvals.flush();
    writer.write();
    batches.rewind();
    batches.followUp();
    // One message at a time: the next one waits for this one's answer.
    if (!context.isIdle() || watch.mayStillEnd(freed)) return;
    freed = false;
    (idleWaiters.shift() ?? queue.wake)();
  }

  /** A chat that someone else owns may give no callbacks: then calls start from what is rendered. */
  function watchStream(): void {
    if (context.reconnecting || departures.isDeparting()) return;
    // A replay is at work, and not the lost answer that a page has yet to render.
    if (record !== undefined) lost = false;
    const answer = ownsChat || handle.getStatus() !== 'streaming' ? undefined : context.lastAnswer();
    if (answer !== undefined) intake.observe(answer, joinedLate ? 'found' : 'live');
    joinedLate = false;
  }

  /** Nobody waits for the replay any more: what the lost connection still owed never comes. */
  function endLost(end: 'stopped' | 'cut'): void {
    const answer = context.lastAnswer();
    if (lost && answer !== undefined) intake.observe(answer, 'final');
    if (lost) watch.closeLive(end);
    lost = false;
  }

  function closeAll(by: ToolCallCancelledBy, reason: ToolBatchHalt): void {
    endLost('stopped');
    watch.closeAll(by, reason);
  }

  /** Puts back what a resumed answer started from. Gives whether the messages, as they can be read now, lack nothing that can be put back. */
  function restoreResumed(): boolean {
    const isWhole = () => context.messages() === handle.getMessages();
    if (!isWhole()) handle.updateMessages?.((messages) => resumed.complete(messages));
    return handle.updateMessages === undefined || isWhole();
  }

  /** Stops the stream. AI SDK 6 says that it is done while the answer still ends. */
  async function stopStream(): Promise<void> {
    await handle.stop();
    if (!context.isIdle() && !departures.isDeparting())
      await new Promise<void>((resolve) => void stopWaiters.push(resolve));
  }

  async function stop(): Promise<void> {
    queue.pause();
    freed = idleWaiters.length > 0;
    closeAll('stop', 'stopped');
    await handle.stop();
    sync();
  }

  /** A person goes on without what a lost connection still owes. */
  function resend(): void {
    const answer = context.isIdle() ? context.lastAnswer() : undefined;
    if (answer !== undefined) {
      endLost('cut');
      intake.giveUpUnknown(answer);
    }
    batches.resend();
  }

  const toolCalls = createChatCommands(context, { retry: batches.retry, resend }, approvals);
  afterCommands(toolCalls, () => {
    acted = true;
    schedule();
  });

  return {
    toolCalls,
    schedule,
    // SAFETY: messages of the chat, of which the last one may have more parts of its own.
    complete: (messages) => resumed.complete(messages) as typeof messages,
    depart: departures.depart,
    stop,
    setOptions(next) {
      const { tools } = options;
      options = expectOptions(next);
      runner.setOptions(next);
      if (Object.keys(next.tools).every((toolName) => Object.hasOwn(tools, toolName))) return;
      // Calls of theirs may be waiting.
      const answer = isAtWork() && !context.reconnecting && isActive() ? context.lastAnswer() : undefined;
      if (answer !== undefined) intake.observe(answer, joinedLate ? 'found' : 'live');
      schedule();
    },
    onRequest(request) {
      const { body, headers, metadata } = request;
      if (isAtWork()) departures.leave();
      const continued = stage === 'new' ? context.lastAnswer(request.messages) : undefined;
      // Whatever comes from now on is of this page.
      if (continued !== undefined && isActive()) intake.observe(continued, 'loaded');
      queue.noteRequest(request.messages);
      resumed.noteRequest(request.messages);
      // What goes out is the history: an answer that is made anew may come under the same id.
      forgetGone(request.messages);
      if (request.messages.at(-1)?.role !== 'user') return request.messages;
      batches.noteRequest({
        ...(body !== undefined && { body }),
        ...(headers !== undefined && { headers }),
        ...(metadata !== undefined && { metadata }),
      });
      // The chat's own functions may have sent it past us, with calls still open, or with parts that the page has closed itself.
      const closed = writer.withEveryResult(request.messages, 'new-message');
      const isPastUs = closed.some((message, index) => message !== request.messages[index]);
      if (isPastUs || !Object.values(context.batches()).every(isBatchSettled)) closeAll('new-message', 'new-message');
      return [...closed];
    },
    onResponse(next) {
      record = next;
      if (stage !== 'left') joinedLate = false;
      if (next.resumed) {
        resumed.noteResume(handle.getMessages());
        // The stream brings the calls again that the unmount ended.
        dropUnmounted(({ messageId }) => messageId === handle.getMessages().at(-1)?.id);
        return;
      }
      watch.closeLive('cut');
      lost = false;
    },
    onReconnect(isUnderWay, isFound) {
      context.reconnecting = isUnderWay;
      if (isUnderWay) return;
      if (isFound === false) endLost('cut');
      schedule();
    },
    onResetStep({ steps }) {
      const step = resumed.stepsBefore() + Math.max(0, steps - 1);
      intake.takeBack(step);
      watch.dropStep(step);
    },
    onToolCall({ toolCallId, toolName, input, providerExecuted }) {
      const message = context.lastAnswer();
      if (message === undefined || providerExecuted === true || !isActive()) return;
      const ref = readToolParts(message).findLast(({ part }) => part.toolCallId === toolCallId);
      if (ref !== undefined && context.callOf(ref.key) !== undefined) {
        runner.addCall(ref.batchKey, { toolCallId, toolName, input });
      } else intake.observe(message, 'live');
    },
    onFinish(event) {
      queue.noteEnd(event);
      told.note(event.messages);
      const end = judgeEnd(event, isTapped() ? record : undefined);
      lost = end === 'lost';
      const answer = context.lastAnswer(resumed.complete(event.messages));
      if (answer !== undefined && isActive()) {
        restoreResumed();
        if (end !== 'unknown') intake.observe(answer, end === 'lost' ? 'live' : 'final');
        if (record !== undefined) intake.addRejected(answer, record.rejectedCalls);
      }
      record = undefined;
      if (end !== 'well' && context.streaming().length === 0 && answer !== undefined) watch.haltUnanswered(answer, end);
      watch.closeLive(end);
      schedule();
    },
    beforeMessage(next) {
      batches.noteRequest(next);
      if (context.isIdle() && !watch.hasOpenCalls()) return undefined;
      // One that does not run the chat's calls, or no more, would wait for ever.
      if (options.onNewMessage === 'wait' && isActive()) {
        schedule();
        return new Promise<void>((resolve) => idleWaiters.push(resolve)).then(() => {
          closeAll('new-message', 'new-message');
          writer.closeOrphans('new-message');
        });
      }
      closeAll('new-message', 'new-message');
      return Promise.resolve(context.isIdle() ? undefined : stopStream()).then(() => {
        sync();
        writer.closeOrphans('new-message');
      });
    },
    beforeRegenerate(next) {
      batches.noteRequest(next);
      closeAll('superseded', 'new-message');
      return context.isIdle() ? undefined : stopStream();
    },
    beforeContinuation(next) {
      if (next !== undefined) batches.noteRequest(next);
      batches.markSent();
    },
    mount() {
      stage = 'mounted';
      isActive();
      unsubscribe ??= handle.subscribe?.(schedule);
      unwatch ??= page.watch();
      schedule();
      return () => {
        stage = 'left';
        // StrictMode cleans up and sets up again in the same task; only a cleanup that stays is an unmount.
        queueMicrotask(() => {
          if (stage === 'left') dispose();
        });
      };
    },
  };

  function dispose(): void {
    unsubscribe?.();
    unsubscribe = undefined;
    unwatch?.();
    unwatch = undefined;
    cancelLook?.();
    cancelLook = undefined;
    running = false;
    joinedLate = true;
    runner.setSuspended(true);
    // A chat of our own stops with the page. One that somebody else owns streams on, and tells of its end.
    if (ownsChat) {
      watch.closeLive('stopped', 'unmount');
      lost = false;
    }
    runner.abort('unmount');
    dropUnmounted(({ halt }) => halt === undefined);
    if (ownsChat) void settleQuietly(handle.stop());
  }

  /** Forgets batches with calls that the unmount ended: the next look finds them as a page load does, and applies `onReload`. */
  function dropUnmounted(fits: (batch: ToolBatch) => boolean): void {
    for (const batch of Object.values(context.batches())) {
      if (fits(batch) && listCalls(batch).some((call) => call.error?.by === 'unmount')) context.drop(batch.key);
    }
  }
}
