// Owns: a page whose tools start early, and a model that writes inputs piece by piece.
import type { UIMessageChunk } from 'ai';
import { clientTool, type ClientToolExecutionOptions, type ToolCallsPlugin } from 'use-parallel-tools';
import { earlyStart, type EarlyStartOptions } from 'use-parallel-tools/early';
import { createTestChat, type CreateTestChatOptions, type ScriptedResponse } from 'use-parallel-tools/testing';
import { z } from 'zod';
import { createDeferred, type Deferred } from '../harness/deferred.ts';

/** One run of a tool, whose end a test gives. */
export interface Run {
  readonly toolName: string;
  readonly input: unknown;
  readonly options: ClientToolExecutionOptions;
  readonly end: Deferred<unknown>;
}

type Tools = Parameters<typeof createTestChat>[0]['tools'];

/** Tools by name, and every run of them. `look` starts early and `read` does not; `policies` adds to both. */
function createTools(policy: object = {}) {
  const runs: Run[] = [];
  const run = (input: unknown, options: ClientToolExecutionOptions) => {
    const end = createDeferred<unknown>();
    runs.push({ toolName: options.toolName, input, options, end });
    return end.promise;
  };
  const inputSchema = z.object({ city: z.string() });
  const tools: Tools = {
    look: clientTool({ inputSchema, execute: run, readOnly: true, start: 'early', retry: 0, ...policy }),
    read: clientTool({ inputSchema, execute: run, readOnly: true, retry: 0 }),
    save: clientTool({ inputSchema, execute: run, locks: ({ city }) => ({ write: [city] }) }),
  };
  return { runs, tools };
}

/** A page that has asked the model, and the model's answer to be written. */
export async function openPage({
  policy,
  early,
  plugins = [],
  ...options
}: {
  policy?: object;
  early?: EarlyStartOptions;
  plugins?: ToolCallsPlugin[];
} & Partial<CreateTestChatOptions<Tools>> = {}) {
  const { runs, tools } = createTools(policy);
  const chat = createTestChat({ tools, plugins: [...plugins, earlyStart(early)], ...options });
  chat.send('Hi');
  const answer = await chat.transport.next();
  answer.start('m');
  return { chat, runs, answer };
}

/** The pieces of an input, as the server streams them. */
export function writePieces(answer: ScriptedResponse, toolCallId: string, toolName: string, ...pieces: string[]): void {
  answer.write(
    { type: 'tool-input-start', toolCallId, toolName },
    ...pieces.map((inputTextDelta): UIMessageChunk => ({ type: 'tool-input-delta', toolCallId, inputTextDelta })),
  );
}

/** The server says that an input is complete. */
export function writeInput(answer: ScriptedResponse, toolCallId: string, toolName: string, input: unknown): void {
  answer.write({ type: 'tool-input-available', toolCallId, toolName, input });
}
