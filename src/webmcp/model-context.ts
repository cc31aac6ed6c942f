/**
 * Owns the part of WebMCP's interface that is used (`document.modelContext`, Chromium 149 and later), as types of our own: TypeScript has none, and the draft still changes.
 */

/** What a page says of a tool. What is missing is not known. */
export interface WebMcpAnnotations {
  readonly readOnlyHint?: boolean;
  /** Its results have text that others wrote. */
  readonly untrustedContentHint?: boolean;
  /** What it does may not be undone. Chromium reads it, the draft has it not yet. */
  readonly consequentialHint?: boolean;
}

/** A tool that a page registers. */
export interface WebMcpTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema?: object;
  readonly annotations?: WebMcpAnnotations;
  /** `options.signal` is there from Chromium 153 on: it aborts when the agent, or its user, wants the call no more. */
  readonly execute: (input: unknown, options?: { readonly signal?: AbortSignal }) => Promise<unknown>;
}

/** A tool that some document has registered. */
export interface RegisteredWebMcpTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** An object from Chromium 154 on, before that its JSON. */
  readonly inputSchema?: object | string;
  readonly annotations?: WebMcpAnnotations;
  /** The page that registered it. */
  readonly origin?: string;
  readonly window?: unknown;
}

/** `document.modelContext`. */
export interface WebMcpModelContext {
  registerTool(tool: WebMcpTool, options?: { readonly signal?: AbortSignal }): Promise<unknown> | void;
  getTools?(): Promise<readonly RegisteredWebMcpTool[]>;
  executeTool?(
    tool: RegisteredWebMcpTool,
    input: unknown,
    options?: { readonly signal?: AbortSignal },
  ): Promise<unknown>;
  addEventListener?(type: 'toolchange', listener: () => void, options?: { readonly signal?: AbortSignal }): void;
}

/** That of this page; `undefined` where the browser has none, and on a server. */
export function findModelContext(): WebMcpModelContext | undefined {
  const { document } = globalThis as { readonly document?: { readonly modelContext?: WebMcpModelContext } };
  return document?.modelContext;
}

const offered = new WeakMap<WebMcpModelContext, Set<string>>();

/** The names that this page's own chats offer there. Those tools are not given to a chat again: its call would wait for itself. */
export function offeredIn(modelContext: WebMcpModelContext): Set<string> {
  const names = offered.get(modelContext) ?? new Set<string>();
  offered.set(modelContext, names);
  return names;
}
