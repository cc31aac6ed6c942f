// `useChatTools` on chats that somebody else made, and hooks that share a chat or a page.
import { Chat, useChat } from '@ai-sdk/react';
import { render, renderHook } from '@testing-library/react';
import { lastAssistantMessageIsCompleteWithToolCalls, type ToolSet, type UIMessage } from 'ai';
import { createElement, useState } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChatLink, useChatTools, useParallelTools, type ToolCalls } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { expectConsole } from '../setup/console.ts';

let transport: ScriptedTransport;
beforeEach(() => void (transport = new ScriptedTransport()));
afterEach(() => expect(transport.problems).toEqual([]));

const callsOf = (toolCalls: ToolCalls) => Object.values(toolCalls.store.getState().batches).flatMap(listCalls);
const statuses = (toolCalls: ToolCalls) =>
  callsOf(toolCalls).map(({ toolCallId, status }) => `${toolCallId}: ${status}`);

/** A shared `Chat`, linked to the hook that joins it, or bare. */
function createSharedChat(linked: boolean, autoSend = false) {
  const link = createChatLink();
  const options = {
    transport,
    ...(autoSend && { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls }),
  };
  return { chat: new Chat<UIMessage>(linked ? link.chatOptions(options) : options), link };
}

function joinShared({ linked = true, autoSend = false } = {}) {
  const hand = createHandTools();
  const shared = createSharedChat(linked, autoSend);
  const view = renderHook(() => useChatTools(shared.chat, { tools: hand.tools as ToolSet, link: shared.link }));
  return { ...hand, ...shared, view, tools: () => view.result.current };
}

// Issue 4 item 7.
describe.each([
  ['a shared Chat', false],
  ["a shared Chat with the page's own sendAutomaticallyWhen", true],
])('%s', (_, autoSend) => {
  it('runs reads as they come and writes at the end, and sends once', async () => {
    const { chat, reads, writes } = joinShared({ autoSend });
    void chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await drain();
    expect([reads.length, writes.length]).toEqual([1, 0]);
    response.finish();
    await drain();
    writes[0]!.resolve(2);
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-available', 'w: output-available']);
    followUp.start().text('Done').finish('stop');
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  it('without a link starts reads from the messages; writes wait for a click', async () => {
    const { chat, reads, writes, tools } = joinShared({ linked: false, autoSend });
    void chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await drain();
    expect([reads.length, writes.length]).toEqual([1, 0]);
    response.finish();
    await drain();
    expect(statuses(tools().toolCalls)).toEqual(['r: running', 'w: awaiting-approval']);
    expect(callsOf(tools().toolCalls)[1]).toMatchObject({ unknownEnd: true });
    tools().toolCalls.approve(callsOf(tools().toolCalls)[1]!);
    await drain();
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  it('sends once when every call failed, and when the last settles in the tick in which the stream ends', async () => {
    const { chat, reads } = joinShared({ autoSend });
    void chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 });
    await drain();
    reads[0]!.reject(new Error('no'));
    reads[1]!.resolve(2);
    response.finish();
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-error', 'b: output-available']);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });
});

describe('a shared Chat', () => {
  it('gets a result for every call when a message goes past the hook', async () => {
    const { chat, reads } = joinShared();
    void chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('r', 'read', { n: 1 }).finish();
    await drain();
    void chat.sendMessage({ text: 'Something else' });
    const next = await transport.next();
    expect(next.messages.map((message) => partStates([message]))).toEqual([[], ['r: output-error'], []]);
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    next.start().text('Fine').finish('stop');
    await drain();
    expect(partStates([chat.messages[1]!])).toEqual(['r: output-error']);
    expect(transport.responses).toHaveLength(2);
  });

  it('aborts calls that the page itself closes before it sends past the hook', async () => {
    const { chat, reads, tools } = joinShared();
    void chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('r', 'read', { n: 1 }).finish();
    await drain();
    chat.messages = chat.messages.map((message) => ({
      ...message,
      parts: message.parts.map((part) =>
        'toolCallId' in part ? ({ ...part, state: 'output-error', errorText: 'Never mind' } as typeof part) : part,
      ),
    }));
    void chat.sendMessage({ text: 'Something else' });
    (await transport.next()).start().text('Fine').finish('stop');
    await drain();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(callsOf(tools().toolCalls)).toMatchObject([{ status: 'failed', error: { message: 'Never mind' } }]);
    expect(transport.responses).toHaveLength(2);
  });

  it("closes open calls first with the hook's sendMessage, and forgets them with its regenerate", async () => {
    const { chat, reads, tools } = joinShared();
    void chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('r', 'read', { n: 1 }).finish();
    await drain();
    void tools().regenerate();
    const again = await transport.next();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(callsOf(tools().toolCalls)).toEqual([]);
    again.start().call('s', 'read', { n: 1 }).finish();
    await drain();
    void tools().sendMessage({ text: 'Something else' });
    const next = await transport.next();
    expect(next.messages.map((message) => partStates([message]))).toEqual([[], ['s: output-error'], []]);
  });

  // Rule 6.
  it('is written nothing when the page is left; the next page applies onReload', async () => {
    const first = joinShared();
    void first.chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await drain();
    first.view.unmount();
    await drain();
    expect(first.reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(partStates(first.chat.messages)).toEqual(['r: input-available', 'w: input-available']);
    const hand = createHandTools();
    const { result } = renderHook(() => useChatTools(first.chat, { tools: hand.tools }));
    await drain();
    expect(statuses(result.current.toolCalls)).toEqual(['r: running', 'w: interrupted']);
    hand.reads[0]!.resolve(1);
    result.current.toolCalls.skip(callsOf(result.current.toolCalls)[1]!);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-error']);
  });

  it('starts nothing of an answer that streams on after the page is left', async () => {
    const { chat, reads, view } = joinShared();
    void chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('a', 'read', { n: 1 });
    await drain();
    view.unmount();
    response.call('b', 'read', { n: 2 }).finish();
    await drain();
    expect(reads).toHaveLength(1);
    expect(partStates(chat.messages)).toEqual(['a: input-available', 'b: input-available']);
    expect(transport.responses).toHaveLength(1);
  });

  it('is handed from one page to the next in one commit, without a warning', async () => {
    const hand = createHandTools();
    const { chat } = createSharedChat(false);
    const Page = () => void useChatTools(chat, { tools: hand.tools });
    const view = render(createElement(Page, { key: 'first' }));
    void chat.sendMessage({ text: 'Hi' });
    view.rerender(createElement(Page, { key: 'second' }));
    (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
    await drain();
    expect(hand.reads).toHaveLength(1);
  });
});

describe('two hooks on one chat', () => {
  it('run each call once, and say so once', async () => {
    expectConsole('warn', 'two hooks run the tool calls of one chat');
    const { chat, link } = createSharedChat(true);
    const first = createHandTools();
    const second = createHandTools();
    renderHook(() => useChatTools(chat, { tools: first.tools as ToolSet, link }));
    const other = renderHook(() => useChatTools(chat, { tools: second.tools, link }));
    void chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
    await drain();
    expect([first.reads.length, second.reads.length]).toEqual([1, 0]);
    first.reads[0]!.resolve(1);
    (await transport.next()).start().text('Done').finish('stop');
    await drain();
    expect(transport.responses).toHaveLength(2);
    expect(callsOf(other.result.current.toolCalls)).toEqual([]);
  });

  it('are told apart from a hook on the chat that useParallelTools made', async () => {
    expectConsole('warn', 'two hooks run the tool calls of one chat');
    const hand = createHandTools();
    const { result } = renderHook(() => {
      const chat = useParallelTools<ToolSet, UIMessage>({ tools: hand.tools, transport, throttle: 0 });
      return { chat, joined: useChatTools(chat, { tools: hand.tools }) };
    });
    void result.current.chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
    await drain();
    expect(hand.reads).toHaveLength(1);
  });
});

describe('two chats on a page', () => {
  it('run the same id side by side, each for its own', async () => {
    const hand = createHandTools();
    const other = new ScriptedTransport();
    const { result } = renderHook(() => ({
      one: useParallelTools<ToolSet, UIMessage>({ tools: hand.tools, transport, throttle: 0 }),
      two: useParallelTools<ToolSet, UIMessage>({ tools: hand.tools, transport: other, throttle: 0 }),
    }));
    void result.current.one.sendMessage({ text: 'Hi' });
    void result.current.two.sendMessage({ text: 'Hi' });
    (await transport.next()).start('m').call('a', 'read', { n: 1 }).finish();
    (await other.next()).start('m').call('a', 'read', { n: 1 }).finish();
    await drain();
    expect(hand.reads).toHaveLength(2);
    hand.reads[1]!.resolve('two');
    expect((await other.next()).messages.at(-1)?.parts.at(-1)).toMatchObject({ output: 'two' });
    expect(transport.responses).toHaveLength(1);
    expect(statuses(result.current.one.toolCalls)).toEqual(['a: running']);
  });
});

describe('the helpers of a plain useChat', () => {
  /** With a link, or without one; `'callbacks'`: without the link's transport. */
  function joinHelpers(linked: boolean | 'callbacks', throttle?: number) {
    const hand = createHandTools();
    const view = renderHook(() => {
      const [link] = useState(createChatLink);
      const options = { id: 'plain', transport, ...(throttle !== undefined && { throttle }) };
      const chat = useChat<UIMessage>({
        ...(linked === false ? options : link.chatOptions(options)),
        ...(linked === 'callbacks' && { transport }),
      });
      return { chat, joined: useChatTools(chat, { tools: hand.tools as ToolSet, link }) };
    });
    return { ...hand, view };
  }

  // Fact 26.
  it.each([
    [true, undefined],
    ['callbacks' as const, undefined],
    [false, undefined],
    [true, 20],
    ['callbacks' as const, 20],
  ])('run calls and send once (link: %s, throttle: %s)', async (linked, throttle) => {
    const { view, reads } = joinHelpers(linked, throttle);
    void view.result.current.chat.sendMessage({ text: 'Hi' });
    const response = await transport.next();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 });
    await drain();
    response.finish();
    await expect.poll(() => reads.length).toBe(2);
    reads[0]!.resolve(1);
    reads[1]!.resolve(2);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
    followUp.start().text('Done').finish('stop');
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  it('run each call once when the whole answer comes before the next render', async () => {
    const { view, reads, writes } = joinHelpers(true);
    void view.result.current.chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[0]!.resolve(1);
    reads[1]!.resolve(2);
    (await transport.next()).start('m').call('c', 'read', { n: 3 }).call('d', 'write', { n: 4 }).finish();
    await drain();
    expect([reads.length, writes.length]).toEqual([3, 1]);
    reads[2]!.resolve(3);
    writes[0]!.resolve(4);
    const last = await transport.next();
    expect(partStates(last.messages)).toEqual(['a', 'b', 'c', 'd'].map((id) => `${id}: output-available`));
    last.start('m').text('Done').finish('stop');
    await drain();
    expect([reads.length, writes.length, transport.responses.length]).toEqual([3, 1, 3]);
  });

  it('stop the tools with the stop that the hook gives', async () => {
    const { view, reads } = joinHelpers(true);
    void view.result.current.chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start().call('a', 'read', { n: 1 }).finish();
    await drain();
    await view.result.current.joined.stop();
    await drain();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(partStates(view.result.current.chat.messages)).toEqual(['a: output-error']);
    expect(transport.responses).toHaveLength(1);
  });
});
