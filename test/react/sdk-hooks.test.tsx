// How `useChat` itself behaves, without this library: the reasons for making a `Chat` of our own. docs/contributing/facts.md says what was built on it.
import { Chat, useChat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { UIMessage } from 'ai';
import { StrictMode, useEffect } from 'react';
import { describe, expect, it } from 'vitest';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';

describe('useChat of the SDK', () => {
  // Fact 26.
  it('has not rendered the part yet when onToolCall is called', async () => {
    const transport = new ScriptedTransport();
    const seen: string[][] = [];
    const { result } = renderHook(() =>
      useChat<UIMessage>({ transport, onToolCall: () => void seen.push(partStates(result.current.messages)) }),
    );
    void result.current.sendMessage({ text: 'Hi' });
    (await transport.next()).start('m').call('a', 'read').finish();
    await drain();
    expect(seen).toHaveLength(1);
    expect(seen.flat()).not.toContain('a: input-available');
    expect(partStates(result.current.messages)).toEqual(['a: input-available']);
  });

  // Fact 20.
  it('gives no way to the chat that it makes', () => {
    const { result } = renderHook(() => useChat<UIMessage>({ transport: new ScriptedTransport() }));
    expect(Object.values(result.current).some((value) => value instanceof Chat)).toBe(false);
  });

  // Facts 16 and 28.
  it.skipIf(isAiSdk6)('stops the chat that it made when it unmounts, and not one that was passed in', async () => {
    const [own, shared] = [new ScriptedTransport(), new ScriptedTransport()];
    const chat = new Chat<UIMessage>({ transport: shared });
    const owner = renderHook(() => useChat<UIMessage>({ transport: own }));
    const guest = renderHook(() => useChat({ chat }));
    void owner.result.current.sendMessage({ text: 'Hi' });
    void guest.result.current.sendMessage({ text: 'Hi' });
    const responses = await Promise.all([own.next(), shared.next()]);
    owner.unmount();
    guest.unmount();
    await drain();
    expect(responses.map(({ request }) => request?.abortSignal?.aborted)).toEqual([true, false]);
  });

  async function sendInFirstEffect(shared?: Chat<UIMessage>, transport = new ScriptedTransport()) {
    let effects = 0;
    renderHook(
      () => {
        const { sendMessage } = useChat<UIMessage>(shared === undefined ? { transport } : { chat: shared });
        useEffect(() => {
          if (effects++ === 0) void sendMessage({ text: 'Hi' });
        }, [sendMessage]);
      },
      { wrapper: StrictMode },
    );
    await drain();
    expect(effects).toBe(2);
    return transport.responses.filter(({ request }) => request?.abortSignal?.aborted !== true);
  }

  // Fact 28.
  it.skipIf(isAiSdk6)('swallows what the first effect of StrictMode sends', async () => {
    expect(await sendInFirstEffect()).toEqual([]);
  });

  // Fact 28.
  it('sends it all the same with a chat that was passed in', async () => {
    const transport = new ScriptedTransport();
    expect(await sendInFirstEffect(new Chat<UIMessage>({ transport }), transport)).toHaveLength(1);
  });

  // Fact 20.
  it('keeps the callbacks of a chat that was passed in as they were when it was made', async () => {
    const transport = new ScriptedTransport();
    const seen: number[] = [];
    const chat = new Chat<UIMessage>({ transport, onFinish: () => void seen.push(0) });
    const view = renderHook((round: number) => useChat({ chat, onFinish: () => void seen.push(round) } as never), {
      initialProps: 1,
    });
    view.rerender(2);
    void chat.sendMessage({ text: 'Hi' });
    (await transport.next()).start('m').text('Well').finish('stop');
    await drain();
    expect(seen).toEqual([0]);
  });
});
