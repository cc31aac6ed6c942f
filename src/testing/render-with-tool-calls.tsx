'use client';
/** Owns the rendering of components beside a test chat: under its provider, on Testing Library. */
import { act, getConfig, render, type RenderOptions, type RenderResult } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { wrapCommands, type ToolCalls } from '../core/tool-calls.ts';
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
  const latest: { result?: UseParallelToolsResult<UIMessage>; isLeft?: boolean } = {};
  // SAFETY: the hook's own signature has no `clock`; what it makes takes one.
  const given = {
    id: 'test-chat',
    generateId: createIds(),
    throttle: 0,
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
  const unmount = () => {
    latest.isLeft = true;
    view.unmount();
  };
  const chat = stage.open({
    toolCalls: inAct(get().toolCalls),
    getMessages: () => get().messages,
    // Nothing is rendered any more that would tell.
    getStatus: () => (latest.isLeft === true ? 'ready' : get().status),
    getError: () => get().error,
    sendMessage: (...args) => begin(() => get().sendMessage(...args)),
    regenerate: (...args) => begin(() => get().regenerate(...args)),
    stop: () => begin(() => get().stop()),
    setMessages: (messages) => begin(() => get().setMessages(messages)),
    unmount,
  });
  return { ...view, unmount, chat: asPage(chat) };
}

/** Begins something as React wants it in a test. What it leads to comes later, while the test waits. */
function begin<TResult>(start: () => TResult): TResult {
  const begun: { result?: TResult } = {};
  act(() => void (begun.result = start()));
  // SAFETY: `act` has called it.
  return begun.result as TResult;
}

/** The commands as React wants them called in a test. */
function inAct(toolCalls: ToolCalls): ToolCalls {
  const acting = { ...toolCalls };
  wrapCommands(acting, (run) => begin(run));
  return acting;
}

/** The waits as React wants them in a test: what happens meanwhile is rendered as on a page. */
function asPage(chat: TestChat): TestChat {
  const { asyncWrapper } = getConfig();
  return Object.create(chat, {
    settled: { value: () => asyncWrapper(() => chat.settled()) },
    until: { value: (isTrue: () => boolean) => asyncWrapper(() => chat.until(isTrue)) },
    advance: { value: (milliseconds: number) => asyncWrapper(() => chat.advance(milliseconds)) },
  }) as TestChat; // SAFETY: everything else is the chat's own.
}

function dropUndefined(options: TestChatOptions): TestChatOptions {
  // SAFETY: an absent optional field and an undefined one mean the same here.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as TestChatOptions;
}
