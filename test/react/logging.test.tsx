// What a page hears of calls: `onToolResult`, `onBatchSettled`, and the events of `toolCalls.subscribe`.
import { describe, expect, it } from 'vitest';
import type { SettledToolCall, ToolBatch } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

function renderLogged() {
  const hand = createHandTools({ write: { approval: true } });
  const results: string[] = [];
  const batches: string[] = [];
  const rendered = renderChat({
    tools: hand.tools,
    onToolResult: (call: SettledToolCall) => void results.push(`${call.toolCallId}: ${call.status}`),
    onBatchSettled: (batch: ToolBatch) => void batches.push(batch.key),
  });
  return { ...hand, ...rendered, results, batches };
}

// Issue 4 item 9.
describe('onToolResult', () => {
  it('is called once for each call that settles, and again after a retry', async () => {
    const { ask, reads, results, call, chat, settle } = renderLogged();
    const response = await ask();
    response.start('m');
    for (const n of [1, 2, 3]) response.call(`c${n}`, 'read', { n });
    response.call('w', 'write', { n: 4 }).finish();
    await settle();
    reads[0]!.resolve(1);
    await settle();
    reads[1]!.reject(new Error('no'));
    await settle();
    chat().toolCalls.cancel(call('c3'));
    chat().toolCalls.cancel(call('c3'));
    chat().toolCalls.retry(call('c2'));
    await settle();
    reads[3]!.resolve(2);
    await settle();
    chat().toolCalls.deny(call('w'));
    await settle();
    expect(results).toEqual(['c1: succeeded', 'c2: failed', 'c3: cancelled', 'c2: succeeded', 'w: denied']);
  });

  it('may throw: the calls go on', async () => {
    const hand = createHandTools();
    const { ask, transport, settle } = renderChat({
      tools: hand.tools,
      onToolResult() {
        throw new Error('the log is full');
      },
      onBatchSettled() {
        throw new Error('the log is full');
      },
    });
    expectConsole('error', 'onToolResult threw; the calls go on. Error: the log is full');
    expectConsole('error', 'onBatchSettled threw; the calls go on. Error: the log is full');
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    hand.reads[0]!.resolve(1);
    expect((await transport.next()).messages).toHaveLength(2);
  });
});

describe('onBatchSettled', () => {
  it('is called once a batch, when the model adds no more, and again after a retry', async () => {
    const { ask, reads, batches, call, chat, transport, settle } = renderLogged();
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await settle();
    reads[0]!.reject(new Error('no'));
    await settle();
    expect(batches).toEqual([]);
    response.finish();
    await settle();
    expect(batches).toEqual(['m/0']);
    (await transport.next()).start().text('Sorry').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[1]!.resolve(1);
    await transport.next();
    expect(batches).toEqual(['m/0', 'm/0']);
  });
});

describe('toolCalls.subscribe', () => {
  it('tells every event in order, until it is told to stop', async () => {
    const { ask, reads, chat, settle } = renderLogged();
    const events: string[] = [];
    const stop = chat().toolCalls.subscribe(({ type }) => void events.push(type));
    (await ask()).start().call('a', 'read', { n: 1 }).finish();
    await settle();
    stop();
    reads[0]!.resolve(1);
    await settle();
    expect(events.filter((type) => type !== 'wait-changed')).toEqual([
      'batch-opened',
      'call-added',
      'attempt-started',
      'stream-ended',
    ]);
  });
});
