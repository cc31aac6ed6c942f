// A page that acts before the chat has done what it was told, or before it has rendered what the chat has done.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, drain, renderChat } from '../harness/render-chat.tsx';

describe.each(CHAT_WAYS)('a page (%s)', (way) => {
  function open() {
    const hand = createHandTools();
    return { ...hand, ...renderChat({ tools: hand.tools }, { way }) };
  }

  it('that sends two messages at once while calls run sends one request at a time', async () => {
    const { ask, chat, transport } = open();
    (await ask()).start('m').call('r', 'read', { n: 1 }).call('s', 'read', { n: 2 });
    await drain();
    void chat().sendMessage({ text: 'One' });
    void chat().sendMessage({ text: 'Two' });
    await drain(30);
    expect(transport.responses.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    const texts = transport.responses.at(-1)!.messages.flatMap(({ role, parts }) => (role === 'user' ? parts : []));
    expect(texts).toMatchObject([{ text: 'Hi' }, { text: 'One' }, { text: 'Two' }]);
  });

  it('that stops a stream as it is resumed can go on', async () => {
    const { ask, chat, transport } = open();
    const answer = await ask();
    answer.start('m').text('One moment');
    await drain();
    answer.fail(new TypeError('network error'));
    await drain();
    transport.offerResume();
    void chat().resumeStream();
    void chat().stop();
    await drain();
    expect(chat().status).toBe('ready');
    expect((await ask('Again')).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('whose answer is refused when it is made again runs nothing of the one before', async () => {
    const { ask, chat, transport, reads } = open();
    (await ask()).start('m').call('r', 'read', { n: 1 }).finish();
    await drain();
    transport.failNext = new Error('500');
    void chat().regenerate();
    await drain(30);
    expect(chat().messages.map(({ role }) => role)).toEqual(['user']);
    expect(reads.map(({ options }) => options.abortSignal?.aborted)).toEqual([true]);
  });
});
