// Owns: the server half of the contenders that speak the AI SDK's UI message stream.
import { createUIMessageStream, createUIMessageStreamResponse, type UIMessage, type UIMessageStreamWriter } from 'ai';
import { streamAnswer, type Order, type OrderedPiece } from './order.ts';

/** How many results a request brings, if it is a follow-up. */
export function countUIResults({ messages }: { messages: UIMessage[] }): number | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return undefined;
  const lastStep = last.parts.slice(last.parts.findLastIndex(({ type }) => type === 'step-start'));
  return lastStep.filter((part) => 'state' in part && part.state === 'output-available').length;
}

/** Calls, or after results a text. */
export function answerUI(order: Order, isFollowUp: boolean): Response {
  return createUIMessageStreamResponse({
    stream: createUIMessageStream({
      async execute({ writer }) {
        writer.write({ type: 'start' });
        writer.write({ type: 'start-step' });
        let isInText = false;
        const endText = () => {
          if (isInText) writer.write({ type: 'text-end', id: 'text' });
          isInText = false;
        };
        for await (const piece of streamAnswer(order, isFollowUp)) {
          if (piece.type !== 'text') {
            endText();
            writeCall(writer, piece);
            continue;
          }
          if (!isInText) writer.write({ type: 'text-start', id: 'text' });
          isInText = true;
          writer.write({ type: 'text-delta', id: 'text', delta: piece.delta });
        }
        endText();
        writer.write({ type: 'finish-step' });
        writer.write({ type: 'finish', finishReason: isFollowUp ? 'stop' : 'tool-calls' });
      },
    }),
  });
}

function writeCall(writer: UIMessageStreamWriter, piece: Exclude<OrderedPiece, { type: 'text' }>): void {
  const { type, toolCallId } = piece;
  if (type === 'call-start') writer.write({ type: 'tool-input-start', toolCallId, toolName: 'work' });
  if (type === 'call-delta') writer.write({ type: 'tool-input-delta', toolCallId, inputTextDelta: piece.delta });
  if (type === 'call-end') {
    writer.write({ type: 'tool-input-available', toolCallId, toolName: 'work', input: piece.input });
  }
}
