// Proves: a tab that slept while another one took the chat over finds that out before it does anything, even where what its tools gave and what
// tabs have said reaches it first. Each of these fails where a tab goes by what it has heard (`isHeld` of `tab-lock.ts` is the fence).
import { expect, it } from 'vitest';
import type { TaskSource } from '../harness/tabs-browser.ts';
import { makeCalls, openTabs } from '../harness/tabs-world.ts';

/** That it leads no more it hears last. */
const LATE: readonly TaskSource[] = ['work', 'channel', 'lock'];
const TOLD_FIRST: readonly TaskSource[] = ['channel', 'work', 'lock'];

/** Two or three tabs, of which the first led, made these calls and sleeps: now the second leads, and has not been heard. */
async function openUsurped({ count = 2, hasJournal = true, calls }: Usurped) {
  const { world, tabs } = await openTabs(count, hasJournal);
  await makeCalls(world, tabs[0], ...calls);
  tabs[0].tab.sleep();
  tabs[1].takeOver();
  await world.pass(1_300);
  expect(tabs[1].role()).toBe('leading');
  const runsOf = (id: string) => world.executions.flatMap((each) => (each.id === id ? each.tab.id : []));
  /** What a tool of the tab that sleeps has got. */
  const bring = (id: string) =>
    world.executions.find((each) => each.id === id && each.tab === tabs[0].tab)?.done.resolve(`${id}, late`);
  return { world, tabs, runsOf, bring };
}

interface Usurped {
  count?: number;
  hasJournal?: boolean;
  calls: string[];
}

it('starts no write that stood in its line', async () => {
  const { world, tabs, runsOf, bring } = await openUsurped({ hasJournal: false, calls: ['single s', 'single t'] });
  bring('s');
  await world.settle();
  tabs[0].tab.wake(LATE);
  await world.pass(300);
  expect(runsOf('t')).toEqual([]);
  expect(tabs[0].role()).toBe('following');
});

it('sends no follow-up', async () => {
  const { world, tabs, bring } = await openUsurped({ hasJournal: false, calls: ['read r'] });
  bring('r');
  await world.settle();
  tabs[0].tab.wake(LATE);
  await world.pass(300);
  expect(world.requests).toHaveLength(1);
  world.executions.at(-1)!.done.resolve('found');
  await world.pass(300);
  expect(world.requests.map(({ tab }) => tab.id)).toEqual(['tab-1', 'tab-2']);
});

it('notes no late result over what the tab that leads has noted since', async () => {
  const { world, tabs, runsOf, bring } = await openUsurped({ calls: ['write w', 'write v'] });
  // A person has it run again, with the same key.
  tabs[1].chat.bridge.toolCalls.run('m/0/w');
  await world.settle();
  expect(runsOf('w')).toEqual(['tab-1', 'tab-2']);
  bring('w');
  await world.settle();
  tabs[0].tab.wake(LATE);
  await world.pass(300);
  for (const tab of tabs.slice(0, 2)) world.crash(tab);
  const next = world.open();
  await world.pass(300);
  expect(next.statuses()).toEqual(['w: interrupted', 'v: interrupted']);
});

it('carries out no command that was meant for it', async () => {
  const { world, tabs } = await openTabs(3);
  tabs[0].tab.sleep();
  void tabs[2].chat.functions.sendMessage({ text: 'Go' });
  await world.settle();
  tabs[1].takeOver();
  await world.pass(3_000);
  expect(world.requests.map(({ tab }) => tab.id)).toEqual(['tab-2']);
  tabs[0].tab.wake(TOLD_FIRST);
  await world.pass(300);
  expect(world.requests.map(({ tab }) => tab.id)).toEqual(['tab-2']);
});

it('sends no message of its own person, and shows what the chat has', async () => {
  const { world, tabs } = await openUsurped({ calls: ['write w'] });
  tabs[0].tab.wake(LATE);
  void tabs[0].chat.functions.sendMessage({ text: 'And now?' });
  await world.pass(300);
  expect(world.requests).toHaveLength(1);
  expect(tabs[0].role()).toBe('following');
  expect(tabs[0].messages()).toEqual(tabs[1].messages());
});
