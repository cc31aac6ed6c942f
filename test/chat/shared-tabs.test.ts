// One chat in several tabs: one of them runs its calls and sends, all of them show it, and each command is carried out once.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { expectConsole } from '../setup/console.ts';
import type { TaskSource } from '../harness/tabs-browser.ts';
import { makeCalls, openTabs, type ChatInTab, type TabsWorld } from '../harness/tabs-world.ts';

async function answerLast(world: TabsWorld, text = 'Done'): Promise<void> {
  world.requests.at(-1)!.start('m').text(text).finish('stop');
  await world.pass(50);
}

const textsOf = (messages: readonly UIMessage[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? part.text : [])));

function expectSameMessages(world: TabsWorld): void {
  const [first, ...others] = world.awake.map(({ messages }) => JSON.stringify(messages()));
  expect(others).toEqual(others.map(() => first));
}

describe('tabs on one chat', () => {
  it('have one that leads, and all show its cards and messages', async () => {
    const { world, tabs } = await openTabs(3);
    expect(tabs.map(({ role }) => role())).toEqual(['leading', 'following', 'following']);
    await makeCalls(world, tabs[0], 'write w', 'read r');
    expect(world.executed().sort()).toEqual(['r', 'w']);
    for (const { statuses } of tabs) expect(statuses()).toEqual(['w: running', 'r: running']);
    for (const { done, id } of world.executions) done.resolve(`${id} is done`);
    await world.pass(50);
    for (const { calls } of tabs) expect(calls()).toMatchObject([{ output: 'w is done' }, { output: 'r is done' }]);
    expect(world.requests).toHaveLength(2);
    await answerLast(world, 'Both are done');
    expect(textsOf(tabs[2].messages())).toEqual(['Go', 'Both are done']);
    expectSameMessages(world);
    expect(world.requests).toHaveLength(2);
  });

  it('show an answer while it streams, and whether the chat is busy', async () => {
    const { world, tabs } = await openTabs(2);
    void tabs[0].chat.functions.sendMessage({ text: 'Go' });
    await world.settle();
    world.requests[0]!.start('m').text('So far');
    await world.pass(100);
    expect(textsOf(tabs[1].messages())).toEqual(['Go', 'So far']);
    expect(tabs[1].chat.bridge.toolCalls.store.getState().plugins).toEqual({
      tabs: { role: 'following', isBusy: true },
    });
    world.requests[0]!.finish('stop');
    await world.pass(100);
    expect(tabs[1].chat.bridge.toolCalls.store.getState().plugins).toEqual({
      tabs: { role: 'following', isBusy: false },
    });
  });

  it('tell one that opens late everything', async () => {
    const { world, tabs } = await openTabs(1);
    await makeCalls(world, tabs[0], 'write w');
    world.saved = [];
    const late = world.open();
    await world.settle();
    expect(late.statuses()).toEqual(['w: running']);
    expectSameMessages(world);
  });

  it('keep errors whole on their way', async () => {
    const { world, tabs } = await openTabs(2);
    await makeCalls(world, tabs[0], 'write w');
    world.executions[0]!.done.reject(Object.assign(new Error('no money'), { retryAfter: 5 }));
    await world.pass(50);
    const [call] = tabs[1].calls();
    expect(call).toMatchObject({ status: 'failed', error: { kind: 'execution', message: 'no money', retryAfter: 5 } });
    expect(call!.error).toBeInstanceOf(Error);
    expect(call!.attempts[0]!.error!.name).toBe('ToolCallError');
  });
});

describe('a person in a tab that follows', () => {
  it('sends a message, which goes out once, from the tab that leads', async () => {
    const { world, tabs } = await openTabs(3);
    await makeCalls(world, tabs[2], 'write w');
    expect(world.requests.map(({ tab }) => tab.id)).toEqual(['tab-1']);
    expect(world.executions.map(({ tab }) => tab.id)).toEqual(['tab-1']);
    expect(tabs[2].statuses()).toEqual(['w: running']);
  });

  it('approves, answers, cancels and retries, each once', async () => {
    const { world, tabs } = await openTabs(2);
    const { toolCalls } = tabs[1].chat.bridge;
    await makeCalls(world, tabs[0], 'refund a', 'form f', 'write w', 'write v');
    toolCalls.approve('m/0/a');
    toolCalls.respond(tabs[1].calls()[1]!, 'Blue');
    toolCalls.cancel('m/0/w');
    await world.settle();
    expect(tabs[1].statuses()).toEqual(['a: running', 'f: succeeded', 'w: cancelled', 'v: running']);
    world.executions.find(({ id }) => id === 'v')!.done.reject(new Error('no'));
    await world.settle();
    toolCalls.retry('m/0/v');
    await world.settle();
    expect(world.executed().sort()).toEqual(['a', 'v', 'v', 'w']);
    expect(world.faults).toEqual([]);
  });

  it('stops the answer, makes it again, and clears the chat', async () => {
    const { world, tabs } = await openTabs(2);
    const { functions } = tabs[1].chat;
    void functions.sendMessage({ text: 'Go' });
    await world.settle();
    world.requests[0]!.start('m').text('So far');
    await world.pass(100);
    await functions.stop();
    await world.pass(100);
    expect(world.requests[0]!.isOver).toBe(true);
    void functions.regenerate();
    await world.settle();
    await answerLast(world, 'Again');
    expect(textsOf(tabs[0].messages())).toEqual(['Go', 'Again']);
    functions.setMessages((messages) => messages.slice(0, 1));
    await world.pass(100);
    expect(textsOf(tabs[0].messages())).toEqual(['Go']);
    expectSameMessages(world);
  });

  it('is told when no tab carries a command out', async () => {
    const { world, tabs } = await openTabs(2);
    expectConsole('warn', 'No tab has carried out');
    tabs[0].tab.sleep();
    const sent = tabs[1].chat.functions.sendMessage({ text: 'Go' });
    const told = sent.catch((error: unknown) => String(error));
    await world.pass(10_100);
    expect(await told).toContain('No tab has carried out `sendMessage`');
    tabs[0].tab.wake();
    await world.pass(100);
    expect(world.requests).toEqual([]);
    expect(world.faults).toHaveLength(1);
  });
});

describe('a tab that leads no more', () => {
  it.each<[string, (world: TabsWorld, tab: ChatInTab) => void]>([
    ['crashes', (world, tab) => world.crash(tab)],
    ['is closed', (world, tab) => world.close(tab)],
    ['is unmounted', (_, tab) => tab.unmount()],
    [
      'is put to sleep by the browser',
      (_, { tab }) => {
        tab.window.dispatchEvent(new Event('freeze'));
        setImmediate(() => tab.sleep());
      },
    ],
  ])('%s, and another one goes on with what is known', async (_, end) => {
    const { world, tabs } = await openTabs(2);
    await makeCalls(world, tabs[0], 'write done', 'single begun', 'single new', 'read r');
    world.executions.find(({ id }) => id === 'done')!.done.resolve('paid');
    await world.settle();
    end(world, tabs[0]);
    await world.pass(300);
    expect(tabs[1].role()).toBe('leading');
    expect(tabs[1].statuses()).toEqual(['done: succeeded', 'begun: interrupted', 'new: running', 'r: running']);
    expect(world.executed('write')).toEqual(['done']);
    expect(world.executed('single')).toEqual(['begun', 'new']);
    world.executions.findLast(({ id }) => id === 'new')!.done.resolve('fine');
    world.executions.findLast(({ id }) => id === 'r')!.done.resolve('read');
    tabs[1].chat.bridge.toolCalls.skip('m/0/begun');
    await world.pass(100);
    expect(world.requests).toHaveLength(2);
    await answerLast(world);
    expect(world.requests).toHaveLength(2);
    expectSameMessages(world);
  });

  it.each<[string, string, boolean, string[]]>([
    ['a write begins', 'write', true, ['a: interrupted']],
    ['a write begins while the model writes', 'eager', false, ['a: interrupted']],
    ['a person is asked', 'refund', true, ['a: awaiting-approval']],
  ])('crashes in the moment in which %s, and the next one knows it', async (_, tool, isWhole, shown) => {
    const { world, tabs } = await openTabs(2);
    void tabs[0].chat.functions.sendMessage({ text: 'Go' });
    await world.settle();
    // Once something was told, messages wait for the next ones.
    const answer = world.requests[0]!.start('m').text('I will');
    await world.settle();
    answer.call('a', tool);
    if (isWhole) answer.finish();
    await world.settle();
    world.crash(tabs[0]);
    await world.pass(300);
    expect(tabs[1].role()).toBe('leading');
    expect(tabs[1].statuses()).toEqual(shown);
    expect(world.executed()).toEqual(tool === 'refund' ? [] : ['a']);
  });

  it('has what was asked for meanwhile done by the next one, once', async () => {
    const { world, tabs } = await openTabs(3);
    await makeCalls(world, tabs[0], 'refund a');
    tabs[0].tab.sleep();
    tabs[2].chat.bridge.toolCalls.approve('m/0/a');
    await world.settle();
    world.crash(tabs[0]);
    await world.pass(500);
    expect(tabs[1].role()).toBe('leading');
    expect(world.executed()).toEqual(['a']);
    expect(tabs[2].statuses()).toEqual(['a: running']);
    expect(world.faults).toEqual([]);
  });

  it('lets a person take the chat over, and aborts what it does', async () => {
    const { world, tabs } = await openTabs(2);
    await makeCalls(world, tabs[0], 'write w', 'read r');
    tabs[1].takeOver();
    await world.pass(200);
    expect(tabs.slice(0, 2).map(({ role }) => role())).toEqual(['following', 'leading']);
    expect(tabs[0].statuses()).toEqual(['w: interrupted', 'r: running']);
    expect(world.executed().sort()).toEqual(['r', 'r', 'w']);
    for (const { done } of world.executions.slice(0, 2)) done.resolve('late');
    await world.pass(200);
    expect(tabs[1].statuses()).toEqual(['w: interrupted', 'r: running']);
    tabs[0].chat.bridge.toolCalls.run('m/0/w');
    await world.pass(100);
    expect(world.executions.at(-1)).toMatchObject({ id: 'w', tab: tabs[1].tab });
    expect(new Set(world.executions.filter(({ id }) => id === 'w').map((each) => each.idempotencyKey)).size).toBe(1);
  });

  it('sleeps, wakes, and changes nothing', async () => {
    const { world, tabs } = await openTabs(2);
    await makeCalls(world, tabs[0], 'write w', 'single s', 'single t');
    tabs[0].tab.sleep();
    tabs[1].takeOver();
    await world.pass(900);
    expect(tabs[1].role()).toBe('claiming');
    await world.pass(500);
    expect(tabs[1].statuses()).toEqual(['w: interrupted', 's: interrupted', 't: running']);
    for (const { done, tab } of world.executions) if (tab === tabs[0].tab) done.resolve('late');
    await world.settle();
    tabs[0].tab.wake();
    await world.pass(300);
    expect(tabs[0].role()).toBe('following');
    expect(world.executed().sort()).toEqual(['s', 't', 'w']);
    expect(world.requests).toHaveLength(1);
    for (const { statuses } of world.tabs)
      expect(statuses()).toEqual(['w: interrupted', 's: interrupted', 't: running']);
    expectSameMessages(world);
  });

  it.each<[string, readonly TaskSource[]]>([
    ['of its tools first', ['work', 'channel', 'lock']],
    ['of the other tab first', ['channel', 'lock', 'work']],
  ])('sleeps, wakes, hears %s, and sends nothing', async (_, order) => {
    const { world, tabs } = await openTabs(2, false);
    await makeCalls(world, tabs[0], 'read r', 'read q');
    tabs[0].tab.sleep();
    tabs[1].takeOver();
    await world.pass(1_300);
    expect(world.executed().sort()).toEqual(['q', 'q', 'r', 'r']);
    for (const { done } of world.executions) done.resolve('found');
    await world.settle();
    tabs[0].tab.wake(order);
    await world.pass(300);
    expect(world.requests.map(({ tab }) => tab.id)).toEqual(['tab-1', 'tab-2']);
    await answerLast(world);
    expectSameMessages(world);
  });
});
