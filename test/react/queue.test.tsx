// The SDK's own queue of messages (new in 7): what a person wrote meanwhile goes out when the batch is through, and never waits for ever.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import type { ScriptedResponse } from '../harness/scripted-transport.ts';

/** The user's words that a request carries, and the states of its calls. */
function read({ messages }: ScriptedResponse) {
  return {
    said: messages.flatMap(({ role, parts }) =>
      role === 'user' ? parts.flatMap((part) => ('text' in part ? part.text : [])) : [],
    ),
    states: messages.flatMap(({ parts }) => parts.flatMap((part) => ('toolCallId' in part ? part.state : []))),
  };
}

// Rule 5.
describe.skipIf(isAiSdk6)('a message that the SDK has queued', () => {
  async function queueBehindRead(options: { maxFollowUps?: number } = {}) {
    const hand = createHandTools();
    const rendered = renderChat({ tools: hand.tools, experimental_queue: true, ...options });
    const response = await rendered.ask('First');
    response.start('m').call('a', 'read', { n: 1 });
    await rendered.settle();
    void rendered.chat().sendMessage({ text: 'Second' });
    await rendered.settle();
    return { ...hand, ...rendered, response, waiting: () => rendered.chat().experimental_queuedMessages.length };
  }

  it.each([
    ['was cut', (response: ScriptedResponse) => response.close()],
    ['ended with length', (response: ScriptedResponse) => response.finish('length')],
    ['ended with content-filter', (response: ScriptedResponse) => response.finish('content-filter')],
    ['was aborted by the server', (response: ScriptedResponse) => response.write({ type: 'abort' }).close()],
  ])('goes out once the calls of an answer that %s are through', async (_, end) => {
    const { response, reads, transport, waiting, settle } = await queueBehindRead();
    end(response);
    await settle();
    if (!reads[0]!.options.abortSignal.aborted) {
      expect(transport.responses).toHaveLength(1);
      reads[0]!.resolve(1);
    }
    const next = await transport.next();
    expect(read(next)).toMatchObject({ said: ['First', 'Second'], states: [expect.stringMatching(/^output/)] });
    next.start('m2').text('Fine').finish('stop');
    await settle();
    expect(waiting()).toBe(0);
    expect(transport.responses).toHaveLength(2);
  });

  it('goes out when the limit of follow-ups keeps the results from the model', async () => {
    const { response, reads, transport, settle } = await queueBehindRead({ maxFollowUps: 0 });
    response.finish();
    await settle();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    const next = await transport.next();
    expect(read(next)).toEqual({ said: ['First', 'Second'], states: ['output-available'] });
    next.start('m2').text('Fine').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('goes out though half a call is left of an answer that was cut', async () => {
    const { response, reads, transport, settle } = await queueBehindRead();
    response.write({ type: 'tool-input-start', toolCallId: 'half', toolName: 'write' }).close();
    await settle();
    reads[0]!.resolve(1);
    expect(read(await transport.next()).said).toEqual(['First', 'Second']);
  });

  it('goes out though half a call is all that an answer brought', async () => {
    const { tools } = createHandTools();
    const { ask, chat, transport, settle } = renderChat({ tools, experimental_queue: true });
    const response = await ask('First');
    response.start('m').write({ type: 'tool-input-start', toolCallId: 'half', toolName: 'read' }).close();
    await settle();
    void chat().sendMessage({ text: 'Second' });
    const next = await transport.next();
    expect(read(next).said).toEqual(['First', 'Second']);
    next.start('m2').text('Fine').finish('stop');
    await settle();
    expect(chat().isBusy).toBe(false);
    expect(transport.responses).toHaveLength(2);
  });

  it('goes out one by one, each after the answer to the one before', async () => {
    const { response, reads, chat, transport, waiting, settle } = await queueBehindRead();
    void chat().sendMessage({ text: 'Third' });
    response.close();
    await settle();
    reads[0]!.resolve(1);
    const second = await transport.next();
    await settle();
    expect(waiting()).toBe(1);
    second.start('m2').text('Fine').finish('stop');
    expect(read(await transport.next()).said).toEqual(['First', 'Second', 'Third']);
    expect(transport.responses).toHaveLength(3);
  });

  it('carries its own request options', async () => {
    const { response, reads, chat, transport, settle } = await queueBehindRead();
    chat().experimental_removeQueuedMessage(chat().experimental_queuedMessages[0]!.id);
    void chat().sendMessage({ text: 'Other' }, { body: { tenant: 7 } });
    response.close();
    await settle();
    reads[0]!.resolve(1);
    expect((await transport.next()).request).toMatchObject({ body: { tenant: 7 } });
  });

  it('lets the follow-up go first', async () => {
    const { response, reads, transport, settle } = await queueBehindRead();
    response.finish();
    await settle();
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(read(followUp)).toEqual({ said: ['First'], states: ['output-available'] });
    followUp.start('m').text('Done').finish('stop');
    expect(read(await transport.next()).said).toEqual(['First', 'Second']);
    expect(transport.responses).toHaveLength(3);
  });

  it.each([
    [
      'the user has stopped the answer',
      async ({ chat }: Awaited<ReturnType<typeof queueBehindRead>>) => void (await chat().stop()),
    ],
    [
      'the answer failed',
      async ({ response }: Awaited<ReturnType<typeof queueBehindRead>>) =>
        void response.write({ type: 'error', errorText: 'overloaded' }).close(),
    ],
    [
      'the answer was interrupted',
      async ({ response }: Awaited<ReturnType<typeof queueBehindRead>>) => response.finish('interrupted' as never),
    ],
  ])('waits for the next one when %s, as the SDK has it, and then goes first', async (_, end) => {
    const begun = await queueBehindRead();
    await end(begun);
    await begun.settle();
    begun.reads[0]!.resolve(1);
    await begun.settle();
    expect(begun.transport.responses).toHaveLength(1);
    expect(begun.waiting()).toBe(1);
    void begun.chat().sendMessage({ text: 'Third' });
    const second = await begun.transport.next();
    expect(read(second).said).toEqual(['First', 'Second']);
    second.start('m2').text('Fine').finish('stop');
    expect(read(await begun.transport.next()).said).toEqual(['First', 'Second', 'Third']);
  });
});
