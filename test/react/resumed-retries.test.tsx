// A call that is retried while the follow-up of its batch is lost and resumed: the conversation goes back to its step, once.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat } from '../harness/render-chat.tsx';

describe.each(CHAT_WAYS)('a retry beside a lost follow-up (%s)', (way) => {
  it('shows and sends its call once when the follow-up has been resumed', async () => {
    const hand = createHandTools();
    const { ask, settle, transport, chat, call } = renderChat({ tools: hand.tools }, { way });
    (await ask()).start('message-1').call('r', 'read', { n: 1 }).finish();
    await settle();
    hand.reads[0]!.reject(new Error('offline'));
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-error']);
    chat().toolCalls.retry(call('r'));
    followUp.fail(new TypeError('network error'));
    await settle();
    transport.offerResume();
    void chat().resumeStream();
    hand.reads[1]!.resolve('done');
    await settle();
    transport.resumable!.start('message-1').text('I could not read it').finish('stop');
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['r: output-available']);
    again.start('message-1').text('Here it is').finish('stop');
    await settle();
    expect(partStates(chat().messages)).toEqual(['r: output-available']);
    expect([hand.reads.length, transport.responses.length]).toEqual([2, 3]);
  });
});
