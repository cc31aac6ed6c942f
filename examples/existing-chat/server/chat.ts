import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  safeValidateUIMessages,
  streamText,
  toUIMessageStream,
} from 'ai';
import { toolDefinitions } from 'use-parallel-tools/server';
import { tools } from '../src/tools';
import { createScriptedModel } from './scripted-model';

const definitions = toolDefinitions(tools); // the tools without `execute`: their calls go to the page
const model = createScriptedModel([
  { toolName: 'getWeather', input: { city: 'Lisbon' } },
  { toolName: 'getWeather', input: { city: 'Oslo' } },
]);

export async function postChat(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: unknown };
  // A page can send anything.
  const checked = await safeValidateUIMessages({ messages, tools: definitions });
  if (!checked.success) return new Response(checked.error.message, { status: 400 });
  const result = streamText({
    model,
    messages: await convertToModelMessages(checked.data, { tools: definitions }),
    tools: definitions,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream, tools: definitions }) });
}
