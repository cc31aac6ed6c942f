/**
 * Owns what the chat's callbacks hide: whether a response's `finish` chunk came, with which reason, and what broke it. It wraps
 * the transport, looks at the chunks as they pass, and changes none.
 */
import type { ChatTransport, FinishReason, UIMessage, UIMessageChunk } from 'ai';

/** What was seen of one response. */
export interface ResponseRecord {
  /** It continues a stream that was already running. */
  readonly resumed: boolean;
  /** How many steps have begun in it. */
  steps: number;
  finished: boolean;
  finishReason: FinishReason | undefined;
  /** The server sent an `abort` chunk. */
  aborted: boolean;
  /** The server sent an `error` chunk. */
  failed: boolean;
  /** Ids of calls that the server found invalid, or whose tool it did not know. */
  readonly rejectedCalls: Map<
    string,
    { readonly toolName: string; readonly input: unknown; readonly errorText: string }
  >;
}

/** What goes out with a request. */
export type ChatRequest = Pick<
  Parameters<ChatTransport<UIMessage>['sendMessages']>[0],
  'messages' | 'body' | 'headers' | 'metadata'
>;

export interface ResponseTapListener {
  /** A request goes out: gives the messages that it carries. */
  onRequest(request: ChatRequest): UIMessage[];
  /** A request went out, or a stream is resumed. */
  onResponse(record: ResponseRecord): void;
  /** The server takes the current step back: its parts are about to go. */
  onResetStep(record: ResponseRecord): void;
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
      const messages = listener.onRequest(options as unknown as ChatRequest) as TMessage[];
      const record = createRecord(false);
      listener.onResponse(record);
      return watch(await getTransport().sendMessages({ ...options, messages }), record, listener);
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
        return watch(stream, record, listener);
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

function createRecord(resumed: boolean): ResponseRecord {
  return {
    resumed,
    steps: 0,
    finished: false,
    finishReason: undefined,
    aborted: false,
    failed: false,
    rejectedCalls: new Map(),
  };
}

function watch(
  stream: ReadableStream<UIMessageChunk>,
  record: ResponseRecord,
  listener: ResponseTapListener,
): ReadableStream<UIMessageChunk> {
  const reader = stream.getReader();
  // By hand: a TransformStream would hold up each chunk for several turns of the microtask queue.
  return new ReadableStream<UIMessageChunk>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        note(value, record, listener);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

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

/**
 * How a response ended. `'well'`: calls of `step-end` tools may start. `'lost'`: the connection broke, and a resumed stream may
 * still bring the rest. `'unknown'`: nobody watched the chunks, and the callbacks cannot tell a stop from a good end.
 */
export type ResponseEnd = 'well' | 'stopped' | 'error' | 'cut' | 'lost' | 'unknown';

export interface FinishFlags {
  readonly isAbort: boolean;
  readonly isDisconnect: boolean;
  readonly isError: boolean;
  readonly finishReason?: FinishReason | undefined;
}

/** Judges a response by its chunks and by what `onFinish` said. */
export function judgeEnd(
  { isAbort, isDisconnect, isError, finishReason }: FinishFlags,
  record: ResponseRecord | undefined,
): ResponseEnd {
  if (isDisconnect) return 'lost';
  if (isAbort || record?.aborted === true) return 'stopped';
  if (isError || record?.failed === true) return 'error';
  if (record === undefined && finishReason === undefined) return 'unknown';
  if (record !== undefined && !record.finished) return 'cut';
  const reason: string | undefined = record?.finishReason ?? finishReason;
  if (reason === 'error') return 'error';
  // `interrupted` is new in 7: the server ended the answer in its middle.
  return reason === 'length' || reason === 'content-filter' || reason === 'interrupted' ? 'cut' : 'well';
}
