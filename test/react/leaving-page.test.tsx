// A browser ends the fetches of a page that it leaves while scripts still run (`pagehide`): what fails then is nobody's result.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

async function leave() {
  const hand = createHandTools();
  const rendered = renderChat({ tools: hand.tools });
  (await rendered.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
  await rendered.settle();
  hand.reads[0]!.resolve(1);
  await rendered.settle();
  window.dispatchEvent(new Event('pagehide'));
  hand.reads[1]!.reject(new TypeError('Failed to fetch'));
  await rendered.settle();
  return { ...hand, ...rendered };
}

describe('a page that is being left', () => {
  it('neither writes the failure of a call that the browser ended, nor sends it', async () => {
    const { chat, transport } = await leave();
    expect(partStates(chat().messages)).toEqual(['a: output-available', 'b: input-available']);
    expect(transport.responses).toHaveLength(1);
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
