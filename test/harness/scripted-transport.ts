// Owns: a chat transport whose responses a test writes chunk by chunk. The chat, the stream and the bridge are the real ones.
import type { ChatTransport, FinishReason, UIMessage, UIMessageChunk } from 'ai';
import { findProblems } from './check-request.ts';
import { createDeferred, type Deferred } from './deferred.ts';

type SendOptions = Parameters<ChatTransport<UIMessage>['sendMessages']>[0];

/** One response, written by the test. */
export class ScriptedResponse {
  readonly stream: ReadableStream<UIMessageChunk>;
  readonly request: SendOptions | undefined;
  #controller!: ReadableStreamDefaultController<UIMessageChunk>;
  #closed = false;
  /** Nobody waited for its end, or the connection broke: what was written last may not have been read. */
  wasCut = false;

  constructor(request: SendOptions | undefined) {
    this.request = request;
    this.stream = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#closed = this.wasCut = true),
    });
    request?.abortSignal?.addEventListener('abort', () => {
      if (this.#closed) return;
      this.#closed = this.wasCut = true;
      this.#controller.error(new DOMException('The request was aborted', 'AbortError'));
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The messages that the request carried. */
  get messages(): UIMessage[] {
    return this.request?.messages ?? [];
  }

  write(...chunks: UIMessageChunk[]): this {
    for (const chunk of chunks) this.#controller.enqueue(chunk);
    return this;
  }

  start(messageId?: string): this {
    return this.write({ type: 'start', ...(messageId !== undefined && { messageId }) }, { type: 'start-step' });
  }

  text(text: string, id = 'text-1'): this {
    return this.write({ type: 'text-start', id }, { type: 'text-delta', id, delta: text }, { type: 'text-end', id });
  }

  call(toolCallId: string, toolName: string, input: unknown = {}): this {
    return this.write(
      { type: 'tool-input-start', toolCallId, toolName },
      { type: 'tool-input-available', toolCallId, toolName, input },
    );
  }

  finish(finishReason: FinishReason = 'tool-calls'): void {
    this.write({ type: 'finish-step' }, { type: 'finish', finishReason });
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#controller.close();
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = this.wasCut = true;
    this.#controller.error(error);
  }
}

export class ScriptedTransport implements ChatTransport<UIMessage> {
  readonly resumeStreamIsReplay = true;
  /** Every request so far, with the response that the test writes. */
  readonly responses: ScriptedResponse[] = [];
  /** What the SDK found wrong with the messages of a request: always empty, or a follow-up would be refused by a real server. */
  readonly problems: string[] = [];
  /** What the next `sendMessages` throws, as a server that answers 500 makes it. */
  failNext: Error | undefined;
  resumable: ScriptedResponse | undefined;
  /** Holds the answer to "is there a stream to resume?" until it settles. */
  resumeGate: Promise<unknown> | undefined;
  /** How often the chat asked for a stream to resume. */
  resumes = 0;
  #waiters: Deferred<ScriptedResponse>[] = [];
  #taken = 0;

  async sendMessages(options: SendOptions): Promise<ReadableStream<UIMessageChunk>> {
    this.problems.push(...(await findProblems(options.messages)));
    const response = new ScriptedResponse({ ...options, messages: structuredClone(options.messages) });
    this.responses.push(response);
    this.#hand();
    const { failNext } = this;
    this.failNext = undefined;
    if (failNext !== undefined) {
      response.close();
      throw failNext;
    }
    return response.stream;
  }

  /** A stream is there to be resumed: `resumable` writes it. */
  offerResume(): void {
    this.resumable = new ScriptedResponse(undefined);
  }

  async reconnectToStream(): Promise<ReadableStream<UIMessageChunk> | null> {
    this.resumes++;
    await this.resumeGate;
    return this.resumable?.stream ?? null;
  }

  /** The next request that no test step has taken yet. */
  next(): Promise<ScriptedResponse> {
    const waiter = createDeferred<ScriptedResponse>();
    this.#waiters.push(waiter);
    this.#hand();
    return waiter.promise;
  }

  #hand(): void {
    while (this.#waiters.length > 0 && this.#taken < this.responses.length) {
      this.#waiters.shift()!.resolve(this.responses[this.#taken++]!);
    }
  }
}
