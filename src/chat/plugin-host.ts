/** Owns which plugins a chat has, when they are connected, and what they hold in their hand. */
import { mayAct, shield } from '../core/ask-plugins.ts';
import { isSameJson } from '../core/identical-calls.ts';
import { warnOf } from '../core/misuse.ts';
import { DEVTOOLS_NAME, joinPageChats } from '../core/page-chats.ts';
import { askReasons, pluginsWith, type ChatFunction, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { toolBatchKeyOf } from '../core/tool-call.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { readToolParts } from '../messages/message-parts.ts';
import { batchesOf, isIdle, type ChatBridgeOptions, type ChatContext, type ChatFunctions } from './chat-context.ts';
import { standDown } from './close-batches.ts';

// The published types of src have no Node, and a page without a bundler has no `process` at all.
declare const process: { readonly env: { readonly NODE_ENV?: string | undefined } };

/** Adds the plugin through which devtools find the chat, unless the page has given it. In production it does nothing, and bundlers leave it out. */
export function joinDevtools(plugins: ToolCallsPlugin[], getOptions: () => ChatBridgeOptions): void {
  try {
    if (process.env.NODE_ENV !== 'production' && plugins.every(({ name }) => name !== DEVTOOLS_NAME)) {
      // The last one stands next to the tool: what it simulates is the tool's own doing to all others.
      const listResults = () => plugins.flatMap((plugin) => plugin.listResults?.() ?? []);
      plugins.push(joinPageChats({ getOptions, listResults }));
    }
  } catch {
    // Nobody said that this is development.
  }
}

/** The chat is mounted. Gives what disconnects all plugins. Those that do not judge whether the page may act are connected while it may. */
export function connectPlugins(context: ChatContext, commands: ToolCalls): () => void {
  const plugins = pluginsWith(context.plugins, 'connect');
  let disconnect: (() => void) | undefined;
  const actors: Actors = {
    connect() {
      if (disconnect !== undefined || !mayAct(context.plugins)) return;
      // A plugin may have everything asked again while it is connected.
      disconnect = () => {};
      disconnect = connectAll(plugins.filter((plugin) => plugin.mayAct === undefined));
    },
    disconnect() {
      disconnect?.();
      disconnect = undefined;
    },
  };
  const disconnectJudges = connectAll(plugins.filter((plugin) => plugin.mayAct !== undefined));
  actors.connect();
  return () => {
    actors.disconnect();
    disconnectJudges();
  };

  function connectAll(chosen: typeof plugins): () => void {
    const disconnects = chosen.map((plugin) => {
      const host = createHost(context, plugin, commands, actors);
      const end = shield(plugin, 'connect', undefined, () => plugin.connect(host));
      return () => shield(plugin, 'connect', undefined, () => end?.());
    });
    return () => disconnects.forEach((end) => void end());
  }
}

/** The plugins that stand beside what the page does. */
interface Actors {
  connect(): void;
  disconnect(): void;
}

function createHost(context: ChatContext, plugin: ToolCallsPlugin, commands: ToolCalls, actors: Actors): PluginHost {
  const { handle, runner, clock, schedule, watchers } = context;
  return {
    chatId: handle.id,
    clock,
    store: runner.store,
    subscribe: runner.subscribe,
    commands,
    mayAct: () => mayAct(context.plugins),
    policyOf: runner.policyOf,
    askReasons: (call) => askReasons(context.plugins, call),
    idempotencyKeyOf: runner.idempotencyKeyOf,
    answerByRule(call, denial) {
      if (denial === undefined) runner.approve(call, { byRule: true });
      else runner.deny(call, denial);
      schedule();
    },
    takeTurn: runner.takeTurn,
    record(data, at) {
      const place = at === undefined ? '' : runner.currentKey(at);
      const isOfCall = place !== '' && batchesOf(context)[place] === undefined;
      const batchKey = isOfCall ? toolBatchKeyOf(place) : place;
      const callKey = isOfCall ? { callKey: place } : {};
      runner.dispatch({ type: 'plugin-event', plugin: plugin.name, data, batchKey, ...callKey });
    },
    noteTold: (batchKey) => runner.dispatch({ type: 'batch-told', batchKey }),
    mirror: runner.mirror,
    perform({ name, args }) {
      const functions: ChatFunctions & Omit<ToolCalls, 'store' | 'subscribe'> = { ...commands, ...context.functions };
      // SAFETY: the arguments go through as they came.
      return (functions[name] as ChatFunctions[ChatFunction])?.(...(args as never[]));
    },
    watch(listener) {
      const watcher = () => shield(plugin, 'connect', undefined, listener);
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    getStatus: handle.getStatus,
    getMessages: handle.getMessages,
    toolPartsOf: readToolParts,
    setMessages(messages) {
      if (!isIdle(context))
        throw new Error('The chat is at work, and what streams would be lost: set its messages when it is idle.');
      handle.updateMessages?.(() => messages);
      schedule();
    },
    reconsider() {
      const { stage, phase } = context.state;
      actors.connect();
      runner.setSuspended(stage !== 'running' || phase.at === 'leaving' || !mayAct(context.plugins));
      runner.reconsider();
      schedule();
    },
    standDown() {
      actors.disconnect();
      standDown(context);
    },
  };
}

/** Plugins are read when the chat is made. A list that is made anew in each render is the same list. */
export function warnOfOtherPlugins(
  ...lists: readonly [before: ChatBridgeOptions['plugins'], now: ChatBridgeOptions['plugins']]
) {
  const [before, now] = lists.map((plugins = []) => plugins.map(({ name }) => name));
  if (!isSameJson(before, now)) warnOf('other-plugins', [before!, now!]);
}
