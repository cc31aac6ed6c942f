// Results of which a plugin has yet to say what the model reads: nothing is sent before, whatever a person does meanwhile.
import { describe, expect, it } from 'vitest';
import type { PluginHost } from 'use-parallel-tools';
import { createDeferred, type Deferred } from '../harness/deferred.ts';
import { drainFrames, lastPart } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat } from '../harness/render-chat.tsx';

describe.each(CHAT_WAYS)('%s', (way) => {
  /** Each output is made ready by hand. */
  const open = () => {
    const gates: Deferred<unknown>[] = [];
    const slow = {
      name: 'slow',
      toModel() {
        const gate = createDeferred<unknown>();
        gates.push(gate);
        return gate.promise;
      },
    };
    const hand = createHandTools();
    return { ...hand, gates, ...renderChat({ tools: hand.tools, plugins: [slow] }, { way }) };
  };
  const askOne = async (page: ReturnType<typeof open>) => {
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
  };

  it('does not resend before the result is ready, and sends it once then', async () => {
    const page = open();
    await askOne(page);
    page.reads[0]!.resolve('raw');
    await drainFrames();
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    page.gates[0]!.resolve('ready');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'ready' });
    await drainFrames();
    expect(page.transport.responses).toHaveLength(2);
  });

  it('does not go back after a retry before its result is ready', async () => {
    const page = open();
    await askOne(page);
    page.reads[0]!.reject(new Error('down'));
    (await page.transport.next()).start('m').text('Sorry').finish('stop');
    await drainFrames();
    page.chat().toolCalls.retry(page.call('a'));
    await drainFrames();
    page.reads[1]!.resolve('raw');
    await drainFrames();
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(page.transport.responses).toHaveLength(2);
    expect(JSON.stringify(page.chat().messages)).toContain('Sorry');
    page.gates[0]!.resolve('ready');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'ready' });
  });

  it('waits for the result of a batch that was stopped, when a person resends it', async () => {
    const page = open();
    await askOne(page);
    page.reads[0]!.resolve('raw');
    await drainFrames();
    await page.chat().stop();
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    page.gates[0]!.resolve('ready');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'ready' });
  });

  it('tells the model that a result was not sent which a new message has passed, and the call stays as it ended', async () => {
    const page = open();
    await askOne(page);
    page.reads[0]!.resolve('raw');
    await drainFrames();
    const next = await page.ask('And now?');
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-error']);
    expect(lastPart(next.messages.slice(0, 2))).toMatchObject({
      errorText: expect.stringContaining('its result was not sent') as string,
    });
    page.gates[0]!.resolve('too late');
    next.start('m2').text('Then').finish('stop');
    await drainFrames();
    expect(page.call('a')).toMatchObject({ status: 'succeeded', output: 'raw' });
    expect(page.call('a').answeredBy).toBeUndefined();
    const { messages } = await page.ask('And?');
    expect(JSON.stringify(messages)).not.toMatch(/raw|too late/);
    expect(messages[1]!.parts).toEqual(next.messages[1]!.parts);
  });
});

it('connects a plugin once that has everything asked again while it is connected', () => {
  const connected: string[] = [];
  const eager = {
    name: 'eager',
    connect(host: PluginHost) {
      connected.push(host.chatId);
      host.reconsider();
    },
  };
  const { tools } = createHandTools();
  renderChat({ id: 'chat', tools, plugins: [eager] });
  expect(connected).toEqual(['chat']);
});
