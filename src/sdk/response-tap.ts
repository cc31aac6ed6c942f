/**
 * Owns what the chat's callbacks hide: whether a response's `finish` chunk came, with which reason, and what broke it. It wraps
 * the transport and looks at the chunks as they pass. It changes two things: a step that is not said to begin does so here, and pieces of an
 * input that come together are one.
 */
import type { ChatTransport, FinishReason, UIMessage, UIMessageChunk } from 'ai';
import { systemClock } from '../core/clock.ts';
import { isToolPart, type PartWord } from '../messages/message-parts.ts';
import { joinInputDeltas } from './join-input-deltas.ts';
import { createStepBoundaries } from './step-boundaries.ts';

/** What was seen of one response. */
export interface ResponseRecord {
  /** It continues a stream that was already running. */
  readonly resumed: boolean;
  /** How many steps have begun in it. */
  steps: number;
  finished: boolean;
  finishReason: FinishReason | undefined;
  /** The chat has let go of it. */
  cancelled: boolean;
  /** The server sent an `abort` chunk. */
  aborted: boolean;
  /** The server sent an `error` chunk. */
  failed: boolean;
  /** What the server itself answered to calls, by their ids: it ran them, or denied them. The page may say something else beside it. */
  readonly answeredCalls: Map<string, PartWord>;
  /** Which call each approval of the server's is about, by the approval's id. */
  readonly approvals: Map<string, string>;
  /** Ids of calls that the server found invalid, or whose tool it did not know. */
  readonly rejectedCalls: Map<
    string,
    { readonly toolName: string; readonly input: unknown; readonly errorText: string }
  >;
}

/** What goes out with a request. */
export type ChatRequest = Pick<
  Parameters<ChatTransport<UIMessage>['sendMessages']>[0],
  'messages' | 'trigger' | 'body' | 'headers' | 'metadata'
>;

export interface ResponseTapListener {
  /** The id that a message has now which a resumed stream goes on with. */
  currentId(messageId: string | undefined): string | undefined;
  /** A request goes out: gives what it carries. */
  onRequest(request: ChatRequest): ChatRequest;
  /** What a request waits for before it goes out; a rejection keeps it back. */
  beforeRequest(): PromiseLike<unknown> | undefined;
  /** A request went out, or a stream is resumed. */
  onResponse(record: ResponseRecord): void;
  /** The server takes the current step back: its parts are about to go. */
  onResetStep(record: ResponseRecord): void;
  /** A piece of an answer to a request of this page has come; the chat has it next. */
  onChunk(chunk: UIMessageChunk): void;
  /** Whether there is a stream to resume is being asked (`true`), or the chat has taken up what came of it (`false`): `isFound`, if that is known. */
  onReconnect(isUnderWay: boolean, isFound?: boolean): void;
}

/** A transport that tells `listener` what passes through `getTransport()`. */
export function tapTransport<TMessage extends UIMessage>(
  getTransport: () => ChatTransport<TMessage>,
  listener: ResponseTapListener,
): ChatTransport<TMessage> {
  return {
    get resumeStreamIsReplay() {
      return getTransport().resumeStreamIsReplay ?? false;
    },
    async sendMessages(options) {
      // SAFETY: what comes back is what went in, with results written into tool parts.
      const { messages, headers, body, metadata } = listener.onRequest(options as unknown as ChatRequest);
      const request = { ...options, headers, body, metadata, messages: messages as TMessage[] };
      const record = createRecord(false);
      listener.onResponse(record);
      const continues = isWholeAnswer(messages.at(-1));
      const ready = listener.beforeRequest();
      if (ready !== undefined) await ready;
      return watch(await getTransport().sendMessages(request), record, continues, listener);
    },
    async reconnectToStream(options) {
      let found: boolean | undefined;
      listener.onReconnect(true);
      try {
        const stream = await getTransport().reconnectToStream(options);
        found = stream !== null;
        if (stream === null) return null;
        const record = createRecord(true);
        listener.onResponse(record);
        return watch(stream, record, true, listener);
      } finally {
        // The chat takes the answer up a microtask after it has it.
        void afterMicrotasks(3).then(() => listener.onReconnect(false, found));
      }
    },
    close() {
      getTransport().close?.();
    },
  };
}

/** Settles `count` microtasks later: when the SDK, told of something now, has acted on it. */
async function afterMicrotasks(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}

/** Whether a message is an answer with nothing half in it: the rest of a call would belong to the step in which it stands. */
function isWholeAnswer(message: UIMessage | undefined): boolean {
  return (
    message?.role === 'assistant' && !message.parts.some((part) => isToolPart(part) && part.state === 'input-streaming')
  );
}

/**
 * However many chunks come in one piece, the SDK handles them in one task, and copies the whole answer for each: with hundreds of calls the page
 * would stand still. So it gets a turn after so many chunks that took so many milliseconds: no sooner, since it would render between two calls that are
 * to start.
 */
const CHUNKS_A_TASK = 32;
const LONGEST_TASK = 24;
/** A chunk that took so long (ms) had to be waited for, and the page has had its turn. */
const AWAITED = 4;

/** Settles in a task of its own. Not by a timer, which a page in the background would wait for. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const end = () => {
      port1.close();
      resolve();
    };
    port1.addEventListener('message', end, { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}

function createRecord(resumed: boolean): ResponseRecord {
  return {
    resumed,
    steps: 0,
    finished: false,
    finishReason: undefined,
    cancelled: false,
    aborted: false,
    failed: false,
    answeredCalls: new Map(),
    approvals: new Map(),
    rejectedCalls: new Map(),
  };
}

function watch(
  stream: ReadableStream<UIMessageChunk>,
  record: ResponseRecord,
  continues: boolean,
  listener: ResponseTapListener,
): ReadableStream<UIMessageChunk> {
  const reader = stream.getReader();
  const addBoundaries = createStepBoundaries({ continues, resumed: record.resumed });
  const address = record.resumed ? createReaddress(listener) : (chunk: UIMessageChunk) => chunk;
  const { now } = systemClock;
  let since = now();
  let count = 0;
  let passed: readonly UIMessageChunk[] = [];

  async function read(): Promise<ReadableStreamReadResult<UIMessageChunk>> {
    while (passed.length === 0) {
      const asked = now();
      const came = await reader.read();
      if (came.done) return came;
      const isDue = ++count > CHUNKS_A_TASK && now() - since > LONGEST_TASK;
      const isAwaited = now() - asked >= AWAITED;
      if (isDue && !isAwaited) await nextTask();
      if (isDue || isAwaited) [count, since] = [0, now()];
      if (record.cancelled) return { done: true, value: undefined };
      passed = addBoundaries(came.value);
      for (const chunk of passed) {
        note(chunk, record, listener);
        if (!record.resumed) listener.onChunk(chunk);
      }
    }
    const [value, ...rest] = passed;
    passed = rest;
    return { done: false, value: address(value!) };
  }

  const joined = joinInputDeltas({ read });
  // By hand: a TransformStream would hold up each chunk for several turns of the microtask queue.
  return new ReadableStream<UIMessageChunk>(
    {
      async pull(controller) {
        const { done, value } = await joined.read();
        if (record.cancelled) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        record.cancelled = true;
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A replay goes on with the message that is there: under the id that it has by now, to its end. */
function createReaddress(listener: ResponseTapListener): (chunk: UIMessageChunk) => UIMessageChunk {
  let messageId: string | undefined;
  return (chunk) => {
    if (chunk.type !== 'start') return chunk;
    messageId ??= listener.currentId(chunk.messageId);
    return messageId === undefined ? chunk : { ...chunk, messageId };
  };
}

const DENIED: PartWord = { state: 'output-denied', reason: undefined };

function note(chunk: UIMessageChunk, record: ResponseRecord, listener: ResponseTapListener): void {
  switch (chunk.type) {
    case 'start-step':
      record.steps++;
      break;
    case 'finish':
      record.finished = true;
      record.finishReason = chunk.finishReason;
      break;
    case 'abort':
      record.aborted = true;
      break;
    case 'error':
      record.failed = true;
      break;
    case 'tool-output-available':
      if (chunk.preliminary !== true)
        record.answeredCalls.set(chunk.toolCallId, { state: 'output-available', output: chunk.output });
      break;
    case 'tool-approval-request':
      record.approvals.set(chunk.approvalId, chunk.toolCallId);
      break;
    case 'tool-approval-response':
      if (!chunk.approved) record.answeredCalls.set(record.approvals.get(chunk.approvalId) ?? '', DENIED);
      break;
    case 'tool-output-error':
      record.answeredCalls.set(chunk.toolCallId, { state: 'output-error', errorText: chunk.errorText });
      break;
    case 'tool-output-denied':
      record.answeredCalls.set(chunk.toolCallId, DENIED);
      break;
    case 'reset-step':
      record.rejectedCalls.clear();
      listener.onResetStep(record);
      break;
    case 'tool-input-error':
      if (chunk.providerExecuted !== true) {
        record.rejectedCalls.set(chunk.toolCallId, {
          toolName: chunk.toolName,
          input: chunk.input,
          errorText: chunk.errorText,
        });
      }
      break;
    default:
  }
}
