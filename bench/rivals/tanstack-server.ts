// Owns: TanStack AI's own server half: its `chat()` over a scripted model, answered as server-sent events.
import { chat, chatParamsFromRequestBody, toServerSentEventsResponse } from '@tanstack/ai';
import { BaseTextAdapter } from '@tanstack/ai/adapters';
import type { AgUiEvent } from '../ag-ui-events.ts';
import { workDefinition } from './tanstack-tool.ts';

/** Answers a request; `events` is what the model says. */
export async function answerTanStack(body: unknown, events: () => AsyncIterable<AgUiEvent>): Promise<Response> {
  class ScriptedModel extends BaseTextAdapter<never, never, never, never> {
    readonly name = 'scripted';
    override async *chatStream() {
      for await (const event of events()) yield event as never;
    }
    override structuredOutput(): never {
      throw new Error('Not asked for.');
    }
  }
  const { messages, threadId, runId, parentRunId, resume } = await chatParamsFromRequestBody(body);
  const stream = chat({
    adapter: new ScriptedModel({}, 'scripted' as never),
    messages: messages as never,
    tools: [workDefinition],
    threadId,
    runId,
    ...(parentRunId !== undefined && { parentRunId }),
    ...(resume && { resume }),
  });
  return toServerSentEventsResponse(stream as never);
}
