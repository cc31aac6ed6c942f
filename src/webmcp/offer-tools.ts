/**
 * Owns the way from the browser's agent to the tools of a chat: chosen tools are registered with the browser, and a call that it makes is one of the chat's, with its locks,
 * limits and questions. What comes back is data, also where the call failed: of an error that is thrown the browser tells its agent nothing.
 */
import { asSchema, type ToolSet } from 'ai';
import { systemClock } from '../core/clock.ts';
import { directCallKey } from '../core/direct-calls.ts';
import { expectField } from '../core/expect.ts';
import { warnOf } from '../core/misuse.ts';
import { readField, readTitle } from '../core/read-field.ts';
import { createRunId } from '../core/tool-call-key.ts';
import { createToolRegistry } from '../core/tool-registry.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { findModelContext, offeredIn, type WebMcpModelContext, type WebMcpTool } from './model-context.ts';

export interface OfferToolsOptions<TTools extends ToolSet = ToolSet> {
  /** The tools that are offered. No other one is. A name of which there is no tool yet is offered once there is. */
  names: readonly (keyof TTools & string)[];
  /** Takes the tools back when it is aborted. Calls that run go on. */
  signal?: AbortSignal | undefined;
  /** The chat's model reads of these calls with the user's next message (needs the plugin `callReports()`). @default false */
  report?: boolean;
  /** Whose calls they are, for people to read. @default 'browser-agent', for which `labels.calledBy` has words */
  from?: string;
  /** Where the tools are registered; for tests, and for polyfills that leave the document alone. @default document.modelContext */
  modelContext?: WebMcpModelContext | undefined;
}

/** What an agent reads of a call that gave no output: the shape that MCP has for it. */
export interface WebMcpFailure {
  readonly isError: true;
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }];
}

/**
 * Offers tools of a chat to the browser's own agent, for as long as they are there. A person is asked about every call of a tool that is not `readOnly`. Gives the names that the
 * browser has taken: none where it has no WebMCP.
 *
 * @throws TypeError for `names` that are none
 */
export async function offerTools<TTools extends ToolSet>(
  toolCalls: ToolCalls<TTools>,
  {
    names,
    signal,
    report = false,
    from = 'browser-agent',
    modelContext = findModelContext(),
  }: OfferToolsOptions<TTools>,
): Promise<string[]> {
  const areNames = Array.isArray(names) && names.every((name) => typeof name === 'string');
  expectField('names', ' of offerTools', names, areNames);
  if (modelContext === undefined || signal?.aborted === true) return [];
  // SAFETY: which tools there are is looked at whenever it matters.
  const { call, getTools, getRegistry, modelResultOf, policyOf } = toolCalls as ToolCalls;
  const offers = new Map<string, Offer>();

  /** Brings what is registered in line with the tools that are there. */
  async function update(): Promise<void> {
    const tools = getTools();
    const withdrawn = [...offers].filter(([name, { tool }]) => tools[name] !== tool);
    for (const [name, { stop }] of withdrawn) {
      offers.delete(name);
      stop.abort();
    }
    const fresh = names.filter((name) => !offers.has(name) && Object.hasOwn(tools, name));
    for (const name of fresh) offers.set(name, { tool: tools[name]!, stop: new AbortController(), isTaken: false });
    await Promise.all(fresh.map(register));
  }

  async function register(name: string): Promise<void> {
    const offer = offers.get(name)!;
    const taken = offeredIn(modelContext!);
    const { signal: stopped } = offer.stop;
    try {
      const tool = await describe(name, offer.tool);
      if (stopped.aborted) return;
      taken.add(name);
      stopped.addEventListener('abort', () => taken.delete(name));
      await modelContext!.registerTool(tool, { signal: stopped });
      offer.isTaken = true;
    } catch (thrown) {
      if (stopped.aborted) return;
      taken.delete(name);
      warnOf('not-offered', [name, thrown]);
    }
  }

  async function describe(name: string, tool: ToolSet[string]): Promise<WebMcpTool> {
    const policy = policyOf(name);
    const title = readTitle(tool);
    const description = readField(tool, 'description');
    return {
      name,
      ...(title !== undefined && { title }),
      description: typeof description === 'string' && description !== '' ? description : (title ?? name),
      inputSchema: (await asSchema(tool.inputSchema).jsonSchema) as object,
      annotations: {
        readOnlyHint: policy?.readOnly ?? false,
        untrustedContentHint: policy?.untrusted ?? false,
        consequentialHint: policy?.destructive ?? false,
      },
      execute: (input, options) => run(name, input, options?.signal),
    };
  }

  async function run(name: string, input: unknown, abort: AbortSignal | undefined): Promise<unknown> {
    const id = createRunId(systemClock);
    const ask = policyOf(name)?.readOnly !== true;
    try {
      await call(name, input, { id, from, report, ask, isDisclosed: true, signal: abort });
    } catch {
      // Its words are read below.
    }
    const reading = await modelResultOf(directCallKey(id));
    if (reading?.state === 'output-available') return reading.output ?? null;
    return toFailure(reading?.errorText ?? 'The call was cancelled');
  }

  const stopWatching = getRegistry(createToolRegistry).subscribe(() => void update());
  signal?.addEventListener('abort', () => {
    stopWatching();
    for (const { stop } of offers.values()) stop.abort();
    offers.clear();
  });
  await update();
  return names.filter((name) => offers.get(name)?.isTaken === true);
}

interface Offer {
  readonly tool: ToolSet[string];
  /** Takes the tool back. */
  readonly stop: AbortController;
  isTaken: boolean;
}

function toFailure(text: string): WebMcpFailure {
  return { isError: true, content: [{ type: 'text', text }] };
}
