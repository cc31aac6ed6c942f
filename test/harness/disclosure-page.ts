// Owns: a chat with the disclosure plugin, without React: tools that answer at once as a test says, and the moments at which it looks.
import type { ChatTransport, ToolSet, UIMessage } from 'ai';
import type { ToolCall, ToolCallsPlugin } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { createParallelChat } from '../../src/react/parallel-chat.ts';

export interface DisclosurePageOptions {
  readonly id?: string;
  readonly transport: ChatTransport<UIMessage>;
  readonly tools: ToolSet;
  readonly plugins: readonly ToolCallsPlugin[];
  readonly messages?: UIMessage[];
}

/** A page that is loaded and mounted. */
export function openDisclosurePage(options: DisclosurePageOptions) {
  const page = createParallelChat<UIMessage>({ ...options, maxFollowUps: 100 });
  const unmount = page.bridge.mount();
  const { toolCalls } = page.bridge;
  const calls = (): ToolCall[] => Object.values(toolCalls.store.getState().batches).flatMap(listCalls);
  return {
    ...page,
    toolCalls,
    calls,
    call(toolCallId: string): ToolCall {
      const found = calls().findLast((call) => call.toolCallId === toolCallId);
      if (found === undefined) throw new Error(`The store has no call ${toolCallId}`);
      return found;
    },
    /** The page is gone. Gives its messages, as they would be stored. */
    leave(): UIMessage[] {
      const messages = JSON.parse(JSON.stringify(page.bridge.complete(page.chat.messages))) as UIMessage[];
      unmount();
      return messages;
    },
  };
}

export type DisclosurePage = ReturnType<typeof openDisclosurePage>;

/** Some milliseconds of real time: streams, promises and a frame of a page without a screen. */
export function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
