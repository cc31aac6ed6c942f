// A page that ends at any moment and comes back: what its journal knew, and what becomes of each call.
import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../harness/deferred.ts';
import { drainFrames, lastPart } from '../harness/final-words.ts';
import { createWatchedDisk, openJournalPage, statesOf } from '../harness/journal-page.tsx';
import { CHAT_WAYS, drain, partStates } from '../harness/render-chat.tsx';

/** Long ago, for a page that is opened now. */
function leaveForDays() {
  vi.setSystemTime(Date.now() + 3 * 86_400_000);
}

describe('write-ahead', () => {
  it('runs a write once its intent is safe, and lets a read run at once', async () => {
    const { storage, state, writes } = createWatchedDisk();
    const gate = createDeferred();
    state.gate = gate.promise;
    const page = openJournalPage({ disk: storage });
    (await page.ask()).start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await drainFrames();
    expect([page.reads.length, page.writes.length]).toEqual([1, 0]);
    expect(page.call('w')).toMatchObject({ status: 'queued', waitingFor: { type: 'plugin', name: 'journal' } });
    gate.resolve(undefined);
    await drain();
    expect(page.writes).toHaveLength(1);
    expect(writes.find(({ rows }) => statesOf(rows).includes('w: started'))).toMatchObject({ durability: 'strict' });
  });

  it('puts the intents of one tick in one transaction', async () => {
    const { storage, writes } = createWatchedDisk();
    const page = openJournalPage({ disk: storage });
    const response = (await page.ask()).start('m');
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) response.call(id, 'write', { n: 1 });
    response.finish();
    await drainFrames();
    expect(page.writes).toHaveLength(8);
    const strict = writes.filter(({ durability }) => durability === 'strict');
    expect(strict.map(({ rows }) => rows.length)).toEqual([8]);
  });

  it('puts the results of reads that end together, and that they are sent, in one transaction', async () => {
    const { storage, writes } = createWatchedDisk();
    const page = openJournalPage({ disk: storage });
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drainFrames();
    const before = writes.length;
    page.reads[0]!.resolve('one');
    // Each in a task of its own, as timers and responses are.
    await drain(1);
    page.reads[1]!.resolve('two');
    const followUp = await page.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
    const ends = writes.slice(before).map(({ rows }) => statesOf(rows));
    expect(ends.filter((rows) => rows.length > 0)).toEqual([['a: settled', 'b: settled']]);
  });

  it.each([
    ['its siblings take long', () => new Promise((resolve) => setTimeout(resolve, 20))],
    ['the page is left', () => void window.dispatchEvent(new Event('pagehide'))],
  ])('keeps the result of a read where %s before the page dies', async (_, leave) => {
    const page = openJournalPage();
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('one');
    await drain(1);
    await leave();
    await drain(1);
    await page.crash();
    const kept = await openJournalPage({ disk: page.disk }).journal.list('chat');
    expect(kept).toMatchObject([{ toolCallId: 'a', state: 'settled', ending: { output: 'one' } }]);
  });

  it('sends a result once it is safe', async () => {
    const { storage, state } = createWatchedDisk();
    const page = openJournalPage({ disk: storage });
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    const gate = createDeferred();
    state.gate = gate.promise;
    page.writes[0]!.resolve('done');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    gate.resolve(undefined);
    expect(partStates((await page.transport.next()).messages)).toEqual(['w: output-available']);
  });
});

describe.each(CHAT_WAYS)('after a crash: %s', (way) => {
  it('gives back each result that was there, and runs nothing for it', async () => {
    const page = openJournalPage({ way });
    (await page.ask())
      .start('m')
      .call('a', 'write', { n: 1 })
      .call('b', 'write', { n: 2 })
      .call('c', 'read', { n: 3 })
      .finish();
    await drainFrames();
    page.writes[0]!.resolve('paid');
    page.writes[1]!.reject(new Error('no money'));
    await drain();
    // Their parts are not what comes back: only the first of them may have been written.
    const messages = (await page.crash()).map((message) => ({
      ...message,
      parts: message.parts.map((part) => {
        if (!('toolCallId' in part)) return part;
        const { type, toolCallId, input } = part;
        return { type, toolCallId, input, state: 'input-available' } as typeof part;
      }),
    }));
    const next = openJournalPage({ way, disk: page.disk, messages });
    await drainFrames();
    expect(next.call('a')).toMatchObject({
      status: 'succeeded',
      output: 'paid',
      plugins: { journal: { restored: 'settled' } },
    });
    expect(next.call('b')).toMatchObject({ status: 'failed', error: { kind: 'execution', message: 'no money' } });
    expect([next.reads.length, next.writes.length]).toEqual([1, 0]);
    next.reads[0]!.resolve('read again');
    const followUp = await next.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-error', 'c: output-available']);
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(next.transport.responses).toHaveLength(1);
  });

  it('leaves a write that had started to a person, says when, and gives it the same key', async () => {
    const page = openJournalPage({ way });
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    const key = page.writes[0]!.options.idempotencyKey;
    const startedAt = page.call('w').attempts[0]!.startedAt;
    const messages = (await page.crash()).map((message) => ({ ...message, id: `${message.id}-of-the-server` }));
    const next = openJournalPage({ way, disk: page.disk, messages });
    await drainFrames();
    const call = next.call('w');
    expect(call).toMatchObject({ status: 'interrupted', interruption: { type: 'started' } });
    expect(Math.abs(startedAt - (call.interruption as { at: number }).at)).toBeLessThan(1_000);
    expect(next.writes).toHaveLength(0);
    next.chat().toolCalls.run(call);
    await drainFrames();
    expect(next.writes[0]!.options.idempotencyKey).toBe(key);
    next.writes[0]!.resolve('done');
    expect(partStates((await next.transport.next()).messages)).toEqual(['w: output-available']);
  });

  it('goes on with a write that had not started, its yes included', async () => {
    const policies = { write: { approval: true, concurrency: 1 } };
    const page = openJournalPage({ way, policies });
    (await page.ask())
      .start('m')
      .call('a', 'write', { n: 1 })
      .call('b', 'write', { n: 2 })
      .call('c', 'write', { n: 3 })
      .finish();
    await drainFrames();
    page.chat().toolCalls.approve(page.call('a'));
    page.chat().toolCalls.approve(page.call('b'));
    await drainFrames();
    expect(page.writes).toHaveLength(1);
    const next = openJournalPage({ way, policies, messages: await page.crash(), disk: page.disk });
    await drainFrames();
    expect(next.calls().map(({ status }) => status)).toEqual(['interrupted', 'running', 'awaiting-approval']);
    expect(next.writes.map(({ input }) => input)).toEqual([{ n: 2 }]);
  });
});

describe('after a crash', () => {
  it('asks for a write that had not started, and says so, where the page was away for long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const policies = { write: { concurrency: 1 }, read: { concurrency: 1 } };
    const page = openJournalPage({ policies });
    (await page.ask()).start('m').call('a', 'write', { n: 1 }).call('b', 'write', { n: 2 }).finish();
    await drainFrames();
    const messages = await page.crash();
    leaveForDays();
    const next = openJournalPage({ policies, messages, disk: page.disk });
    await drainFrames();
    expect(next.call('b')).toMatchObject({ status: 'interrupted', interruption: { type: 'never-started' } });
    expect(next.writes).toHaveLength(0);
    next.chat().toolCalls.skip(next.call('a'));
    next.chat().toolCalls.skip(next.call('b'));
    const followUp = await next.transport.next();
    expect(JSON.stringify(followUp.messages.at(-1)!.parts)).toMatch(/it started at \d{4}-.* no answer was seen/);
    expect(lastPart(followUp.messages)).toMatchObject({
      errorText: expect.stringContaining('it has not run') as string,
    });
    vi.useRealTimers();
  });

  it('asks for a write whose answer had not ended, and runs an eager one', async () => {
    const policies = { write: { concurrency: 1 } };
    const page = openJournalPage({ policies });
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).call('r', 'read', { n: 2 });
    await drainFrames();
    const next = openJournalPage({ policies, messages: await page.crash(), disk: page.disk });
    await drainFrames();
    expect(next.call('w')).toMatchObject({ status: 'interrupted', interruption: { type: 'never-started' } });
    expect([next.reads.length, next.writes.length]).toEqual([1, 0]);
    const last = openJournalPage({ policies, messages: await next.crash(), disk: page.disk });
    await drainFrames();
    expect(last.call('w').status).toBe('interrupted');
    last.chat().toolCalls.run(last.call('w'));
    await drainFrames();
    expect(last.writes).toHaveLength(1);
  });

  it('keeps a denial, an answer and a hold', async () => {
    const policies = { write: { approval: true }, read: { onFailure: 'hold' as const } };
    const page = openJournalPage({ policies });
    (await page.ask())
      .start('m')
      .call('d', 'write', { n: 1 })
      .call('f', 'form', { n: 2 })
      .call('h', 'read', { n: 3 })
      .call('o', 'write', { n: 4 })
      .finish();
    await drainFrames();
    page.chat().toolCalls.deny(page.call('d'), 'Too much');
    page.chat().toolCalls.respond(page.call('f'), 'Blue');
    page.reads[0]!.reject(new Error('down'));
    await drain();
    const next = openJournalPage({ policies, messages: await page.crash(), disk: page.disk });
    await drainFrames();
    expect(next.call('d')).toMatchObject({ status: 'denied', error: { message: 'Too much' } });
    expect(partStates(next.chat().messages)[1]).toBe('f: output-available');
    expect(next.call('h')).toMatchObject({ status: 'failed', held: true, error: { message: 'down' } });
    expect(next.call('o').status).toBe('awaiting-approval');
    next.chat().toolCalls.skip(next.call('h'));
    next.chat().toolCalls.deny(next.call('o'));
    expect(partStates((await next.transport.next()).messages)).toHaveLength(4);
  });

  it('asks the service what became of a write, and a person where the service does not know', async () => {
    const reconcile = vi.fn((input: { n: number }, _options: { idempotencyKey: string }) =>
      Promise.resolve(input.n === 1 ? 'paid before' : undefined),
    );
    const policies = { write: { reconcile } };
    const page = openJournalPage({ policies });
    (await page.ask()).start('m').call('a', 'write', { n: 1 }).call('b', 'write', { n: 2 }).finish();
    await drainFrames();
    const keys = page.writes.map(({ options }) => options.idempotencyKey);
    const next = openJournalPage({ policies, messages: await page.crash(), disk: page.disk });
    await drainFrames();
    expect(next.call('a')).toMatchObject({ status: 'succeeded', output: 'paid before' });
    expect(next.call('b').status).toBe('interrupted');
    expect(reconcile.mock.calls.map(([, options]) => options.idempotencyKey)).toEqual(keys);
    expect(next.writes).toHaveLength(0);
  });

  it('does not take for failed what the browser ended while the page was left', async () => {
    const page = openJournalPage();
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    window.dispatchEvent(new Event('pagehide'));
    page.writes[0]!.reject(new TypeError('Failed to fetch'));
    await drain();
    const messages = await page.crash();
    window.dispatchEvent(new Event('pageshow'));
    const next = openJournalPage({ messages, disk: page.disk });
    await drainFrames();
    expect(next.call('w')).toMatchObject({ status: 'interrupted', interruption: { type: 'started' } });
  });

  it('keeps a failure after which the user has stayed, and sends it when it is safe', async () => {
    const page = openJournalPage();
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    window.dispatchEvent(new Event('beforeunload'));
    page.writes[0]!.reject(new TypeError('Failed to fetch'));
    expect(partStates((await page.transport.next()).messages)).toEqual(['w: output-error']);
    expect(await page.journal.list('chat')).toMatchObject([{ state: 'settled' }]);
  });

  it('keeps what the browser ended when the page comes back from its cache', async () => {
    const page = openJournalPage();
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    window.dispatchEvent(new Event('pagehide'));
    page.writes[0]!.reject(new TypeError('Failed to fetch'));
    await drain();
    window.dispatchEvent(new Event('pageshow'));
    await drain();
    expect(await page.journal.list('chat')).toMatchObject([{ state: 'settled' }]);
  });
});

describe('an unmount', () => {
  it('is survived as a reload is', async () => {
    const page = openJournalPage();
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).call('r', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('read');
    await drainFrames();
    const messages = structuredClone(page.chat().messages);
    page.view.unmount();
    await drain();
    const next = openJournalPage({ messages, disk: page.disk });
    await drainFrames();
    expect(next.call('w')).toMatchObject({ status: 'interrupted', interruption: { type: 'started' } });
    expect(next.writes).toHaveLength(0);
  });
});

describe('what is forgotten', () => {
  const settle = async (page: ReturnType<typeof openJournalPage>) => {
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    page.writes[0]!.resolve('done');
    (await page.transport.next()).start('m').text('Done').finish('stop');
    await drainFrames();
  };

  it('are the calls of a conversation that was cleared, and no others', async () => {
    const page = openJournalPage();
    await settle(page);
    expect(await page.journal.list()).toMatchObject([
      { toolCallId: 'w', state: 'settled', ending: { output: 'done' } },
    ]);
    page.chat().setMessages([]);
    await drainFrames();
    expect(await page.journal.list()).toEqual([]);
  });

  it('are the calls of a chat, when the page says so', async () => {
    const page = openJournalPage();
    await settle(page);
    expect(await page.journal.clear('another')).toBe(true);
    expect(await page.journal.list('chat')).toHaveLength(1);
    await page.journal.clear('chat');
    expect(await page.disk.read()).toEqual([]);
  });

  it('are calls that are old, or too many', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const page = openJournalPage();
    await settle(page);
    vi.setSystemTime(Date.now() + 8 * 86_400_000);
    const next = openJournalPage({ disk: page.disk });
    await drainFrames();
    expect(await next.journal.list()).toEqual([]);
    const response = (await next.ask()).start('m2');
    for (const id of ['a', 'b', 'c']) response.call(id, 'write', { n: 1 });
    response.finish();
    await drainFrames();
    const last = openJournalPage({ disk: page.disk, maxEntries: 2 });
    await drainFrames();
    expect(await last.disk.read()).toHaveLength(2);
    vi.useRealTimers();
  });
});
