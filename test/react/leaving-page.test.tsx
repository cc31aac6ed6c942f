// A browser ends the fetches of a page that it leaves while scripts still run (`pagehide`): what fails then is nobody's result.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

async function leave(sign: 'pagehide' | 'beforeunload' = 'pagehide') {
  const hand = createHandTools();
  const rendered = renderChat({ tools: hand.tools });
  (await rendered.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
  await rendered.settle();
  hand.reads[0]!.resolve(1);
  await expect.poll(() => partStates(rendered.chat().messages)).toContain('a: output-available');
  window.dispatchEvent(new Event(sign));
  hand.reads[1]!.reject(new TypeError('Failed to fetch'));
  await rendered.settle();
  return { ...hand, ...rendered };
}

describe('a page that is being left', () => {
  it.each(['pagehide', 'beforeunload'] as const)(
    'neither writes the failure of a call that the browser ended, nor sends it: %s',
    async (sign) => {
      const { chat, transport } = await leave(sign);
      expect(partStates(chat().messages)).toEqual(['a: output-available', 'b: input-available']);
      expect(transport.responses).toHaveLength(1);
    },
  );

  it('starts no call in the room that one leaves which the browser ended, unless it is brought back', async () => {
    const hand = createHandTools();
    const { ask, call, settle } = renderChat({ tools: hand.tools, concurrency: 1 });
    (await ask()).start('m').call('a', 'write', { n: 1 }).call('b', 'write', { n: 2 }).finish();
    await settle();
    window.dispatchEvent(new Event('pagehide'));
    hand.writes[0]!.reject(new TypeError('Failed to fetch'));
    await settle();
    expect(call('b').status).toBe('queued');
    expect(hand.writes).toHaveLength(1);
    window.dispatchEvent(new Event('pageshow'));
    await settle();
    expect(hand.writes).toHaveLength(2);
  });

  it('takes a failure for one where the user has stayed', async () => {
    const { transport } = await leave('beforeunload');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-error']);
  });

  it('goes on when the browser brings it back', async () => {
    const { transport, settle } = await leave();
    window.dispatchEvent(new Event('pageshow'));
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-error']);
    followUp.start('m').text('Without b').finish('stop');
    await settle();
    expect(transport.responses).toHaveLength(2);
  });
});
