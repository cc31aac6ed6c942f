/**
 * Owns what a plugin is, and how the runner asks the plugins of a chat. Whatever one throws or returns never breaks the chat: where a mistake could
 * let something run or leave that must not, it fails closed, else it is reported once and passed over.
 */
import type { ChatRequestOptions, ChatStatus, UIMessage, UIMessageChunk } from 'ai';
import type { StoreApi } from 'zustand/vanilla';
import type { Clock } from './clock.ts';
import { explainError, ToolCallError } from './errors.ts';
import type { CacheControls, ResultCache } from './result-cache.ts';
import { isPromiseLike } from './schema.ts';
import type { ToolCallEventListener, ToolCallState, ToolCallStoreEvent } from './tool-call-store.ts';
import type { ToolBatch, ToolBatchKey, ToolCall, ToolCallEnding, ToolCallKey } from './tool-call.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import type { ToolPartRef } from './tool-part.ts';
import type { ClientToolExecutionOptions } from './tool.ts';
import type { KnownToolResult, ToolCallRef, ToolCalls, ToolCallsCommand } from './tool-calls.ts';

/**
 * What stands beside a chat: a journal, tracing, consent. Every member is optional, and one that is missing costs nothing. Plugins are asked
 * in the order of the list.
 */
export interface ToolCallsPlugin {
  /** Names the plugin to people and in the store. */
  readonly name: string;
  /** A plugin that serves many chats gives the one that stands beside this chat. Asked when the chat is made, which may be while a page renders. */
  forChat?(chatId: string): ToolCallsPlugin;
  /**
   * The chat is mounted. Returns what is to be done when it is unmounted. Where another plugin says that this page may not act, it is once the page may,
   * and until it may no more: only a plugin that has `mayAct` itself is connected all the time.
   */
  connect?(host: PluginHost): void | (() => void);
  /** Whether this page may start calls, write results and send. Asked again after `host.reconsider()`. */
  mayAct?(): boolean;
  /** What is known of a call that was found in loaded messages; `undefined` where nothing is. Until a promise settles the call is not taken up. */
  recall?(call: PendingCall): Recollection | undefined | PromiseLike<Recollection | undefined>;
  /** Keeps the results of tools with `staleTime`. The first plugin that can is asked, once for each runner, and must not throw. */
  createCache?(controls: CacheControls): ResultCache;
  /**
   * What a call's input comes to before it is checked; the record keeps `input`. The first plugin that can is asked, when the call begins, and, while it
   * waits for another call, whenever one of its batch has ended and after `host.reconsider()`. A throw fails the call; the words of a `ToolCallError` are
   * its error.
   */
  fillInput?(call: ToolCall, input: unknown, batch: ToolBatch): FilledInput;
  /** The results that it keeps, and those that are on their way. For devtools. */
  listResults?(): readonly KnownToolResult[];
  /** Why a person must say yes before the call starts, or `false`. Asked with the policy's own question. A throw asks the person. */
  approval?(call: ToolCall): false | string;
  /** Before each attempt, counted from 1. The call waits for the promise, with its locks and its slot. A throw fails the attempt: the tool does not run. */
  beforeAttempt?(call: ToolCall, attempt: number): void | PromiseLike<void>;
  /**
   * Around the tool, the first plugin outermost: `run` calls the tool, `extra` joins the options that it gets. The returned value is the tool's; a thrown
   * `ToolCallError` is its error. Anything else that is thrown here, and not by the tool, is reported and passed over. `options`: what the tool gets.
   */
  execute?(call: ToolCall, run: (extra?: object) => unknown, options: ClientToolExecutionOptions): unknown;
  /**
   * What the model reads in place of the output; the record keeps the tool's own. Nothing is written before it is there. A throw withholds the output; the
   * words of a `ToolCallError` are what the model reads then.
   */
  toModel?(call: ToolCall, output: unknown): unknown;
  /** What the model reads in place of an error's words. Nothing is written before it is there. A throw withholds them. */
  errorToModel?(call: ToolCall, text: string): unknown;
  /**
   * What the model reads beside the result of a call, or its error: sentences, by the names of the fields that they stand in. Asked again when the record of
   * the call has changed; a result that the model was given before is changed for its next request. A throw adds nothing.
   */
  annotate?(call: ToolCall): Readonly<Record<string, string>> | undefined;
  /** Whether a settled batch is sent to the model. `'hold'`: not before `host.reconsider()`. A throw holds it. */
  beforeFollowUp?(batch: ToolBatch): 'send' | 'hold';
  /** Whether the model has yet to be told of a step that was found in loaded messages with every result. Asked again after `host.reconsider()`. */
  owesFollowUp?(calls: readonly PendingCall[]): boolean;
  /** Before each request goes out, which waits for the promise. A throw keeps it back: `sendMessage` fails with it. */
  beforeRequest?(): void | PromiseLike<void>;
  /** Takes over what a person asks of the chat, in its place; `undefined` where the chat is to do it. */
  command?(command: ChatCommand): PromiseLike<void> | undefined;
  /** Each piece of an answer as the server sends it, before the chat has it. Those of a stream that is resumed are left out. */
  chunk?(chunk: UIMessageChunk): void;
  /** The headers and the body of each request that goes out. */
  request?(request: OutgoingRequest): OutgoingRequest;
}

/** What an input comes to, or the call that has to end before that is known. */
export type FilledInput = { readonly input: unknown } | { readonly waitFor: Pick<ToolCall, 'key' | 'toolName'> };

/** A call in loaded messages, as its part tells it. */
export interface PendingCall {
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

/**
 * What a plugin knows of a pending call: how it ended; that it started (`at`, epoch milliseconds), and may have run; that it ended, with a
 * result that was not kept; that it never started (`ask`: a person runs it; `isCut`: nor had
 * its answer ended, so that one of a `step-end` tool waits for a person). `approved`: a person had said yes. `idempotencyKey`: the one that the call had, and keeps. `input`: the one
 * that a person had put in the place of the model's.
 */
export type Recollection =
  | { readonly type: 'settled'; readonly ending: ToolCallEnding; readonly input?: unknown }
  | ({ readonly type: 'started'; readonly at?: number } & RecalledCall)
  | ({ readonly type: 'ended'; readonly at: number } & RecalledCall)
  | ({ readonly type: 'never-started'; readonly ask?: boolean; readonly isCut?: boolean } & RecalledCall);

/** What is known of a call that did not end. */
export interface RecalledCall {
  readonly approved?: boolean;
  readonly idempotencyKey?: string;
  readonly input?: unknown;
}

/** What a person asks of a chat: a command of its tool calls, or one of the chat's own functions, with what it was given. */
export interface ChatCommand {
  readonly name: ToolCallsCommand | ChatFunction;
  readonly args: readonly unknown[];
  /** A message that nobody took over before, and that goes out now: the chat waits for it, so it cannot be given back to `perform`. */
  readonly isDeparting?: boolean;
}

/** The functions of a chat that plugins are asked about first. Those that the chat of a page lacks are not. */
export type ChatFunction =
  | 'sendMessage'
  | 'regenerate'
  | 'stop'
  | 'setMessages'
  | 'addToolOutput'
  | 'addToolApprovalResponse';

/** What goes out with a request. */
export interface OutgoingRequest extends Pick<ChatRequestOptions, 'headers' | 'body' | 'metadata'> {
  readonly messages: readonly UIMessage[];
}

/** What a plugin holds in its hand. */
export interface PluginHost {
  readonly chatId: string;
  /** The chat's time: a page's tests may have their own. */
  readonly clock: Clock;
  /** Every batch and call. Read only. */
  readonly store: StoreApi<ToolCallState>;
  /** Calls `listener` for every event, in order. Returns the unsubscribe function. */
  subscribe(listener: ToolCallEventListener): () => void;
  readonly commands: ToolCalls;
  /** Whether this page may start calls, write and send now, as far as the plugins say. */
  mayAct(): boolean;
  /** The policy of a tool of this page, with every default filled in. */
  policyOf(toolName: string): ResolvedToolPolicy | undefined;
  /** Why the plugins of the chat want a person's yes to a call; nothing where none does. */
  askReasons(call: ToolCall): readonly string[];
  /** The idempotency key that the tool of a call is given. */
  idempotencyKeyOf(call: ToolCallRef): string | undefined;
  /** Answers a question for approval by a rule, in a person's place: yes, or no with the reason for it. Plugins may still ask about the call. */
  answerByRule(call: ToolCallRef, denial?: string): void;
  /**
   * Waits in the line for what a call that has ended had, its locks and a slot, behind the calls that are there. `then` gets its parsed input once it
   * has them. Returns what gives them back, or leaves the line; nothing where there is no such call.
   */
  takeTurn(call: ToolCallRef, then: (input: unknown) => void): (() => void) | undefined;
  /** Joins `data` to the plugin's own facts, in `plugins[name]` of a call or batch, or of the chat. */
  record(data: object, at?: ToolBatchKey | ToolCallKey): void;
  /** The request that is on its way carries a batch that no answer made, as it is. */
  noteTold(batchKey: ToolBatchKey): void;
  /** Takes over records that were made elsewhere: events to apply, or the whole state. Who subscribed to events does not hear of them. */
  mirror(records: readonly ToolCallStoreEvent[] | ToolCallState): void;
  /** Carries out a command that was given elsewhere. Plugins are asked about it as if it was given here. */
  perform(command: ChatCommand): PromiseLike<void> | void;
  /** Calls `listener` after the messages or the chat's status may have changed: at each piece of an answer. Returns the unsubscribe function. */
  watch(listener: () => void): () => void;
  getStatus(): ChatStatus;
  getMessages(): readonly UIMessage[];
  /** The tool parts of a message, in order, and where they stand. */
  toolPartsOf(message: UIMessage): readonly ToolPartRef[];
  /** @throws Error while the chat is at work: what streams would be lost */
  setMessages(messages: readonly UIMessage[]): void;
  /** Asks `mayAct`, `fillInput` of calls that wait, `approval`, `beforeFollowUp` and `owesFollowUp` again. */
  reconsider(): void;
  /**
   * For a page that may act no more: aborts what runs and what streams, as unmounting does, forgets the records, and writes and sends nothing. The
   * other plugins are disconnected first.
   */
  standDown(): void;
}

export type PluginMember = Exclude<keyof ToolCallsPlugin, 'name' | 'forChat'>;

/** The plugins that have a member: none costs nothing. */
export function pluginsWith<TMember extends PluginMember>(plugins: readonly ToolCallsPlugin[], member: TMember) {
  // SAFETY: the filter just looked.
  return plugins.filter((plugin) => plugin[member] !== undefined) as (ToolCallsPlugin &
    Required<Pick<ToolCallsPlugin, TMember>>)[];
}

const reported = new WeakMap<ToolCallsPlugin, Set<PluginMember>>();

/** Tells the page's author of a plugin's fault, once for each member. */
export function reportFault(plugin: ToolCallsPlugin, member: PluginMember, thrown: unknown): void {
  const members = reported.get(plugin) ?? new Set<PluginMember>();
  if (members.has(member)) return;
  reported.set(plugin, members.add(member));
  // oxlint-disable-next-line no-console -- the page's author is to see it, and nothing else can tell them
  console.error(`use-parallel-tools: \`${member}\` of the plugin "${plugin.name}" threw; the chat goes on.`, thrown);
}

/** What a plugin's fault says on a card: `what` did not happen because of it. */
export function explainFault(
  plugin: ToolCallsPlugin,
  member: PluginMember,
  what: string,
  thrown: unknown,
): ToolCallError {
  reportFault(plugin, member, thrown);
  return explainError(`${what}, since the plugin "${plugin.name}" failed`, thrown);
}

/** Why the tool does not run: what the plugin says, or that it failed. */
function refuse(plugin: ToolCallsPlugin, member: PluginMember, thrown: unknown): ToolCallError {
  return thrown instanceof ToolCallError ? thrown : explainFault(plugin, member, 'The tool did not run', thrown);
}

/** What the input of a call comes to. The first plugin that can is asked. @throws ToolCallError */
export function fillInput(
  plugins: readonly ToolCallsPlugin[],
  call: ToolCall | undefined,
  input: unknown,
  batch: ToolBatch | undefined,
): FilledInput {
  const plugin = pluginsWith(plugins, 'fillInput')[0];
  if (!plugin || !call || !batch) return { input };
  try {
    return plugin.fillInput(call, input, batch);
  } catch (thrown) {
    throw refuse(plugin, 'fillInput', thrown);
  }
}

/** Why a person must say yes to a call. */
export function askReasons(plugins: readonly ToolCallsPlugin[], call: ToolCall): string[] {
  return pluginsWith(plugins, 'approval').flatMap((plugin) => {
    try {
      const reason = plugin.approval(call);
      if (reason === false) return [];
      if (typeof reason === 'string') return [reason];
      throw new TypeError('expected `false` or the reason');
    } catch (thrown) {
      return [explainFault(plugin, 'approval', 'It is not known whether the call is safe', thrown).message];
    }
  });
}

/** What an attempt waits for: nothing, or a promise that rejects where the tool must not run. `onWait` hears for which plugin. */
export function prepareAttempt(
  plugins: readonly ToolCallsPlugin[],
  call: ToolCall,
  attempt: number,
  onWait: (name: string) => void,
): Promise<void> | undefined {
  const [plugin, ...rest] = pluginsWith(plugins, 'beforeAttempt');
  if (plugin === undefined) return undefined;
  const fail = (thrown: unknown): never => {
    throw refuse(plugin, 'beforeAttempt', thrown);
  };
  let ready: void | PromiseLike<void>;
  try {
    ready = plugin.beforeAttempt(call, attempt);
  } catch (thrown) {
    return Promise.resolve(thrown).then(fail);
  }
  if (!isPromiseLike(ready)) return prepareAttempt(rest, call, attempt, onWait);
  onWait(plugin.name);
  return Promise.resolve(ready).then(() => prepareAttempt(rest, call, attempt, onWait), fail);
}

/** The tool with the plugins around it. */
export function wrapTool(
  plugins: readonly ToolCallsPlugin[],
  call: ToolCall,
  execute: (extra?: object) => unknown,
  options: ClientToolExecutionOptions,
): (extra?: object) => unknown {
  return pluginsWith(plugins, 'execute').reduceRight(
    (run, plugin) => (extra) => {
      let outcome: { readonly value: unknown } | { readonly error: unknown } | undefined;
      const runTool = (more?: object): unknown => {
        try {
          const value = run(more === undefined ? extra : { ...extra, ...more });
          outcome = { value };
          if (isPromiseLike(value)) value.then(undefined, (error: unknown) => (outcome = { error }));
          return value;
        } catch (error) {
          outcome = { error };
          throw error;
        }
      };
      /** What the plugin threw: the tool's error, one that it gives in its place, or a fault of its own. */
      const recover = (thrown: unknown): unknown => {
        const isTools = outcome !== undefined && 'error' in outcome && outcome.error === thrown;
        if (isTools || thrown instanceof ToolCallError) throw thrown;
        reportFault(plugin, 'execute', thrown);
        if (outcome === undefined) return run(extra);
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      };
      try {
        const given = plugin.execute(call, runTool, options);
        return isPromiseLike(given) ? Promise.resolve(given).catch(recover) : given;
      } catch (thrown) {
        return recover(thrown);
      }
    },
    execute,
  );
}
