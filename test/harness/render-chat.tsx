// Owns: the hook on a scripted transport, rendered; the way every chat test begins.
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { StrictMode } from 'react';
import { onTestFinished, expect } from 'vitest';
import { listCalls, useParallelTools, type ToolCall, type UseParallelToolsOptions } from 'use-parallel-tools';
import { ScriptedTransport } from './scripted-transport.ts';

// A live chat changes state whenever a chunk or a result arrives, as in a page: React schedules those renders by itself.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });

export type ChatOptions<TTools extends ToolSet> = Omit<UseParallelToolsOptions<TTools, UIMessage>, 'transport'>;

/** Renders a chat; at the end of the test every request must have been one that a real server accepts. */
export function renderChat<TTools extends ToolSet>(
  options: ChatOptions<TTools>,
  { strict = false, transport = new ScriptedTransport() } = {},
) {
  const view = renderHook(
    (props: ChatOptions<TTools>) => useParallelTools<TTools, UIMessage>({ ...props, transport }),
    {
      initialProps: options,
      ...(strict && { wrapper: StrictMode }),
    },
  );
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const chat = () => view.result.current;
  return {
    transport,
    view,
    chat,
    /** Sends a user message and gives the response to write. */
    async ask(text = 'Hi') {
      void chat().sendMessage({ text });
      return transport.next();
    },
    /** Every call of the store in order. */
    calls: (): ToolCall[] => Object.values(chat().toolCalls.store.getState().batches).flatMap(listCalls),
    call: (toolCallId: string): ToolCall => {
      const found = Object.values(chat().toolCalls.store.getState().batches)
        .flatMap(listCalls)
        .findLast((call) => call.toolCallId === toolCallId);
      if (found === undefined) throw new Error(`The store has no call ${toolCallId}`);
      return found;
    },
    /** Lets everything that is ready to happen, happen. */
    settle: () => drain(),
  };
}

/** Waits until streams and promises that are ready have run: some turns of the event loop, no time. */
export async function drain(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setTimeout(resolve, 0));
}

/** The tool parts of the last message that a request carried, as `id: state`. */
export function partStates(messages: readonly UIMessage[]): string[] {
  return (messages.at(-1)?.parts ?? []).flatMap((part) =>
    'toolCallId' in part ? `${part.toolCallId}: ${part.state}` : [],
  );
}
