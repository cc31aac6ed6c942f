// What a follow-up carries beside the messages: the options of the last message, and over them, field by field, its own.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';

const sent = { body: { tenant: 7, turn: 'user' }, headers: { Authorization: 'me', 'X-Turn': 'user' }, metadata: { from: 'page' } }; // prettier-ignore
const followUpOptions = { body: { turn: 'tools' }, headers: { 'x-turn': 'tools' }, metadata: { by: 'tools' } };
const merged = {
  body: { tenant: 7, turn: 'tools' },
  headers: { Authorization: 'me', 'x-turn': 'tools' },
  metadata: { from: 'page', by: 'tools' },
};

/** A call that fails, after a message with options; its follow-up has gone out. */
async function fail() {
  const { tools, reads } = createHandTools();
  const page = renderChat({ tools, followUpOptions });
  void page.chat().sendMessage({ text: 'Hi' }, sent);
  (await page.transport.next()).start().call('a', 'read', { n: 1 }).finish();
  await page.settle();
  reads[0]!.reject(new Error('down'));
  return { ...page, reads, followUp: await page.transport.next() };
}

describe('the options of a message, and those of follow-ups over them,', () => {
  it('go out with a follow-up, and with the next one', async () => {
    const { followUp, reads, settle, transport } = await fail();
    expect(followUp.request).toMatchObject(merged);
    followUp.start().call('b', 'read', { n: 2 }).finish();
    await settle();
    reads[1]!.resolve(2);
    expect((await transport.next()).request).toMatchObject(merged);
  });

  it('go out with a retry after sending', async () => {
    const { call, chat, followUp, reads, settle, transport } = await fail();
    followUp.start().text('It failed').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[1]!.resolve(1);
    expect((await transport.next()).request).toMatchObject(merged);
  });

  it('go out with a resend', async () => {
    const { chat, followUp, settle, transport } = await fail();
    followUp.fail(new Error('lost'));
    await settle();
    chat().toolCalls.resend();
    expect((await transport.next()).request).toMatchObject(merged);
  });
});
