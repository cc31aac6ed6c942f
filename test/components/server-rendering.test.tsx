import { act } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import type { ReactElement } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { groupMessageParts, MessageToolCalls, useParallelTools } from 'use-parallel-tools';
import { ToolCallGroup } from '../../src/components/group/group.tsx';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

function hydrate(page: ReactElement): { container: HTMLElement; unmount: () => void } {
  const container = document.createElement('div');
  container.innerHTML = renderToString(page);
  expect(container.textContent).toMatch(/done|tools/);
  let root: Root | undefined;
  act(() => {
    root = hydrateRoot(container, page);
  });
  return { container, unmount: () => act(() => root?.unmount()) };
}

it.each([
  ['running', batch.running()],
  ['finished', batch.finished()],
  ['one failed', batch.oneFailed()],
  ['needs a person', batch.needsAPerson()],
])('hydrates what a server rendered without a warning: %s', (_, shown) => {
  const { container, unmount } = hydrate(
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(container.querySelector('[data-slot="tool-call-group-header"]')).not.toBeNull();
  unmount();
});

it('hydrates the page of the README with messages that the server loaded, and runs nothing on the server', async () => {
  const { tools, reads } = createHandTools();
  const part = { type: 'tool-read', input: { n: 1 } } as const;
  const parts: UIMessage['parts'] = [
    { type: 'step-start' },
    { type: 'text', text: 'One moment.' },
    { ...part, toolCallId: 'a', state: 'output-available', output: 1 },
    { ...part, toolCallId: 'b', state: 'output-error', errorText: 'No.' },
    { ...part, toolCallId: 'c', state: 'input-available' },
  ];
  const messages: UIMessage[] = [
    { id: 'question', role: 'user', parts: [] },
    { id: 'answer', role: 'assistant', parts },
  ];
  const transport = new ScriptedTransport();
  function Chat() {
    const chat = useParallelTools({ transport, tools: tools as ToolSet, messages });
    return (
      <ToolCallsProvider value={chat.toolCalls}>
        {chat.messages.map((message) => (
          <MessageToolCalls key={message.id} groups={groupMessageParts(message)}>
            {({ part: shown }) => (shown.type === 'text' ? <p>{shown.text}</p> : null)}
          </MessageToolCalls>
        ))}
      </ToolCallsProvider>
    );
  }
  renderToString(<Chat />);
  await drain();
  expect(reads).toHaveLength(0);
  const { container, unmount } = hydrate(<Chat />);
  expect(container.querySelectorAll('[data-slot="tool-call-card"]')).toHaveLength(3);
  await drain();
  expect(reads).toHaveLength(1);
  unmount();
});
