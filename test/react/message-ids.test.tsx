// One conversation shows and runs each call once, whatever ids the server gives to its messages.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardsOf, openEitherWay, openJoined, openOwn, type EitherWayOptions } from '../harness/either-way.tsx';
import { drain, partStates } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

let transport: ScriptedTransport;
beforeEach(() => void (transport = new ScriptedTransport()));
afterEach(() => expect(transport.problems).toEqual([]));

describe.each([
  ['useParallelTools', openOwn],
  ['a joined chat', openJoined],
])('%s', (_way, openChat) => {
  const open = (options?: EitherWayOptions) => openEitherWay(openChat, transport, options);

  describe('an answer whose id changes in its middle', () => {
    it.skipIf(isAiSdk6)('leaves no open call in the request that makes it again', async () => {
      const { ask, hook } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 });
      await drain();
      // The server takes back what it said, under the new id too.
      answer.write({ type: 'start', messageId: 'B' }, { type: 'reset-step' });
      await drain();
      void hook().regenerate();
      const again = await transport.next();
      expect(partStates(again.messages)).toEqual([]);
    });

    it.skipIf(isAiSdk6)(
      'shows each call once where the server takes back a step that stands under two ids',
      async () => {
        const { ask, reads, messages } = open();
        const answer = await ask();
        answer.start('A').call('r', 'read', { n: 1 });
        await drain();
        answer.start('B').call('s', 'read', { n: 2 });
        await drain();
        answer.write({ type: 'start', messageId: 'C' });
        await drain();
        answer.write({ type: 'reset-step' });
        await drain();
        answer.text('One moment').finish('stop');
        reads[0]!.resolve('done');
        await drain();
        expect(cardsOf(messages())).toEqual(['0/r']);
        expect(partStates(messages())).toEqual(['r: output-available']);
        expect(transport.responses).toHaveLength(1);
      },
    );

    it('runs its read once and its write once, and sends both once', async () => {
      const { ask, reads, writes, statuses, messages, told } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
      await drain();
      expect([reads.length, writes.length]).toEqual([1, 0]);
      answer.write({ type: 'start', messageId: 'B' }).text('One moment');
      await drain();
      expect(statuses()).toEqual(['B/0/r: running', 'B/0/w: queued']);
      answer.call('r2', 'read', { n: 3 }).finish();
      await drain();
      expect(cardsOf(told())).toEqual(['0/r', '0/w', '0/r2']);
      expect(cardsOf(messages())).toEqual(['0/r', '0/w', '0/r2']);
      expect([reads.length, writes.length]).toEqual([2, 1]);
      for (const { resolve } of [...reads, ...writes]) resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/r', '0/w', '0/r2']);
      expect(partStates(followUp.messages)).toEqual(['r', 'w', 'r2'].map((id) => `${id}: output-available`));
      followUp.start('B').text('Done').finish('stop');
      await drain();
      expect([reads.length, writes.length, transport.responses.length]).toEqual([2, 1, 2]);
    });

    it('sends a call that the server wrote before the first step', async () => {
      const { ask, writes, messages } = open();
      (await ask())
        .write({ type: 'start', messageId: 'A' })
        .call('w', 'write', { n: 1 })
        .start('B')
        .text('One moment')
        .finish();
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/w']);
      expect(partStates(followUp.messages)).toEqual(['w: output-available']);
      followUp.start('B').text('Done').finish('stop');
      await drain();
      expect(cardsOf(messages())).toEqual(['0/w']);
      expect(writes).toHaveLength(1);
    });

    it('asks for a yes once, and takes a yes that was given under the old id', async () => {
      const { ask, writes, statuses, toolCalls, call } = open({ write: { approval: true } });
      const answer = await ask();
      answer.start('A').call('w', 'write', { n: 1 });
      await drain();
      const shown = call('w');
      expect(statuses()).toEqual(['A/0/w: awaiting-approval']);
      answer.write({ type: 'start', messageId: 'B' }).text('One moment');
      await drain();
      expect(statuses()).toEqual(['B/0/w: awaiting-approval']);
      toolCalls().approve(shown);
      answer.finish();
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
    });

    it('asks once for a yes that the server wants, wherever in the answer it says so', async () => {
      const { ask, writes, statuses, toolCalls } = open();
      const answer = await ask();
      answer.start('A').call('w', 'write', { n: 1 }).write({ type: 'start', messageId: 'B' });
      answer.write({ type: 'tool-approval-request', approvalId: 'p', toolCallId: 'w' }).finish();
      await drain();
      expect(statuses()).toEqual(['B/0/w: awaiting-approval']);
      toolCalls().approve('B/0/w');
      await drain();
      expect(writes).toHaveLength(1);
      writes[0]!.resolve('done');
      const followUp = await transport.next();
      expect(cardsOf(followUp.messages)).toEqual(['0/w']);
    });

    it('begins a call whose input came under two ids once', async () => {
      const { ask, reads, messages } = open();
      const answer = await ask();
      answer
        .start('A')
        .call('r', 'read', { n: 1 })
        .write({ type: 'tool-input-start', toolCallId: 'r2', toolName: 'read' });
      await drain();
      answer.write(
        { type: 'start', messageId: 'B' },
        { type: 'tool-input-available', toolCallId: 'r2', toolName: 'read', input: { n: 2 } },
      );
      answer.finish();
      await drain();
      expect(reads.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
    });

    it('may change it twice in one go, and once more', async () => {
      const { ask, reads, statuses, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 });
      await drain();
      answer.write({ type: 'start', messageId: 'B' });
      await drain();
      answer.write({ type: 'start', messageId: 'C' }, { type: 'start', messageId: 'D' }).text('Well');
      await drain();
      expect(statuses()).toEqual(['D/0/r: running']);
      answer.write({ type: 'start', messageId: 'E' }).call('r2', 'read', { n: 2 }).finish();
      await drain();
      expect(reads).toHaveLength(2);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
      for (const { resolve } of reads) resolve('done');
      expect(cardsOf((await transport.next()).messages)).toEqual(['0/r', '0/r2']);
    });

    it('is whole after a replay, which runs nothing twice', async () => {
      const { ask, reads, resume, messages, statuses } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('One mo');
      await drain();
      answer.fail(new TypeError('network error'));
      await drain();
      transport.offerResume();
      void resume();
      await drain();
      const replay = transport.resumable!.start('A').call('r', 'read', { n: 1 });
      replay.write({ type: 'start', messageId: 'B' }).text('One moment').call('r2', 'read', { n: 2 });
      await drain();
      expect(statuses()).toEqual(['B/0/r: running', 'B/0/r2: running']);
      replay.finish();
      await drain();
      expect(reads).toHaveLength(2);
      expect(cardsOf(messages())).toEqual(['0/r', '0/r2']);
      for (const { resolve } of reads) resolve('done');
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'r2: output-available']);
    });

    it('that is stopped ends each call once, in the message that is left', async () => {
      const { ask, reads, hook, statuses, messages } = open();
      const answer = await ask();
      answer.start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('Well');
      await drain();
      await hook().stop();
      await drain();
      expect(statuses()).toEqual(['B/0/r: cancelled']);
      expect(reads[0]!.options.abortSignal.aborted).toBe(true);
      expect(partStates(messages())).toEqual(['r: output-error']);
      expect(cardsOf(messages())).toEqual(['0/r']);
    });

    it('gives way to a message of the user, which has a result for each call once', async () => {
      const { ask, hook } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).write({ type: 'start', messageId: 'B' }).text('Well');
      await drain();
      void hook().sendMessage({ text: 'Never mind' });
      const next = await transport.next();
      expect(cardsOf(next.messages)).toEqual(['0/r']);
      expect(partStates(next.messages.slice(0, -1))).toEqual(['r: output-error']);
    });
  });

  describe('a follow-up that comes back under another id', () => {
    it('shows each call once, after three of them too, and sends each once', async () => {
      const { ask, reads, writes, messages, statuses } = open();
      let answer = await ask();
      for (const step of [0, 1, 2]) {
        answer.start(`m${step}`).call(`r${step}`, 'read', { n: step }).call(`w${step}`, 'write', { n: step }).finish();
        await drain();
        expect([reads.length, writes.length]).toEqual([step + 1, step + 1]);
        reads[step]!.resolve(step);
        writes[step]!.resolve(step);
        answer = await transport.next();
        const cards = [0, 1, 2].slice(0, step + 1).flatMap((each) => [`${each}/r${each}`, `${each}/w${each}`]);
        expect(cardsOf(answer.messages)).toEqual(cards);
        expect(cardsOf(messages())).toEqual(cards);
        expect(answer.messages).toHaveLength(2);
      }
      answer.start('m3').text('Done').finish('stop');
      await drain();
      expect(
        messages()
          .map(({ id }) => id)
          .slice(1),
      ).toEqual(['m3']);
      expect(statuses()).toEqual(
        [0, 1, 2].flatMap((step) => [`m3/${step}/r${step}: succeeded`, `m3/${step}/w${step}: succeeded`]),
      );
      expect(transport.responses).toHaveLength(4);
    });

    it('runs and sends once in StrictMode', async () => {
      const { ask, reads, messages } = open({ strict: true });
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').call('r2', 'read', { n: 2 }).finish();
      await drain();
      reads[1]!.resolve(2);
      (await transport.next()).start('C').text('Done').finish('stop');
      await drain();
      expect([reads.length, transport.responses.length]).toEqual([2, 3]);
      expect(cardsOf(messages())).toEqual(['0/r', '1/r2']);
    });

    it('is asked for no more often than `maxFollowUps` says', async () => {
      const { ask, reads, batches } = open({ maxFollowUps: 2 });
      let answer = await ask();
      for (const step of [0, 1, 2]) {
        answer.start(`m${step}`).call(`r${step}`, 'read', { n: step }).finish();
        await drain();
        reads[step]!.resolve(step);
        if (step < 2) answer = await transport.next();
      }
      await drain();
      expect(transport.responses).toHaveLength(3);
      expect(batches().map(({ halt }) => halt)).toEqual([undefined, undefined, 'follow-up-limit']);
    });

    it('that fails before it says more halts the batch, and resend sends its results again', async () => {
      const { ask, reads, batches, toolCalls, messages } = open();
      (await ask()).start('A').call('r', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').write({ type: 'error', errorText: 'overloaded' }).close();
      await drain();
      expect(batches().map(({ key, halt }) => [key, halt])).toEqual([['B/0', 'error']]);
      expect(cardsOf(messages())).toEqual(['0/r']);
      toolCalls().resend();
      const again = await transport.next();
      expect(partStates(again.messages)).toEqual(['r: output-available']);
      again.start('C').text('Done').finish('stop');
      await drain();
      expect([reads.length, transport.responses.length]).toEqual([1, 3]);
      expect(cardsOf(messages())).toEqual(['0/r']);
    });

    it('lets a call be retried after it was sent: one result is replaced, one request goes out', async () => {
      const { ask, reads, call, toolCalls, messages, batches } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
      await drain();
      reads[0]!.reject(new Error('sold out'));
      reads[1]!.resolve(2);
      const shown = call('a');
      (await transport.next()).start('B').text('It failed').finish('stop');
      await drain();
      toolCalls().retry(shown);
      await drain();
      reads[2]!.resolve(1);
      const again = await transport.next();
      expect(again.messages.at(-1)?.id).toBe('B');
      expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(again.messages.at(-1)?.parts.some(({ type }) => type === 'text')).toBe(false);
      again.start('C').text('Done').finish('stop');
      await drain();
      expect(cardsOf(messages())).toEqual(['0/a', '0/b']);
      expect(batches().map(({ key, generation }) => [key, generation])).toEqual([['C/0', 1]]);
      expect([reads.length, transport.responses.length]).toEqual([3, 3]);
    });

    it('lets a failed call be retried while it streams', async () => {
      const { ask, reads, call, toolCalls } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.reject(new Error('sold out'));
      const followUp = await transport.next();
      followUp.start('B').text('It fai');
      await drain();
      toolCalls().retry('A/0/a');
      await drain();
      reads[1]!.resolve(1);
      followUp.text('led', 'text-2').finish('stop');
      const again = await transport.next();
      expect(partStates(again.messages)).toEqual(['a: output-available']);
      expect(call('a').key).toBe('B/0/a');
    });

    it('is told of once: neither a result nor a batch is told again when its id changes', async () => {
      const results: string[] = [];
      const settled: string[] = [];
      const { ask, reads } = open({
        onToolResult: ({ toolCallId }) => void results.push(toolCallId),
        onBatchSettled: ({ key }) => void settled.push(key),
      });
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').call('b', 'read', { n: 2 }).finish();
      await drain();
      reads[1]!.resolve(2);
      (await transport.next()).start('C').text('Done').finish('stop');
      await drain();
      expect(results).toEqual(['a', 'b']);
      expect(settled).toEqual(['A/0', 'B/1']);
    });

    it('whose connection is lost is whole after the replay', async () => {
      const { ask, reads, messages, resume } = open();
      (await ask()).start('A').call('a', 'read', { n: 1 }).finish();
      await drain();
      reads[0]!.resolve(1);
      (await transport.next()).start('B').text('Do').fail(new TypeError('network error'));
      await drain();
      transport.offerResume();
      void resume();
      await drain();
      transport.resumable!.start('B').text('Done').call('b', 'read', { n: 2 }).finish();
      await drain();
      expect(cardsOf(messages())).toEqual(['0/a', '1/b']);
      expect(messages()).toHaveLength(2);
      reads[1]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(reads).toHaveLength(2);
    });
  });
});
