// Owns: one chat in several tabs, with the real SDK, bridge, journal and tabs; its browser, its model and its tools are a test's. It counts what
// each tool was asked to do, and what a person wanted.
import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import { clientTool, type ClientToolExecutionOptions, type ToolCallsPlugin } from 'use-parallel-tools';
import { listCalls, type ToolCall } from 'use-parallel-tools/core';
import {
  memoryStorage,
  selectSharedTab,
  sharedTabs,
  toolCallJournal,
  type JournalStorage,
} from 'use-parallel-tools/durable';
import { z } from 'zod';
import { createParallelChat, type ParallelChat } from '../../src/react/parallel-chat.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { TabsBrowser, type BrowserTab } from './tabs-browser.ts';

type Request = Parameters<ChatTransport<UIMessage>['sendMessages']>[0];

/** A tool at work. */
export interface Execution {
  readonly tab: BrowserTab;
  readonly tool: string;
  readonly id: string;
  readonly idempotencyKey: string;
  /** Those that followed when it began. */
  readonly followers: readonly BrowserTab[];
  readonly done: Deferred<unknown>;
}

/** A request to the model, and the answer to write. */
export class ModelRequest {
  readonly messages: UIMessage[];
  readonly tab: BrowserTab;
  isOver = false;
  readonly #chunks: UIMessageChunk[] = [];
  #more = createDeferred();

  constructor(tab: BrowserTab, { messages }: Request) {
    this.tab = tab;
    this.messages = structuredClone(messages);
  }

  write(...chunks: UIMessageChunk[]): this {
    this.#chunks.push(...chunks);
    this.#more.resolve(undefined);
    return this;
  }

  start(messageId: string): this {
    return this.write({ type: 'start', messageId }, { type: 'start-step' });
  }

  text(delta: string): this {
    return this.write(
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta },
      { type: 'text-end', id: 't' },
    );
  }

  call(toolCallId: string, toolName: string): this {
    return this.write({ type: 'tool-input-available', toolCallId, toolName, input: { id: toolCallId } });
  }

  finish(finishReason: 'stop' | 'tool-calls' = 'tool-calls'): void {
    this.isOver = true;
    this.write({ type: 'finish-step' }, { type: 'finish', finishReason });
  }

  stream(signal: AbortSignal | undefined): ReadableStream<UIMessageChunk> {
    return new ReadableStream<UIMessageChunk>({
      start: (controller) => {
        signal?.addEventListener('abort', () => {
          this.isOver = true;
          controller.error(new DOMException('The request was aborted', 'AbortError'));
        });
      },
      pull: async (controller) => {
        while (this.#chunks.length === 0) {
          if (this.isOver) return controller.close();
          await this.tab.hear(this.#more.promise);
          this.#more = createDeferred();
        }
        controller.enqueue(this.#chunks.shift()!);
      },
    });
  }
}

/** One tab with the chat. */
export interface ChatInTab {
  readonly tab: BrowserTab;
  readonly chat: ParallelChat<UIMessage>;
  readonly messages: () => UIMessage[];
  readonly calls: () => ToolCall[];
  /** What cards show: the store's record, or what the part says. */
  readonly statuses: () => string[];
  readonly role: () => string | undefined;
  takeOver(): void;
  unmount(): void;
}

export class TabsWorld {
  readonly browser = new TabsBrowser('chat');
  readonly tabs: ChatInTab[] = [];
  readonly executions: Execution[] = [];
  readonly requests: ModelRequest[] = [];
  /** What plugins tell the page's author. */
  readonly faults: string[] = [];
  /** The storage fails. */
  isDiskBroken = false;
  /** What the page keeps of its messages. */
  saved: UIMessage[] = [];
  readonly #disk = memoryStorage();
  readonly #hasJournal: boolean;
  readonly #join: (own: ToolCallsPlugin[]) => ToolCallsPlugin[];

  /** `join` puts plugins of a test beside those of each tab. */
  constructor({ hasJournal = true, join = (own: ToolCallsPlugin[]) => own } = {}) {
    this.#hasJournal = hasJournal;
    this.#join = join;
  }

  get awake(): ChatInTab[] {
    return this.tabs.filter(({ tab }) => tab.isAwake);
  }

  get leader(): ChatInTab | undefined {
    return this.awake.find(({ role }) => role() === 'leading');
  }

  get followers(): ChatInTab[] {
    return this.awake.filter(({ role }) => role() === 'following');
  }

  open(): ChatInTab {
    const tab = this.browser.openTab();
    const clock = this.browser.clockOf(tab);
    const onError = (error: unknown) => void this.faults.push((error as Error).message);
    const tabs = sharedTabs({
      clock,
      onError,
      locks: this.browser.locks.for(tab),
      openChannel: () => this.browser.channelFor(tab),
    });
    const chat = createParallelChat<UIMessage>({
      id: 'chat',
      messages: structuredClone(this.saved),
      tools: this.#createTools(tab),
      transport: this.#createTransport(tab),
      clock,
      plugins: this.#join(
        this.#hasJournal ? [toolCallJournal({ clock, storage: this.#diskFor(tab), onError: () => {} }), tabs] : [tabs],
      ),
    } as never);
    const unmount = inWindow(tab.window, () => chat.bridge.mount());
    const stopSaving = chat.chat['~registerMessagesCallback'](() => {
      if (!tab.isDead) this.saved = structuredClone(chat.chat.messages);
    });
    const { store } = chat.bridge.toolCalls;
    const calls = () => Object.values(store.getState().batches).flatMap(listCalls);
    const opened: ChatInTab = {
      tab,
      chat,
      messages: () => chat.chat.messages,
      calls,
      statuses: () => chat.chat.messages.flatMap(({ parts }) => parts.flatMap((part) => statusOf(part, calls()))),
      role: () => selectSharedTab(store.getState())?.role,
      takeOver: () => tabs.takeOver('chat'),
      unmount: () => {
        stopSaving();
        unmount();
        this.tabs.splice(this.tabs.indexOf(opened), 1);
      },
    };
    this.tabs.push(opened);
    return opened;
  }

  /** The page is gone from one moment to the next. */
  crash({ tab }: ChatInTab): void {
    this.browser.end(tab);
    this.tabs.splice(
      this.tabs.findIndex((each) => each.tab === tab),
      1,
    );
  }

  /** The page is left, with its events. */
  close(left: ChatInTab): void {
    for (const type of ['beforeunload', 'pagehide']) left.tab.window.dispatchEvent(new Event(type));
    this.crash(left);
  }

  /** Lets what is ready happen, in every tab that is awake. */
  async settle(turns = 40): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Time goes on, frame by frame. */
  async pass(milliseconds: number): Promise<void> {
    await this.settle(12);
    for (let left = milliseconds; left > 0; left -= 50) {
      await this.browser.clock.advance(Math.min(50, left));
      await this.settle(8);
    }
  }

  executed(tool?: string): string[] {
    return this.executions.flatMap((each) => (tool === undefined || each.tool === tool ? each.id : []));
  }

  #createTools(tab: BrowserTab) {
    const inputSchema = z.object({ id: z.string() });
    const execute =
      (tool: string) =>
      (input: { id: string }, { idempotencyKey }: Pick<ClientToolExecutionOptions, 'idempotencyKey'>) => {
        const done = createDeferred();
        if (tab.isDead) return done.promise;
        const followers = this.followers.map((each) => each.tab);
        this.executions.push({ tab, tool, id: input.id, idempotencyKey, followers, done });
        return tab.hear(done.promise);
      };
    return {
      read: clientTool({ inputSchema, readOnly: true, retry: 0, execute: execute('read') }),
      write: clientTool({
        inputSchema,
        execute: execute('write'),
        undo: (input, _, options) => execute('undo')(input, options),
      }),
      eager: clientTool({ inputSchema, start: 'eager', execute: execute('eager') }),
      single: clientTool({ inputSchema, concurrency: 1, execute: execute('single') }),
      refund: clientTool({ inputSchema, approval: true, approvalKey: () => 'any refund', execute: execute('refund') }),
      form: clientTool({ inputSchema, outputSchema: z.string() }),
    };
  }

  #createTransport(tab: BrowserTab): ChatTransport<UIMessage> {
    return {
      sendMessages: async (request) => {
        if (tab.isDead) return new Promise(() => {});
        const made = new ModelRequest(tab, request);
        this.requests.push(made);
        return made.stream(request.abortSignal);
      },
      reconnectToStream: async () => null,
    };
  }

  #diskFor(tab: BrowserTab): JournalStorage {
    const reach = <TResult>(work: () => PromiseLike<TResult>): PromiseLike<TResult> => {
      if (tab.isDead) return new Promise(() => {});
      return tab.hear(this.isDiskBroken ? Promise.reject(new Error('The disk is full')) : work());
    };
    return {
      read: (chatId) => reach(() => this.#disk.read(chatId)),
      write: (rows, options) => reach(() => this.#disk.write(rows, options)),
      remove: (ids) => reach(() => this.#disk.remove(ids)),
      prune: (options) => reach(() => this.#disk.prune(options)),
    };
  }
}

/** A world with so many tabs, of which the first leads. */
export async function openTabs(count: number, hasJournal = true) {
  const world = new TabsWorld({ hasJournal });
  for (let opened = 0; opened < count; opened++) {
    world.open();
    await world.settle();
  }
  return { world, tabs: world.tabs.slice() as [ChatInTab, ChatInTab, ChatInTab] };
}

/** A person asks in a tab, and the model makes these calls, `write w` for example. */
export async function makeCalls(world: TabsWorld, { chat }: ChatInTab, ...calls: string[]): Promise<ModelRequest> {
  void chat.functions.sendMessage({ text: 'Go' });
  await world.settle();
  const answer = world.requests.at(-1)!.start('m');
  for (const call of calls) answer.call(call.split(' ')[1]!, call.split(' ')[0]!);
  answer.finish();
  await world.pass(50);
  return answer;
}

/** A page finds its own window. */
function inWindow<TResult>(window: EventTarget, work: () => TResult): TResult {
  const global = globalThis as { window?: unknown };
  const before = global.window;
  global.window = window;
  try {
    return work();
  } finally {
    if (before === undefined) delete global.window;
    else global.window = before;
  }
}

const PART_WORDS: Record<string, string> = { 'output-available': 'succeeded', 'output-error': 'failed' };

function statusOf(part: UIMessage['parts'][number], calls: readonly ToolCall[]): string[] {
  if (!('toolCallId' in part)) return [];
  const call = calls.find(({ toolCallId }) => toolCallId === part.toolCallId);
  return [`${part.toolCallId}: ${call?.status ?? PART_WORDS[part.state] ?? part.state}`];
}
