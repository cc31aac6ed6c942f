// Owns: the server half of the contenders that speak AG-UI: the events of an answer, and their stream.
import { streamCalls, type Order } from './order.ts';

export type AgUiEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

interface AgUiRequest {
  readonly threadId: string;
  readonly runId: string;
  readonly messages: readonly { readonly role: string }[];
  readonly resume?: readonly unknown[];
}

/** How many results a request brings, if it is a follow-up. */
export function countAgUiResults({ messages, resume }: AgUiRequest): number | undefined {
  if (resume !== undefined && resume.length > 0) return resume.length;
  const results = messages.length - 1 - messages.findLastIndex(({ role }) => role !== 'tool');
  return results === 0 ? undefined : results;
}

/** Calls, or after results a text. */
export async function* streamEvents(
  order: Order,
  { threadId, runId }: Pick<AgUiRequest, 'threadId' | 'runId'>,
  isFollowUp: boolean,
): AsyncGenerator<AgUiEvent> {
  const messageId = `message-${runId}`;
  yield { type: 'RUN_STARTED', threadId, runId };
  if (isFollowUp) {
    yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' };
    yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: 'All done' };
    yield { type: 'TEXT_MESSAGE_END', messageId };
  } else {
    for await (const { toolCallId, toolName, input } of streamCalls(order)) {
      yield { type: 'TOOL_CALL_START', toolCallId, toolCallName: toolName, parentMessageId: messageId };
      yield { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input) };
      yield { type: 'TOOL_CALL_END', toolCallId };
    }
  }
  yield { type: 'RUN_FINISHED', threadId, runId, finishReason: isFollowUp ? 'stop' : 'tool_calls' };
}

/** As server-sent events, as an agent would send them. */
export function answerAgUi(events: AsyncIterable<AgUiEvent>): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
}
