// `errorText`: what the model may read of an error. The person's card keeps the tool's own words.
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';

/** Fails the one call of a batch; gives what the follow-up says of it, and what the store keeps. */
async function fail(policy: Parameters<typeof createHandTools>[0], options: object = {}) {
  const { tools, reads } = createHandTools(policy);
  const { ask, settle, transport, call } = renderChat({ tools, ...options });
  (await ask()).start().call('a', 'read', { n: 1 }).finish();
  await settle();
  reads[0]!.reject(new Error('ECONNREFUSED 10.0.0.7:5432'));
  const followUp = await transport.next();
  return { told: followUp.messages.at(-1)!.parts.at(-1), kept: call('a').error?.message };
}

describe('`errorText`', () => {
  it("is the error's message by default, never its stack", async () => {
    const { told } = await fail({});
    expect(told).toMatchObject({ errorText: 'ECONNREFUSED 10.0.0.7:5432' });
    expect(JSON.stringify(told)).not.toContain('.tsx');
  });

  it('gives the model other words than the card', async () => {
    const { told, kept } = await fail({ read: { errorText: ({ kind }) => `unavailable (${kind})` } });
    expect(told).toMatchObject({ errorText: 'unavailable (execution)' });
    expect(kept).toBe('ECONNREFUSED 10.0.0.7:5432');
  });

  it('may be set for all tools of the hook', async () => {
    const { told } = await fail({}, { errorText: () => 'something went wrong' });
    expect(told).toMatchObject({ errorText: 'something went wrong' });
  });

  it('that throws falls back to the message: the batch still goes out', async () => {
    const { told } = await fail({
      read: {
        errorText: () => {
          throw new Error('no words');
        },
      },
    });
    expect(told).toMatchObject({ state: 'output-error' });
    expect((told as { errorText: string }).errorText).not.toBe('');
  });
});
