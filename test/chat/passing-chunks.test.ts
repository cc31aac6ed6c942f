// Proves: plugins hear of each piece of an answer to a request of this page, and of none of a stream that is resumed.
import type { UIMessageChunk } from 'ai';
import { describe, expect, it } from 'vitest';
import { tapTransport } from '../../src/sdk/response-tap.ts';
import { ScriptedTransport } from '../../src/testing/scripted-transport.ts';

function createTap() {
  const transport = new ScriptedTransport();
  const heard: string[] = [];
  const tapped = tapTransport(() => transport, {
    currentId: (messageId) => messageId,
    onRequest: (request) => request,
    beforeRequest: () => undefined,
    onResponse: () => undefined,
    onChunk: ({ type }) => void heard.push(type),
    onResetStep: () => undefined,
    onReconnect: () => undefined,
  });
  return { transport, tapped, heard };
}

async function readAll(stream: ReadableStream<UIMessageChunk> | null): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of stream!) types.push(type);
  return types;
}

describe('the pieces of an answer', () => {
  it('are told of as they pass, with the beginnings of steps that the server left out', async () => {
    const { transport, tapped, heard } = createTap();
    const sent = tapped.sendMessages({
      chatId: 'chat',
      trigger: 'submit-message',
      messageId: undefined,
      messages: [],
      abortSignal: undefined,
    });
    const answer = await transport.next();
    answer.start('m').call('a', 'look').finish();
    const types = await readAll(await sent);
    expect(types).toContain('tool-input-available');
    expect(heard).toEqual(types);
  });

  it('are not told of where a stream is resumed: its calls may have run', async () => {
    const { transport, tapped, heard } = createTap();
    transport.offerResume();
    transport.resumable!.start('m').call('a', 'look').finish();
    expect(await readAll(await tapped.reconnectToStream({ chatId: 'chat' }))).toContain('tool-input-available');
    expect(heard).toEqual([]);
  });
});
