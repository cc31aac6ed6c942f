'use client';
/** Owns the rendering of components beside a test chat: under its provider, on Testing Library. */
import { render, type RenderOptions, type RenderResult } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import type { ComponentType, ReactElement, ReactNode } from 'react';
import { ToolCallsProvider } from '../react/tool-calls-context.ts';
import {
  useParallelTools,
  type UseParallelToolsOptions,
  type UseParallelToolsResult,
} from '../react/use-parallel-tools.ts';
import {
  createIds,
  createTestStage,
  type CreateTestChatOptions,
  type TestChat,
  type TestChatOptions,
} from './test-chat.ts';

/** What is rendered: an element, or a function of what the hook returns, called in each render. */
export type RenderedUi = ReactNode | ((chat: UseParallelToolsResult<UIMessage>) => ReactNode);

export type RenderWithToolCallsOptions<TTools extends ToolSet> = CreateTestChatOptions<TTools> & {
  /** What surrounds everything, the provider included. */
  wrapper?: ComponentType<{ children: ReactNode }> | undefined;
  /** Where it is rendered, and other options of Testing Library's `render`. */
  renderOptions?: Omit<RenderOptions, 'wrapper' | 'queries'> | undefined;
};

export type RenderWithToolCallsResult = RenderResult & {
  /** The chat of the hook, as `createTestChat` gives one. */
  readonly chat: TestChat;
};

/**
 * Renders `ui` in a page whose chat talks with a scripted model: `useParallelTools` in a component, and its `ToolCallsProvider`. Time stands still as in
 * `createTestChat`; wait with `await chat.settled()`, or, where no backoff and no pause is in the way, with `findBy…`.
 */
export function renderWithToolCalls<TTools extends ToolSet>(
  ui: RenderedUi,
  options: RenderWithToolCallsOptions<TTools>,
): RenderWithToolCallsResult {
  const { wrapper, renderOptions, script, clock, patience, transport, ...hookOptions } = options;
  const stage = createTestStage(dropUndefined({ script, clock, patience, transport }));
  const latest: { result?: UseParallelToolsResult<UIMessage> } = {};
  // SAFETY: the hook's own signature has no `clock`; what it makes takes one.
  const given = {
    generateId: createIds(),
    ...hookOptions,
    ...stage.options,
    plugins: [stage.recorder, ...(hookOptions.plugins ?? [])],
  } as unknown as UseParallelToolsOptions<TTools, UIMessage>;

  function Page(): ReactElement {
    const result = useParallelTools<TTools, UIMessage>(given);
    // oxlint-disable-next-line react/immutability -- the test reads what was rendered last, and renders nothing by it
    latest.result = result;
    return <ToolCallsProvider value={result.toolCalls}>{typeof ui === 'function' ? ui(result) : ui}</ToolCallsProvider>;
  }

  const view = render(<Page />, { ...renderOptions, ...(wrapper !== undefined && { wrapper }) });
  const get = () => latest.result!;
  const chat = stage.open({
    toolCalls: get().toolCalls,
    getMessages: () => get().messages,
    getStatus: () => get().status,
    getError: () => get().error,
    sendMessage: (...args) => get().sendMessage(...args),
    regenerate: (...args) => get().regenerate(...args),
    stop: () => get().stop(),
    setMessages: (messages) => get().setMessages(messages),
    unmount: view.unmount,
  });
  return { ...view, chat };
}

function dropUndefined(options: TestChatOptions): TestChatOptions {
  // SAFETY: an absent optional field and an undefined one mean the same here.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as TestChatOptions;
}
