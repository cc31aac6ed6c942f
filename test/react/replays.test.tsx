// The three kinds of replay after a lost connection, however the hook has come by its chat: the whole answer again, only the rest of it,
// and a follow-up whose message had steps before it.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat, type ChatWay } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';

class RestTransport extends ScriptedTransport {
  override readonly resumeStreamIsReplay = false as never;
}

/** A read that runs and a write that waits for the end, and then the connection is lost. */
async function lose(way: ChatWay, transport = new ScriptedTransport()) {
  const hand = createHandTools();
  const rendered = renderChat({ tools: hand.tools }, { way, transport });
  const response = await rendered.ask();
  response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
  await rendered.settle();
  response.fail(new TypeError('network error'));
  await rendered.settle();
  return {
    ...hand,
    ...rendered,
    halt: () => Object.values(rendered.chat().toolCalls.store.getState().batches).at(-1)?.halt,
    async resume() {
      transport.offerResume();
      void rendered.chat().resumeStream();
      await rendered.settle();
      return transport.resumable!;
    },
  };
}

describe.each(CHAT_WAYS)('a lost connection (%s)', (way) => {
  it('that is resumed with the whole answer again runs each call once, and sends once', async () => {
    const { reads, writes, settle, resume, call, halt, transport } = await lose(way);
    expect(call('w').status).toBe('queued');
    const resumed = await resume();
    expect(halt()).toBeUndefined();
    resumed.start('m').call('r', 'read', { n: 1 });
    await settle();
    resumed.call('w', 'write', { n: 2 });
    await settle();
    expect(halt()).toBeUndefined();
    resumed.finish();
    await settle();
    expect([reads.length, writes.length]).toEqual([1, 1]);
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('that is resumed with the whole answer in one go does too', async () => {
    const { reads, writes, settle, chat, halt, transport } = await lose(way);
    reads[0]!.resolve(1);
    await settle();
    transport.offerResume();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    void chat().resumeStream();
    await settle();
    expect(halt()).toBeUndefined();
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await settle();
    expect([reads.length, writes.length, transport.responses.length]).toEqual([1, 1, 2]);
  });

  // AI SDK 6 knows of replays only.
  it.skipIf(isAiSdk6)('that is resumed with the rest only does too', async () => {
    const { reads, writes, settle, resume, halt, transport } = await lose(way, new RestTransport());
    const resumed = await resume();
    resumed.call('s', 'write', { n: 3 }).finish();
    await settle();
    expect(halt()).toBeUndefined();
    expect([reads.length, writes.length]).toEqual([1, 2]);
    for (const invocation of [...reads, ...writes]) invocation.resolve('done');
    expect(partStates((await transport.next()).messages)).toEqual(
      ['r', 'w', 's'].map((id) => `${id}: output-available`),
    );
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('of a follow-up that is resumed keeps the steps before it, and runs its calls once', async () => {
    const hand = createHandTools();
    const { ask, chat, settle, transport } = renderChat({ tools: hand.tools }, { way });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await settle();
    hand.reads[0]!.resolve(1);
    const followUp = await transport.next();
    followUp.start('m').text('More').call('b', 'read', { n: 2 });
    await settle();
    followUp.fail(new TypeError('network error'));
    await settle();
    transport.offerResume();
    void chat().resumeStream();
    await settle();
    transport.resumable!.start('m').text('More').call('b', 'read', { n: 2 }).call('c', 'write', { n: 3 }).finish();
    await settle();
    expect([hand.reads.length, hand.writes.length]).toEqual([2, 1]);
    hand.reads[1]!.resolve(2);
    hand.writes[0]!.resolve(3);
    const last = await transport.next();
    expect(partStates(last.messages)).toEqual(['a', 'b', 'c'].map((id) => `${id}: output-available`));
    last.start('m').text('Done').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(3);
    expect(partStates(chat().messages)).toEqual(['a', 'b', 'c'].map((id) => `${id}: output-available`));
  });

  it('that is lost again, and resumed again, runs each call once', async () => {
    const { reads, writes, settle, resume, transport } = await lose(way);
    const first = await resume();
    first.start('m').call('r', 'read', { n: 1 });
    await settle();
    first.fail(new TypeError('network error'));
    await settle();
    const second = await resume();
    second.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await settle();
    expect([reads.length, writes.length]).toEqual([1, 1]);
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('with nothing left to resume cancels what was never complete', async () => {
    const { reads, settle, chat, call, transport } = await lose(way);
    void chat().resumeStream();
    await settle();
    expect(call('w')).toMatchObject({ status: 'cancelled', error: { by: 'not-run' } });
    reads[0]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.resend();
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-error']);
  });
});
