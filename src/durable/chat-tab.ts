/** Owns what a tab does for one chat that several tabs have open. What it is to do is decided in `tab.ts`. */
import type { CancelTimer, Clock } from '../core/clock.ts';
import { ToolCallError } from '../core/errors.ts';
import type { ChatCommand, PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import { createRunId } from '../core/tool-call-key.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import { toolBatchKeyOf } from '../core/tool-call.ts';
import { AWAY, isActing, nextTab, type Tab, type TabAction, type TabCommand, type TabEvent } from './tab.ts';
import { createTabLock, type TabLock, type TabLocks } from './tab-lock.ts';
import { createNewsReader, type NewsReader } from './news-reader.ts';
import { createNewsWriter, type NewsWriter } from './news-writer.ts';
import { NAME, readMessage, wrapMessage, type TabMessage, type TabNews } from './tab-messages.ts';

/** The part of the browser's `BroadcastChannel` that is used. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  close(): void;
}

/** What the tabs of a page do for that of a chat. */
export interface TabsContext {
  readonly clock: Clock;
  readonly locks: TabLocks;
  readonly openChannel: (name: string) => TabChannel;
  /** Tells the page's author of what went wrong. */
  report(thrown: unknown): void;
  /** The browser cannot say who leads. */
  onUnable(thrown: unknown): void;
}

export interface ChatTab extends ToolCallsPlugin {
  /** A person wants this tab to lead. */
  takeOver(): void;
}

/** How long a tab that leads no more is given to stop what it does (ms), where it does not say that it has. */
const TIME_TO_STOP = 1_000;
/** How long a command waits for a tab that carries it out (ms). */
const PATIENCE = 10_000;
/** A tab that took over gives the chat so long to know its calls again (ms), and so long to know one that a command names. */
const TAKING_UP = 250;
const TAKING_UP_ONE = 4_000;
/** How often it looks meanwhile (ms). */
const LOOK_AGAIN = 25;

interface ChatTabState {
  tab: Tab;
  host: PluginHost | undefined;
  channel: TabChannel | undefined;
  writer: NewsWriter | undefined;
  reader: NewsReader | undefined;
  cancelWait: CancelTimer | undefined;
  /** When this tab took over from another one (epoch ms); 0 where there was none. */
  tookOverAt: number;
}

/** Who waits for a command to be taken. */
interface Asker {
  readonly command: TabCommand;
  resolve(): void;
  reject(error: Error): void;
  cancelTimer: CancelTimer;
}

export function createChatTab({ clock, locks, openChannel, report, onUnable }: TabsContext, chatId: string): ChatTab {
  const name = `use-parallel-tools/${chatId}`;
  const state: ChatTabState = {
    tab: AWAY,
    host: undefined,
    channel: undefined,
    writer: undefined,
    reader: undefined,
    cancelWait: undefined,
    tookOverAt: 0,
  };
  const askers = new Map<string, Asker>();
  const lock: TabLock = createTabLock(locks, name, {
    onGranted: (isStolen) => dispatch({ type: 'granted', isStolen, at: clock.now() }),
    onLost: () => dispatch({ type: 'lost' }),
    onUnable(thrown) {
      onUnable(thrown);
      dispatch({ type: 'unable' });
    },
  });

  function dispatch(event: TabEvent): void {
    const { role } = state.tab;
    const [next, ...actions] = nextTab(state.tab, event);
    state.tab = next;
    if (next.role !== role) state.host?.record({ role: next.role });
    for (const action of actions) act(action);
  }

  function act(action: TabAction): void {
    switch (action.type) {
      case 'request-lock':
        return lock.request(action.steal);
      case 'let-go':
        return lock.letGo();
      case 'stand-down':
        state.writer?.stop();
        return state.host?.standDown();
      case 'wait':
        state.cancelWait = clock.setTimer(() => dispatch({ type: 'waited' }), TIME_TO_STOP);
        return;
      case 'lead':
        return lead();
      case 'publish':
        return state.writer?.tellAll();
      case 'post':
        return post(action.message);
      case 'apply':
        return state.reader?.read(action.news);
      case 'confirm':
        return void confirm().then((isLeading) => {
          if (isLeading) dispatch(action.event);
        });
      case 'perform':
        return perform(action.command);
      case 'settle':
        return settle(action.id, action.isTaken);
      default:
        return action satisfies never;
    }
  }

  // ── To lead ────────────────────────────────────────────────────────────────

  /** The records of the tab that led are forgotten: the chat takes its calls up as after a reload, with what a journal knows. */
  function lead(): void {
    const { host } = state;
    state.cancelWait?.();
    if (host === undefined) return;
    const known = host.store.getState();
    state.tookOverAt = Object.keys(known.batches).length > 0 ? clock.now() : 0;
    if (state.tookOverAt > 0) host.mirror({ ...known, batches: {} });
    host.reconsider();
  }

  /** Whether this tab leads now, and not only as far as it has heard. */
  async function confirm(): Promise<boolean> {
    if (state.tab.role === 'leading' && !(await lock.isHeld())) dispatch({ type: 'lost' });
    return isActing(state.tab);
  }

  async function expectToLead(): Promise<void> {
    if (!(await confirm())) throw new ToolCallError('cancelled', 'Another tab runs the calls of this chat now');
  }

  function perform(command: TabCommand): void {
    if (isTooEarly(command)) {
      clock.setTimer(() => perform(command), LOOK_AGAIN);
      return;
    }
    void run(command);
  }

  async function run(command: TabCommand): Promise<void> {
    try {
      if (!isActing(state.tab)) throw new Error(describeLoss(command));
      await state.host?.perform(command);
    } catch (thrown) {
      // What became of a call is on its record, which the tab that made it shows.
      if (command.name !== 'call' || !(thrown instanceof ToolCallError)) report(thrown);
    }
  }

  /** The chat has yet to know its calls again. */
  function isTooEarly({ name: commandName, args: [key] }: TabCommand): boolean {
    const since = clock.now() - state.tookOverAt;
    if (!isActing(state.tab) || since >= TAKING_UP_ONE) return false;
    if (since < TAKING_UP || typeof key !== 'string' || commandName === 'call') return since < TAKING_UP;
    const batches = state.host?.store.getState().batches ?? {};
    return batches[key] === undefined && batches[toolBatchKeyOf(key)]?.calls[key] === undefined;
  }

  // ── To follow ──────────────────────────────────────────────────────────────

  function ask({ name: commandName, args }: ChatCommand): Promise<void> {
    const id = createRunId(clock);
    const command = { id, name: commandName, args: args.map(toSendable), until: clock.now() + PATIENCE };
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.setTimer(() => dispatch({ type: 'expired', id }), PATIENCE);
      askers.set(id, { command, resolve, reject, cancelTimer });
      dispatch({ type: 'asked', command });
    });
  }

  function settle(id: string, isTaken: boolean): void {
    const asker = askers.get(id);
    askers.delete(id);
    if (asker === undefined) return;
    asker.cancelTimer();
    if (isTaken) return asker.resolve();
    const error = new Error(describeLoss(asker.command));
    // A page that has been left has nobody to tell.
    if (state.host !== undefined) report(error);
    asker.reject(error);
  }

  // ── The channel and the page ───────────────────────────────────────────────

  function post(message: TabMessage): void {
    const wrapped = wrapMessage(message);
    try {
      state.channel?.postMessage(wrapped);
    } catch {
      // Something of the page's own cannot be cloned: what JSON keeps of it can.
      try {
        state.channel?.postMessage(JSON.parse(JSON.stringify(wrapped)));
      } catch (thrown) {
        report(thrown);
      }
    }
  }

  function arrive(): void {
    if (state.tab.role !== 'away') return;
    const channel = openChannel(name);
    state.channel = channel;
    channel.addEventListener('message', ({ data }) => {
      const message = readMessage(data);
      if (message !== undefined && state.channel === channel) dispatch({ type: 'heard', message, at: clock.now() });
    });
    dispatch({ type: 'arrived' });
  }

  function leave(): void {
    state.cancelWait?.();
    dispatch({ type: 'left' });
    state.channel?.close();
    state.channel = undefined;
  }

  /** A page that the browser keeps for later, or puts to sleep, lets another one lead. */
  function watchPage(): () => void {
    const { window } = globalThis;
    const stop = new AbortController();
    // `freeze` and `resume` are the document's, and do not bubble.
    const options = { signal: stop.signal, capture: true };
    for (const type of ['pagehide', 'freeze']) window?.addEventListener(type, leave, options);
    for (const type of ['pageshow', 'resume']) window?.addEventListener(type, arrive, options);
    return () => stop.abort();
  }

  function connect(host: PluginHost): () => void {
    state.host = host;
    const tellTerm = (news: Omit<TabNews, 'term'>) => post({ ...news, term: state.tab.term });
    const writer = createNewsWriter(host, clock, tellTerm);
    const reader = createNewsReader(host);
    state.writer = writer;
    state.reader = reader;
    const isLeading = () => state.tab.role === 'leading';
    const stops = [
      host.subscribe((event: ToolCallStoreEvent) => isLeading() && writer.tell(event)),
      host.watch(() => (isLeading() ? writer : reader).look()),
      watchPage(),
    ];
    arrive();
    return () => {
      for (const stop of stops) stop();
      writer.stop();
      // The chat has been left: there is nothing more to stop.
      state.host = undefined;
      leave();
      for (const id of askers.keys()) dispatch({ type: 'expired', id });
    };
  }

  return {
    name: NAME,
    connect,
    mayAct: () => isActing(state.tab),
    command: (command) => (isActing(state.tab) ? undefined : ask(command)),
    async beforeRequest() {
      await expectToLead();
      hurry();
    },
    execute(call, run) {
      const policy = state.host?.policyOf(call.toolName);
      if (state.tab.role === 'alone' || policy?.readOnly === true) return run();
      if (policy?.idempotent !== true) return runWhileLeading(run);
      hurry();
      return run();
    },
    takeOver: () => dispatch({ type: 'claimed' }),
  };

  /** A tab that leads next is to know of what is done now. */
  function hurry(): void {
    if (state.tab.role === 'leading') state.writer?.hurry();
  }

  /** A page that slept may not have heard that another tab leads: its tool does not run then, and what came late does not count. */
  async function runWhileLeading(run: () => unknown): Promise<unknown> {
    await expectToLead();
    hurry();
    try {
      return await run();
    } finally {
      await expectToLead();
    }
  }
}

function describeLoss({ name }: ChatCommand): string {
  return `No tab has carried out \`${name}\`: the one that runs the calls of this chat does not answer. Try again, or take the chat over in this tab.`;
}

/** What a channel carries of what a command is given: a call is known by its key, and headers are a record. */
function toSendable(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  if ('toolCallId' in given || 'order' in given) return 'key' in given ? given.key : given;
  if (!('headers' in given) || !(given.headers instanceof Headers)) return given;
  return { ...given, headers: Object.fromEntries(given.headers) };
}
