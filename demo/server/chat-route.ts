// Owns POST /api/chat: the conversation to the model, its answer back as a stream. The tools run in the browser, so only their definitions are here; those
// of its screens come with the request.
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  validateUIMessages,
  type ToolSet,
  type UIMessage,
} from 'ai';
import { toolDefinitions } from 'use-parallel-tools';
import { ToolDescriptionError, toolsFromDescriptions } from 'use-parallel-tools/server';
import { tools } from '../src/tools.ts';
import { describeChatError } from './chat-error.ts';
import { chooseModel, type ModelInfo } from './model.ts';

const instructions = `You answer customers of Larkfield, a shop for outdoor clothing.
Call every tool that the question needs in one step, so that they run at the same time. Never guess what a tool can tell you.
The products are trail-runner, city-sneaker, rain-shell, merino-socks and summit-pack. Prices are in euros.
Before a refund look up the order and the return policy; then refund without asking again, the page asks the customer.
If a tool failed, answer with what you have and say plainly what is missing and why; do not call it again, the customer can retry it.
Answer in plain text, in a few short sentences, without Markdown.`;

const ownTools = toolDefinitions(tools);
/** What screens of the page may bring. */
const screenTools = ['fillReturnSlip', 'bookPickup'];

/** The tools that are on the page now. @throws ToolDescriptionError for what the page must not bring */
function readTools(descriptions: unknown): ToolSet {
  const isScreens = (description: unknown) => !Object.hasOwn(ownTools, String(Object(description).name));
  const described = Array.isArray(descriptions) ? descriptions.filter(isScreens) : descriptions;
  return { ...ownTools, ...toolsFromDescriptions(described, { allow: screenTools }) };
}

/** Answers one turn. A request or a set-up that cannot work gets plain text, which the page shows as it is. */
export async function postChat(request: Request): Promise<Response> {
  const body: unknown = await request.json().catch(() => undefined);
  const messages = await readMessages(body);
  if (!messages) return new Response('The request has no list of chat messages.', { status: 400 });
  let info: ModelInfo | undefined;
  const describe = (error: unknown) => describeChatError(error, info);
  try {
    const chosen = chooseModel(process.env);
    info = chosen.info;
    const definitions = readTools(Object(body).tools);
    const result = streamText({
      model: chosen.model,
      instructions,
      messages: await convertToModelMessages(messages, { tools: definitions }),
      tools: definitions,
      abortSignal: request.signal,
      onError: ({ error }) => console.error(`[chat] ${describe(error)}`),
    });
    return createUIMessageStreamResponse({
      stream: toUIMessageStream({ stream: result.stream, onError: describe, redactToolErrors: false }),
    });
  } catch (error) {
    if (error instanceof ToolDescriptionError) return new Response(error.message, { status: 400 });
    return new Response(describe(error), { status: 500 });
  }
}

/** GET /api/model: which model answers, for the page to say so. */
export function getModel(): Response {
  try {
    return Response.json(chooseModel(process.env).info);
  } catch (error) {
    return new Response(describeChatError(error, undefined), { status: 500 });
  }
}

async function readMessages(body: unknown): Promise<UIMessage[] | undefined> {
  if (typeof body !== 'object' || body === null || !('messages' in body)) return undefined;
  return await validateUIMessages({ messages: body.messages }).catch(() => undefined);
}
