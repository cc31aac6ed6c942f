// Proves: a page calls a tool in a tab that follows: the tab that leads runs it, and what came of it is told where it was called.
import { expect, it } from 'vitest';
import { TabsWorld } from '../harness/tabs-world.ts';

async function openTwo() {
  const world = new TabsWorld({ hasJournal: true });
  const leader = world.open();
  await world.settle();
  const follower = world.open();
  await world.settle();
  expect([leader.role(), follower.role()]).toEqual(['leading', 'following']);
  return { world, leader, follower, toolCalls: follower.chat.bridge.toolCalls };
}

it('runs where the chat is led, and gives its output where it was called', async () => {
  const { world, leader, follower, toolCalls } = await openTwo();
  const reading = toolCalls.call('read', { id: 'r' });
  await world.pass(50);
  expect(world.executions.map(({ tab, id }) => [tab, id])).toEqual([[leader.tab, 'r']]);
  expect(follower.calls()).toMatchObject([{ status: 'running' }]);
  world.executions[0]!.done.resolve('read');
  await world.pass(50);
  await expect(reading).resolves.toBe('read');
  expect(world.requests).toEqual([]);
});

it('rejects where it was called, and is no fault of the tabs', async () => {
  const { world, toolCalls } = await openTwo();
  const writing = toolCalls.call('write', { id: 'w' }).catch((error: unknown) => error);
  await world.pass(50);
  world.executions[0]!.done.reject(new Error('no money'));
  await world.pass(50);
  expect(await writing).toMatchObject({ name: 'ToolCallError', kind: 'execution', message: 'no money' });
  expect(world.faults).toEqual([]);
});

it('is cancelled by the signal of the tab that called', async () => {
  const { world, leader, toolCalls } = await openTwo();
  const abort = new AbortController();
  const writing = toolCalls.call('write', { id: 'w' }, { signal: abort.signal }).catch((error: unknown) => error);
  await world.pass(50);
  abort.abort();
  await world.pass(50);
  expect(await writing).toMatchObject({ kind: 'cancelled' });
  expect(leader.calls()).toMatchObject([{ status: 'cancelled' }]);
});
