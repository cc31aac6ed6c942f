/**
 * Owns the way from the browser's agent to the tools of a chat: chosen tools are registered with the browser, and a call that it makes is one of the chat's, with its locks,
 * limits and questions. What comes back is data, also where the call failed: of an error that is thrown the browser tells its agent nothing.
 */
import { asSchema, type ToolSet } from 'ai';
import { systemClock } from '../core/clock.ts';
import { directCallKey } from '../core/direct-calls.ts';
import { explainUnsent, readMessage } from '../core/errors.ts';
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

  const toolOf = (name: string) => (Object.hasOwn(getTools(), name) ? getTools()[name] : undefined);

  /** Brings what is registered in line with the tools that are there. */
  async function update(): Promise<void> {
    for (const [name, offer] of offers) if (toolOf(name) === undefined) withdraw(name, offer);
    await Promise.all(names.map(offer));
  }

  function withdraw(name: string, { stop }: Offer): void {
    offers.delete(name);
    stop.abort();
  }

  /** A tool that a page makes anew with each render is still the same to the browser. */
  async function offer(name: string): Promise<void> {
    try {
      const tool = await describeLatest(name);
      const text = JSON.stringify(tool);
      const before = offers.get(name);
      if (signal?.aborted === true || tool === undefined || text === before?.text) return;
      if (before !== undefined) withdraw(name, before);
      const fresh = { text, stop: new AbortController(), isTaken: false };
      offers.set(name, fresh);
      await register(tool, fresh);
    } catch (thrown) {
      warnOf('not-offered', [name, thrown]);
    }
  }

  /** Its schema may take its time, and the tool may be another one by then. */
  async function describeLatest(name: string): Promise<WebMcpTool | undefined> {
    const tool = toolOf(name);
    const described = tool && (await describe(name, tool));
    return toolOf(name) === tool ? described : describeLatest(name);
  }

  async function register(tool: WebMcpTool, offered: Offer): Promise<void> {
    const { name } = tool;
    const taken = offeredIn(modelContext!);
    const { signal: stopped } = offered.stop;
    try {
      taken.add(name);
      stopped.addEventListener('abort', () => taken.delete(name));
      await modelContext!.registerTool(tool, { signal: stopped });
      offered.isTaken = true;
    } catch (thrown) {
      if (stopped.aborted) return;
      taken.delete(name);
      throw thrown;
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

  async function run(name: string, input: unknown, agent: AbortSignal | undefined): Promise<unknown> {
    const id = createRunId(systemClock);
    const ask = policyOf(name)?.readOnly !== true;
    let isOver = false;
    const read = async (given: AbortSignal): Promise<unknown> => {
      let error: unknown;
      try {
        await call(name, input, { id, from, report, ask, isDisclosed: true, signal: given });
      } catch (thrown) {
        error = thrown;
      }
      isOver = true;
      const reading = await modelResultOf(directCallKey(id));
      if (reading?.state === 'output-available') return reading.output ?? null;
      return toFailure(reading?.errorText ?? readMessage(error));
    };
    return untilGone(agent, read, (why) => toFailure(isOver ? explainUnsent(why) : `Cancelled: ${why}`));
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
  /** What the browser was told of the tool. */
  readonly text: string;
  /** Takes the tool back. */
  readonly stop: AbortController;
  isTaken: boolean;
}

/** Gives what `read` gives; before that what `explain` makes of it that the agent gives up, or that the page goes. What is read may wait for a person, and so for ever. */
function untilGone(
  agent: AbortSignal | undefined,
  read: (signal: AbortSignal) => Promise<unknown>,
  explain: (why: string) => unknown,
): Promise<unknown> {
  const stop = new AbortController();
  const over = new AbortController();
  const { window } = globalThis;
  return new Promise((resolve, reject) => {
    const end = (why: string) => {
      over.abort();
      stop.abort();
      resolve(explain(why));
    };
    const giveUp = () => end('the one who made the call gave it up');
    agent?.addEventListener('abort', giveUp, { signal: over.signal });
    window?.addEventListener('pagehide', () => end('the page was closed'), { signal: over.signal });
    if (agent?.aborted === true) giveUp();
    void read(stop.signal)
      .finally(() => over.abort())
      .then(resolve, reject);
  });
}

function toFailure(text: string): WebMcpFailure {
  return { isError: true, content: [{ type: 'text', text }] };
}
