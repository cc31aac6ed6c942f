// `isBusy` is what pages show Stop by: it may not flicker between a batch and its follow-up.
import { renderHook } from '@testing-library/react';
import type { UIMessage } from 'ai';
import { expect, it } from 'vitest';
import { useParallelTools } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

it('stays busy from the question to the last word of the answer', async () => {
  const { tools, reads } = createHandTools();
  const transport = new ScriptedTransport();
  const rendered: boolean[] = [];
  const view = renderHook(() => {
    const chat = useParallelTools<typeof tools, UIMessage>({ tools, transport });
    rendered.push(chat.isBusy);
    return chat;
  });
  void view.result.current.sendMessage({ text: 'Hi' });
  (await transport.next()).start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
  await drain();
  reads[0]!.resolve(1);
  await drain();
  reads[1]!.resolve(2);
  (await transport.next()).start().text('Done').finish('stop');
  await drain();
  const changes = rendered.filter((isBusy, index) => isBusy !== rendered[index - 1]);
  expect(changes).toEqual([false, true, false]);
});
