/**
 * Owns the door between a chat and the runner: what the chat and the page tell, and what follows from it. It decides nothing about how a
 * tool runs (runner) and nothing about what is sent (`next-move.ts`), and knows nothing of React. The messages are touched in `look`, while
 * the chat is idle.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { changeRequest, divertTo, prepareRequest, tellChunk } from '../core/ask-plugins.ts';
import { systemClock } from '../core/clock.ts';
import type { ChatCommand } from '../core/plugins.ts';
import { isBatchSettled } from '../core/selectors.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { createChatRunner } from '../core/tool-runner.ts';
import { noteAnswered } from './apply-move.ts';
import { notice, takeUp, takeUpCall, takeUpRejected } from './call-intake.ts';
import { createChangedBatches } from './changed-batches.ts';
import { createChatCommands } from './chat-commands.ts';
import {
  completeMessages,
  countClosed,
  depart,
  expectOptions,
  isAtWork,
  isQuiet,
  lastAnswer,
  messagesOf,
  movePhase,
  type ChatBridgeOptions,
  type ChatContext,
  type ChatFunctions,
  type ChatState,
} from './chat-context.ts';
import { withLastId, type ChatHandle } from '../sdk/chat-handle.ts';
import { chatViews } from '../sdk/chat-view.ts';
import { IDLE, recordOf } from './chat-phase.ts';
import {
  closeAll,
  closeStreaming,
  dropUnmounted,
  dropUnsent,
  endLost,
  haltUnanswered,
  hasOpenCalls,
  takeBack,
} from './close-batches.ts';
import { isActive, isAhead, isBehind, look, noteAnswer, noteQueueEnd, restore, schedule } from './look.ts';
import { currentId, followIds } from './message-ids.ts';
import { createMount } from './page-life.ts';
import { idOf, mapChanged, withParts } from '../messages/part-fields.ts';
import { passPending, withEveryResult } from './part-results.ts';
import { countSame } from '../messages/message-parts.ts';
import { toSendable } from '../messages/part-writes.ts';
import { joinDevtools, warnOfOtherPlugins } from './plugin-host.ts';
import { judgeEnd, warnOfMissingFinish, type FinishFlags } from '../sdk/response-end.ts';
import type { ChatRequest, ResponseRecord, ResponseTapListener } from '../sdk/response-tap.ts';
import { createResumedAnswer } from '../messages/resumed-answer.ts';
import { settledCallbacks } from '../core/settled-callbacks.ts';

export interface ChatBridge extends ResponseTapListener {
  readonly toolCalls: ToolCalls;
  setOptions(options: ChatBridgeOptions): void;
  /** The chat's `onToolCall`: starts what may start, returns at once. */
  onToolCall(toolCall: Parameters<typeof takeUpCall>[1] & { providerExecuted?: boolean | undefined }): void;
  /** The chat's `onFinish`. */
  onFinish(event: FinishFlags & { messages: readonly UIMessage[] }): void;
  /** The chat's messages as they are meant to be: whole, and each once. The same array where nothing is missing or too much. */
  complete<TMessage extends UIMessage>(messages: TMessage[]): TMessage[];
  /** The messages may have changed: look at them as soon as this turn of the event loop ends. */
  schedule(): void;
  /** Clears the way for a message of the user; `undefined` when it is clear. */
  beforeMessage(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The answer is about to be thrown away: its calls are aborted. */
  beforeRegenerate(options: ChatRequestOptions | undefined): PromiseLike<void> | undefined;
  /** The page asks for a continuation by itself (`sendMessage()`). Gives the options with which it goes on with the last message. */
  beforeContinuation(options: ChatRequestOptions | undefined): ChatRequestOptions;
  /** The chat's own functions, as the page is given them. */
  provide(functions: ChatFunctions): void;
  /** A plugin may take over what a person asks of the chat: gives the promise of that. */
  divert(command: ChatCommand): Promise<void> | undefined;
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

/** Creates a bridge; no tool runs before `mount`. @throws TypeError on options that make no sense */
export function createChatBridge(given: CreateChatBridgeOptions): ChatBridge {
  const context = createContext(given);
  const toolCalls = createChatCommands(context);
  const { handle, runner, resumed, state, plugins, watchers } = context;
  chatViews.set(runner.store, {
    getMessages: () => messagesOf(context),
    isAtWork: () => isAtWork(context),
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  });
  return {
    toolCalls,
    schedule: context.schedule,
    // SAFETY: messages of the chat, of which the last one may have more parts of its own.
    complete: (messages) => completeMessages(context, messages) as typeof messages,
    setOptions(next) {
      const { tools } = state.options;
      warnOfOtherPlugins(state.options.plugins, next.plugins);
      state.options = expectOptions(next);
      runner.setOptions(next);
      if (!Object.keys(next.tools).every((toolName) => Object.hasOwn(tools, toolName))) noteTools(context);
    },
    currentId: (messageId) => currentId(context, messageId),
    onRequest: (request) => changeRequest(plugins, { ...request, messages: onRequest(context, request) }),
    beforeRequest: () => prepareRequest(plugins),
    onResponse: (record) => onResponse(context, record),
    onChunk: (chunk) => tellChunk(plugins, chunk),
    onReconnect: (isUnderWay, isFound) => onReconnect(context, isUnderWay, isFound),
    onResetStep: ({ steps }) => takeBack(context, resumed.stepsBefore(handle.getMessages()) + Math.max(0, steps - 1)),
    onToolCall(call) {
      if (call.providerExecuted === true || !isActive(context)) return;
      followIds(context);
      takeUpCall(context, call);
    },
    onFinish: (event) => onFinish(context, event),
    beforeMessage: (options) => beforeMessage(context, options),
    beforeRegenerate: (options) => beforeRegenerate(context, options),
    beforeContinuation: (options) => beforeContinuation(context, options),
    provide: (functions) => void Object.assign(context.functions, functions),
    divert: (command) => divertTo(plugins, command),
    depart: (send) => depart(context, send),
    stop: () => stop(context),
    mount: createMount(context, toolCalls, () => noteTools(context)),
  };
}

function createContext({ handle, options, ownsChat, isTapped }: CreateChatBridgeOptions): ChatContext {
  const { clock = systemClock } = options;
  const plugins = (options.plugins ?? []).map((plugin) => plugin.forChat?.(handle.id) ?? plugin);
  joinDevtools(plugins, () => state.options);
  const runner = createChatRunner({ ...options, plugins });
  const state: ChatState = {
    options: expectOptions(options),
    phase: IDLE,
    stage: 'new',
    isLate: true,
    isScheduled: false,
    requestOptions: undefined,
    followUps: { after: undefined, messages: [], count: 0 },
    resend: undefined,
    lookedAt: [],
    knownIds: [],
    closedHistory: [],
    hasActed: false,
    isYielding: false,
    isFreed: false,
    isQueuePaused: false,
  };
  const context: ChatContext = {
    handle,
    runner,
    resumed: createResumedAnswer(),
    changed: createChangedBatches(runner),
    clock,
    state,
    ownsChat,
    isTapped,
    plugins: [...plugins, settledCallbacks(runner, () => state.options)],
    watchers: new Set(),
    functions: {},
    recollections: new Map(),
    modelResults: new Map(),
    answers: new Map(),
    asked: new Set(),
    words: new Map(),
    movedIds: new Map(),
    takenBack: new Set(),
    waiting: { messages: [], stops: [], departures: new Set(), leaves: new Set() },
    claimant: { isMounted: () => state.stage === 'mounted' || state.stage === 'running' },
    schedule: () => schedule(context),
  };
  runner.setSuspended(true);
  return context;
}

// ── What the chat tells ──────────────────────────────────────────────────────

function onRequest(context: ChatContext, request: ChatRequest): UIMessage[] {
  const { resumed, state, changed, runner, waiting } = context;
  const messages = [...completeMessages(context, request.messages)];
  for (const leave of waiting.departures) leave();
  resumed.noteRequest(messages);
  followIds(context, request.messages);
  const continued = state.stage === 'new' ? lastAnswer(context, messages) : undefined;
  // Whatever comes from now on is of this page.
  if (continued !== undefined && isActive(context)) takeUp(context, continued, 'loaded');
  dropUnsent(context, messages);
  // An answer that is made again may leave one of the assistant's messages as the last.
  const isFollowUp = messages.at(-1)?.role !== 'user' && request.trigger !== 'regenerate-message';
  const start = countClosed(context, messages);
  if (isFollowUp) return [...toSendable(withEveryResult(context, messages), start)];
  state.isQueuePaused = false;
  noteOptions(context, request);
  const wasSettled = changed.list().every(isBatchSettled);
  for (const message of messages.slice(start)) notice(context, message, 'loaded');
  passPending(context);
  // The chat's own functions may have sent it past us, with calls still open, or with parts that the page has closed itself.
  const closed = withEveryResult(context, messages, 'new-message');
  const sent = toSendable(closed, start);
  const end = messages.findLastIndex((message) => message?.role === 'user') + 1;
  state.closedHistory = messages.slice(0, Math.min(end, countSame(messages, mapChanged(sent, withParts, start))));
  if (closed !== messages || !wasSettled) closeAll(context, 'new-message', 'new-message');
  for (const { key } of changed.list()) runner.dispatch({ type: 'batch-told', batchKey: key });
  return [...sent];
}

/** A request of the user's: follow-ups carry its options, and count from it. */
function noteOptions({ state }: ChatContext, options: ChatRequestOptions | undefined): void {
  const { body, headers, metadata } = options ?? {};
  state.requestOptions = {
    ...(body !== undefined && { body }),
    ...(headers !== undefined && { headers }),
    ...(metadata !== undefined && { metadata }),
  };
  state.followUps = { ...state.followUps, count: 0 };
}

function onResponse(context: ChatContext, record: ResponseRecord): void {
  const { resumed, handle } = context;
  const last = handle.getMessages().at(-1);
  movePhase(context, { type: 'response', record });
  if (context.state.stage !== 'left') context.state.isLate = false;
  if (record.resumed) {
    resumed.noteResume(handle.getMessages());
    // The stream brings the calls again that the unmount ended.
    dropUnmounted(context, ({ messageId }) => last !== undefined && messageId === idOf(last));
  } else closeStreaming(context, 'cut');
}

function onReconnect(context: ChatContext, isUnderWay: boolean, isFound: boolean | undefined): void {
  movePhase(context, { type: isUnderWay ? 'reconnect' : 'reconnected' });
  if (isUnderWay) return;
  // Stopped before it took the stream up, the chat tells of no end.
  if (recordOf(context.state.phase)?.cancelled === true) movePhase(context, { type: 'finish', isLost: false });
  if (isFound === false) endLost(context, 'cut');
  context.schedule();
}

function onFinish(context: ChatContext, event: FinishFlags & { readonly messages: readonly UIMessage[] }): void {
  const { state, handle, isTapped, changed } = context;
  noteAnswer(context);
  noteQueueEnd(state, event);
  const record = recordOf(state.phase);
  const end = judgeEnd(event, isTapped() ? record : undefined);
  followIds(context, event.messages);
  const answer = lastAnswer(context, completeMessages(context, event.messages));
  const whole = event.messages.at(-1);
  const before = handle.getMessages();
  const isStale = whole && (isBehind(before, whole) || isAhead(before, event.messages));
  const unrendered = isStale ? { before, answer: whole } : undefined;
  if (answer !== undefined && isActive(context)) {
    restore(context);
    if (end !== 'unknown') takeUp(context, answer, end === 'lost' ? 'live' : 'final');
    notice(context, answer, 'final');
    if (record !== undefined) takeUpRejected(context, answer, record.rejectedCalls);
    if (record !== undefined && end === 'well') noteAnswered(context, answer, record);
  }
  // A page that is hidden starts nothing, and hears what the server made of its calls.
  if (answer !== undefined && state.stage === 'left') notice(context, answer, 'final');
  movePhase(context, { type: 'finish', isLost: end === 'lost', unrendered });
  const isStreaming = changed.list().some(({ streaming }) => streaming);
  if (isStreaming) warnOfMissingFinish(end, record);
  const isUnanswered = end !== 'well' && !isStreaming;
  if (isUnanswered && answer !== undefined) haltUnanswered(context, answer, end);
  closeStreaming(context, end);
  context.schedule();
}

/** Tools have come or gone: calls of theirs may be waiting. */
function noteTools(context: ChatContext): void {
  const { runner, state } = context;
  runner.noteTools();
  const isStreaming = state.phase.at === 'streaming' && isAtWork(context) && isActive(context);
  if (isStreaming) followIds(context);
  if (isStreaming) takeUp(context, lastAnswer(context), state.isLate ? 'found' : 'live');
  context.schedule();
}

// ── What the page does ───────────────────────────────────────────────────────

function beforeMessage(context: ChatContext, options: ChatRequestOptions | undefined): PromiseLike<void> | undefined {
  const { handle, state, waiting } = context;
  noteOptions(context, options);
  if (isQuiet(context) && !hasOpenCalls(context)) return undefined;
  const close = () => handle.updateMessages?.((messages) => withEveryResult(context, messages, 'new-message'));
  // One that does not run the chat's calls, or no more, would wait for ever.
  if (state.options.onNewMessage === 'wait' && isActive(context)) {
    context.schedule();
    return new Promise<void>((resolve) => void waiting.messages.push(resolve)).then(() => {
      closeAll(context, 'new-message', 'new-message');
      close();
    });
  }
  closeAll(context, 'new-message', 'new-message');
  return Promise.resolve(isQuiet(context) ? undefined : stopStream(context)).then(() => {
    look(context);
    close();
  });
}

function beforeRegenerate(
  context: ChatContext,
  options: ChatRequestOptions | undefined,
): PromiseLike<void> | undefined {
  noteOptions(context, options);
  closeAll(context, 'superseded', 'new-message');
  return isQuiet(context) ? undefined : stopStream(context);
}

function beforeContinuation(context: ChatContext, options: ChatRequestOptions | undefined): ChatRequestOptions {
  if (options !== undefined) noteOptions(context, options);
  for (const batch of context.changed.list()) {
    if (!batch.streaming && isBatchSettled(batch)) context.runner.dispatch({ type: 'batch-told', batchKey: batch.key });
  }
  return withLastId(context.handle.getMessages(), options);
}

/** Stops the stream. AI SDK 6 says that it is done while the answer still ends. */
async function stopStream(context: ChatContext): Promise<void> {
  await context.handle.stop();
  if (!isQuiet(context) && context.state.phase.at !== 'departing')
    await new Promise<void>((resolve) => void context.waiting.stops.push(resolve));
}

async function stop(context: ChatContext): Promise<void> {
  context.state.isQueuePaused = true;
  context.state.isFreed = context.waiting.messages.length > 0;
  closeAll(context, 'stop', 'stopped');
  await context.handle.stop();
  look(context);
}
