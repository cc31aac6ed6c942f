/** Owns what `sendDefinitions` adds to a request that goes out: the definitions of the page's tools, as `tools` in its body. */
import type { ChatTransport, ToolSet, UIMessage } from 'ai';
import { warnOf } from '../core/misuse.ts';
import { describeTools, type ToolDescription } from './describe-tools.ts';

/** A transport that adds the definitions, if the options of the moment say so; else the transport itself. */
export function withDefinitions<TMessage extends UIMessage>(
  transport: ChatTransport<TMessage>,
  tools: ToolSet,
  sendDefinitions = false,
): ChatTransport<TMessage> {
  if (!sendDefinitions) return transport;
  return {
    resumeStreamIsReplay: transport.resumeStreamIsReplay ?? false,
    sendMessages: async (request) =>
      transport.sendMessages({ ...request, body: await addDefinitions(request.body, tools) }),
    reconnectToStream: (request) => transport.reconnectToStream(request),
    close: () => transport.close?.(),
  };
}

async function addDefinitions(body: object | undefined, tools: ToolSet): Promise<object> {
  if (body === undefined || !('tools' in body)) return { ...body, tools: await describeOnce(tools) };
  warnOf('own-tools', []);
  return body;
}

const described = new WeakMap<ToolSet, readonly ToolDescription[]>();

/** The conversion of schemas is not free, and a request is sent for each batch. */
async function describeOnce(tools: ToolSet): Promise<readonly ToolDescription[]> {
  const known = described.get(tools) ?? (await describeTools(tools));
  described.set(tools, known);
  return known;
}
