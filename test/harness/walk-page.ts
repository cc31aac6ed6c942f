// Owns: the page of a random walk: its chat, joined in either way, its tools, and when it is mounted.
import { Chat } from '@ai-sdk/react';
import type { ToolSet, UIMessage } from 'ai';
import { z } from 'zod';
import { clientTool, type ToolBatch, type ToolCall, type ToolCallsPlugin } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { createChatBridge, type ChatBridge } from '../../src/chat/chat-bridge.ts';
import { createChatHandle, type ChatSource } from '../../src/sdk/chat-handle.ts';
import type { ChatBridgeOptions } from '../../src/chat/chat-context.ts';
import { tapTransport } from '../../src/sdk/response-tap.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { correctChat, type CorrectedFunctions } from '../../src/join/correct-chat.ts';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import type { ScriptedTransport } from './scripted-transport.ts';
import type { WalkRules, WalkToolName } from './walk-rules.ts';

interface WalkInvocation extends Deferred<unknown> {
  readonly n: number;
  readonly signal: AbortSignal;
  /** What has become of the page that runs it. */
  readonly page: () => PagePlace;
  done: boolean;
}

export type PagePlace = 'current' | 'away' | 'left';

/** Frames are drawn when the walk says so: it goes on between two of them. */
export class WalkClock implements Clock {
  readonly now = systemClock.now;
  readonly setTimer = systemClock.setTimer;
  readonly random = systemClock.random;
  #frames = new Set<() => void>();

  readonly setFrame = (callback: () => void) => {
    const frame = () => callback();
    this.#frames.add(frame);
    return () => void this.#frames.delete(frame);
  };

  draw(): void {
    const frames = [...this.#frames];
    this.#frames.clear();
    for (const frame of frames) frame();
  }
}

/** The tools of all page loads, settled by hand. */
export class WalkTools {
  readonly invocations: WalkInvocation[] = [];
  readonly #rules: WalkRules;

  constructor(rules: WalkRules) {
    this.#rules = rules;
  }

  get open(): WalkInvocation[] {
    return this.invocations.filter(({ done }) => !done);
  }

  /** The tools of one page. */
  of(page: () => PagePlace): ToolSet {
    const execute =
      (name: WalkToolName) =>
      ({ n }: { n: number }, options: { abortSignal?: AbortSignal | undefined }) => {
        this.#rules.checkRun(name, n, page());
        const deferred = createDeferred();
        this.invocations.push({ ...deferred, n, signal: options.abortSignal!, page, done: false });
        return deferred.promise;
      };
    const inputSchema = z.object({ n: z.number() });
    return {
      read: clientTool({ inputSchema, readOnly: true, retry: 0, execute: execute('read') }),
      write: clientTool({ inputSchema, execute: execute('write') }),
      ask: clientTool({ inputSchema, approval: true, execute: execute('ask') }),
      hold: clientTool({ inputSchema, readOnly: true, retry: 0, onFailure: 'hold', execute: execute('hold') }),
      pick: clientTool({ inputSchema, outputSchema: z.string() }),
    };
  }
}

/** Who has the chat: the hook, or the page: then `useChatTools` joins it with all three callbacks, as a `Chat` or as the helpers of a `useChat`. */
export type WalkWay = 'own' | 'chat' | 'helpers';

export interface WalkPageOptions {
  readonly transport: ScriptedTransport;
  readonly tools: WalkTools;
  readonly clock: Clock;
  readonly messages: UIMessage[];
  readonly way: WalkWay;
  readonly onNewMessage: 'cancel' | 'wait';
  /** The tools come some time after the page. */
  readonly isLate: boolean;
  readonly plugins: readonly ToolCallsPlugin[];
}

/** A page that is loaded. It begins unmounted. */
export class WalkPage {
  chat!: Chat<UIMessage>;
  bridge!: ChatBridge;
  functions!: CorrectedFunctions;
  #options: WalkPageOptions;
  #bridgeOptions: ChatBridgeOptions;
  #unmount: (() => void) | undefined;
  #hasLeft = false;
  /** What the page has of a chat that it joins. */
  #source: ChatSource | undefined;
  #isRenderDue = false;
  #isTapped = false;

  constructor(options: WalkPageOptions) {
    this.#options = options;
    this.#bridgeOptions = {
      tools: options.isLate ? {} : this.#tools(),
      maxFollowUps: 1000,
      clock: options.clock,
      onNewMessage: options.onNewMessage,
      plugins: options.plugins,
    };
    if (options.way === 'own') this.#own();
    else this.#join();
  }

  #tools(): ToolSet {
    return this.#options.tools.of(() => (this.#hasLeft ? 'left' : this.isMounted ? 'current' : 'away'));
  }

  #init() {
    let ids = 0;
    const { messages } = this.#options;
    return { id: 'walk', messages, generateId: () => `page${messages.length}-${ids++}` };
  }

  #own(): void {
    const { transport } = this.#options;
    const page = createParallelChat<UIMessage>({ ...this.#init(), ...this.#bridgeOptions, transport });
    Object.assign(this, page);
  }

  #join(): void {
    const { transport } = this.#options;
    const tapped = () => {
      this.#isTapped = true;
      return tapTransport(() => transport, this.bridge);
    };
    this.chat = new Chat<UIMessage>({
      ...this.#init(),
      transport: {
        resumeStreamIsReplay: true,
        sendMessages: (request) => tapped().sendMessages(request),
        reconnectToStream: (request) => tapped().reconnectToStream(request),
      },
      onToolCall: ({ toolCall }) => this.bridge.onToolCall(toolCall),
      onFinish: (event) => this.bridge.onFinish(event),
    });
    if (this.#options.way === 'helpers') {
      this.#source = this.#render();
      for (const register of ['~registerMessagesCallback', '~registerStatusCallback'] as const)
        this.chat[register](() => this.#renderSoon());
    } else this.#source = this.chat as never;
    this.#makeBridge();
  }

  /** What `useChat` returns: the chat as it was at the last render. */
  #render(): ChatSource {
    const { chat } = this;
    return {
      id: chat.id,
      messages: chat.messages,
      status: chat.status,
      sendMessage: chat.sendMessage as never,
      regenerate: chat.regenerate,
      stop: chat.stop,
      addToolOutput: chat.addToolOutput as never,
      setMessages: (update) => void (chat.messages = update(chat.messages)),
    };
  }

  /** React renders some time after the chat has changed. */
  #renderSoon(): void {
    if (this.#isRenderDue) return;
    this.#isRenderDue = true;
    setImmediate(() => {
      this.#isRenderDue = false;
      this.#source = this.#render();
      if (this.isMounted) this.bridge.schedule();
    });
  }

  #makeBridge(): void {
    const options = this.#bridgeOptions;
    // Whoever joins late hears nothing of the stream that runs.
    this.#isTapped = false;
    this.bridge = createChatBridge({
      handle: createChatHandle(() => this.#source!),
      options,
      ownsChat: false,
      isTapped: () => this.#isTapped,
    });
    this.functions = correctChat(
      () => this.#source!,
      this.bridge,
      () => false,
    );
  }

  get isJoined(): boolean {
    return this.#options.way !== 'own';
  }

  /** Whether it hears how the answer comes: whoever joins in its middle cannot tell a word of the page's from the server's. */
  get isTapped(): boolean {
    return this.#isTapped || !this.isJoined;
  }

  get isMounted(): boolean {
    return this.#unmount !== undefined;
  }

  get isLate(): boolean {
    return this.#bridgeOptions.tools['read'] === undefined;
  }

  /** Whether nothing streams or is about to. */
  get isIdle(): boolean {
    return this.chat.status === 'ready' || this.chat.status === 'error';
  }

  /** The messages as the page shows them. */
  get messages(): UIMessage[] {
    return this.#source?.messages ?? this.bridge.complete(this.chat.messages);
  }

  set messages(messages: UIMessage[]) {
    this.chat.messages = messages;
    this.bridge.schedule();
  }

  get batches(): ToolBatch[] {
    return Object.values(this.bridge.toolCalls.store.getState().batches);
  }

  get calls(): ToolCall[] {
    return this.batches.flatMap(listCalls);
  }

  mount(): void {
    this.#unmount ??= this.bridge.mount();
  }

  unmount(): void {
    this.#unmount?.();
    this.#unmount = undefined;
  }

  /** Another page takes over the chat that this one joined. */
  joinAgain(): void {
    const { isMounted } = this;
    this.unmount();
    this.#makeBridge();
    if (isMounted) this.mount();
  }

  toolsCome(): void {
    this.#bridgeOptions = { ...this.#bridgeOptions, tools: this.#tools() };
    this.bridge.setOptions(this.#bridgeOptions);
  }

  /** The page is gone for good, its request with it. Gives the messages that it had. */
  leave(): UIMessage[] {
    this.unmount();
    this.#hasLeft = true;
    const messages = JSON.parse(JSON.stringify(this.bridge.complete(this.chat.messages))) as UIMessage[];
    if (this.isJoined) void this.chat.stop();
    return messages;
  }
}
