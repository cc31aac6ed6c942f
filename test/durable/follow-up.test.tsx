// A page that ends around its follow-up: what was not sent is sent by the page that comes back, and nothing is sent twice.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { memoryStorage, type JournalStorage } from 'use-parallel-tools/durable';
import { createDeferred } from '../harness/deferred.ts';
import { drainFrames } from '../harness/final-words.ts';
import { createWatchedDisk, openJournalPage } from '../harness/journal-page.tsx';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';

type Page = ReturnType<typeof openJournalPage>;

/** A batch of two calls, of which the first has its result. */
async function makeBatch(page: Page): Promise<void> {
  (await page.ask()).start('m').call('w', 'write', { n: 1 }).call('r', 'read', { n: 2 }).finish();
  await drainFrames();
  page.writes[0]!.resolve('paid');
  await drainFrames();
}

/** A page whose results are in its messages and safe, and whose follow-up the storage holds back. */
async function stopBeforeFollowUp(): Promise<{ disk: JournalStorage; messages: UIMessage[] }> {
  const disk = memoryStorage();
  const { storage, state } = createWatchedDisk(disk);
  const page = openJournalPage({ disk: storage });
  await makeBatch(page);
  const gate = createDeferred();
  state.gate = gate.promise;
  page.reads[0]!.resolve('read');
  await drainFrames();
  expect(page.transport.responses).toHaveLength(1);
  const messages = await page.crash();
  expect(partStates(messages)).toEqual(['w: output-available', 'r: output-available']);
  return { disk, messages };
}

async function expectNothingSent(page: Pick<Page, 'transport'>): Promise<void> {
  await drainFrames();
  expect(page.transport.responses).toHaveLength(0);
}

describe.each(CHAT_WAYS)('a reload: %s', (way) => {
  it('between two results sends one follow-up, with both', async () => {
    const page = openJournalPage({ way });
    await makeBatch(page);
    const next = openJournalPage({ way, disk: page.disk, messages: await page.crash() });
    await drainFrames();
    next.reads[0]!.resolve('read again');
    const followUp = await next.transport.next();
    expect(partStates(followUp.messages)).toEqual(['w: output-available', 'r: output-available']);
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(next.transport.responses).toHaveLength(1);
  });

  it('after the last result sends the follow-up once, whatever the number of reloads', async () => {
    const { disk, messages } = await stopBeforeFollowUp();
    const next = openJournalPage({ way, disk, messages });
    expect(partStates((await next.transport.next()).messages)).toEqual(['w: output-available', 'r: output-available']);
    const last = openJournalPage({ way, disk, messages: await next.crash() });
    await expectNothingSent(last);
    expect([last.reads.length, last.writes.length]).toEqual([0, 0]);
  });

  it('in the stream of the follow-up sends nothing, whichever messages were kept', async () => {
    const page = openJournalPage({ way });
    await makeBatch(page);
    page.reads[0]!.resolve('read');
    const followUp = await page.transport.next();
    const before = structuredClone(page.chat().messages);
    followUp.start('m').text('The refund');
    await drainFrames();
    for (const messages of [await page.crash(), before, withoutResults(before)]) {
      const next = openJournalPage({ way, disk: page.disk, messages });
      await expectNothingSent(next);
      expect([next.reads.length, next.writes.length]).toEqual([0, 0]);
      expect(partStates(next.chat().messages)).toEqual(['w: output-available', 'r: output-available']);
      next.view.unmount();
    }
  });
});

/** The messages as a server has them that was told of no result. */
const withoutResults = (messages: readonly UIMessage[]): UIMessage[] =>
  messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (!('toolCallId' in part)) return part;
      const { type, toolCallId, input } = part;
      return { type, toolCallId, input, state: 'input-available' } as typeof part;
    }),
  }));

describe('a loaded step with every result', () => {
  it('is sent by a page that gets its messages late', async () => {
    const { disk, messages } = await stopBeforeFollowUp();
    const next = openJournalPage({ disk });
    await expectNothingSent(next);
    next.chat().setMessages(messages);
    expect(partStates((await next.transport.next()).messages)).toHaveLength(2);
  });

  it('is sent under another id of its message', async () => {
    const { disk, messages } = await stopBeforeFollowUp();
    const moved = messages.map((message) => ({ ...message, id: `${message.id}-of-the-server` }));
    const next = openJournalPage({ disk, messages: moved });
    await next.transport.next();
    const last = openJournalPage({ disk, messages: await next.crash() });
    await expectNothingSent(last);
  });

  it('is not sent again by itself after its request has failed', async () => {
    const { disk, messages } = await stopBeforeFollowUp();
    const next = openJournalPage({ disk, messages });
    (await next.transport.next()).fail(new Error('offline'));
    await drainFrames();
    expect(next.transport.responses).toHaveLength(1);
    next.chat().toolCalls.resend();
    await next.transport.next();
  });

  it('is not sent without a journal', async () => {
    const { messages } = await stopBeforeFollowUp();
    const next = renderChat({ tools: {}, id: 'chat', messages });
    await expectNothingSent(next);
  });

  it('is not sent where the journal does not know it', async () => {
    const { messages } = await stopBeforeFollowUp();
    await expectNothingSent(openJournalPage({ disk: memoryStorage(), messages }));
  });

  it('is not sent after the user has stopped it', async () => {
    const page = openJournalPage();
    await makeBatch(page);
    void page.chat().stop();
    await drainFrames();
    expect(partStates(page.chat().messages)).toEqual(['w: output-available', 'r: output-error']);
    await expectNothingSent(openJournalPage({ disk: page.disk, messages: await page.crash() }));
  });

  it('is not sent where its answer broke off', async () => {
    const page = openJournalPage();
    const answer = (await page.ask()).start('m').call('r', 'read', { n: 2 });
    await drainFrames();
    page.reads[0]!.resolve('read');
    await drain();
    answer.fail(new Error('down'));
    await drainFrames();
    expect(partStates(page.chat().messages)).toEqual(['r: output-available']);
    await expectNothingSent(openJournalPage({ disk: page.disk, messages: await page.crash() }));
  });

  it('is sent where another plugin had held it back', async () => {
    const page = openJournalPage({ plugins: [{ name: 'consent', beforeFollowUp: () => 'hold' }] });
    await makeBatch(page);
    page.reads[0]!.resolve('read');
    await drainFrames();
    const next = openJournalPage({ disk: page.disk, messages: await page.crash() });
    expect(partStates((await next.transport.next()).messages)).toEqual(['w: output-available', 'r: output-available']);
  });

  it('is sent where the conversation had gone back to it for a call that ran again', async () => {
    let hold = false;
    const page = openJournalPage({
      plugins: [{ name: 'consent', beforeFollowUp: () => (hold ? 'hold' : 'send') }],
    });
    await makeBatch(page);
    page.reads[0]!.reject(new Error('busy'));
    (await page.transport.next()).start('m').text('It failed').finish('stop');
    await drainFrames();
    hold = true;
    page.chat().toolCalls.retry(page.call('r'));
    await drainFrames();
    page.reads[1]!.resolve('read');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(2);
    const next = openJournalPage({ disk: page.disk, messages: await page.crash() });
    expect(partStates((await next.transport.next()).messages)).toEqual(['w: output-available', 'r: output-available']);
  });
});
