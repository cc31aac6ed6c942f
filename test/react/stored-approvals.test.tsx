// Remembered answers over a reload, in several chats and in several tabs, and where the storage fails.
import { expect, it, onTestFinished, vi } from 'vitest';
import { rememberedApprovals, type RememberedApprovalsOptions } from 'use-parallel-tools/approvals';
import { memoryStorage, toolCallJournal, type JournalStorage } from 'use-parallel-tools/durable';
import { openApprovalsPage } from '../harness/approvals-page.ts';
import { drainFrames } from '../harness/final-words.ts';
import { createTestClock } from 'use-parallel-tools/testing';
import { expectConsole } from '../setup/console.ts';

const openChat = (id: string, options: Parameters<typeof openApprovalsPage>[0]) =>
  openApprovalsPage({ ...options, chat: { ...options?.chat, id } });

/** A chat in which a person has had answers remembered; it is left. */
async function rememberIn(id: string, options: RememberedApprovalsOptions) {
  const page = openChat(id, options);
  await page.asks(['a', 'note', { a: 'here' }], ['b', 'note', { a: 'everywhere' }], ['c', 'peek', { path: 'secret' }]);
  page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
  page.chat().toolCalls.approve(page.call('b'), { remember: 'always' });
  page.chat().toolCalls.approve(page.call('c'), { remember: 'always' });
  await page.settle();
  page.view.unmount();
  await drainFrames();
  return page;
}

const again = [
  ['d', 'note', { a: 'here' }],
  ['e', 'note', { a: 'everywhere' }],
  ['f', 'peek', { path: 'secret' }],
] as const;

it('outlive a reload in their chat, and in every chat where they are for all', async () => {
  const storage = memoryStorage();
  await rememberIn('one', { storage });
  const sameChat = openChat('one', { storage });
  await sameChat.asks(...again);
  expect(sameChat.statuses()).toEqual(['d: succeeded', 'e: succeeded', 'f: awaiting-approval']);
  const otherChat = openChat('two', { storage });
  await otherChat.asks(...again);
  expect(otherChat.statuses()).toEqual(['d: awaiting-approval', 'e: succeeded', 'f: awaiting-approval']);
});

it('are not stored of a tool that may not be persisted', async () => {
  const storage = memoryStorage();
  const page = await rememberIn('one', { storage });
  expect(page.rules().map(({ isStored }) => isStored)).toEqual([true, true, false]);
  expect(JSON.stringify(await storage.read())).not.toContain('secret');
});

it('end with the page without a storage', async () => {
  await rememberIn('one', {});
  const page = openChat('one', {});
  await page.asks(...again);
  expect(page.statuses()).toEqual(['d: awaiting-approval', 'e: awaiting-approval', 'f: awaiting-approval']);
});

it('answer a call that was asked before the storage was read', async () => {
  const disk = memoryStorage();
  await rememberIn('one', { storage: disk });
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const storage: JournalStorage = { ...disk, read: (chatId) => gate.then(() => disk.read(chatId)) };
  const page = openChat('one', { storage });
  await page.asks(['d', 'note', { a: 'here' }]);
  expect(page.call('d').status).toBe('awaiting-approval');
  expect(page.memory.store.getState().isLoaded).toBe(false);
  open();
  await page.settle();
  expect(page.call('d').status).toBe('succeeded');
});

it('are gone from the storage when they are forgotten, used up, or over', async () => {
  const storage = memoryStorage();
  const clock = createTestClock();
  await rememberIn('one', { storage, clock, ttl: 60_000, maxUses: 1 });
  const page = openChat('one', { storage, clock });
  await page.asks(['d', 'note', { a: 'here' }]);
  expect(page.call('d').status).toBe('succeeded');
  expect((await storage.read()).map(({ data }) => (data as { input: string }).input)).toEqual(['{"a":"everywhere"}']);
  clock.jump(60_000);
  page.view.unmount();
  const later = openChat('one', { storage, clock });
  await later.settle();
  expect(later.rules()).toEqual([]);
  await later.settle();
  expect(await storage.read()).toEqual([]);
  const rest = await rememberIn('one', { storage, clock });
  rest.memory.forget();
  await drainFrames();
  expect(await storage.read()).toEqual([]);
});

it('of one chat of a page answer what waits in another one', async () => {
  const approvals = rememberedApprovals();
  const one = openChat('one', { approvals });
  const two = openChat('two', { approvals });
  for (const page of [one, two]) await page.asks(['a', 'note', { a: 'x' }], ['b', 'note', { a: 'y' }]);
  one.chat().toolCalls.approve(one.call('a'), { remember: 'always' });
  one.chat().toolCalls.approve(one.call('b'), { remember: 'chat' });
  await drainFrames();
  expect(two.statuses()).toEqual(['a: succeeded', 'b: awaiting-approval']);
});

it('are known to other tabs at once, and forgotten there', async () => {
  const channels = new Set<FakeChannel>();
  class FakeChannel extends EventTarget {
    constructor() {
      super();
      channels.add(this);
    }
    postMessage(data: unknown) {
      const others = [...channels].filter((other) => other !== this);
      for (const other of others) setTimeout(() => other.dispatchEvent(new MessageEvent('message', { data })), 0);
    }
    close() {
      channels.delete(this);
    }
  }
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  onTestFinished(() => void vi.unstubAllGlobals());
  const storage = memoryStorage();
  const one = openChat('one', { storage });
  const two = openChat('two', { storage });
  await two.asks(['a', 'note', { a: 'x' }]);
  await one.asks(['a', 'note', { a: 'x' }]);
  one.chat().toolCalls.approve(one.call('a'), { remember: 'always' });
  await drainFrames();
  expect(two.call('a').status).toBe('succeeded');
  two.memory.forget();
  await drainFrames();
  expect(one.rules()).toEqual([]);
  one.view.unmount();
  two.view.unmount();
  await drainFrames();
  expect(channels.size).toBe(0);
});

it('are kept on the page where the storage fails, and the page hears of it', async () => {
  expectConsole('warn', 'the storage of remembered approvals has a fault');
  const fault = new Error('No room');
  const onError = vi.fn();
  const storage: JournalStorage = {
    ...memoryStorage(),
    read: () => Promise.reject(fault),
    write: () => Promise.reject(fault),
  };
  const page = openChat('one', { storage, onError });
  await page.asks(['a', 'note', { a: 'x' }]);
  page.chat().toolCalls.approve(page.call('a'), { remember: 'always' });
  await page.asks(['b', 'note', { a: 'x' }]);
  expect(page.call('b').status).toBe('succeeded');
  expect(onError).toHaveBeenCalledWith(fault);
});

it('may stand in the storage of a journal, which passes them', async () => {
  const storage = memoryStorage();
  const onError = vi.fn();
  const journal = toolCallJournal({ storage, onError });
  const page = openChat('one', { storage, plugins: [journal] });
  await page.asks(['a', 'note', { a: 'x' }]);
  page.chat().toolCalls.approve(page.call('a'), { remember: 'always' });
  await page.asks(['b', 'note', { a: 'x' }]);
  expect((await journal.list()).map(({ toolCallId, approved }) => [toolCallId, approved])).toEqual([
    ['a', true],
    ['b', undefined],
  ]);
  expect(onError).not.toHaveBeenCalled();
});
