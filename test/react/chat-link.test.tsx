// A link: made before the chat and the hook that joins it, it lets neither wait for the other.
import { useChat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import { DefaultChatTransport, type ChatTransport, type ToolSet, type UIMessage } from 'ai';
import { useState } from 'react';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createChatLink, useChatTools } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

/** What a page writes to join its chat. */
function useLinkedChat(options: { transport: ChatTransport<UIMessage>; tools: ToolSet }) {
  const { tools, ...rest } = options;
  const [link] = useState(createChatLink);
  return useChatTools(useChat(link.chatOptions(rest)), { tools, link });
}

function openPage<TOptions extends object>(more: TOptions) {
  const transport = new ScriptedTransport();
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const hand = createHandTools();
  const initialProps = { transport, tools: hand.tools as ToolSet, ...more };
  const view = renderHook(useLinkedChat, { initialProps });
  return { ...hand, transport, view, initialProps, chat: () => view.result.current };
}

it('gives a page the whole chat: reads start as they come, writes at the end, and one follow-up goes out', async () => {
  const { chat, reads, transport, writes } = openPage({});
  void chat().sendMessage({ text: 'Hi' });
  const response = await transport.next();
  response.start().call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
  await drain();
  expect([reads.length, writes.length, chat().isBusy]).toEqual([1, 0, true]);
  response.finish();
  await drain();
  expect(writes).toHaveLength(1);
  reads[0]!.resolve(1);
  writes[0]!.resolve(2);
  const followUp = await transport.next();
  expect(partStates(followUp.messages)).toEqual(['r: output-available', 'w: output-available']);
  followUp.start().text('Done').finish('stop');
  await drain();
  expect(chat().messages.at(-1)?.parts.at(-1)).toMatchObject({ text: 'Done' });
  expect([chat().status, chat().isBusy, transport.responses.length]).toEqual(['ready', false, 2]);
});

it('calls the callbacks of the page as they are now, and waits for none of them', async () => {
  const onToolCall = vi.fn(() => new Promise<void>(() => {}));
  const onFinish = vi.fn();
  const { chat, reads, transport, view, initialProps } = openPage({ onToolCall: vi.fn(), onFinish: vi.fn() });
  view.rerender({ ...initialProps, onToolCall, onFinish });
  void chat().sendMessage({ text: 'Hi' });
  (await transport.next()).start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
  await drain();
  expect([onToolCall, onFinish].map((callback) => callback.mock.calls.length)).toEqual([2, 1]);
  expect([initialProps.onToolCall, initialProps.onFinish].every((first) => first.mock.calls.length === 0)).toBe(true);
  expect(reads).toHaveLength(2);
});

it('leaves a transport what it is: its class, its private fields, its own methods, and the same one at each render', () => {
  class Transport extends DefaultChatTransport<UIMessage> {
    readonly #name = 'mine';
    getName = () => this.#name;
    readName() {
      return this.#name;
    }
  }
  const { chatOptions } = createChatLink();
  const transport = new Transport();
  const linked = chatOptions({ transport }).transport;
  expect(linked).toBeInstanceOf(Transport);
  expect([linked.getName(), linked.readName()]).toEqual(['mine', 'mine']);
  expect(linked).not.toBe(transport);
  expect(chatOptions({ transport }).transport).toBe(linked);
});

it('sends by the default transport of the SDK where the page names none', () => {
  const { chatOptions } = createChatLink();
  expect(chatOptions().transport).toBeInstanceOf(DefaultChatTransport);
  expect(chatOptions().transport).toBe(chatOptions({ id: 'one' }).transport);
});

it('lets a chat be that nobody joins yet', async () => {
  const transport = new ScriptedTransport();
  const link = createChatLink();
  const { result } = renderHook(() => useChat<UIMessage>(link.chatOptions({ transport })));
  void result.current.sendMessage({ text: 'Hi' });
  (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
  await drain();
  expect(partStates(result.current.messages)).toEqual(['a: input-available']);
  expect(transport.responses).toHaveLength(1);
});
