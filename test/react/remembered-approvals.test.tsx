// A person's answer, remembered: which later calls get it, which do not, and what the record says of them.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { readAppliedRule, readApprovalOffer, selectCoveredCalls } from 'use-parallel-tools/approvals';
import type { ToolCallsPlugin } from 'use-parallel-tools/core';
import { disclosure } from 'use-parallel-tools/disclosure';
import { createTestClock } from 'use-parallel-tools/testing';
import { openApprovalsPage } from '../harness/approvals-page.ts';
import { lastPart } from '../harness/final-words.ts';
import { CHAT_WAYS } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

describe.each(CHAT_WAYS)('%s', (way) => {
  it('gives a remembered yes to later calls of the same key, and says so on their records', async () => {
    const page = openApprovalsPage({ way });
    await page.asks(['a', 'refund', { customer: '42', amount: 5 }]);
    expect(readApprovalOffer(page.call('a'))).toMatchObject({ toolName: 'refund', key: 'customer 42' });
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    await page.asks(['b', 'refund', { customer: '42', amount: 50 }], ['c', 'refund', { customer: '43', amount: 5 }]);
    expect(page.statuses()).toEqual(['a: succeeded', 'b: succeeded', 'c: awaiting-approval']);
    expect(page.ran).toEqual(['refund 42 5', 'refund 42 50']);
    expect(page.call('a').approved).toBe(true);
    expect(page.call('b').approved).toBe('by-rule');
    expect(readAppliedRule(page.call('a'))).toBeUndefined();
    expect(readAppliedRule(page.call('b'))).toMatchObject({
      id: page.rules()[0]!.id,
      answer: 'approve',
      key: 'customer 42',
      remember: 'chat',
      generation: 0,
    });
    expect(page.rules()).toMatchObject([{ toolName: 'refund', key: 'customer 42', uses: 1, isStored: false }]);
  });
});

describe('what a remembered answer covers', () => {
  it('is an equal input, whatever the order of its fields, for a tool without `approvalKey`', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x', b: 'y' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'always' });
    await page.asks(['b', 'note', { b: 'y', a: 'x' }], ['c', 'note', { a: 'x' }], ['d', 'remove', { path: 'x' }]);
    expect(page.statuses().slice(1)).toEqual(['b: succeeded', 'c: awaiting-approval', 'd: awaiting-approval']);
  });

  it('is this call only where `approvalKey` gives nothing', async () => {
    expectConsole('warn', 'an answer to a call of "refund" was to be remembered');
    const page = openApprovalsPage();
    await page.asks(['a', 'refund', { customer: '42', amount: 500 }]);
    expect(readApprovalOffer(page.call('a'))).toBeUndefined();
    page.chat().toolCalls.approve(page.call('a'), { remember: 'always' });
    await page.asks(['b', 'refund', { customer: '42', amount: 500 }]);
    expect(page.statuses()).toEqual(['a: succeeded', 'b: awaiting-approval']);
    expect(page.rules()).toEqual([]);
  });

  it('is this call only for a destructive tool without `approvalKey`, and what the key says for one with it', async () => {
    expectConsole('warn', 'an answer to a call of "remove" was to be remembered');
    const page = openApprovalsPage();
    await page.asks(['a', 'remove', { path: 'tmp/1' }], ['b', 'wipe', { path: 'tmp/1' }]);
    for (const id of ['a', 'b']) page.chat().toolCalls.approve(page.call(id), { remember: 'chat' });
    await page.asks(['c', 'remove', { path: 'tmp/1' }], ['d', 'wipe', { path: 'tmp/2' }], ['e', 'wipe', { path: 'home' }]);
    expect(page.statuses().slice(2)).toEqual(['c: awaiting-approval', 'd: succeeded', 'e: awaiting-approval']);
  }); // prettier-ignore

  it('is shown before it is given, and settles every waiting call that it covers at once', async () => {
    const page = openApprovalsPage();
    await page.asks(
      ['a', 'refund', { customer: '42', amount: 1 }],
      ['b', 'refund', { customer: '42', amount: 2 }],
      ['c', 'refund', { customer: '43', amount: 3 }],
      ['d', 'note', { a: 'x' }],
    );
    const state = page.chat().toolCalls.store.getState();
    expect(selectCoveredCalls(state, page.call('a')).map(({ toolCallId }) => toolCallId)).toEqual(['b']);
    expect(selectCoveredCalls(state, page.call('d'))).toEqual([]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await Promise.resolve();
    expect(page.call('b')).toMatchObject({ approved: 'by-rule' });
    await page.settle();
    expect(page.statuses()).toEqual(['a: succeeded', 'b: succeeded', 'c: awaiting-approval', 'd: awaiting-approval']);
    expect(page.ran).toEqual(['refund 42 1', 'refund 42 2']);
  });

  it('is a denial too, with its reason for the model', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }], ['b', 'note', { a: 'x' }]);
    page.chat().toolCalls.deny(page.call('a'), 'Too early', { remember: 'chat' });
    await Promise.resolve();
    expect(page.statuses()).toEqual(['a: denied', 'b: denied']);
    const followUp = await page.transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ toolCallId: 'b', errorText: 'Too early' });
    expect(readAppliedRule(page.call('b'))).toMatchObject({ answer: 'deny' });
    expect(page.ran).toEqual([]);
  });

  it('is for each call of a batch that is approved as a whole, but for those that want their own yes', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'refund', { customer: '1', amount: 1 }], ['b', 'note', { a: 'x' }], ['c', 'wipe', { path: 'x' }]);
    page.chat().toolCalls.approve(page.call('a').batchKey, { remember: 'chat' });
    expect(page.rules().map(({ toolName }) => toolName)).toEqual(['refund', 'note']);
    expect(page.call('c').status).toBe('awaiting-approval');
  }); // prettier-ignore
});

describe('an answer is kept once it has gone through', () => {
  it('and not when the input that was given with it does not fit', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'refund', { customer: '42', amount: 5 }]);
    page.chat().toolCalls.approve(page.call('a'), { input: { customer: '42', amount: 900 }, remember: 'chat' });
    await page.settle();
    expect(page.rules()).toEqual([]);
    page.chat().toolCalls.approve(page.call('a'));
    await page.settle();
    expect(page.rules()).toEqual([]);
  });

  it('for the input that ran', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'refund', { customer: '42', amount: 5 }]);
    page.chat().toolCalls.approve(page.call('a'), { input: { customer: '43', amount: 5 }, remember: 'chat' });
    await page.settle();
    expect(page.rules()).toMatchObject([{ key: 'customer 43' }]);
  });

  it('and only where it was asked to be', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }], ['b', 'note', { a: 'y' }]);
    page.chat().toolCalls.approve(page.call('a'));
    page.chat().toolCalls.deny(page.call('b'), 'No');
    await page.settle();
    expect(page.rules()).toEqual([]);
  });
});

describe('a remembered answer ends', () => {
  it('after `maxUses` calls', async () => {
    const page = openApprovalsPage({ maxUses: 2 });
    await page.asks(...['a', 'b', 'c', 'd'].map((id) => [id, 'note', { a: 'x' }] as const));
    const state = page.chat().toolCalls.store.getState();
    expect(selectCoveredCalls(state, page.call('a'))).toHaveLength(2);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    expect(page.statuses()).toEqual(['a: succeeded', 'b: succeeded', 'c: succeeded', 'd: awaiting-approval']);
    expect(page.rules()).toEqual([]);
  });

  it('after `ttl`', async () => {
    const clock = createTestClock();
    const page = openApprovalsPage({ ttl: 60_000, clock });
    await page.asks(['a', 'note', { a: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    expect(page.rules()).toHaveLength(1);
    clock.jump(59_999);
    await page.asks(['b', 'note', { a: 'x' }]);
    clock.jump(1);
    await page.asks(['c', 'note', { a: 'x' }]);
    expect(page.statuses().slice(1)).toEqual(['b: succeeded', 'c: awaiting-approval']);
    expect(page.rules()).toEqual([]);
  });

  it('when it is forgotten: the next call asks', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }], ['b', 'note', { a: 'y' }]);
    for (const id of ['a', 'b']) page.chat().toolCalls.approve(page.call(id), { remember: 'chat' });
    page.memory.forget(page.rules()[0]!);
    await page.asks(['c', 'note', { a: 'x' }], ['d', 'note', { a: 'y' }]);
    expect(page.statuses().slice(2)).toEqual(['c: awaiting-approval', 'd: succeeded']);
    page.memory.forget();
    await page.asks(['e', 'note', { a: 'y' }]);
    expect(page.call('e').status).toBe('awaiting-approval');
  });

  it.each<[what: string, changes: object]>([
    ['its description', { description: 'Writes a note for everybody' }],
    ['its schema', { inputSchema: z.object({ a: z.string(), b: z.string().optional(), everybody: z.boolean().optional() }) }],
    ['its policy', { openWorld: true }],
    ['the function that asks', { approval: () => true }],
  ])('when the tool is another one: %s', async (_, changes) => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    const note = clientTool({ ...page.tools.note, ...changes } as never) as typeof page.tools.note;
    page.view.rerender({ tools: { ...page.tools, note }, plugins: [page.memory] });
    await page.asks(['b', 'note', { a: 'x' }]);
    expect(page.statuses()).toEqual(['a: succeeded', 'b: awaiting-approval']);
    expect(page.rules()).toEqual([]);
  }); // prettier-ignore

  it('but not when only its retries are others', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    page.view.rerender({ tools: { ...page.tools, note: { ...page.tools.note, retry: 5 } }, plugins: [page.memory] });
    await page.asks(['b', 'note', { a: 'x' }]);
    expect(page.call('b').status).toBe('succeeded');
  });
});

describe('a rule never answers', () => {
  const requested = (toolCallId: string, signature?: string) =>
    ({
      type: 'tool-approval-request',
      toolCallId,
      approvalId: `ap-${toolCallId}`,
      ...(signature && { signature }),
    }) as never;

  it('what the guard of `disclosure` asks', async () => {
    const page = openApprovalsPage({ plugins: [disclosure()] });
    await page.asks(['a', 'mail', { to: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.asks(['b', 'mail', { to: 'y' }], ['t', 'ticket', { path: '1' }]);
    expect(page.call('b').status).toBe('succeeded');
    await page.asks(['c', 'mail', { to: 'z' }]);
    expect(page.call('c')).toMatchObject({ status: 'awaiting-approval', reasons: [expect.any(String)] });
    expect(readApprovalOffer(page.call('c'))).toBeUndefined();
    // Nor is a yes to the guard remembered.
    page.chat().toolCalls.approve(page.call('c'), { remember: 'always' });
    expect(page.rules()).toHaveLength(1);
  });

  it('what a plugin asks after the rule has answered', async () => {
    let isTainted = false;
    let ask = () => {};
    const guard: ToolCallsPlugin = {
      name: 'guard',
      connect: (host) => void (ask = host.reconsider),
      approval: () => isTainted && 'Tainted',
    };
    const page = openApprovalsPage({ plugins: [guard] });
    await page.asks(['a', 'note', { a: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    const response = (await page.answer()).start().call('b', 'note', { a: 'x' });
    await page.settle();
    expect(page.call('b')).toMatchObject({ status: 'queued', approved: 'by-rule' });
    isTainted = true;
    ask();
    expect(page.call('b')).toMatchObject({ status: 'awaiting-approval', reasons: ['Tainted'] });
    response.finish();
    await page.settle();
    expect(page.ran).toEqual(['note x']);
  });

  it('what the server has signed, also where it has answered the policy before', async () => {
    const page = openApprovalsPage();
    await page.asks(['a', 'note', { a: 'x' }]);
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    const response = (await page.answer()).start().call('b', 'note', { a: 'x' });
    await page.settle();
    expect(page.call('b')).toMatchObject({ status: 'queued', approved: 'by-rule' });
    response.write(requested('b', 'signed')).finish();
    await page.settle();
    expect(page.call('b')).toMatchObject({ status: 'awaiting-approval', inputSigned: true });
    expect(lastPart(page.chat().messages)).toMatchObject({ state: 'approval-requested' });
    expect(readAppliedRule(page.call('b'))).toBeUndefined();
    expect(page.ran).toEqual(['note x']);
    page.chat().toolCalls.approve(page.call('b'), { remember: 'always' });
    await page.settle();
    expect(page.ran).toEqual(['note x', 'note x']);
    expect(page.rules()).toHaveLength(1);
  });

  it('but it does answer the server’s own question, once, and tells it so', async () => {
    const page = openApprovalsPage();
    const asked = async (id: string) => {
      (await page.answer()).start().call(id, 'free', { path: 'x' }).write(requested(id)).finish();
      await page.settle();
    };
    await asked('a');
    expect(page.call('a').status).toBe('awaiting-approval');
    page.chat().toolCalls.approve(page.call('a'), { remember: 'chat' });
    await page.settle();
    await asked('b');
    expect(page.ran).toEqual(['free x', 'free x']);
    expect(lastPart(page.chat().messages)).toMatchObject({
      state: 'output-available',
      approval: { id: 'ap-b', approved: true },
    });
    expect(page.rules()).toMatchObject([{ uses: 1 }]);
  });
});
