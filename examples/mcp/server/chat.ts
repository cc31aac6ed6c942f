import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  safeValidateUIMessages,
  streamText,
  toUIMessageStream,
  type ToolSet,
} from 'ai';
import type { ToolsUIMessage } from 'use-parallel-tools';
import { ToolDescriptionError, toolsFromDescriptions } from 'use-parallel-tools/server';
import { createScriptedModel } from './scripted-model';

export async function postChat(request: Request): Promise<Response> {
  const body = (await request.json()) as { messages: unknown; tools: unknown };
  let tools: ToolSet;
  try {
    // Only the page knows the MCP server. What it sends is checked before a model sees it.
    tools = toolsFromDescriptions(body.tools, { max: 20 });
  } catch (error) {
    if (error instanceof ToolDescriptionError) return new Response(error.message, { status: 400 });
    throw error;
  }
  const checked = await safeValidateUIMessages<ToolsUIMessage<ToolSet>>({ messages: body.messages, tools });
  if (!checked.success) return new Response(checked.error.message, { status: 400 });
  const model = createScriptedModel([
    { toolName: 'echo', input: { message: 'hello' } },
    { toolName: 'get-tiny-image', input: {} },
    { toolName: 'gzip-file-as-resource', input: { name: 'file.gz', data: `${new URL(request.url).origin}/api/file` } },
  ]);
  const result = streamText({ model, messages: await convertToModelMessages(checked.data, { tools }), tools });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream, tools }) });
}
