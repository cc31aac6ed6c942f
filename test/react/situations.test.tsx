// What a person, the page or the network does in the middle of things: the facts of the SDK, each as what is seen.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

describe('a person who regenerates', () => {
  it('gets an answer under the same message id whose calls run and are sent', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, chat, settle } = renderChat({ tools });
    (await ask()).start('message-1').call('a', 'read', { n: 1 }).finish();
    await settle();
    void chat().regenerate();
    (await transport.next()).start('message-1').call('a', 'read', { n: 1 }).finish();
    await settle();
    expect(reads).toHaveLength(2);
    reads[1]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
  });
});
