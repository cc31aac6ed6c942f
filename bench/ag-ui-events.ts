// Owns: the server half of the contenders that speak AG-UI: the events of an answer, and their stream.
import { streamAnswer, type Order } from './order.ts';

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
  let isInText = false;
  const spelled = new Set<string>();
  for await (const piece of streamAnswer(order, isFollowUp)) {
    const { type, toolCallId } = piece;
    if (isInText !== (type === 'text')) {
      isInText = type === 'text';
      yield isInText
        ? { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' }
        : { type: 'TEXT_MESSAGE_END', messageId };
    }
    if (type === 'text') yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: piece.delta };
    if (type === 'call-start') {
      yield { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'work', parentMessageId: messageId };
    }
    if (type === 'call-delta') {
      spelled.add(toolCallId);
      yield { type: 'TOOL_CALL_ARGS', toolCallId, delta: piece.delta };
    }
    if (type !== 'call-end') continue;
    if (!spelled.has(toolCallId)) yield { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(piece.input) };
    yield { type: 'TOOL_CALL_END', toolCallId };
  }
  if (isInText) yield { type: 'TEXT_MESSAGE_END', messageId };
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
