/** Owns what a test holds in its hand: a chat that talks with a scripted model, and plain accessors of everything that happens in it. */
import type { ChatRequestOptions, ChatStatus, ToolSet, UIMessage } from 'ai';
import { selectToolCalls } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { ToolCall } from '../core/tool-call.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { createParallelChat, type LooseOptions } from '../react/parallel-chat.ts';
import type { UseParallelToolsOptions } from '../react/use-parallel-tools.ts';
import type { ToolCallSession } from '../session/recording.ts';
import { createSessionRecorder, type SessionRecorder } from '../session/session-recorder.ts';
import type { ExportSessionOptions } from '../session/session.ts';
import type { Script } from './script.ts';
import { ScriptedTransport } from './scripted-transport.ts';
import { advance, waitUntil, waitUntilSettled, type WaitingWorld } from './settle.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { textOf, type TestRequest } from './test-request.ts';

/** What a user says: a text, or a whole message. */
export type TestMessage = string | (Pick<UIMessage, 'parts'> & Partial<Pick<UIMessage, 'id' | 'metadata'>>);

export interface TestChat {
  /** The store and the commands. */
  readonly toolCalls: ToolCalls;
  /** The conversation as a page shows it. */
  readonly messages: readonly UIMessage[];
  readonly status: ChatStatus;
  readonly error: Error | undefined;
  /** The text of the last message. */
  readonly text: string;
  /** Every call, in order. */
  readonly calls: readonly ToolCall[];
  /** Every request that was sent: `chat.requests[1].results`. */
  readonly requests: readonly TestRequest[];
  /** Everything that happened to calls and batches, in order. */
  readonly events: readonly ToolCallStoreEvent[];
  readonly clock: TestClock;
  readonly transport: ScriptedTransport;
  /** The last call of a tool, by the tool's name or the call's id. @throws Error where there is none */
  call(name: string): ToolCall;
  /** The user says something. Returns at once; `settled()` waits for what follows. */
  send(message: TestMessage, options?: ChatRequestOptions): void;
  regenerate(options?: ChatRequestOptions & { messageId?: string }): void;
  stop(): void;
  setMessages(messages: readonly UIMessage[]): void;
  /**
   * Waits until nothing more happens by itself: the model has answered, and every call has its result or waits for a person. Backoff, rate limits and pauses
   * take no real time: the clock is moved.
   *
   * @throws Error where a tool or an answer does not end, where the script is too short, or where a real server would refuse a request
   */
  settled(): Promise<void>;
  /** Waits until `isTrue`, which may throw until then: `await chat.until(() => chat.call('getOrder').status === 'retrying')`. */
  until(isTrue: () => boolean): Promise<void>;
  /** Moves the clock: for timeouts, and to stand between two attempts. */
  advance(milliseconds: number): Promise<void>;
  /** The session so far, as its file: `JSON.stringify` writes it, `replaySession` plays it. */
  session(options?: ExportSessionOptions): ToolCallSession;
  /** The page is left. */
  unmount(): void;
}

export interface TestChatOptions {
  /** The model's answers, one for each request. Without it the test writes them: `await chat.transport.next()`. */
  script?: Script | undefined;
  /** @default a clock of its own */
  clock?: TestClock | undefined;
  /** How long `settled` and `until` wait for a tool that uses something real (ms). @default 4000 */
  patience?: number | undefined;
  /** @default one with `script` */
  transport?: ScriptedTransport | undefined;
}

export type CreateTestChatOptions<TTools extends ToolSet> = TestChatOptions &
  Omit<UseParallelToolsOptions<TTools, UIMessage>, 'transport' | 'throttle' | 'resume'>;

/** Makes a chat without a page. It is mounted at once, and its tools run as they would in the hook. */
export function createTestChat<TTools extends ToolSet>(options: CreateTestChatOptions<TTools>): TestChat {
  const { script, clock = createTestClock(), patience, transport, ...chatOptions } = options;
  const stage = createTestStage({ script, clock, patience, transport });
  const { chat, bridge, functions } = createParallelChat<UIMessage>({
    id: 'test-chat',
    generateId: createIds(),
    ...chatOptions,
    ...stage.options,
    plugins: [stage.recorder, ...(chatOptions.plugins ?? [])],
  } as LooseOptions<UIMessage>); // SAFETY: `sendAutomaticallyWhen?: never` is the only field of which the types differ.
  const unmount = bridge.mount();
  return stage.open({
    toolCalls: bridge.toolCalls,
    getMessages: () => bridge.complete(chat.messages),
    getStatus: () => chat.status,
    getError: () => chat.error,
    ...functions,
    unmount,
  });
}

/** Ids that are the same in each run. */
export function createIds(): () => string {
  let count = 0;
  return () => `message-${++count}`;
}

/** A chat, however it was made. */
export interface TestedChat {
  readonly toolCalls: ToolCalls;
  getMessages(): readonly UIMessage[];
  getStatus(): ChatStatus;
  getError(): Error | undefined;
  sendMessage(message: { text: string } | { parts: UIMessage['parts'] }, options?: ChatRequestOptions): Promise<void>;
  regenerate(options?: ChatRequestOptions & { messageId?: string }): Promise<void>;
  stop(): Promise<void>;
  setMessages(messages: UIMessage[]): void;
  unmount(): void;
}

/** What a chat needs to be tested, and what makes a `TestChat` of it. */
export interface TestStage {
  readonly recorder: SessionRecorder;
  readonly options: { readonly transport: ScriptedTransport; readonly clock: TestClock };
  open(chat: TestedChat): TestChat;
}

export function createTestStage({
  script,
  clock = createTestClock(),
  patience = 4000,
  transport = new ScriptedTransport({ script, clock }),
}: TestChatOptions): TestStage {
  const recorder = createSessionRecorder({ clock });
  return {
    recorder,
    options: { transport, clock },
    open(chat) {
      const events: ToolCallStoreEvent[] = [];
      const { toolCalls, getMessages, getStatus, getError } = chat;
      toolCalls.subscribe((event) => void events.push(event));
      const getCalls = () => selectToolCalls(toolCalls.store.getState());
      const world: WaitingWorld = { clock, patience, getStatus, getState: () => toolCalls.store.getState() };
      /** Requests that fail are in `error`; what goes wrong in the test itself is thrown where the test waits. */
      const quietly = (promise: Promise<void>) => void promise.catch(() => undefined);
      return {
        toolCalls,
        events,
        clock,
        transport,
        requests: transport.requests,
        get messages() {
          return getMessages();
        },
        get status() {
          return getStatus();
        },
        get error() {
          return getError();
        },
        get text() {
          return textOf(getMessages().at(-1));
        },
        get calls() {
          return getCalls();
        },
        call(name) {
          const found = getCalls().findLast(({ toolName, toolCallId }) => toolName === name || toolCallId === name);
          if (found !== undefined) return found;
          const names = getCalls().map(({ toolName }) => toolName);
          throw new Error(
            `There is no call of ${name}. ${names.length === 0 ? 'Nothing was called.' : `Called were: ${names.join(', ')}.`}`,
          );
        },
        send: (message, options) =>
          quietly(chat.sendMessage(typeof message === 'string' ? { text: message } : message, options)),
        regenerate: (options) => quietly(chat.regenerate(options)),
        stop: () => quietly(chat.stop()),
        setMessages: (messages) => chat.setMessages([...messages]),
        async settled() {
          await waitUntilSettled(world);
          expectNoFaults(transport);
        },
        async until(isTrue) {
          await waitUntil(world, isTrue);
          expectNoFaults(transport);
        },
        advance: (milliseconds) => advance(clock, milliseconds),
        session: recorder.export,
        unmount: chat.unmount,
      };
    },
  };
}

function expectNoFaults({ faults, problems }: ScriptedTransport): void {
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  if (problems.length > 0)
    throw new Error(`A real server would refuse a request of this chat: ${problems.join('; ')}.`);
}
