/**
 * Owns what the parts of the bridge share: its options, the chat, the runner, the one state beside the store, and the questions that all of them ask.
 * Questions change nothing; what changes something says so in its name.
 */
import type { ChatRequestOptions, UIMessage } from 'ai';
import type { Clock } from '../core/clock.ts';
import { expectField, isCount } from '../core/expect.ts';
import type { ToolPolicyDefaults } from '../core/policy-sources.ts';
import type { ToolCallsCallbacks } from '../core/settled-callbacks.ts';
import type { ChatFunction, Recollection, ToolCallsPlugin } from '../core/plugins.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolBatch, ToolBatchKey, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import type { ChatRunner } from '../core/runner-interface.ts';
import type { ToolRunnerOptions } from '../core/runner-settings.ts';
import { isRunByPage } from '../core/tool.ts';
import type { ToolRegistry } from '../core/tool-registry.ts';
import type { ChangedBatches } from './changed-batches.ts';
import type { ChatHandle, Claimant } from '../sdk/chat-handle.ts';
import { isResting, reduceChatPhase, type ChatPhase, type ChatPhaseEvent } from './chat-phase.ts';
import { findContinued } from '../messages/continued-messages.ts';
import type { ModelResult } from './part-results.ts';
import { countSame, type PartWord } from '../messages/message-parts.ts';
import type { StepRef } from './next-move.ts';
import type { ApprovalAnswer } from '../messages/part-writes.ts';
import type { ResumedAnswer } from '../messages/resumed-answer.ts';

/** What both hooks take beside the tools. */
export interface ToolCallsOptions extends ToolPolicyDefaults, ToolCallsCallbacks {
  /** How many calls run at the same time, over all tools and steps. @default 10 */
  concurrency?: number | undefined;
  /**
   * The tools that components offer with `useClientTool`, where they are outside of the chat's provider, or serve several chats. Read when the hook
   * is made. @default one of its own
   */
  registry?: ToolRegistry | undefined;
  /** What stands beside the chat: a journal, tracing, consent. Read when the hook is made. @default none */
  plugins?: readonly ToolCallsPlugin[] | undefined;
  /** How many follow-ups are sent in a row without a message from the user. @default 25 */
  maxFollowUps?: number | undefined;
  /** What `sendMessage` does while calls are open: it cancels them, or the message waits for their results. @default 'cancel' */
  onNewMessage?: 'cancel' | 'wait' | undefined;
  /** What happens to a call whose tool the page does not have and the server did not run: the model is told, or the page answers it. @default 'report' */
  unknownTool?: 'report' | 'ignore' | undefined;
  /** `body`, `headers` and `metadata` of every follow-up. They are merged field by field over those of the last message. */
  followUpOptions?: ChatRequestOptions | undefined;
  /**
   * Sends the definitions of the page's tools as `tools` in the body of each request, follow-ups included, for a server that does not have
   * the tools. It reads them with `toolsFromDescriptions(body.tools)` of `use-parallel-tools/server`. @default false
   */
  sendDefinitions?: boolean | undefined;
}

export type ChatBridgeOptions = ToolCallsOptions & ToolRunnerOptions;

/** @throws TypeError on options that make no sense */
export function expectOptions<TOptions extends ChatBridgeOptions>(options: TOptions): TOptions {
  const { maxFollowUps = 25, onNewMessage = 'cancel', unknownTool = 'report' } = options;
  expectField('maxFollowUps', '', maxFollowUps, isCount(maxFollowUps, 0));
  expectField('onNewMessage', '', onNewMessage, ['cancel', 'wait'].includes(onNewMessage));
  expectField('unknownTool', '', unknownTool, ['report', 'ignore'].includes(unknownTool));
  return options;
}

/** Functions of a chat, of any signature. */
export type ChatFunctions = Partial<Record<ChatFunction, (...args: never[]) => PromiseLike<void> | void>>;

/** What the bridge remembers beside the store. */
export interface ChatState {
  options: ChatBridgeOptions;
  /** Where the chat stands. */
  phase: ChatPhase;
  /**
   * Where the page stands. Before `running` calls are taken up and none starts: a hook may never be mounted. `mounted`: it has yet to
   * look at the messages. `left`: unmounted, for good or until it is shown again.
   */
  stage: 'new' | 'mounted' | 'running' | 'left';
  /** The answer that streams began, or went on, without this bridge: what is in it may have run. */
  isLate: boolean;
  /** A look at the messages is due at the end of this turn of the event loop. */
  isScheduled: boolean;
  /** The options of the user's last request: follow-ups carry them. */
  requestOptions: ChatRequestOptions | undefined;
  /** Follow-ups since a message of the user, in the messages as they were then, or since a person told the chat to go on. */
  followUps: {
    readonly after: UIMessage | undefined;
    readonly messages: readonly UIMessage[];
    readonly count: number;
  };
  /** The step from whose end a person wants the model to answer again. */
  resend: StepRef | undefined;
  /** The messages as they were looked at last, and the ids that they had: the SDK may change one in its place. */
  lookedAt: readonly UIMessage[];
  readonly knownIds: string[];
  /** The beginning of the last history that went out, up to the user's message, in which nothing is open and nothing had to be changed. */
  closedHistory: readonly UIMessage[];
  /** A person has given a command since the last look: what is open is to go on. */
  hasActed: boolean;
  /** Somebody else has answered a call: the page that did may be about to send by itself, and is let go first, for a frame. */
  isYielding: boolean;
  /** The user has stopped what the first of the waiting messages waits for. */
  isFreed: boolean;
  /** The user has stopped the chat's own queue of messages. */
  isQueuePaused: boolean;
}

export interface ChatContext {
  readonly handle: ChatHandle;
  readonly runner: ChatRunner;
  readonly resumed: ResumedAnswer;
  readonly changed: ChangedBatches;
  readonly clock: Clock;
  readonly state: ChatState;
  /** The chat belongs to this bridge: unmounting stops its stream too. */
  readonly ownsChat: boolean;
  /** Whether chunks pass through a tap of this bridge. */
  readonly isTapped: () => boolean;
  readonly plugins: readonly ToolCallsPlugin[];
  /** Plugins that watch the chat. */
  readonly watchers: Set<() => void>;
  /** The chat's own functions, as the page is given them. */
  readonly functions: ChatFunctions;
  /** What plugins know of loaded calls, by key. */
  readonly recollections: Map<ToolCallKey, Recollection | 'asked' | undefined>;
  /** What plugins made of calls for the model, by the call's key. */
  readonly modelResults: Map<ToolCallKey, ModelResult>;
  /** What a person has answered to the server about its own calls, by the approval's id, until it is written. */
  readonly answers: Map<string, ApprovalAnswer>;
  /** Approvals of its own calls that the server asked for while this page looked on, and whose answer it has not been sent. */
  readonly asked: Set<string>;
  /** The last word of each part that was heard or written: another one is somebody else's. */
  readonly words: Map<ToolCallKey, PartWord>;
  /** Ids that messages had, with those that they have now. */
  readonly movedIds: Map<string, string>;
  /** Calls that the server has taken back, and whose parts the page has yet to see go. */
  readonly takenBack: Set<ToolCallKey>;
  /** Messages that wait for their turn, whoever waits for the stream to stop, requests that have yet to go out, and whoever waits for a call for as long as the page has the chat. */
  readonly waiting: {
    readonly messages: (() => void)[];
    readonly stops: (() => void)[];
    readonly departures: Set<() => void>;
    readonly leaves: Set<() => void>;
  };
  /** Who runs the calls of the chat: of two hooks on one chat only the first. */
  readonly claimant: Claimant;
  /** Looks at the messages as soon as this turn of the event loop ends. */
  schedule(): void;
}

/** Whether the chat's messages may be touched: it neither works nor is about to, and the page knows them. */
export function isIdle({ handle, state }: Pick<ChatContext, 'handle' | 'state'>): boolean {
  return isResting(state.phase) && !isAtWork({ handle });
}

/** Whether nothing streams or is about to, though the page may have yet to render what the chat has. */
export function isQuiet({ handle, state }: Pick<ChatContext, 'handle' | 'state'>): boolean {
  return (isResting(state.phase) || state.phase.at === 'unrendered') && !isAtWork({ handle });
}

/** Whether the chat's status says that it is at work. */
export function isAtWork({ handle }: Pick<ChatContext, 'handle'>): boolean {
  const status = handle.getStatus();
  return status === 'submitted' || status === 'streaming';
}

export function movePhase({ state }: Pick<ChatContext, 'state'>, event: ChatPhaseEvent): void {
  state.phase = reduceChatPhase(state.phase, event);
}

/** To look at, not to keep: a batch may change in place with the next event. */
export function batchesOf({ runner }: ChatContext): Readonly<Record<ToolBatchKey, ToolBatch>> {
  return runner.peek().batches;
}

export function callOf({ runner }: ChatContext, key: ToolCallKey): ToolCall | undefined {
  return selectToolCall(runner.peek(), key);
}

/** Whether this page runs a tool. */
export function isRunHere({ runner }: ChatContext, toolName: string): boolean {
  return isRunByPage(runner.getTools()[toolName]);
}

/** Messages with the steps that a resumed answer started from, and without those that another one continues: the same array where nothing is amiss. */
export function completeMessages(
  { resumed, state, movedIds }: ChatContext,
  messages: readonly UIMessage[],
): readonly UIMessage[] {
  return findContinued(resumed.complete(messages), state.lookedAt, movedIds).rest;
}

/** How many messages at the beginning need no look before they go out: none of them has changed since they did. */
export function countClosed({ state }: ChatContext, messages: readonly UIMessage[]): number {
  return countSame(state.closedHistory, messages);
}

/** The chat's messages as they are meant to be. */
export function messagesOf(context: ChatContext): readonly UIMessage[] {
  return completeMessages(context, context.handle.getMessages());
}

/** The last message, if it is the assistant's. */
export function lastAnswer(
  context: ChatContext,
  messages: readonly UIMessage[] = messagesOf(context),
): UIMessage | undefined {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? last : undefined;
}

/** A chat's promise that rejects has told the chat already: status and `onError` say it. */
export async function settleQuietly(promise: unknown): Promise<void> {
  try {
    await promise;
  } catch {
    // Nothing to add.
  }
}

/** A request is on its way from before `send()`, which may let it out at once. */
export function depart(context: ChatContext, send: () => PromiseLike<void> | void): Promise<void> {
  const { departures } = context.waiting;
  movePhase(context, { type: 'depart' });
  return new Promise<void>((resolve) => {
    const leave = () => {
      if (!departures.delete(leave)) return;
      movePhase(context, { type: 'departed' });
      resolve();
      context.schedule();
    };
    departures.add(leave);
    void settleQuietly(send()).then(leave);
  });
}
