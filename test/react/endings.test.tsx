// How a response can end, and what that does to the calls it brought.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat, type ChatWay } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

/** A response with a read, which starts at once, and a write, which waits for its end. */
async function begin(way: ChatWay) {
  const hand = createHandTools();
  const rendered = renderChat({ tools: hand.tools }, { way });
  const response = await rendered.ask();
  response.start('message-1').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
  await rendered.settle();
  return {
    ...hand,
    ...rendered,
    response,
    halt: () => Object.values(rendered.chat().toolCalls.store.getState().batches).at(-1)?.halt,
  };
}

describe.each(CHAT_WAYS)('a response (%s)', (way) => {
  it.each(['tool-calls', 'stop', 'other'] as const)(
    'that finishes with %s starts the writes and is followed up',
    async (reason) => {
      const { response, reads, writes, settle, transport, halt } = await begin(way);
      response.finish(reason);
      await settle();
      expect(writes).toHaveLength(1);
      reads[0]!.resolve(1);
      writes[0]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
      expect(halt()).toBeUndefined();
    },
  );

  it.each([
    ['length', 'cut'],
    ['content-filter', 'cut'],
    ['interrupted', 'cut'],
    ['error', 'error'],
  ] as const)('that finishes with %s starts no write, reports all and sends nothing', async (reason, why) => {
    const { response, reads, writes, settle, transport, chat, call, halt } = await begin(way);
    response.finish(reason as never);
    await settle();
    expect(call('w')).toMatchObject({ status: 'cancelled', error: { by: 'not-run' } });
    reads[0]!.resolve(1);
    await settle();
    expect(writes).toHaveLength(0);
    expect(partStates(chat().messages)).toEqual(['r: output-available', 'w: output-error']);
    expect(transport.responses).toHaveLength(1);
    expect(halt()).toBe(why);
    expect(chat().isBusy).toBe(false);
  });

  it.each([
    ['is cut without a finish chunk', (r: Begun) => r.response.close(), 'cut'],
    [
      'brings an error chunk after complete calls',
      (r: Begun) => r.response.write({ type: 'error', errorText: 'overloaded' }).close(),
      'error',
    ],
    [
      'brings an error chunk after finish',
      (r: Begun) =>
        r.response.write({ type: 'finish', finishReason: 'tool-calls' }, { type: 'error', errorText: 'late' }).close(),
      'error',
    ],
    ['is aborted by the server', (r: Begun) => r.response.write({ type: 'abort' }).close(), 'stopped'],
  ] as const)('that %s starts no write and sends nothing', async (_, end, why) => {
    const begun = await begin(way);
    end(begun);
    await begun.settle();
    begun.reads[0]!.resolve(1);
    await begun.settle();
    expect(begun.writes).toHaveLength(0);
    expect(begun.transport.responses).toHaveLength(1);
    expect(partStates(begun.chat().messages)).toEqual([
      why === 'stopped' ? 'r: output-error' : 'r: output-available',
      'w: output-error',
    ]);
    expect(begun.halt()).toBe(why);
  });

  it('that was cut can be sent all the same with resend, without running a tool again', async () => {
    const { response, reads, settle, transport, chat } = await begin(way);
    response.close();
    await settle();
    reads[0]!.resolve(1);
    await settle();
    chat().toolCalls.resend();
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-error']);
    expect(reads).toHaveLength(1);
  });

  it('that was cut goes on when its call is retried and succeeds', async () => {
    const { response, reads, writes, settle, transport, chat, call } = await begin(way);
    response.close();
    await settle();
    reads[0]!.resolve(1);
    await settle();
    chat().toolCalls.retry(call('w'));
    await settle();
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('whose connection is lost keeps its calls, and a replay runs nothing twice', async () => {
    const { response, reads, writes, settle, transport, chat, call } = await begin(way);
    response.fail(new TypeError('network error'));
    await settle();
    expect(chat().status).toBe('error');
    expect(call('w')).toMatchObject({ status: 'queued', waitingFor: { type: 'step-end' } });
    reads[0]!.resolve(1);
    await settle();
    transport.offerResume();
    void chat().resumeStream();
    await settle();
    transport.resumable!.start('message-1').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await settle();
    expect(reads).toHaveLength(1);
    expect(writes).toHaveLength(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('whose connection is lost, that is stopped and resumed, starts its writes at its end only', async () => {
    const { response, writes, settle, transport, chat, call } = await begin(way);
    response.fail(new TypeError('network error'));
    await settle();
    await chat().stop();
    transport.offerResume();
    void chat().resumeStream();
    await settle();
    transport.resumable!.start('message-1').call('r', 'read', { n: 1 }).call('new', 'write', { n: 3 });
    await settle();
    expect(call('new')).toMatchObject({ status: 'queued', waitingFor: { type: 'step-end' } });
    transport.resumable!.finish();
    await settle();
    expect(writes.map(({ input }) => input)).toEqual([{ n: 3 }]);
    expect(transport.responses).toHaveLength(1);
  });

  it('whose connection is lost goes on without a replay when the page says resend', async () => {
    const { response, reads, writes, settle, transport, chat, call } = await begin(way);
    response.call('nobody', 'mystery', { n: 3 });
    await settle();
    response.fail(new TypeError('network error'));
    await settle();
    chat().toolCalls.resend();
    await settle();
    expect(call('w')).toMatchObject({ status: 'cancelled', error: { by: 'not-run' } });
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual([
      'r: output-available',
      'w: output-error',
      'nobody: output-error',
    ]);
    await settle();
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(2);
  });

  it.skipIf(isAiSdk6)('that takes a step back aborts the calls of that step and runs the new ones', async () => {
    const { response, reads, settle, transport, calls } = await begin(way);
    response.write({ type: 'reset-step' });
    await settle();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(calls()).toEqual([]);
    response.call('again', 'read', { n: 9 }).finish();
    await settle();
    reads[1]!.resolve(9);
    expect(partStates((await transport.next()).messages)).toEqual(['again: output-available']);
  });

  it('that is empty after a follow-up ends the turn', async () => {
    const { response, reads, writes, settle, transport, chat } = await begin(way);
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    (await transport.next()).write({ type: 'start' }).finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
    expect(chat().isBusy).toBe(false);
  });

  it('to a follow-up that fails keeps the results; resend sends them again', async () => {
    const { response, reads, writes, settle, transport, chat, halt } = await begin(way);
    response.finish();
    await settle();
    transport.failNext = new Error('500');
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    await transport.next();
    await settle();
    expect(chat().status).toBe('error');
    expect(halt()).toBe('error');
    expect(transport.responses).toHaveLength(2);
    chat().toolCalls.resend();
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['r: output-available', 'w: output-available']);
    again.start().text('There').finish('stop');
    await settle();
    expect(chat().status).toBe('ready');
    expect([reads.length, writes.length]).toEqual([1, 1]);
  });

  it('to a follow-up may bring further calls: each step is followed up once', async () => {
    const { response, reads, writes, settle, transport } = await begin(way);
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    const second = await transport.next();
    second.start().call('r', 'read', { n: 3 }).finish();
    await settle();
    reads[1]!.resolve(3);
    const third = await transport.next();
    expect(partStates(third.messages)).toEqual(['r: output-available', 'w: output-available', 'r: output-available']);
    third.start().text('Done').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(3);
  });
});

type Begun = Awaited<ReturnType<typeof begin>>;
