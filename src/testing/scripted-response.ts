/** Owns one answer of a scripted model, as the chunks that the AI SDK reads. The chat, the stream and everything behind them are the real ones. */
import type { ChatTransport, FinishReason, UIMessage, UIMessageChunk } from 'ai';

export type SendOptions = Parameters<ChatTransport<UIMessage>['sendMessages']>[0];

/** One answer, written chunk by chunk. */
export class ScriptedResponse {
  readonly stream: ReadableStream<UIMessageChunk>;
  /** What the chat asked with; `undefined` for a stream that is resumed. */
  readonly request: SendOptions | undefined;
  #controller!: ReadableStreamDefaultController<UIMessageChunk>;
  #closed = false;

  constructor(request: SendOptions | undefined) {
    this.request = request;
    this.stream = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#closed = true),
    });
    request?.abortSignal?.addEventListener('abort', () =>
      this.fail(new DOMException('The request was aborted', 'AbortError')),
    );
  }

  /** Whether it has ended, or the chat has let go of it. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** The messages that the request carried. */
  get messages(): UIMessage[] {
    return this.request?.messages ?? [];
  }

  /** Chunks as they are. */
  write(...chunks: UIMessageChunk[]): this {
    for (const chunk of chunks) this.#controller.enqueue(chunk);
    return this;
  }

  /** Begins the message and its first step. */
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

  /** A good end. */
  finish(finishReason: FinishReason = 'tool-calls'): void {
    this.write({ type: 'finish-step' }, { type: 'finish', finishReason });
    this.close();
  }

  /** Ends the stream as it is: without `finish` before it, the answer was cut. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#controller.close();
  }

  /** The connection breaks. */
  fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#controller.error(error);
  }
}
