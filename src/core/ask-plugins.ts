/**
 * Owns what the plugins of a chat are asked beside its calls: whether the page may act, what they know, what they hold, change or take over. What one
 * throws is reported once and passed over; a batch is held by it.
 */
import type { UIMessageChunk } from 'ai';
import {
  pluginsWith,
  reportFault,
  type ChatCommand,
  type OutgoingRequest,
  type PendingCall,
  type PluginMember,
  type Recollection,
  type ToolCallsPlugin,
} from './plugins.ts';
import { isPromiseLike } from './schema.ts';
import type { ToolBatch, ToolCall } from './tool-call.ts';

type Plugins = readonly ToolCallsPlugin[];

/** Does something of a plugin's where a fault of its own is passed over. */
export function shield<TValue>(
  plugin: ToolCallsPlugin,
  member: PluginMember,
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

/** Whether this page may start calls, write and send. */
export function mayAct(plugins: Plugins): boolean {
  return pluginsWith(plugins, 'mayAct').every((plugin) => shield(plugin, 'mayAct', true, () => plugin.mayAct()));
}

/** What the first plugin that knows anything knows of a loaded call. */
export function recallFrom(
  plugins: Plugins,
  call: PendingCall,
): Recollection | undefined | PromiseLike<Recollection | undefined> {
  const [plugin, ...rest] = pluginsWith(plugins, 'recall');
  if (plugin === undefined) return undefined;
  const found = shield(plugin, 'recall', undefined, () => plugin.recall(call));
  if (!isPromiseLike(found)) return found ?? recallFrom(rest, call);
  const giveUp = (thrown: unknown) => {
    reportFault(plugin, 'recall', thrown);
    return recallFrom(rest, call);
  };
  return Promise.resolve(found).then((recollection) => recollection ?? recallFrom(rest, call), giveUp);
}

/** Whether a plugin knows that the model has yet to be told of these calls. */
export function isOwed(plugins: Plugins, calls: readonly PendingCall[]): boolean {
  return pluginsWith(plugins, 'owesFollowUp').some((plugin) =>
    shield(plugin, 'owesFollowUp', false, () => plugin.owesFollowUp(calls)),
  );
}

/** What the model reads beside the result of a call, by the names of fields; `undefined` where plugins say nothing. */
export function notesOf(plugins: Plugins, call: ToolCall): Readonly<Record<string, string>> | undefined {
  let notes: Readonly<Record<string, string>> | undefined;
  for (const plugin of pluginsWith(plugins, 'annotate')) {
    const own = shield(plugin, 'annotate', undefined, () => plugin.annotate(call));
    if (own !== undefined) notes = { ...notes, ...own };
  }
  return notes;
}

/** The names of the plugins that keep a batch from being sent. */
export function findHolders(plugins: Plugins, batch: ToolBatch): string[] {
  return pluginsWith(plugins, 'beforeFollowUp')
    .filter((plugin) => shield(plugin, 'beforeFollowUp', 'hold', () => plugin.beforeFollowUp(batch)) !== 'send')
    .map(({ name }) => name);
}

/** What a request waits for, or nothing: a rejection keeps it back. */
export function prepareRequest(plugins: Plugins): Promise<unknown> | undefined {
  const asked = pluginsWith(plugins, 'beforeRequest');
  return asked.length === 0 ? undefined : Promise.all(asked.map(async (plugin) => plugin.beforeRequest()));
}

/** A plugin may take over what a person asks of the chat: gives the promise of that. */
export function divertTo(plugins: Plugins, command: ChatCommand): Promise<void> | undefined {
  for (const plugin of pluginsWith(plugins, 'command')) {
    const taken = shield(plugin, 'command', undefined, () => plugin.command(command));
    if (taken !== undefined) return Promise.resolve(taken);
  }
  return undefined;
}

/** A piece of an answer has come. */
export function tellChunk(plugins: Plugins, chunk: UIMessageChunk): void {
  for (const plugin of plugins) shield(plugin, 'chunk', undefined, () => plugin.chunk?.(chunk));
}

/** A request with what plugins add to it. */
export function changeRequest<TRequest extends OutgoingRequest>(plugins: Plugins, request: TRequest): TRequest {
  return pluginsWith(plugins, 'request').reduce(
    (changed, plugin) => ({ ...changed, ...shield(plugin, 'request', changed, () => plugin.request(changed)) }),
    request,
  );
}
