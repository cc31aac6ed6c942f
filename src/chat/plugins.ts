/**
 * Owns what the plugins of a chat are asked by the bridge. Where a mistake could let something leave it fails closed; what else a plugin
 * throws is reported once and passed over.
 */
import type { UIMessageChunk } from 'ai';
import { warnInDevelopment } from '../core/development.ts';
import { ToolCallError } from '../core/errors.ts';
import {
  explainFault,
  pluginsWith,
  reportFault,
  type ChatCommand,
  type OutgoingRequest,
  type PendingCall,
  type Recollection,
  type ToolCallsPlugin,
} from '../core/plugins.ts';
import { takeSnapshot } from '../core/json-snapshot.ts';
import { isPromiseLike } from '../core/schema.ts';
import type { ToolBatch, ToolCall } from '../core/tool-call.ts';
import type { ChatContext } from './chat-context.ts';
import type { ToolPartRef, ToolPartResult } from '../messages/message-parts.ts';

/** Whether this page may start calls, write and send. */
export function mayAct({ plugins }: ChatContext): boolean {
  return pluginsWith(plugins, 'mayAct').every((plugin) => shield(plugin, 'mayAct', true, () => plugin.mayAct()));
}

/** What is known of a loaded call; `'asked'` while a plugin has yet to say. */
export function recall(context: ChatContext, ref: ToolPartRef): Recollection | 'asked' | undefined {
  const asked = pluginsWith(context.plugins, 'recall');
  if (asked.length === 0) return undefined;
  if (context.recollections.has(ref.key)) return context.recollections.get(ref.key);
  context.recollections.set(ref.key, 'asked');
  const note = (recollection: Recollection | undefined) => void context.recollections.set(ref.key, recollection);
  const found = recallFrom(asked, ref);
  if (!isPromiseLike(found)) note(found);
  else
    void found.then((recollection) => {
      // The page may have left the chat to another one meanwhile.
      if (context.recollections.has(ref.key)) note(recollection);
      context.schedule();
    });
  return context.recollections.get(ref.key);
}

type RecallingPlugin = ToolCallsPlugin & Required<Pick<ToolCallsPlugin, 'recall'>>;

/** The first plugin that knows anything. */
function recallFrom(
  [plugin, ...rest]: readonly RecallingPlugin[],
  ref: ToolPartRef,
): Recollection | undefined | PromiseLike<Recollection | undefined> {
  if (plugin === undefined) return undefined;
  const found = shield(plugin, 'recall', undefined, () => plugin.recall(toPendingCall(ref)));
  if (!isPromiseLike(found)) return found ?? recallFrom(rest, ref);
  const giveUp = (thrown: unknown) => {
    reportFault(plugin, 'recall', thrown);
    return recallFrom(rest, ref);
  };
  return Promise.resolve(found).then((recollection) => recollection ?? recallFrom(rest, ref), giveUp);
}

function toPendingCall({ key, batchKey, messageId, step, toolName, part }: ToolPartRef): PendingCall {
  const { toolCallId, input } = part;
  return { key, batchKey, messageId, step, toolCallId, toolName, input };
}

/** Whether a plugin knows that the model has yet to be told of these calls. */
export function isOwed({ plugins }: ChatContext, refs: readonly ToolPartRef[]): boolean {
  const calls = refs.map(toPendingCall);
  return pluginsWith(plugins, 'owesFollowUp').some((plugin) =>
    shield(plugin, 'owesFollowUp', false, () => plugin.owesFollowUp(calls)),
  );
}

/** What the model reads of an output, or of an error's words; `undefined` while a plugin has yet to say. */
export function toModelResult(context: ChatContext, call: ToolCall, own: ToolPartResult): ToolPartResult | undefined {
  const { plugins, modelResults } = context;
  const { state } = own;
  const asked = pluginsWith(plugins, MODEL_MEMBER[state]);
  if (asked.length === 0) return own;
  const known = modelResults.get(call.key);
  if (known?.generation === call.generation && known.state === state) return known.result;
  const entry: ModelResult = { generation: call.generation, state };
  modelResults.set(call.key, entry);
  const result = toModelFrom(asked, call, own);
  if (!isPromiseLike(result)) entry.result = result;
  else
    void result.then((settled) => {
      entry.result ??= settled;
      context.schedule();
    });
  return entry.result;
}

/** Whether plugins have yet to say what the model reads of a call. */
export function isPending({ modelResults }: ChatContext, call: ToolCall | undefined): boolean {
  const known = call && modelResults.get(call.key);
  return known !== undefined && known.generation === call?.generation && known.result === undefined;
}

/** The conversation goes on without what plugins have yet to say: the model is told so, and whatever they say comes too late. */
export function passPending({ modelResults }: ChatContext): void {
  for (const entry of modelResults.values()) entry.result ??= { state: 'output-error', errorText: PASSED };
}

/** It may have run: to call it cancelled would have the model do it again. */
const PASSED = 'It ran, but its result was not sent: the user sent a new message';

/** What plugins made of a call for the model; without a `result` while they have yet to say. */
export interface ModelResult {
  readonly generation: number;
  readonly state: ToolPartResult['state'];
  result?: ToolPartResult;
}

const MODEL_MEMBER = { 'output-available': 'toModel', 'output-error': 'errorToModel' } as const;

/** Each plugin gets what the one before it made of the output, or of the words. */
function toModelFrom(
  [plugin, ...rest]: readonly ToolCallsPlugin[],
  call: ToolCall,
  own: ToolPartResult,
): ToolPartResult | Promise<ToolPartResult> {
  if (plugin === undefined) return own;
  const member = MODEL_MEMBER[own.state];
  const isOutput = own.state === 'output-available';
  const withhold = (thrown: unknown): ToolPartResult => ({
    state: 'output-error',
    errorText:
      thrown instanceof ToolCallError
        ? thrown.message
        : explainFault(plugin, member, `The ${isOutput ? 'output' : 'error'} was withheld`, thrown).message,
  });
  const take = (given: unknown) => {
    if (!isOutput)
      return typeof given === 'string'
        ? toModelFrom(rest, call, { state: own.state, errorText: given })
        : withhold(new TypeError('expected a string'));
    const snapshot = takeSnapshot(given);
    if (!snapshot.success) return withhold(new TypeError(`what it gave cannot be sent as JSON: ${snapshot.message}`));
    return toModelFrom(rest, call, { state: own.state, output: snapshot.value ?? null });
  };
  try {
    const given = isOutput ? plugin.toModel!(call, own.output) : plugin.errorToModel!(call, own.errorText);
    return isPromiseLike(given) ? Promise.resolve(given).then(take).catch(withhold) : take(given);
  } catch (thrown) {
    return withhold(thrown);
  }
}

/** The plugins that keep a batch from being sent. */
export function findHolders({ plugins }: ChatContext, batch: ToolBatch): string[] {
  return pluginsWith(plugins, 'beforeFollowUp').flatMap((plugin) => {
    try {
      return plugin.beforeFollowUp(batch) === 'send' ? [] : plugin.name;
    } catch (thrown) {
      reportFault(plugin, 'beforeFollowUp', thrown);
      return plugin.name;
    }
  });
}

/** What a request waits for, or nothing: a rejection keeps it back. */
export function prepareRequest({ plugins }: ChatContext): Promise<unknown> | undefined {
  const asked = pluginsWith(plugins, 'beforeRequest');
  return asked.length === 0 ? undefined : Promise.all(asked.map(async (plugin) => plugin.beforeRequest()));
}

/** A plugin may take over what a person asks of the chat: gives the promise of that. */
export function divert({ plugins }: ChatContext, command: ChatCommand): Promise<void> | undefined {
  for (const plugin of pluginsWith(plugins, 'command')) {
    const taken = shield(plugin, 'command', undefined, () => plugin.command(command));
    if (taken !== undefined) return Promise.resolve(taken);
  }
  return undefined;
}

/** A request with what plugins add to it. */
export function changeRequest<TRequest extends OutgoingRequest>({ plugins }: ChatContext, request: TRequest): TRequest {
  return pluginsWith(plugins, 'request').reduce(
    (changed, plugin) => ({ ...changed, ...shield(plugin, 'request', changed, () => plugin.request(changed)) }),
    request,
  );
}

/** A piece of an answer has come. */
export function tellChunk({ plugins }: ChatContext, chunk: UIMessageChunk): void {
  for (const plugin of plugins) shield(plugin, 'chunk', undefined, () => plugin.chunk?.(chunk));
}

/** Asks a plugin where a fault of its own is passed over. */
export function shield<TValue>(
  plugin: ToolCallsPlugin,
  member: 'connect' | 'mayAct' | 'recall' | 'owesFollowUp' | 'command' | 'request' | 'chunk',
  fallback: TValue,
  ask: () => TValue,
): TValue {
  try {
    return ask();
  } catch (thrown) {
    reportFault(plugin, member, thrown);
    return fallback;
  }
}

/** Plugins are read when the chat is made. A list that is made anew in each render is the same list. */
export function warnOfOtherPlugins(
  before: readonly ToolCallsPlugin[] = [],
  now: readonly ToolCallsPlugin[] = [],
): void {
  const names = [before, now].map((plugins) => JSON.stringify(plugins.map(({ name }) => name)));
  if (names[0] === names[1]) return;
  warnInDevelopment(
    'other-plugins',
    `the \`plugins\` of a chat have changed from ${names[0]} to ${names[1]}, which has no effect: they are read when the chat is made. ` +
      'Give the same plugins in each render, or give the hook another `id` with them.',
  );
}
