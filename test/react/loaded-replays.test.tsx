// A page that is loaded while an answer streams, which is then replayed: the replay goes on with what was loaded of it.
import type { UIMessage } from 'ai';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cardsOf } from '../harness/either-way.tsx';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

const question: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };

/** An answer of which this much was there when the page was left. */
const loaded = (id: string, ...parts: object[]) =>
  ({ id, role: 'assistant', parts: [{ type: 'step-start' }, ...parts] }) as UIMessage;
const call = (toolName: string, fields: object = { state: 'input-available' }) => ({
  type: `tool-${toolName}`,
  toolCallId: 'c',
  input: { n: 1 },
  ...fields,
});

describe.each(CHAT_WAYS)('the replay of an answer that was loaded (%s)', (way) => {
  function load(...messages: UIMessage[]) {
    const hand = createHandTools();
    const transport = new ScriptedTransport();
    transport.offerResume();
    const options = { tools: hand.tools, messages: [question, ...messages], resume: true };
    return { ...hand, ...renderChat(options, { transport, way }), resumed: transport.resumable! };
  }

  it('does not run a call again that the server has answered', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { resumed, reads, chat, transport } = load(
      loaded('A', call('read', { state: 'output-available', output: 'the server’s' })),
    );
    await drain();
    resumed.start('A').call('c', 'read', { n: 1 });
    await drain();
    resumed.write({ type: 'tool-output-available', toolCallId: 'c', output: 'the server’s' }).text('Here').finish();
    await drain();
    expect(reads).toHaveLength(0);
    expect(partStates(chat().messages)).toEqual(['c: output-available']);
    expect(transport.responses).toHaveLength(0);
  });

  it('asks for the yes that the server wants, and runs nothing before it', async () => {
    const { resumed, reads, chat, transport, calls } = load(
      loaded('A', call('read', { state: 'approval-requested', approval: { id: 'p' } })),
    );
    await drain();
    resumed.start('A').call('c', 'read', { n: 1 });
    await drain();
    resumed.write({ type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c' }).finish();
    await drain();
    expect([reads.length, calls().map(({ status }) => status)]).toEqual([0, ['awaiting-approval']]);
    chat().toolCalls.approve(calls()[0]!);
    await drain();
    reads[0]!.resolve('mine');
    expect(partStates((await transport.next()).messages)).toEqual(['c: output-available']);
  });

  it('goes on with it, though the replay begins with an id that it had before', async () => {
    const { resumed, reads, chat, transport } = load(loaded('B', call('read'), { type: 'step-start' }));
    await drain();
    resumed.start('A').call('c', 'read', { n: 1 }).start('B').text('It has been read');
    await drain();
    expect([reads.length, cardsOf(chat().messages)]).toEqual([1, ['0/c']]);
    reads[0]!.resolve('mine');
    resumed.finish('stop');
    await drain();
    expect(partStates(chat().messages)).toEqual(['c: output-available']);
    expect(transport.responses).toHaveLength(0);
  });

  it('goes on with it, though the server gives no id', async () => {
    const answered = { ...call('read', { state: 'output-available', output: 1 }), toolCallId: 'a' };
    const { resumed, reads, chat, transport } = load(loaded('A', answered, { type: 'step-start' }, call('read')));
    await drain();
    resumed.start().call('c', 'read', { n: 1 }).finish();
    await drain();
    expect([reads.length, cardsOf(chat().messages)]).toEqual([1, ['0/a', '1/c']]);
    reads[0]!.resolve('mine');
    expect(cardsOf((await transport.next()).messages)).toEqual(['0/a', '1/c']);
  });

  it('leaves an answer alone that had ended', async () => {
    const { resumed, chat } = load(loaded('A', { type: 'text', text: 'An earlier answer' }));
    await drain();
    resumed.start('B').text('The next one').finish('stop');
    await drain();
    expect(chat().messages.map(({ id }) => id)).toEqual(['u', 'A', 'B']);
  });
});
