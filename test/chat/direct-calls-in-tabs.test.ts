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

it('is cancelled, and has nobody wait, when the tab that called is left', async () => {
  const { world, leader, follower, toolCalls } = await openTwo();
  const writing = toolCalls.call('write', { id: 'w' }).catch((error: unknown) => error);
  await world.pass(50);
  follower.unmount();
  await world.pass(50);
  expect(await writing).toMatchObject({ kind: 'cancelled', by: 'unmount' });
  expect(leader.calls()).toMatchObject([{ status: 'cancelled' }]);
  expect(world.executions).toHaveLength(1);
  expect(world.faults).toEqual([]);
});

it('rejects in a tab that has been left', async () => {
  const { world, follower, toolCalls } = await openTwo();
  follower.unmount();
  await world.pass(50);
  const writing = toolCalls.call('write', { id: 'w' }).catch((error: unknown) => error);
  await world.pass(50);
  expect(await writing).toMatchObject({ kind: 'cancelled', by: 'unmount' });
});

it.each(['unmount', 'crash', 'takeOver'] as const)(
  'has nobody wait where the tab that ran it is gone (%s)',
  async (end) => {
    const { world, leader, follower, toolCalls } = await openTwo();
    const writing = toolCalls.call('write', { id: 'w' }).catch((error: unknown) => error);
    await world.pass(50);
    if (end === 'unmount') leader.unmount();
    if (end === 'crash') world.crash(leader);
    if (end === 'takeOver') follower.takeOver();
    await world.pass(2000);
    expect(await writing).toMatchObject({ kind: 'cancelled' });
    expect(world.faults).toEqual([]);
  },
);
