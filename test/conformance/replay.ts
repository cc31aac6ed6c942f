// Owns: one recording in a running chat: recorded bodies, provider package, server, transport and the hook, all real.
import { renderHook } from '@testing-library/react';
import { DefaultChatTransport, type ToolSet, type UIMessage } from 'ai';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { clientTool, toolDefinitions, useParallelTools, type ClientToolExecutionOptions } from 'use-parallel-tools';
import { earlyStart } from 'use-parallel-tools/early';
import { createHandExecute, type Invocation } from '../harness/deferred.ts';
import { startChatServer } from './chat-server.ts';
import { createRecordedModel } from './recorded-model.ts';
import type { Recording } from './recordings.ts';
import { readResults, readTools } from './wire.ts';

// The stream and the tools change the page by themselves, as they do in a browser.
// Providers warn of what the recorded clients left out, encrypted reasoning for one.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false, AI_SDK_LOG_WARNINGS: false });

const PATIENCE = 15_000;

export type StartMode = 'early' | 'eager' | 'step-end';
type ToolInvocation = Invocation<unknown, ClientToolExecutionOptions> & { readonly toolName: string };

/** A chat whose provider answers with `bodies`, one a request. */
export async function replay(recording: Recording, start: StartMode, bodies: readonly string[]) {
  const invocations: ToolInvocation[] = [];
  const tools = createTools(recording, start, invocations);
  const { model, requests } = createRecordedModel(recording, bodies);
  const { store } = recording.request;
  const server = await startChatServer({
    model,
    tools: toolDefinitions(tools),
    ...(typeof store === 'boolean' && { providerOptions: { openai: { store } } }),
  });
  const transport = new DefaultChatTransport<UIMessage>({ api: server.url });
  // More calls than are in any recording.
  const plugins = [earlyStart({ max: 100 })];
  const view = renderHook(() => useParallelTools<ToolSet, UIMessage>({ transport, tools, plugins, throttle: 0 }));
  onTestFinished(() => {
    view.unmount();
    server.close();
  });
  return {
    /** Every `execute` so far, to be settled by hand. */
    invocations,
    /** The requests that the provider package sent. */
    providerRequests: requests,
    /** The requests that the chat sent. */
    chatRequests: server.requests,
    chat: () => view.result.current,
  };
}

export type Replay = Awaited<ReturnType<typeof replay>>;

/** The results that the recorded follow-up carried, by the place of their call. */
export function recordedOutputs(recording: Recording): string[] {
  return readResults(recording.followUp.request).map(({ output }) => output);
}

/** The text of the last step of the last message. */
export function lastText(messages: readonly UIMessage[]): string {
  const parts = messages.at(-1)?.parts ?? [];
  const lastStep = parts.slice(parts.findLastIndex(({ type }) => type === 'step-start') + 1);
  return lastStep.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Until `condition` holds. What it waits for is work of this process, so a turn of the event loop is enough between two looks. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited ${PATIENCE} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function createTools(recording: Recording, start: StartMode, invocations: ToolInvocation[]): ToolSet {
  return Object.fromEntries(
    readTools(recording.request).map(({ name, schema }) => {
      const hand = createHandExecute<unknown, ClientToolExecutionOptions>();
      const execute = (input: unknown, options: ClientToolExecutionOptions) => {
        const result = hand.execute(input, options);
        invocations.push({ ...hand.invocations.at(-1)!, toolName: name });
        return result;
      };
      return [name, clientTool({ inputSchema: z.fromJSONSchema(schema), readOnly: start === 'early', start, execute })];
    }),
  );
}
