// A backend of one's own that sends no `start-step`: each answer's calls are followed up once all the same.
import { convertToModelMessages } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEitherWay, openJoined, openOwn, openUntapped, type EitherWayOptions } from '../harness/either-way.tsx';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport, type ScriptedResponse } from '../harness/scripted-transport.ts';

let transport: ScriptedTransport;
beforeEach(() => void (transport = new ScriptedTransport()));
afterEach(() => expect(transport.problems).toEqual([]));

/** An answer as such a backend begins it. */
const begin = (response: ScriptedResponse, messageId = 'm') => response.write({ type: 'start', messageId });

function finish(response: ScriptedResponse, finishReason: 'tool-calls' | 'stop' | 'length' = 'tool-calls'): void {
  response.write({ type: 'finish', finishReason });
  response.close();
}

describe.each([
  ['useParallelTools', openOwn, true],
  ['a joined chat', openJoined, true],
  ['a joined chat whose chunks nobody watches', openUntapped, false],
])('%s', (_way, openChat, isTapped) => {
  const open = (options?: EitherWayOptions) => openEitherWay(openChat, transport, options);

  it("sends each answer's calls once, through three of them", async () => {
    const { ask, reads, writes, statuses, batches } = open();
    let answer = await ask();
    for (const turn of [0, 1, 2]) {
      begin(answer).call(`r${turn}`, 'read', { n: turn }).call(`w${turn}`, 'write', { n: turn });
      await drain();
      expect([reads.length, writes.length]).toEqual([turn + 1, turn]);
      finish(answer);
      await drain();
      expect(writes).toHaveLength(turn + 1);
      reads[turn]!.resolve(turn);
      writes[turn]!.resolve(turn);
      answer = await transport.next();
      expect(partStates(answer.messages)).toEqual(
        [0, 1, 2].slice(0, turn + 1).flatMap((each) => [`r${each}: output-available`, `w${each}: output-available`]),
      );
    }
    finish(begin(answer).text('Done'), 'stop');
    await drain();
    expect(transport.responses).toHaveLength(4);
    const step = (turn: number) => (isTapped ? turn : 0);
    expect(statuses()).toEqual(
      [0, 1, 2].flatMap((turn) => [`m/${step(turn)}/r${turn}: succeeded`, `m/${step(turn)}/w${turn}: succeeded`]),
    );
    expect(
      batches()
        .map(({ halt }) => halt)
        .filter(Boolean),
    ).toEqual([]);
  });

  it('sends no more often in a row than `maxFollowUps` says, and says so', async () => {
    const { ask, reads, batches } = open({ maxFollowUps: 1 });
    finish(begin(await ask()).call('a', 'read', { n: 1 }));
    await drain();
    reads[0]!.resolve(1);
    finish(begin(await transport.next()).call('b', 'read', { n: 2 }));
    await drain();
    reads[1]!.resolve(2);
    await drain();
    expect(transport.responses).toHaveLength(2);
    expect(batches().at(-1)?.halt).toBe('follow-up-limit');
  });

  it('does not run a write of a follow-up that is cut', async () => {
    const { ask, reads, writes, call } = open();
    finish(begin(await ask()).call('a', 'read', { n: 1 }));
    await drain();
    reads[0]!.resolve(1);
    finish(begin(await transport.next()).call('b', 'write', { n: 2 }), 'length');
    await drain();
    expect(writes).toHaveLength(0);
    expect([call('a').status, call('b').status]).toEqual(['succeeded', 'cancelled']);
    expect(transport.responses).toHaveLength(2);
  });

  it('reports the failure of a call whose id comes again, or runs it: nothing hangs', async () => {
    const { ask, reads } = open();
    finish(begin(await ask()).call('x', 'read', { n: 1 }));
    await drain();
    reads[0]!.resolve('one');
    finish(begin(await transport.next()).call('x', 'read', { n: 2 }));
    await drain();
    if (isTapped) {
      expect(reads.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
      reads[1]!.resolve('two');
    }
    const followUp = await transport.next();
    const results = followUp.messages.at(-1)!.parts.flatMap((part) => {
      if (!('toolCallId' in part)) return [];
      return [part.state === 'output-error' ? part.errorText : part.output];
    });
    // The SDK has kept one part for both where nobody could tell it that a step begins.
    expect(results).toEqual(isTapped ? ['one', 'two'] : [expect.stringContaining('two different calls')]);
    finish(begin(followUp).text('Done'), 'stop');
    await drain();
    expect(transport.responses).toHaveLength(3);
  });

  it('sends a call once more that comes again as it was', async () => {
    const { ask, reads } = open();
    finish(begin(await ask()).call('x', 'read', { n: 1 }));
    await drain();
    reads[0]!.resolve('one');
    finish(begin(await transport.next()).call('x', 'read', { n: 1 }));
    await drain();
    expect(reads).toHaveLength(isTapped ? 2 : 1);
    reads[1]?.resolve('two');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(
      Array.from({ length: isTapped ? 2 : 1 }, () => 'x: output-available'),
    );
    finish(begin(followUp).text('Done'), 'stop');
    await drain();
    expect(transport.responses).toHaveLength(3);
  });
});

describe('where chunks are watched', () => {
  const open = (options?: EitherWayOptions) => openEitherWay(openOwn, transport, options);

  it('tells the model of the calls of each answer apart', async () => {
    const { ask, reads } = open();
    finish(
      begin(await ask())
        .text('Let me see')
        .call('a', 'read', { n: 1 }),
    );
    await drain();
    reads[0]!.resolve(1);
    finish(
      begin(await transport.next())
        .text('And')
        .call('b', 'read', { n: 2 }),
    );
    await drain();
    reads[1]!.resolve(2);
    const model = await convertToModelMessages((await transport.next()).messages);
    expect(
      model.map(({ role, content }) => [
        role,
        typeof content === 'string'
          ? content
          : content.map((part) => ('toolCallId' in part ? part.toolCallId : part.type)),
      ]),
    ).toEqual([
      ['user', ['text']],
      ['assistant', ['text', 'a']],
      ['tool', ['a']],
      ['assistant', ['text', 'b']],
      ['tool', ['b']],
    ]);
  });

  it('goes back to the end of the step, and not into the answer after it, when a call is retried after it was sent', async () => {
    const { ask, reads, toolCalls } = open();
    finish(begin(await ask()).call('a', 'read', { n: 1 }));
    await drain();
    reads[0]!.reject(new Error('sold out'));
    finish(begin(await transport.next()).text('It failed'), 'stop');
    await drain();
    toolCalls().retry('m/0/a');
    await drain();
    reads[1]!.resolve(1);
    const again = await transport.next();
    expect(again.messages.at(-1)!.parts.map(({ type }) => type)).toEqual(['tool-read']);
    expect(partStates(again.messages)).toEqual(['a: output-available']);
  });

  it('is no other than with the steps of the SDK for a call that comes before the first of them', async () => {
    const { ask, writes, messages } = open();
    const answer = await ask();
    begin(answer).call('w', 'write', { n: 1 }).write({ type: 'start-step' }).text('One moment').finish();
    await drain();
    expect(
      messages()
        .at(-1)!
        .parts.map(({ type }) => type),
    ).toEqual(['tool-write', 'text']);
    writes[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
  });

  it('leaves an answer without calls as it is', async () => {
    const { ask, messages } = open();
    finish(begin(await ask()).text('Hello'), 'stop');
    await drain();
    expect(
      messages()
        .at(-1)!
        .parts.map(({ type }) => type),
    ).toEqual(['text']);
  });

  it('keeps the steps of a follow-up that is replayed', async () => {
    const { ask, reads, resume } = open();
    finish(begin(await ask()).call('a', 'read', { n: 1 }));
    await drain();
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    begin(followUp).call('a', 'read', { n: 2 });
    await expect.poll(() => reads.length).toBe(2);
    followUp.fail(new TypeError('network error'));
    await drain();
    transport.offerResume();
    void resume();
    await drain();
    finish(begin(transport.resumable!).call('a', 'read', { n: 2 }));
    await drain();
    expect(reads).toHaveLength(2);
    reads[1]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'a: output-available']);
  });

  it('tells apart what follows loaded messages without steps', async () => {
    const { reads, toolCalls } = open({
      messages: [
        { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        {
          id: 'm',
          role: 'assistant',
          parts: [{ type: 'tool-read', toolCallId: 'x', state: 'input-available', input: { n: 1 } }],
        },
      ],
    });
    await drain();
    reads[0]!.resolve('one');
    (await transport.next()).start('m').call('x', 'read', { n: 1 }).finish();
    await drain();
    expect(Object.keys(toolCalls().store.getState().batches)).toEqual(['m/0', 'm/1']);
    reads[1]!.resolve('two');
    expect(partStates((await transport.next()).messages)).toEqual(['x: output-available', 'x: output-available']);
  });
});
