// Owns: a server within the page, for the cases in which the network would only be noise: calls, then text.
import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';

/** So many calls of `work` for each message of the user, all at once; after their results a text. */
export function createScriptedTransport<TMessage extends UIMessage>(calls: number): ChatTransport<TMessage> {
  let answers = 0;
  return {
    async sendMessages({ messages }) {
      const isFollowUp = messages.at(-1)?.role === 'assistant';
      const chunks = isFollowUp ? textChunks() : callChunks(calls, answers++);
      return new ReadableStream<UIMessageChunk>({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      });
    },
    reconnectToStream: async () => null,
  };
}

function callChunks(calls: number, answer: number): UIMessageChunk[] {
  const parts = Array.from({ length: calls }, (_, index): UIMessageChunk => {
    const toolCallId = `${answer}-call-${index}`;
    return { type: 'tool-input-available', toolCallId, toolName: 'work', input: { index } };
  });
  return [{ type: 'start' }, { type: 'start-step' }, ...parts, { type: 'finish-step' }, { type: 'finish' }];
}

function textChunks(): UIMessageChunk[] {
  return [
    { type: 'start' },
    { type: 'start-step' },
    { type: 'text-start', id: 'text' },
    { type: 'text-delta', id: 'text', delta: 'All done' },
    { type: 'text-end', id: 'text' },
    { type: 'finish-step' },
    { type: 'finish' },
  ];
}
