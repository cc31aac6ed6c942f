import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  safeValidateUIMessages,
  streamText,
  toUIMessageStream,
} from 'ai';
import type { ToolsUIMessage } from 'use-parallel-tools';
import { toolDefinitions } from 'use-parallel-tools/server';
import { tools } from '../src/tools';
import { model } from './model';

const definitions = toolDefinitions(tools); // without `execute`: the server leaves the calls to the page

export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: unknown };
  // A page can send anything.
  const checked = await safeValidateUIMessages<ToolsUIMessage<typeof tools>>({ messages, tools: definitions });
  if (!checked.success) return new Response(checked.error.message, { status: 400 });
  const result = streamText({
    model,
    messages: await convertToModelMessages(checked.data, { tools: definitions }),
    tools: definitions,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream, tools: definitions }) });
}
