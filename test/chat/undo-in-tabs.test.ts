// A call is undone in a chat that several tabs have open: each offers it, the one that leads undoes it, once, and all show it.
import { describe, expect, it } from 'vitest';
import type { ToolCallsPlugin } from 'use-parallel-tools';
import { selectUndo, undo } from 'use-parallel-tools/undo';
import { TabsWorld, type ChatInTab } from '../harness/tabs-world.ts';

const stand = ({ calls }: ChatInTab) => calls().map((call) => selectUndo(call)?.status);

describe.each<[string, (own: ToolCallsPlugin[]) => ToolCallsPlugin[]]>([
  ['before `sharedTabs`', (own) => [undo(), ...own]],
  ['behind `sharedTabs`', (own) => [...own, undo()]],
])('the plugin %s', (_, join) => {
  /** Two tabs, the first of which leads and has written. */
  async function openWritten() {
    const world = new TabsWorld({ join });
    world.open();
    await world.settle();
    world.open();
    await world.settle();
    const tabs = world.tabs.slice() as [ChatInTab, ChatInTab];
    void tabs[0].chat.functions.sendMessage({ text: 'Go' });
    await world.settle();
    world.requests.at(-1)!.start('m').call('w', 'write').finish();
    await world.pass(50);
    world.executions[0]!.done.resolve('written');
    await world.pass(50);
    world.requests.at(-1)!.start('m').text('Done').finish('stop');
    await world.pass(50);
    return { world, tabs };
  }

  it('offers it in every tab, and undoes in the one that leads', async () => {
    const { world, tabs } = await openWritten();
    expect(tabs.map(stand)).toEqual([['offered'], ['offered']]);
    tabs[1].chat.bridge.toolCalls.undo('m/0/w');
    await world.pass(50);
    expect(tabs.map(stand)).toEqual([['undoing'], ['undoing']]);
    const undoing = world.executions.filter(({ tool }) => tool === 'undo');
    expect(undoing.map(({ tab, idempotencyKey }) => [tab.id, idempotencyKey])).toEqual([['tab-1', 'm/0/w/undo']]);
    undoing[0]!.done.resolve(undefined);
    await world.pass(50);
    expect(tabs.map(stand)).toEqual([['undone'], ['undone']]);
    void tabs[1].chat.functions.sendMessage({ text: 'And now?' });
    await world.pass(50);
    expect(JSON.stringify(world.requests.at(-1)!.messages)).toContain('The user has undone this call');
    expect(JSON.stringify(tabs[1].messages())).toContain('The user has undone this call');
    expect(world.faults).toEqual([]);
  });

  it('offers it no more once another tab leads', async () => {
    const { world, tabs } = await openWritten();
    world.close(tabs[0]);
    await world.pass(2_000);
    expect(tabs[1].role()).toBe('leading');
    tabs[1].chat.bridge.toolCalls.undo('m/0/w');
    await world.pass(50);
    expect(world.executions.filter(({ tool }) => tool === 'undo')).toEqual([]);
  });
});
