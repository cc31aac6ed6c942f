// Proves: a page calls a tool by itself. The call has the locks, limits and questions of the model's calls, and the conversation goes on as if it were not there.
import { describe, expect, it } from 'vitest';
import { callReports, clientTool, ToolCallError, type ClientToolExecutionOptions } from 'use-parallel-tools';
import { disclosure, selectSources } from 'use-parallel-tools/disclosure';
import { selectDirectBatches, type ToolCallsPlugin } from 'use-parallel-tools/core';
import { memoryStorage, toolCallJournal } from 'use-parallel-tools/durable';
import { calls, createTestChat, replaySession, says } from 'use-parallel-tools/testing';
import { onTrace } from 'use-parallel-tools/tracing';
import { z } from 'zod';
import { createHandExecute } from '../harness/deferred.ts';

const record = z.object({ id: z.string() });

function createWorld(plugins: ToolCallsPlugin[] = [], script = [says('Hello.'), says('Yes.'), says('Bye.')]) {
  const slow = createHandExecute<{ id: string }, ClientToolExecutionOptions>();
  let reads = 0;
  const tools = {
    read: clientTool({ inputSchema: record, readOnly: true, execute: ({ id }) => ({ id, read: ++reads }) }),
    slow: clientTool({ inputSchema: record, locks: ({ id }) => ({ write: [id] }), execute: slow.execute }),
    pay: clientTool({ inputSchema: record, approval: true, execute: () => 'paid' }),
    fail: clientTool({
      inputSchema: record,
      execute: (): string => {
        throw new Error('out of order');
      },
    }),
    choose: clientTool({ inputSchema: record, outputSchema: z.string() }),
    secret: clientTool({
      inputSchema: record,
      readOnly: true,
      labels: ['personal'],
      redact: () => 'somebody',
      execute: () => 'Ada Lovelace',
    }),
  };
  const chat = createTestChat({ tools, plugins, script });
  const direct = () => selectDirectBatches(chat.toolCalls.store.getState());
  return { chat, slow, direct };
}

/** The error with which a call of the page's rejects. */
async function expectRejection(promise: Promise<unknown>): Promise<ToolCallError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ToolCallError);
  return error as ToolCallError;
}

describe('toolCalls.call', () => {
  it('gives the output, and keeps the call in a batch that belongs to no message', async () => {
    const { chat, direct } = createWorld();
    await expect(chat.toolCalls.call('read', { id: 'a' })).resolves.toEqual({ id: 'a', read: 1 });
    expect(direct()).toHaveLength(1);
    expect(direct()[0]?.direct).toEqual({ from: 'page', report: false, isDisclosed: false });
    expect(chat.call('read').status).toBe('succeeded');
    expect(chat.messages).toEqual([]);
    expect(chat.requests).toEqual([]);
  });

  it('rejects with what went wrong: a bad input, a failure, an unknown tool', async () => {
    const { chat } = createWorld();
    const errors = await Promise.all([
      expectRejection(chat.toolCalls.call('read', { id: 1 })),
      expectRejection(chat.toolCalls.call('fail', { id: 'a' })),
      expectRejection(chat.toolCalls.call('nothing', {})),
    ]);
    expect(errors.map(({ kind }) => kind)).toEqual(['invalid-input', 'execution', 'unknown-tool']);
    expect(errors[1]?.message).toBe('out of order');
  });

  it('waits for a person’s yes, and rejects with their no', async () => {
    const { chat } = createWorld();
    const first = chat.toolCalls.call('pay', { id: 'a' });
    await chat.until(() => chat.call('pay').status === 'awaiting-approval');
    chat.toolCalls.approve(chat.call('pay'));
    await expect(first).resolves.toBe('paid');

    const second = expectRejection(chat.toolCalls.call('pay', { id: 'b' }));
    await chat.until(() => chat.call('pay').status === 'awaiting-approval');
    chat.toolCalls.deny(chat.call('pay'), 'Too much');
    expect(await second).toMatchObject({ kind: 'denied', message: 'Too much' });
  });

  it('asks where the caller says so, though the tool’s policy does not', async () => {
    const { chat } = createWorld();
    const reading = chat.toolCalls.call('read', { id: 'a' }, { ask: true });
    await chat.until(() => chat.call('read').status === 'awaiting-approval');
    chat.toolCalls.approve(chat.call('read'));
    await expect(reading).resolves.toEqual({ id: 'a', read: 1 });
  });

  it('gives what a person answers, for a tool without `execute`', async () => {
    const { chat } = createWorld();
    const choosing = chat.toolCalls.call('choose', { id: 'colour' });
    await chat.until(() => chat.call('choose').status === 'awaiting-input');
    chat.toolCalls.respond(chat.call('choose'), 'red');
    await expect(choosing).resolves.toBe('red');
  });

  it('is cancelled by its signal, and by a person', async () => {
    const { chat, slow } = createWorld();
    const abort = new AbortController();
    const first = expectRejection(chat.toolCalls.call('slow', { id: 'a' }, { signal: abort.signal }));
    await chat.until(() => chat.call('slow').status === 'running');
    abort.abort();
    expect(await first).toMatchObject({ kind: 'cancelled', by: 'caller' });
    expect(slow.invocations[0]?.options.abortSignal.aborted).toBe(true);

    const second = expectRejection(chat.toolCalls.call('slow', { id: 'a' }));
    await chat.until(() => chat.call('slow').status === 'running');
    chat.toolCalls.cancel(chat.call('slow'));
    expect(await second).toMatchObject({ kind: 'cancelled', by: 'user' });

    const late = chat.toolCalls.call('slow', { id: 'a' }, { signal: AbortSignal.abort() });
    expect(await expectRejection(late)).toMatchObject({ by: 'caller' });
    expect(slow.invocations).toHaveLength(2);
  });

  it('waits for the lock that a call of the model holds, and the model’s for one of the page’s', async () => {
    const { chat, slow } = createWorld([], [calls(['slow', { id: 'a' }, 'models']), says('Done.')] as never);
    chat.send('Write.');
    await chat.until(() => slow.invocations.length === 1);
    const writing = chat.toolCalls.call('slow', { id: 'a' });
    await chat.until(() => chat.call('slow').waitingFor?.type === 'lock');
    slow.invocations[0]?.resolve('first');
    await chat.until(() => slow.invocations.length === 2);
    slow.invocations[1]?.resolve('second');
    await expect(writing).resolves.toBe('second');
    await chat.settled();
    expect(chat.requests).toHaveLength(2);
  });

  it('goes on through a new message, a stop and another conversation, and holds none of them up', async () => {
    const { chat, slow } = createWorld();
    const writing = chat.toolCalls.call('slow', { id: 'a' });
    await chat.until(() => slow.invocations.length === 1);
    chat.send('Hello?');
    await chat.until(() => chat.text === 'Hello.');
    chat.stop();
    chat.setMessages([]);
    chat.send('Are you there?');
    await chat.until(() => chat.text === 'Yes.');
    expect(chat.call('slow').status).toBe('running');
    expect(chat.requests.map(({ results }) => results)).toEqual([[], []]);
    slow.invocations[0]?.resolve('done');
    await expect(writing).resolves.toBe('done');
  });

  it('is aborted when the page is left, and does not begin after that', async () => {
    const { chat, slow } = createWorld();
    const writing = expectRejection(chat.toolCalls.call('slow', { id: 'a' }));
    await chat.until(() => slow.invocations.length === 1);
    chat.unmount();
    expect(await writing).toMatchObject({ kind: 'cancelled', by: 'unmount' });
    expect(await expectRejection(chat.toolCalls.call('read', { id: 'a' }))).toMatchObject({ by: 'unmount' });
  });

  it('keeps the last hundred that have settled', async () => {
    const { chat, direct } = createWorld();
    for (let n = 0; n < 130; n++) await chat.toolCalls.call('read', { id: String(n) });
    expect(direct()).toHaveLength(101);
    expect(chat.call('read').input).toEqual({ id: '129' });
  });
});

describe('a call of the page', () => {
  it('is not kept by a journal, whose page would wait for it', async () => {
    const journal = toolCallJournal({ storage: memoryStorage() });
    const { chat, slow } = createWorld([journal]);
    const writing = chat.toolCalls.call('slow', { id: 'a' });
    await chat.until(() => slow.invocations.length === 1);
    expect(await journal.list()).toEqual([]);
    slow.invocations[0]?.resolve('done');
    await writing;
    expect(await journal.list()).toEqual([]);
  });

  it('has a span that ends with it, though no request carries it', async () => {
    const ended: string[] = [];
    const { chat } = createWorld([onTrace(({ name }) => void ended.push(name), { recordOutputs: true })]);
    await chat.toolCalls.call('read', { id: 'a' });
    expect(ended).toEqual(['execute_tool read', 'execute_tools']);
  });

  it('is made again in a replay of the session, and asked about as it was', async () => {
    const { chat, slow } = createWorld();
    const writing = chat.toolCalls.call('slow', { id: 'a' }, { ask: true, from: 'browser-agent' });
    await chat.until(() => chat.call('slow').status === 'awaiting-approval');
    chat.toolCalls.approve(chat.call('slow'));
    await chat.until(() => slow.invocations.length === 1);
    slow.invocations[0]?.resolve('done');
    await writing;
    chat.send('Hello?');
    await chat.settled();
    const tools = { slow: clientTool({ inputSchema: record, execute: () => 'done' }) };
    const replay = await replaySession(chat.session(), { tools });
    expect(replay.differences).toEqual([]);
    expect(replay.chat.call('slow')).toMatchObject({ status: 'succeeded', approved: true });
    expect(selectDirectBatches(replay.chat.toolCalls.store.getState())).toMatchObject([
      { direct: { from: 'browser-agent' } },
    ]);
  });
});

describe('a report of a call', () => {
  it('goes with the user’s next message, once, and stays in it', async () => {
    const { chat } = createWorld([callReports()]);
    await chat.toolCalls.call('read', { id: '</tool-call>' }, { report: true });
    await chat.toolCalls.call('read', { id: 'unreported' });
    chat.send('What did I do?');
    await chat.settled();
    chat.send('And now?');
    await chat.settled();
    const [first, second] = chat.requests;
    expect(first?.text).toContain('What did I do?');
    const report = String.raw`<tool-call>{"tool":"read","input":{"id":"\u003c/tool-call>"},"output":{"id":"\u003c/tool-call>","read":1}}</tool-call>`;
    expect(JSON.stringify(first?.messages)).toContain(JSON.stringify(report).slice(1, -1));
    expect(JSON.stringify(first?.messages)).not.toContain('unreported');
    expect(JSON.stringify(second?.messages).split('tool-call>{').length - 1).toBe(1);
    expect(second?.messages[0]).toEqual(first?.messages[0]);
    expect(JSON.stringify(chat.messages)).not.toContain('tool-call>');
  });

  it('tells of a failure, and waits for a call that is not done', async () => {
    const { chat, slow } = createWorld([callReports()]);
    await expectRejection(chat.toolCalls.call('fail', { id: 'a' }, { report: true }));
    const writing = chat.toolCalls.call('slow', { id: 'a' }, { report: true });
    chat.send('What did I do?');
    await chat.until(() => chat.text === 'Hello.');
    expect(JSON.stringify(chat.requests[0]?.messages)).toContain('out of order');
    expect(JSON.stringify(chat.requests[0]?.messages)).not.toContain('slow');
    slow.invocations[0]?.resolve('written');
    await writing;
    chat.send('And now?');
    await chat.settled();
    expect(JSON.stringify(chat.requests[1]?.messages.at(-1))).toContain('written');
  });

  it('has of the output what plugins let through, and counts among the sources of the answer', async () => {
    const { chat } = createWorld([disclosure(), callReports()]);
    await chat.toolCalls.call('secret', { id: 'a' });
    expect(selectSources(chat.toolCalls.store.getState())).toEqual([]);
    await expect(chat.toolCalls.call('secret', { id: 'b' }, { report: true })).resolves.toBe('Ada Lovelace');
    chat.send('Who was it?');
    await chat.settled();
    expect(JSON.stringify(chat.requests)).toContain('somebody');
    expect(JSON.stringify(chat.requests)).not.toContain('Lovelace');
    expect(selectSources(chat.toolCalls.store.getState())).toMatchObject([{ input: { id: 'b' }, changed: 'redacted' }]);
  });

  it('asks for consent as an answer’s results do; what is not reported needs none', async () => {
    const asked: string[] = [];
    const consent = ({ calls: given }: { calls: readonly { call: { toolName: string } }[] }) => {
      asked.push(...given.map(({ call }) => call.toolName));
      return 'block' as const;
    };
    const { chat } = createWorld([disclosure({ consent }), callReports()]);
    await chat.toolCalls.call('read', { id: 'a' });
    await chat.toolCalls.call('secret', { id: 'a' }, { report: true });
    chat.send('What did I do?');
    await chat.settled();
    expect(asked).toEqual(['secret']);
    expect(JSON.stringify(chat.requests)).not.toContain('somebody');
  });
});

describe('a call of a tool that only reads', () => {
  const script = [calls(['read', { id: 'a' }, 'one']), says('It was 1.'), says('It is 2.')] as never;

  it('runs again for a newer result: the conversation goes back to it, and goes on once', async () => {
    const { chat } = createWorld([], script);
    chat.send('Read it.');
    await chat.settled();
    expect(chat.toolCalls.canRunAgain(chat.call('one'))).toBe(true);
    chat.toolCalls.run(chat.call('one'));
    await chat.settled();
    expect(chat.text).toBe('It is 2.');
    expect(chat.requests).toHaveLength(3);
    expect(chat.requests[2]?.results).toMatchObject([{ output: { read: 2 } }]);
    expect(chat.call('one')).toMatchObject({ generation: 1, output: { read: 2 } });
    expect(chat.messages).toHaveLength(2);
  });

  it('does not run again once the user has written a later message', async () => {
    const { chat } = createWorld([], script);
    chat.send('Read it.');
    await chat.settled();
    chat.send('Thank you.');
    await chat.settled();
    expect(chat.toolCalls.canRunAgain(chat.call('one'))).toBe(false);
    chat.toolCalls.run(chat.call('one'));
    await chat.settled();
    expect(chat.call('one').generation).toBe(0);
    expect(chat.requests).toHaveLength(3);
  });

  it('runs again where the page called it, and tells nobody', async () => {
    const { chat } = createWorld();
    await chat.toolCalls.call('read', { id: 'a' });
    chat.toolCalls.run(chat.call('read'));
    await chat.settled();
    expect(chat.call('read')).toMatchObject({ generation: 1, output: { read: 2 } });
    expect(chat.requests).toEqual([]);
  });

  it('is the only one that does: a write, and what a person answered, do not', async () => {
    const { chat } = createWorld();
    const paying = chat.toolCalls.call('pay', { id: 'a' });
    await chat.until(() => chat.call('pay').status === 'awaiting-approval');
    chat.toolCalls.approve(chat.call('pay'));
    await paying;
    const choosing = chat.toolCalls.call('choose', { id: 'a' });
    chat.toolCalls.respond(chat.call('choose'), 'red');
    await choosing;
    for (const name of ['pay', 'choose']) {
      expect(chat.toolCalls.canRunAgain(chat.call(name))).toBe(false);
      chat.toolCalls.run(chat.call(name));
    }
    expect(chat.calls.map(({ generation }) => generation)).toEqual([0, 0]);
  });
});
