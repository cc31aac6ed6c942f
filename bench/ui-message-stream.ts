// Owns: the server half of the contenders that speak the AI SDK's UI message stream.
import { createUIMessageStream, createUIMessageStreamResponse, type UIMessage, type UIMessageStreamWriter } from 'ai';
import { streamCalls, type Order } from './order.ts';

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
        if (isFollowUp) writeText(writer);
        else {
          for await (const { toolCallId, toolName, input } of streamCalls(order)) {
            writer.write({ type: 'tool-input-start', toolCallId, toolName });
            writer.write({ type: 'tool-input-available', toolCallId, toolName, input });
          }
        }
        writer.write({ type: 'finish-step' });
        writer.write({ type: 'finish', finishReason: isFollowUp ? 'stop' : 'tool-calls' });
      },
    }),
  });
}

function writeText(writer: UIMessageStreamWriter): void {
  writer.write({ type: 'text-start', id: 'text' });
  writer.write({ type: 'text-delta', id: 'text', delta: 'All done' });
  writer.write({ type: 'text-end', id: 'text' });
}
