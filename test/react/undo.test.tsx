// An undo in a page, however its chat is made: the result in the conversation changes, and the next request carries it.
import { screen } from '@testing-library/react';
import { convertToModelMessages, type UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { clientTool, useToolCall } from 'use-parallel-tools';
import { selectUndo, undo } from 'use-parallel-tools/undo';
import { z } from 'zod';
import { createDeferred } from '../harness/deferred.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { renderScreens } from '../harness/screens.tsx';

const UNDONE = 'The user has undone this call. What it did is no longer in effect.';
const inputSchema = z.object({ n: z.number() });

function outputOf(messages: readonly UIMessage[]): unknown {
  return messages.flatMap(({ parts }) => parts.flatMap((part) => ('output' in part ? part.output : [])))[0];
}

describe.each(CHAT_WAYS)('undo: %s', (way) => {
  it('is in the result that the next request carries, and in the page’s messages', async () => {
    const undone = createDeferred<void>();
    const tools = {
      move: clientTool({ inputSchema, execute: ({ n }) => ({ moved: n }), undo: () => undone.promise }),
    };
    const page = renderChat({ tools, plugins: [undo()] }, { way });
    (await page.ask()).start('m').call('a', 'move', { n: 1 }).finish();
    const second = await page.transport.next();
    expect(outputOf(second.messages)).toEqual({ moved: 1 });
    page.chat().toolCalls.undo('m/0/a');
    void page.chat().sendMessage({ text: 'And now?' });
    second.start('m').text('Moved').finish('stop');
    await drain();
    expect(selectUndo(page.call('a'))?.status).toBe('undoing');
    undone.resolve();
    const { messages } = await page.transport.next();
    expect(messages.at(-1)).toMatchObject({ role: 'user', parts: [{ text: 'And now?' }] });
    expect(partStates(messages.slice(0, -1))).toEqual(['a: output-available']);
    expect(outputOf(messages)).toEqual({ moved: 1, undoneByUser: UNDONE });
    expect(JSON.stringify(await convertToModelMessages(messages))).toContain(UNDONE);
    await drain();
    expect(outputOf(page.chat().messages)).toEqual({ moved: 1, undoneByUser: UNDONE });
    expect(page.call('a')).toMatchObject({ status: 'succeeded', output: { moved: 1 } });
  });
});

it('cannot be done once the component that offers the tool has gone, and the record says so', async () => {
  const tool = clientTool({ inputSchema, idempotent: true, execute: ({ n }) => n, undo: () => {} });
  const page = await renderScreens({ plugins: [undo()] });
  await page.show({ id: 'map', name: 'move', tool: tool as never });
  (await page.ask()).start('m').call('a', 'move', { n: 1 }).finish();
  (await page.transport.next()).start('m').text('Moved').finish('stop');
  await drain();
  await page.show();
  page.chat().toolCalls.undo('m/0/a');
  await drain();
  expect(selectUndo(page.call('a'))).toMatchObject({ status: 'failed', error: { kind: 'unavailable' } });
});

it('is a command of `useToolCall`', async () => {
  const undone: number[] = [];
  const tool = clientTool({ inputSchema, execute: ({ n }) => n, undo: ({ n }) => void undone.push(n) });
  function Card() {
    return <button onClick={useToolCall('m/0/a').undo}>Undo</button>;
  }
  const page = await renderScreens({ tools: { move: tool }, plugins: [undo()] });
  await page.show(<Card key="card" />);
  (await page.ask()).start('m').call('a', 'move', { n: 1 }).finish();
  await page.transport.next();
  screen.getByRole('button', { name: 'Undo' }).click();
  await drain();
  expect(undone).toEqual([1]);
});
