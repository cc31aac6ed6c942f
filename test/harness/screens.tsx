// Owns: a page with a chat and screens that bring their own tools, which a test opens, closes and renders anew.
import { render } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { Fragment, StrictMode, useLayoutEffect, type ReactNode } from 'react';
import { expect, onTestFinished } from 'vitest';
import {
  ToolCallsProvider,
  useClientTool,
  useParallelTools,
  type ClientTool,
  type ToolCall,
  type ToolCallsPlugin,
  type UseClientToolOptions,
  type UseParallelToolsResult,
} from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { drain } from './render-chat.tsx';
import { ScriptedTransport } from './scripted-transport.ts';

/** A screen: what it offers. Screens of one id are one component to React. */
export interface Screen extends UseClientToolOptions {
  readonly id: string;
  readonly name: string;
  readonly tool: ClientTool<never, never> | undefined;
}

function OneScreen({ name, tool, ...options }: Screen): ReactNode {
  useClientTool(name, tool as ClientTool | undefined, options);
  return null;
}

interface PageOptions {
  tools?: ToolSet;
  strict?: boolean;
  sendDefinitions?: boolean;
  plugins?: readonly ToolCallsPlugin[];
  /** What was said before the page was loaded. */
  messages?: UIMessage[];
  /** What stands below the provider beside the screens. */
  children?: (messages: readonly UIMessage[]) => ReactNode;
}

/** Renders a page whose chat has no tools but those given, and no screens yet. */
export async function renderScreens({
  strict = false,
  children,
  tools = {},
  sendDefinitions = false,
  plugins = [],
  messages = [],
}: PageOptions = {}) {
  const transport = new ScriptedTransport();
  const current: { chat?: UseParallelToolsResult<UIMessage> } = {};
  const chatNow = () => current.chat!;
  let screens: ReactNode = null;
  function Page({ shown }: { shown: ReactNode }) {
    const chat = useParallelTools<ToolSet, UIMessage>({
      tools,
      messages,
      transport,
      throttle: 0,
      sendDefinitions,
      plugins,
    });
    useLayoutEffect(() => void (current.chat = chat));
    return (
      <ToolCallsProvider value={chat.toolCalls}>
        {shown}
        {children?.(chat.messages)}
      </ToolCallsProvider>
    );
  }
  const Mode = strict ? StrictMode : Fragment;
  const page = () => (
    <Mode>
      <Page shown={screens} />
    </Mode>
  );
  const view = render(page());
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const rendered = {
    transport,
    chat: chatNow,
    /** Shows exactly these. */
    async show(...shown: readonly (Screen | ReactNode)[]) {
      screens = shown.map((screen) => (isScreen(screen) ? <OneScreen key={screen.id} {...screen} /> : screen));
      view.rerender(page());
      await drain();
    },
    async ask() {
      void chatNow().sendMessage({ text: 'Hi' });
      return transport.next();
    },
    call: (toolCallId: string): ToolCall => {
      const calls = Object.values(chatNow().toolCalls.store.getState().batches).flatMap(listCalls);
      return calls.findLast((call) => call.toolCallId === toolCallId)!;
    },
    toolNames: () => Object.keys(chatNow().toolCalls.getTools()).sort(),
    leave: () => view.unmount(),
  };
  await drain();
  return rendered;
}

function isScreen(shown: Screen | ReactNode): shown is Screen {
  return typeof shown === 'object' && shown !== null && 'tool' in shown;
}
