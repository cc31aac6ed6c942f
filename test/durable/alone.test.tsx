// A browser without Web Locks, as jsdom is one: `sharedTabs` cannot tell who leads, says so, and the chat works in the one tab.
import { expect, it } from 'vitest';
import { selectSharedTab, sharedTabs } from 'use-parallel-tools/durable';
import { drainFrames } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

it('works in one tab, and says so once', async () => {
  expect(navigator.locks).toBeUndefined();
  expectConsole('warn', 'cannot tell which tab runs the calls of a chat');
  const tabs = sharedTabs();
  const open = () => {
    const hand = createHandTools();
    return { ...hand, ...renderChat({ tools: hand.tools, plugins: [tabs], id: 'chat' }) };
  };
  const page = open();
  const other = open();
  (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
  await drainFrames();
  page.writes[0]!.resolve('done');
  expect(partStates((await page.transport.next()).messages)).toEqual(['w: output-available']);
  for (const { chat } of [page, other])
    expect(selectSharedTab(chat().toolCalls.store.getState())).toEqual({ role: 'alone' });
});
