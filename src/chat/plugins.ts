/**
 * Owns what the plugins of a chat are asked by the bridge, and what they hold in their hand. Where a mistake could let something leave it fails
 * closed; what else a plugin throws is reported once and passed over.
 */
import { warnInDevelopment } from '../core/development.ts';
import { ToolCallError } from '../core/errors.ts';
import {
  explainFault,
  pluginsWith,
  reportFault,
  type OutgoingRequest,
  type PluginHost,
  type Recollection,
  type ToolCallsPlugin,
} from '../core/plugins.ts';
import { takeSnapshot } from '../core/json-snapshot.ts';
import { isPromiseLike } from '../core/schema.ts';
import { toolBatchKeyOf, type ToolBatch, type ToolCall } from '../core/tool-call.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { batchesOf, isIdle, type ChatContext } from './chat-context.ts';
import type { ToolPartRef, ToolPartResult } from '../messages/message-parts.ts';

/** The chat is mounted. Gives what disconnects all plugins. */
export function connectPlugins(context: ChatContext, commands: ToolCalls): () => void {
  const disconnects = pluginsWith(context.plugins, 'connect').map((plugin) => {
    const disconnect = shield(plugin, 'connect', undefined, () =>
      plugin.connect(createHost(context, plugin, commands)),
    );
    return () => shield(plugin, 'connect', undefined, () => disconnect?.());
  });
  return () => disconnects.forEach((disconnect) => void disconnect());
}

function createHost(context: ChatContext, { name }: ToolCallsPlugin, commands: ToolCalls): PluginHost {
  const { handle, runner, schedule } = context;
  return {
    chatId: handle.id,
    store: runner.store,
    subscribe: runner.subscribe,
    commands,
    policyOf: runner.policyOf,
    idempotencyKeyOf: runner.idempotencyKeyOf,
    record(data, at) {
      const place = at === undefined ? '' : runner.currentKey(at);
      const isOfCall = place !== '' && batchesOf(context)[place] === undefined;
      const batchKey = isOfCall ? toolBatchKeyOf(place) : place;
      runner.dispatch({ type: 'plugin-event', plugin: name, data, batchKey, ...(isOfCall && { callKey: place }) });
    },
    mirror(records) {
      if ('batches' in records) runner.replace(records);
      else runner.dispatch(...records);
    },
    getMessages: () => handle.getMessages(),
    setMessages(messages) {
      if (!isIdle(context))
        throw new Error('The chat is at work, and what streams would be lost: set its messages when it is idle.');
      handle.updateMessages?.(() => messages);
      schedule();
    },
    reconsider() {
      const { stage, phase } = context.state;
      runner.setSuspended(stage !== 'running' || phase.at === 'leaving' || !mayAct(context));
      runner.reconsider();
      schedule();
    },
  };
}

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
      note(recollection);
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
  const { key, batchKey, messageId, step, toolName, part } = ref;
  const { toolCallId, input } = part;
  const call = { key, batchKey, messageId, step, toolCallId, toolName, input };
  const found = shield(plugin, 'recall', undefined, () => plugin.recall(call));
  if (!isPromiseLike(found)) return found ?? recallFrom(rest, ref);
  const giveUp = (thrown: unknown) => {
    reportFault(plugin, 'recall', thrown);
    return recallFrom(rest, ref);
  };
  return Promise.resolve(found).then((recollection) => recollection ?? recallFrom(rest, ref), giveUp);
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
      entry.result = settled;
      context.schedule();
    });
  return entry.result;
}

/** Whether a plugin has been asked about a call, and has yet to say what the model is to read of it. */
export function isWithheld({ modelResults }: ChatContext, { key, generation }: ToolCall): boolean {
  const known = modelResults.get(key);
  return known?.generation === generation && known.result === undefined;
}

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

/** A request with what plugins add to it. */
export function changeRequest<TRequest extends OutgoingRequest>({ plugins }: ChatContext, request: TRequest): TRequest {
  return pluginsWith(plugins, 'request').reduce(
    (changed, plugin) => ({ ...changed, ...shield(plugin, 'request', changed, () => plugin.request(changed)) }),
    request,
  );
}

function shield<TValue>(
  plugin: ToolCallsPlugin,
  member: 'connect' | 'mayAct' | 'recall' | 'request',
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
    `the \`plugins\` of a chat have changed from ${names[0]} to ${names[1]}. They are read once, when the chat is made, so the change has no effect. ` +
      'Give the same plugins in each render, or give the hook another `id` with them.',
  );
}
