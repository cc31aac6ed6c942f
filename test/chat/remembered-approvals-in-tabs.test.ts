// Proves: an answer that is remembered is remembered in every tab of a chat: wherever it was given, wherever it is looked at or forgotten, and whichever tab leads.
import { describe, expect, it } from 'vitest';
import { readAppliedRule, rememberedApprovals, type ApprovalMemory } from 'use-parallel-tools/approvals';
import { memoryStorage } from 'use-parallel-tools/durable';
import { makeCalls, TabsWorld, type ChatInTab } from '../harness/tabs-world.ts';

/** Two tabs, of which the first leads, each with what its page remembers. */
async function openTwo(isStored: boolean, options: { maxUses?: number } = {}) {
  const storage = isStored ? { storage: memoryStorage() } : {};
  const memories: ApprovalMemory[] = [];
  const world = new TabsWorld({
    join(own) {
      memories.push(rememberedApprovals({ ...storage, ...options }));
      return [memories.at(-1)!, ...own];
    },
  });
  const open = async (): Promise<{ tab: ChatInTab; memory: ApprovalMemory }> => {
    const tab = world.open();
    await world.settle();
    return { tab, memory: memories.at(-1)! };
  };
  const [first, second] = [await open(), await open()];
  expect([first.tab.role(), second.tab.role()]).toEqual(['leading', 'following']);
  /** The keys that a page shows in its list. */
  const listed = ({ memory }: { memory: ApprovalMemory }) =>
    memory.store.getState().rules.map(({ answer, key }) => `${answer} ${key}`);
  const callIn = ({ tab }: { tab: ChatInTab }, id: string) => tab.calls().find(({ toolCallId }) => toolCallId === id)!;
  const commandsOf = ({ tab }: { tab: ChatInTab }) => tab.chat.bridge.toolCalls;
  /** The model makes these calls, and those that run end well. */
  const call = async ({ tab }: { tab: ChatInTab }, ...ids: string[]) => {
    const last = world.requests.at(-1);
    if (last?.isOver === false) last.start(`end of ${ids.join()}`).text('Done').finish('stop');
    await world.pass(50);
    void tab.chat.functions.sendMessage({ text: 'Go' });
    await world.pass(50);
    const answer = world.requests.at(-1)!.start(`answer with ${ids.join()}`);
    for (const id of ids) answer.call(id, 'refund');
    answer.finish();
    await world.pass(50);
    await endAll();
  };
  const endAll = async () => {
    for (const { done } of world.executions) done.resolve('refunded');
    await world.pass(100);
  };
  return { world, first, second, open, listed, callIn, commandsOf, call, endAll };
}

const RULE = 'approve any refund';

describe.each([true, false])('in two tabs (stored: %s)', (isStored) => {
  it('a yes that is given where the chat is followed answers what it covers, and later calls, and every tab lists it', async () => {
    const { first, second, listed, callIn, commandsOf, call, endAll, world } = await openTwo(isStored);
    await call(first, 'a', 'b');
    expect(callIn(second, 'a').status).toBe('awaiting-approval');
    commandsOf(second).approve(callIn(second, 'a'), { remember: 'chat' });
    await world.pass(100);
    await endAll();
    expect(second.tab.statuses()).toEqual(['a: succeeded', 'b: succeeded']);
    expect(readAppliedRule(callIn(second, 'b'))).toMatchObject({ key: 'any refund' });
    await expect.poll(() => [listed(first), listed(second)]).toEqual([[RULE], [RULE]]);
    await call(second, 'c');
    expect(callIn(second, 'c')).toMatchObject({ status: 'succeeded', approved: 'by-rule' });
    expect(world.executed()).toEqual(['a', 'b', 'c']);
    expect(world.faults).toEqual([]);
  });

  it('a no that is given where the chat is followed denies what it covers', async () => {
    const { first, second, listed, callIn, commandsOf, call, world } = await openTwo(isStored);
    await call(first, 'a', 'b');
    commandsOf(second).deny(callIn(second, 'a'), 'Not now', { remember: 'always' });
    await world.pass(100);
    expect(first.tab.statuses()).toEqual(['a: denied', 'b: denied']);
    expect(callIn(second, 'b').error?.message).toBe('Not now');
    await expect.poll(() => [listed(first), listed(second)]).toEqual([['deny any refund'], ['deny any refund']]);
    expect(world.executed()).toEqual([]);
  });

  it.each(['first', 'second'] as const)('an answer that is forgotten in the %s is forgotten in both', async (where) => {
    const tabs = await openTwo(isStored);
    const { first, second, listed, callIn, commandsOf, call, endAll, world } = tabs;
    await call(first, 'a');
    commandsOf(first).approve(callIn(first, 'a'), { remember: 'always' });
    await endAll();
    await expect.poll(() => listed(second)).toEqual([RULE]);
    tabs[where].memory.forget();
    await expect.poll(() => [listed(first), listed(second)]).toEqual([[], []]);
    await world.pass(100);
    expect([listed(first), listed(second)]).toEqual([[], []]);
    await call(first, 'b');
    expect(callIn(second, 'b').status).toBe('awaiting-approval');
    second.tab.takeOver();
    await world.pass(3000);
    expect(second.tab.role()).toBe('leading');
    expect(second.tab.statuses().at(-1)).toBe('b: awaiting-approval');
  });

  it.each(['unmount', 'takeOver'] as const)('an answer outlives the tab that led (%s)', async (end) => {
    const { first, second, listed, callIn, commandsOf, call, endAll, world } = await openTwo(isStored);
    await call(first, 'a');
    commandsOf(first).approve(callIn(first, 'a'), { remember: 'chat' });
    await endAll();
    await expect.poll(() => listed(second)).toEqual([RULE]);
    if (end === 'unmount') first.tab.unmount();
    else second.tab.takeOver();
    await world.pass(3000);
    expect(second.tab.role()).toBe('leading');
    await call(second, 'b');
    expect(callIn(second, 'b')).toMatchObject({ status: 'succeeded', approved: 'by-rule' });
  });

  it('an answer is listed in a tab that comes later, and what it is used for counts for all', async () => {
    const tabs = await openTwo(isStored, { maxUses: 2 });
    const { first, second, open, listed, callIn, commandsOf, call, endAll, world } = tabs;
    await call(first, 'a');
    commandsOf(second).approve(callIn(first, 'a'), { remember: 'chat' });
    await world.pass(100);
    await endAll();
    await call(second, 'b');
    const third = await open();
    await world.pass(200);
    const usesOf = ({ memory }: typeof third) => memory.store.getState().rules.map(({ uses }) => uses);
    await expect.poll(() => [first, second, third].map(usesOf)).toEqual([[1], [1], [1]]);
    third.tab.takeOver();
    await world.pass(3000);
    await call(third, 'c', 'd');
    expect(third.tab.statuses().slice(-2)).toEqual(['c: succeeded', 'd: awaiting-approval']);
    await expect.poll(() => [first, second, third].map(listed)).toEqual([[], [], []]);
  });
});

it('an answer that is forgotten on a page without a chat is forgotten where the chat is', async () => {
  const storage = memoryStorage();
  const memories: ApprovalMemory[] = [];
  const world = new TabsWorld({
    join(own) {
      memories.push(rememberedApprovals({ storage }));
      return [memories.at(-1)!, ...own];
    },
  });
  const tab = world.open();
  await world.settle();
  await makeCalls(world, tab, 'refund a');
  tab.chat.bridge.toolCalls.approve(tab.calls()[0]!, { remember: 'always' });
  await world.pass(100);
  const settings = rememberedApprovals({ storage });
  await settings.load();
  expect(settings.store.getState().rules).toHaveLength(1);
  settings.forget();
  await expect.poll(() => memories[0]!.store.getState().rules).toEqual([]);
});
