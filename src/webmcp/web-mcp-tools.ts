/**
 * Owns the way from tools that other code has registered with the browser to the chat of a page: each is a client tool that the browser runs. What they say and give is other
 * people's text; what this page's own chats offer is left out.
 */
import { jsonSchema, type ToolSet } from 'ai';
import { readMessage } from '../core/errors.ts';
import { clientTool, type ClientTool } from '../core/tool.ts';
import type { ToolRegistration, ToolRegistry } from '../core/tool-registry.ts';
import {
  findModelContext,
  offeredIn,
  type RegisteredWebMcpTool,
  type WebMcpAnnotations,
  type WebMcpModelContext,
} from './model-context.ts';

export interface WebMcpToolsOptions {
  /** Which tools the chat gets. @default all but those that this page's own chats offer */
  filter?: ((tool: RegisteredWebMcpTool) => boolean) | undefined;
  /** Stands before the name of each, so that none takes the place of a tool of the page. @default 'web_' */
  prefix?: string;
  /** Keeps the tools in this registry too, and in step with the browser: they come and go with those who register them. @default none */
  registry?: ToolRegistry | undefined;
  /** Takes them out of `registry` when it is aborted. */
  signal?: AbortSignal | undefined;
  /** Where the tools are; for tests, and for polyfills that leave the document alone. @default document.modelContext */
  modelContext?: WebMcpModelContext | undefined;
}

/**
 * The tools that other code has registered with the browser (`document.modelContext`), as tools of a chat. One that its owner does not call read-only asks a person; the text of all of
 * them counts as `untrusted`. None where the browser has no WebMCP, or lists no tools.
 */
export async function webMcpTools({
  filter = () => true,
  prefix = 'web_',
  registry,
  signal,
  modelContext = findModelContext(),
}: WebMcpToolsOptions = {}): Promise<ToolSet> {
  if (modelContext?.getTools === undefined || modelContext.executeTool === undefined) return {};
  const tools = await list(modelContext, filter, prefix);
  if (registry === undefined || signal?.aborted === true) return tools;
  const follow = createFollower(registry);
  follow(tools);
  let turn = 0;
  const update = async () => {
    const current = ++turn;
    const found = await list(modelContext, filter, prefix);
    if (current === turn && signal?.aborted !== true) follow(found);
  };
  modelContext.addEventListener?.('toolchange', () => void update(), signal && { signal });
  signal?.addEventListener('abort', () => follow({}));
  return tools;
}

async function list(
  modelContext: WebMcpModelContext,
  filter: (tool: RegisteredWebMcpTool) => boolean,
  prefix: string,
): Promise<ToolSet> {
  const found = (await modelContext.getTools?.()) ?? [];
  const own = offeredIn(modelContext);
  const tools: ToolSet = {};
  for (const tool of found) {
    if ((isOfThisPage(tool) && own.has(tool.name)) || !filter(tool)) continue;
    const name = toToolName(prefix + tool.name);
    // The first of two with one name: which it is would change else with every list.
    if (!Object.hasOwn(tools, name)) tools[name] = toClientTool(modelContext, tool);
  }
  return tools;
}

function isOfThisPage({ window: owner }: RegisteredWebMcpTool): boolean {
  return owner === undefined || owner === globalThis;
}

/** Providers take letters, digits, `_` and `-`, and 64 of them. */
function toToolName(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, 64);
}

function toClientTool(modelContext: WebMcpModelContext, tool: RegisteredWebMcpTool): ClientTool {
  const { title, description, annotations = {} } = tool;
  return clientTool({
    ...(title !== undefined && title !== '' && { title }),
    description: description ?? tool.name,
    inputSchema: jsonSchema(readSchema(tool)),
    ...toPolicy(annotations),
    execute: (input, { abortSignal }) => execute(modelContext, tool, input, abortSignal),
  });
}

/** What its owner says of a tool makes it stricter, or lets it read without a question; it never makes it trusted. */
function toPolicy({ readOnlyHint = false, consequentialHint = false }: WebMcpAnnotations) {
  return { readOnly: readOnlyHint, destructive: consequentialHint, approval: !readOnlyHint, untrusted: true };
}

async function execute(
  modelContext: WebMcpModelContext,
  tool: RegisteredWebMcpTool,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  // Before Chromium 154 schema and input are JSON, after that objects.
  const given = typeof tool.inputSchema === 'string' ? JSON.stringify(input ?? {}) : (input ?? {});
  try {
    return readResult(await modelContext.executeTool?.(tool, given, { signal }));
  } catch (thrown) {
    signal.throwIfAborted();
    throw new Error(`The tool ${tool.name} failed in the browser: ${readMessage(thrown, 'It')}`, { cause: thrown });
  }
}

/** A result that is JSON is what that says. */
function readResult(result: unknown): unknown {
  if (typeof result !== 'string') return result;
  try {
    return JSON.parse(result);
  } catch {
    return result;
  }
}

function readSchema({ inputSchema }: RegisteredWebMcpTool): object {
  const schema: unknown = typeof inputSchema === 'string' ? readResult(inputSchema) : inputSchema;
  return typeof schema === 'object' && schema !== null ? schema : { type: 'object', properties: {} };
}

/** Keeps in the registry what it is given last. */
function createFollower(registry: ToolRegistry): (tools: ToolSet) => void {
  const known = new Map<string, { readonly registration: ToolRegistration; readonly unmount: () => void }>();
  return (tools) => {
    for (const [name, { unmount }] of known) {
      if (Object.hasOwn(tools, name)) continue;
      unmount();
      known.delete(name);
    }
    for (const [name, tool] of Object.entries(tools)) {
      const there = known.get(name);
      if (there !== undefined) there.registration.update(tool);
      else {
        const registration = registry.register(name, tool);
        known.set(name, { registration, unmount: registration.mount() });
      }
    }
  };
}
